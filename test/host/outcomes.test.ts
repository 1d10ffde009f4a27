// Every outcome × every way to ask for it × every service × every host.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { messageOf, requestOf } from '../../src/fixture/message.ts'
import { type Exchange, exchangesOf } from '../../src/service/exchanges.ts'
import { type LocatedVariant, servedOf } from '../../src/service/lookup.ts'
import { type Outcome, outcomes } from '../../src/service/outcomes.ts'
import type { Refusal, Service } from '../../src/service/service.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { services } from '../../src/services/services.ts'
import { refreshableExchange } from '../engine/asking.ts'
import { type Host, hosts, type RunningHost } from './hosts.ts'
import { type Observed, type ObservedReply, observe } from './observed.ts'
import { read } from './token-request.ts'

/** The usual reply of a service, which outcomes change. */
interface Usual {
  readonly service: Service
  readonly headers: Readonly<Record<string, string>>
  readonly members: Readonly<Record<string, unknown>>
}

const json = { 'content-type': 'application/json' }
const all: readonly Service[] = services

/** A request that the service grants, with a refresh token where it grants any. */
function grantedExchange(service: Service): {
  readonly located: LocatedVariant
  readonly exchange: Exchange
} {
  const served = servedOf(service)
  const [variant] = served.variants
  const [exchange] = exchangesOf(served, variant).filter(({ refusal }) => refusal === undefined)
  if (exchange === undefined) throw new Error(`expected ${variant.id} to grant something, it grants nothing`)
  return refreshableExchange(served) ?? { located: { service: served, variant }, exchange }
}

