// Who is measured under load, and against whom: the mock beside the limit of node:http and beside other servers.
import { type Command, type MeasuredServer, startServer } from './child.ts'
import {
  type Algorithm,
  bareCommand,
  mockCommand,
  oauth2MockServerCommand,
  oidcProviderCommand,
  signingMockCommand,
} from './commands.ts'
import { firstReply, rfc6749, type Subject, subjects } from './subjects.ts'
import type { Budget } from './table.ts'

/** A server to be measured. */
export interface Contestant {
  readonly name: string
  /** What it is asked. */
  readonly subject: Subject
  /** The name of the contestant whose speed counts as 1. */
  readonly reference: string
  readonly budget?: Budget
  /** The algorithm that its tokens are signed with; absent where they are opaque. */
  readonly alg?: Algorithm
  readonly command: () => Command | Promise<Command>
}

const bareSigning = 'bare `node:http` + ES256 signature'
const alg = 'ES256'

/** In the order of the table. */
export const contestants: readonly Contestant[] = [
  ...subjects.flatMap(bareAndMock),
  {
    name: bareSigning,
    subject: rfc6749,
    reference: nameOfBare(rfc6749),
    alg,
    command: () => bareCommand(rfc6749, alg),
  },
  {
    name: 'tokenwright, rfc6749, ES256',
    subject: rfc6749,
    reference: bareSigning,
    budget: { atLeast: 0.8 },
    alg,
    command: () => signingMockCommand(alg),
  },
  beside('oidc-provider', { command: oidcProviderCommand }),
  beside('oauth2-mock-server, ES256', { alg, command: () => oauth2MockServerCommand(alg) }),
  beside('oauth2-mock-server, RS256 (its default)', {
    alg: 'RS256',
    command: () => oauth2MockServerCommand('RS256'),
  }),
]

/**
 * Starts a contestant and has a look at its first token.
 * @throws {Error} when the token is not of the kind that the contestant is measured with
 */
export async function startContestant({ subject, alg, command }: Contestant): Promise<MeasuredServer> {
  const server = await startServer(await command())
  try {
    const signed = algorithmOf(await firstReply(server.url, subject))
    if (signed === alg) return server
    throw new Error(`expected tokens of ${alg ?? 'no'} signature, received tokens of ${signed ?? 'none'}`)
  } catch (error) {
    await server.stop()
    throw error
  }
}

function bareAndMock(subject: Subject): readonly Contestant[] {
  const reference = nameOfBare(subject)
  return [
    { name: reference, subject, reference, command: () => bareCommand(subject) },
    {
      name: `tokenwright, ${subject.service}`,
      subject,
      reference,
      budget: { atLeast: 0.6 },
      command: () => mockCommand('--service', subject.service),
    },
  ]
}

/** Another server, asked what `rfc6749` is asked. */
function beside(name: string, contestant: Pick<Contestant, 'alg' | 'command'>): Contestant {
  return { name, subject: rfc6749, reference: nameOfBare(rfc6749), ...contestant }
}

function nameOfBare({ service }: Subject): string {
  return `bare \`node:http\`, ${service}`
}

/** What the header of a JWT says; `undefined` for a token that is none. @see RFC 7519 §3 */
function algorithmOf(reply: string): string | undefined {
  const [header = '', ...rest] = String(JSON.parse(reply).access_token).split('.')
  return rest.length === 2 ? JSON.parse(Buffer.from(header, 'base64url').toString()).alg : undefined
}
