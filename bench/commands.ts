// How each measured server is started: a script of this folder with its arguments, and no more than that.
import { type Command, visitServer } from './child.ts'
import { exampleClient, firstReply, type Subject } from './subjects.ts'

/** The algorithms that tokens are signed with. */
export type Algorithm = 'ES256' | 'RS256'

/** The mock as its own command. */
export function mockCommand(...flags: readonly string[]): Command {
  return ['../bin/tokenwright.js', 'mock', '--port', '0', '--json', ...flags]
}

/** The mock of `rfc6749` with signed tokens. */
export function signingMockCommand(alg: Algorithm): Command {
  return ['servers/signing-mock.mjs', alg]
}

/** A bare server that sends what the mock replies to a subject, fixed or around a newly signed token. */
export async function bareCommand(subject: Subject, alg?: Algorithm): Promise<Command> {
  const mock = mockCommand('--service', subject.service)
  const reply = await visitServer(mock, (url) => firstReply(url, subject))
  return ['servers/bare.mjs', subject.contentType, reply, ...(alg === undefined ? [] : [alg])]
}

/** oidc-provider, with the example client and opaque tokens. */
export function oidcProviderCommand(): Command {
  const { id, secret, scope } = exampleClient
  return ['servers/oidc-provider.mjs', id, secret, scope]
}

/** oauth2-mock-server with a key of one algorithm. */
export function oauth2MockServerCommand(alg: Algorithm): Command {
  return ['servers/oauth2-mock-server.mjs', alg]
}
