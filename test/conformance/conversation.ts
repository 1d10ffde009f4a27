// Holds the conversations of the table with a host: fills in what earlier replies gave, signs assertions, reads replies.
import {
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  type GenerateKeyPairResult,
  generateKeyPair,
  SignJWT,
} from 'jose'
import { type assertionAlgorithms, type JsonWebKey, jwtBearerAssertion } from '../../src/oauth/words.ts'
import { type RunningHost, startOfTime } from '../host/hosts.ts'
import { type Reply, read } from '../host/token-request.ts'
import type { Answer, Ask, Assertion, Exchange } from './requirement.ts'

/** What `key-client` signs with. */
export interface ClientKeys {
  readonly own: Readonly<Record<(typeof assertionAlgorithms)[number], GenerateKeyPairResult>>
  readonly another: GenerateKeyPairResult
  /** The public halves of its own. */
  readonly published: readonly JsonWebKey[]
}

/** A reply with the one that was expected. */
export interface Heard {
  readonly reply: Reply
  readonly expected: Answer
}

/** What was said on a requirement. */
export interface Conversation {
  readonly heard: readonly Heard[]
  readonly kept: Kept
}

/** Members of kept replies, by name. */
type Kept = ReadonlyMap<string, Readonly<Record<string, unknown>>>

/** New keys. */
export async function createClientKeys(): Promise<ClientKeys> {
  const [ES256, RS256, EdDSA, another] = await Promise.all([
    generateKeyPair('ES256'),
    generateKeyPair('RS256'),
    generateKeyPair('EdDSA'),
    generateKeyPair('ES256'),
  ])
  const published = await Promise.all([ES256, RS256, EdDSA].map(({ publicKey }) => exportJWK(publicKey)))
  return { own: { ES256, RS256, EdDSA, Ed25519: EdDSA }, another, published: published as JsonWebKey[] }
}

/** Sends the requests one after the other, and those that are meant to at once. */
export async function converse(
  host: RunningHost,
  exchanges: readonly Exchange[],
  keys: ClientKeys,
): Promise<Conversation> {
  const kept = new Map([['url', { '': host.url }]]) as Map<string, Readonly<Record<string, unknown>>>
  const heard: Heard[] = []
  for (const [ask, answer] of exchanges) {
    const answers = Array.isArray(answer) ? (answer as readonly Answer[]) : [answer as Answer]
    const replies = await Promise.all(answers.map(() => send(host, ask, kept, keys)))
    replies.sort((one, other) => one.status - other.status)
    replies.forEach((reply, index) => {
      heard.push({ reply, expected: fillIn(answers[index], kept) as Answer })
    })
    const [first] = replies
    if (ask.keptAs !== undefined && first !== undefined) kept.set(ask.keptAs, JSON.parse(first.body))
  }
  return { heard, kept }
}

/** The value with its placeholders replaced; what is no plain value, as a matcher, stays. */
export function fillIn(value: unknown, kept: Kept): unknown {
  if (typeof value === 'string') return fillInText(value, kept)
  if (Array.isArray(value)) return value.map((item) => fillIn(item, kept))
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fillIn(item, kept)]))
}

function fillInText(text: string, kept: Kept): string {
  return text.replace(/\{(\w+)(?:\.(\w+))?\}/g, (placeholder, name: string, member = '') => {
    const value = kept.get(name)?.[member]
    if (typeof value !== 'string') throw new Error(`nothing was kept as ${placeholder}`)
    return value
  })
}

async function send(host: RunningHost, ask: Ask, kept: Kept, keys: ClientKeys): Promise<Reply> {
  const { method = 'POST', path = '/token', query, form } = ask
  const headers = {
    ...(ask.basic !== undefined && { authorization: `Basic ${btoa(ask.basic)}` }),
    ...(ask.authorization !== undefined && { authorization: ask.authorization }),
    ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...ask.headers,
  }
  const assertion = ask.assertion === undefined ? '' : await assertionParameters(ask.assertion, kept, keys)
  const body = form === undefined ? null : fillInText(form, kept) + assertion
  return read(await host.fetch(query === undefined ? path : `${path}?${query}`, { method, headers, body }))
}

async function assertionParameters(assertion: Assertion, kept: Kept, keys: ClientKeys): Promise<string> {
  const type = 'type' in assertion ? assertion.type : jwtBearerAssertion
  const parameters = new URLSearchParams({
    client_assertion: await sign(assertion, kept, keys),
    ...(type !== undefined && { client_assertion_type: type }),
  })
  return `&${parameters}`
}

async function sign({ alg = 'ES256', byAnother = false, claims }: Assertion, kept: Kept, keys: ClientKeys) {
  const now = startOfTime / 1000
  const { exp, nbf, ...named } = { iss: 'key-client', sub: 'key-client', aud: '{url}', exp: 60, ...claims }
  const payload = {
    ...(fillIn(named, kept) as Readonly<Record<string, string>>),
    jti: 'example-jti',
    iat: now,
    ...(exp !== undefined && { exp: now + exp }),
    ...(nbf !== undefined && { nbf: now + nbf }),
  }
  if (alg === 'none') return [{ alg }, payload].map(encodePart).concat('').join('.')
  const signed = new SignJWT(payload).setProtectedHeader({ alg })
  if (alg === 'HS256') return signed.sign(new TextEncoder().encode('example-secret'.repeat(3)))
  return signed.sign((byAnother ? keys.another : keys.own[alg]).privateKey)
}

function encodePart(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

/** What a reply is held against its expectation by: the status, the body, and the fields that have a meaning in OAuth. */
export function contentsOf({ reply, expected }: Heard): {
  readonly actual: unknown
  readonly wanted: unknown
} {
  const { status, body, headers, accessToken } = expected
  const fields = { ...usualFields(status, body), ...headers }
  const value: unknown = reply.body === '' ? '' : JSON.parse(reply.body)
  return {
    actual: {
      status: reply.status,
      body: value,
      headers: Object.fromEntries(Object.keys(fields).map((name) => [name, reply.headers.get(name)])),
      ...(accessToken && { accessToken: decode((value as { access_token: string }).access_token) }),
    },
    wanted: { status, body, headers: fields, ...(accessToken && { accessToken }) },
  }
}

function usualFields(status: number, body: unknown): Readonly<Record<string, string | null>> {
  return {
    'cache-control': 'no-store',
    pragma: 'no-cache',
    'content-type': body === '' ? null : 'application/json',
    'www-authenticate': status === 401 ? 'Basic realm="token endpoint"' : null,
    allow: null,
    'retry-after': null,
  }
}

function decode(jwt: string): Answer['accessToken'] {
  return { header: decodeProtectedHeader(jwt), claims: decodeJwt(jwt) }
}