/** What becomes of the usual reply, and for how long the host waits. */
type Expectation = (usual: Usual) => Observed & { readonly waitsMs?: readonly number[] }
type Change = (members: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>

const asUsual: Expectation = (usual) => replyOf(usual)
const members =
  (change: Change): Expectation =>
  (usual) =>
    replyOf({ ...usual, members: change(usual.members) })
const without = (name: string): Expectation =>
  members((usual) => Object.fromEntries(Object.entries(usual).filter(([each]) => each !== name)))
const changed = (name: string, change: (value: unknown) => unknown): Expectation =>
  members((usual) => (name in usual ? { ...usual, [name]: change(usual[name]) } : usual))
const withValue = (name: string, value: unknown): Expectation =>
  members((usual) => ({ ...usual, [name]: value }))
const spoiltBody =
  (contentType: string | undefined, change: (body: string, usual: Usual) => string): Expectation =>
  (usual) => {
    const { headers, body } = replyOf(usual)
    const { 'content-type': _json, ...others } = headers
    const fields = { ...others, ...(contentType !== undefined && { 'content-type': contentType }) }
    return { status: 200, headers: fields, body: change(body, usual) }
  }
const instead =
  (status: number, headers: Readonly<Record<string, string>>, body: string): Expectation =>
  (usual) => {
    const { 'content-type': _json, ...own } = usual.headers
    return { status, headers: { ...own, ...headers }, body }
  }
/** As the service documents the status, where it does. */
const documentedOr =
  (status: number, otherwise: Expectation): Expectation =>
  (usual) => {
    const documented = Object.values(usual.service.refusals).find((refusal) => refusal.status === status)
    return documented === undefined ? otherwise(usual) : refusal(documented)(usual)
  }
const refusal = ({ status, headers = {}, body }: Refusal): Expectation =>
  instead(status, { ...headers, ...(body && json) }, body === undefined ? '' : JSON.stringify(body))
const page = (title: string) =>
  `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`
const html = { 'content-type': 'text/html' }
const plain = { 'content-type': 'text/plain' }
const slow =
  (milliseconds: number): Expectation =>
  (usual) => ({
    ...replyOf(usual),
    waitsMs: [milliseconds],
  })

const expectations: Readonly<Record<keyof typeof outcomes, Expectation>> = {
  granted: asUsual,
  expired: asUsual,
  revoked: asUsual,
  revoke_all: asUsual,
  short: withValue('expires_in', 1),
  one_second_short: changed('expires_in', (value) => Number(value) - 1),
  zero_expires_in: withValue('expires_in', 0),
  string_expires_in: changed('expires_in', String),
  null_expires_in: withValue('expires_in', null),
  no_expires_in: without('expires_in'),
  lowercase_bearer: withValue('token_type', 'bearer'),
  no_token_type: without('token_type'),
  no_access_token: without('access_token'),
  no_refresh_token: without('refresh_token'),
  null_refresh_token: members(({ refresh_token: _refreshToken, ...usual }) => ({
    ...usual,
    refresh_token: null,
  })),
  no_scope: without('scope'),
  empty_scope: withValue('scope', ''),
  narrow_scope: changed('scope', (value) => String(value).split(' ')[0]),
  reordered: members((usual) => Object.fromEntries(Object.entries(usual).reverse())),
  further_members: members((usual) => ({
    ...usual,
    id_token: null,
    'not-before-policy': 0,
    session_state: 'example',
  })),
  charset: spoiltBody('application/json; charset=utf-8', (body) => body),
  charset_uppercase: spoiltBody('application/json;charset=UTF-8', (body) => body),
  wrong_content_type: spoiltBody('text/plain', (body) => body),
  form_encoded: spoiltBody('application/x-www-form-urlencoded', (_body, usual) =>
    Object.entries(usual.members)
      .map(([name, value]) => `${name}=${formEncoded(String(value))}`)
      .join('&'),
  ),
  html: spoiltBody('text/html', () => page('Sign in')),
  empty: spoiltBody(undefined, () => ''),
  malformed_json: spoiltBody('application/json', (body) => body.slice(0, -1)),
  truncated: (usual) => {
    const { body, ...rest } = replyOf(usual)
    return { ...rest, body: body.slice(0, Math.ceil(body.length / 2)), isCutOff: true }
  },
  drip: (usual) => ({ ...replyOf(usual), waitsMs: Array(9).fill(100) }),
  reset: () => ({ lost: 'ECONNRESET' }),
  closed: () => ({ lost: 'UND_ERR_SOCKET' }),
  client_refused_400: instead(400, json, '{"error":"invalid_client"}'),
  client_refused_403_empty: instead(403, {}, ''),
  client_refused_401_text: instead(401, plain, 'Unauthorized'),
  client_refused_400_prose: instead(400, plain, 'The client credentials are not valid.'),
  oauth_error: instead(
    400,
    json,
    '{"error":"invalid_request","error_description":"The request is not valid."}',
  ),
  unregistered_error: instead(400, json, '{"error":"unknown_scope"}'),
  refused_400_empty: instead(400, {}, ''),
  refused_413_html: instead(413, html, page('413 Request Entity Too Large')),
  '429': documentedOr(429, instead(429, { 'retry-after': '1' }, '')),
  '500': documentedOr(500, instead(500, json, '{"error":"server_error"}')),
  '501': instead(501, {}, ''),
  '502': instead(502, html, page('502 Bad Gateway')),
  '503': instead(503, { 'retry-after': '1' }, ''),
  '504': documentedOr(504, instead(504, html, page('504 Gateway Timeout'))),
}

/** Outcomes that the grammar makes. */
const furtherExpectations: Readonly<Record<string, Expectation>> = {
  slow0s: asUsual,
  slow2s: slow(2000),
  slow250ms: slow(250),
  slow1m30s: slow(90_000),
  slow10m: slow(600_000),
  '400': documentedOr(400, asUsual),
  '401': documentedOr(401, asUsual),
  '404': documentedOr(404, instead(404, {}, '')),
  '418': instead(418, {}, ''),
  '599': instead(599, {}, ''),
}

/** Sends the request of a service, for its client or one with a suffix. */
type Send = (suffix?: string, prefer?: string) => Promise<Observed>

/** A way to ask for an outcome, of a host that may have to be told before. */
interface Way {
  readonly way: string
  readonly isFor?: (name: string) => boolean
  readonly ask: (name: string, send: Send, running: RunningHost, service: Service) => Promise<Observed>
}

const anywhere: readonly Way[] = [
  { way: 'a suffix', ask: (name, send) => send(`.${name}`) },
  { way: 'Prefer: outcome', ask: (name, send) => send('', `outcome=${name}`) },
  {
    way: 'Prefer: code',
    isFor: (name) => /^\d+$/.test(name),
    ask: (name, send) => send('', `respond-async, code="${name}"`),
  },
  {
    way: 'respondNext',
    ask: (name, send, { respondNext }, { id, clients }) => {
      respondNext(name, { service: id, client_id: clients[0]?.client_id ?? '' })
      return send()
    },
  },
]
const byAdmin: Way = {
  way: 'the admin API',
  ask: async (name, send, { fetch }) => {
    const body = JSON.stringify({ outcome: name })
    await read(await fetch('/__admin/outcomes', { method: 'POST', headers: json, body }))
    return await send()
  },
}
const waysOf = ({ cannot }: Host) =>
  cannot['have an admin API'] === undefined ? [...anywhere, byAdmin] : anywhere

const rows = hosts.flatMap((host) =>
  all.flatMap((service) =>
    waysOf(host).map((way) => ({ ...way, host, service, name: host.name, id: service.id })),
  ),
)

describe.each(rows)('outcomes of $id by $way on $name', ({ host, service, ask, isFor = () => true }) => {
  let running: RunningHost
  let usual: Usual
  let waitsMs: number[] = []

  const { located, exchange } = grantedExchange(service)
  const [{ client_id = '' } = {}] = service.clients
  const send: Send = (suffix = '', prefer) => {
    const message = messageOf(located, exchange, { credentials: { client_id: client_id + suffix } })
    const { method, path, headers, body } = requestOf(located, message)
    return observe(running, `/${service.id}${path}`, {
      method,
      headers: { ...(headers as Record<string, string>), ...(prefer !== undefined && { prefer }) },
      body: body as Uint8Array<ArrayBuffer>,
    })
  }

  beforeAll(async () => {
    running = await host.start({
      services: [service.id],
      wait: async (milliseconds) => void waitsMs.push(milliseconds),
    })
    const { status, headers, body } = (await send()) as ObservedReply
    expect(status).toBe(200)
    usual = { service, headers, members: JSON.parse(body) }
  })
  beforeEach(() => {
    waitsMs = []
  })
  afterAll(() => running.close())

  const documented = Object.entries(service.refusals).map(([name, each]) => [name, refusal(each)] as const)
  const named = [...Object.entries({ ...expectations, ...furtherExpectations }), ...documented]

  test.each(named.filter(([name]) => isFor(name)))('%s', async (name, expectation) => {
    const { waitsMs: expectedMs = [], ...expected } = expectation(usual)
    const observed = await ask(name, send, running, service)
    expect(onHost(host, observed)).toEqual(onHost(host, expected))
    expect(waitsMs).toEqual(expectedMs)
  })
})

describe('the table of outcomes', () => {
  const known: Readonly<Record<string, Outcome>> = outcomes

  /** What a mock must be able to do, each with the outcomes that do it. */
  const required: ReadonlyArray<[requirement: string, names: readonly string[]]> = [
    ['latency', ['slow2s']],
    ['429 with Retry-After', ['429']],
    ['500', ['500']],
    ['502 in HTML', ['502']],
    ['503', ['503']],
    ['504', ['504']],
    ['a connection reset', ['reset']],
    ['an empty reply', ['empty', 'closed']],
    ['truncated JSON', ['truncated']],
    ['malformed JSON', ['malformed_json']],
    ['a wrong content type', ['wrong_content_type', 'html']],
    ['a slow drip', ['drip']],
    ['a lower-case bearer', ['lowercase_bearer']],
    ['no expires_in', ['no_expires_in', 'null_expires_in']],
    ['expires_in as a string', ['string_expires_in']],
    ['expires_in of zero', ['zero_expires_in']],
    ['no refresh token on refresh', ['no_refresh_token', 'null_refresh_token']],
    ['a form for a reply', ['form_encoded']],
    ['a token that has expired', ['expired', 'short']],
    ['a token that is revoked', ['revoked', 'revoke_all']],
  ]
  /** What real token services have been seen to reply. */
  const seen: ReadonlyArray<[reply: string, names: readonly string[]]> = [
    ['application/json', ['granted']],
    ['application/json; charset=utf-8', ['charset']],
    ['application/json;charset=UTF-8', ['charset_uppercase']],
    ['members in any order', ['reordered']],
    ['token_type Bearer', ['granted']],
    ['token_type bearer', ['lowercase_bearer']],
    ['expires_in a second short', ['one_second_short']],
    ['no scope', ['no_scope']],
    ['an empty scope', ['empty_scope']],
    ['a narrower scope', ['narrow_scope']],
    ['no refresh token on refresh', ['no_refresh_token']],
    ['a wrong secret: 401 invalid_client', ['invalid_client']],
    ['a wrong secret: 400 invalid_client', ['client_refused_400']],
    ['a wrong secret: 403 without content', ['client_refused_403_empty']],
    ['a wrong secret: 401 with text', ['client_refused_401_text']],
    ['a wrong secret: 400 with prose', ['client_refused_400_prose']],
    ['a wrong password: invalid_grant', ['invalid_grant']],
    ['a wrong password: 403', ['client_refused_403_empty', '403']],
    ['a wrong password: invalid_request', ['invalid_request']],
    ['a wrong password: a closed connection', ['closed']],
    ['an unknown scope: invalid_scope', ['invalid_scope']],
    ['an unknown scope: another word', ['unregistered_error']],
    ['an unknown scope: a token', ['narrow_scope', 'no_scope']],
    ['no grant_type: invalid_request', ['invalid_request']],
    ['no grant_type: unsupported_grant_type', ['unsupported_grant_type']],
    ['no grant_type: 501', ['501']],
    ['no grant_type: 400 without content', ['refused_400_empty']],
    ['a body that is too large: 413 in HTML', ['refused_413_html']],
    ['a body that is too large: 400 in JSON', ['invalid_request']],
  ]

  test.each([...required, ...seen])('has %s', (_what, names) => {
    const tested = { ...expectations, ...furtherExpectations, ...rfc6749.refusals, '403': true }
    expect(names.filter((name) => !Object.hasOwn(tested, name))).toEqual([])
  })

  test('has a test for every outcome, and no outcome but those that are named', () => {
    expect(Object.keys(expectations)).toEqual(expect.arrayContaining(Object.keys(known)))
    expect(Object.keys(expectations)).toHaveLength(Object.keys(known).length)
  })

  test.each(Object.entries(known))('says in one sentence what %s is', (name, { sentence }) => {
    expect(name).toMatch(/^([a-z][a-z0-9_]*|\d{3})$/)
    expect(sentence).toMatch(/^[A-Za-z][^\n]{5,100}\.$/)
  })
})

function replyOf({ headers, members }: Omit<Usual, 'service'>): ObservedReply {
  return { status: 200, headers, body: JSON.stringify(members) }
}

function formEncoded(value: string): string {
  return encodeURIComponent(value).replaceAll('%20', '+').replaceAll('%2A', '*')
}

/** What a host cannot do, it does as its reasons say. */
function onHost({ cannot }: Host, reply: Observed): Observed {
  if ('lost' in reply) return cannot['break a connection'] === undefined ? reply : { lost: 'network error' }
  const { isCutOff, ...rest } = reply
  return isCutOff === undefined ? rest : reply
}
