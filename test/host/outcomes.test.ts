// Every outcome × every way to ask for it × every service × every host.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { formatBasic } from '../../src/oauth/basic.ts'
import { formatForm } from '../../src/oauth/form.ts'
import { type Outcome, outcomes } from '../../src/service/outcomes.ts'
import type { Refusal, Service } from '../../src/service/service.ts'
import { moov } from '../../src/services/moov/service.ts'
import { prove } from '../../src/services/prove/service.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { services } from '../../src/services/services.ts'
import { type Host, hosts, type RunningHost } from './hosts.ts'
import { type Observed, type ObservedReply, observe } from './observed.ts'

/** A request that each service grants, and what it grants. */
interface Asked {
  readonly service: Service
  readonly path: string
  readonly client_id: string
  readonly init: (clientId: string) => { readonly headers: Record<string, string>; readonly body: string }
  readonly usual: Usual
}

interface Usual {
  readonly headers: Readonly<Record<string, string>>
  readonly members: Readonly<Record<string, unknown>>
}

const token = '*'.repeat(43)
const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const [proveClient] = prove.clients
const [moovClient] = moov.clients
const [baselineClient] = rfc6749.clients

const askedServices: Readonly<Record<string, Omit<Asked, 'service'>>> = {
  prove: {
    path: '/token',
    client_id: proveClient.client_id,
    init: (client_id) => ({
      headers: form,
      body: formatForm(Object.entries({ ...proveClient, client_id, grant_type: 'client_credentials' })),
    }),
    usual: {
      headers: { 'cache-control': 'no-store', ...json },
      members: { access_token: token, expires_in: 3600, token_type: 'Bearer' },
    },
  },
  moov: {
    path: '/oauth2/token',
    client_id: moovClient.client_id,
    init: (client_id) => ({
      headers: json,
      body: JSON.stringify({
        ...moovClient,
        client_id,
        grant_type: 'client_credentials',
        scope: '/accounts.read /accounts.write',
      }),
    }),
    usual: {
      headers: { 'cache-control': 'no-store', 'x-request-id': '{uuid}', ...json },
      members: {
        token_type: 'Bearer',
        access_token: token,
        refresh_token: token,
        expires_in: 900,
        scope: '/accounts.read /accounts.write',
      },
    },
  },
  rfc6749: {
    path: '/rfc6749/token',
    client_id: baselineClient.client_id,
    init: (client_id) => ({
      headers: { ...form, authorization: formatBasic({ ...baselineClient, client_id }, 'form') },
      body: 'grant_type=password&username=example-user&password=example-password&scope=read+write',
    }),
    usual: {
      headers: { 'cache-control': 'no-store', pragma: 'no-cache', ...json },
      members: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: 3600,
        refresh_token: token,
        scope: 'read write',
      },
    },
  },
}
const all: readonly Service[] = services
const asked = all.map((service): Asked => {
  const request = askedServices[service.id]
  if (request === undefined) throw new Error(`no request to ${service.id}: add one to the table`)
  return { service, ...request }
})

/** What becomes of the usual reply, and for how long the host waits. */
type Expectation = (asked: Asked) => Observed & { readonly waitsMs?: readonly number[] }
type Change = (members: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>

const asUsual: Expectation = ({ usual }) => replyOf(usual)
const members =
  (change: Change): Expectation =>
  ({ usual }) =>
    replyOf({ ...usual, members: change(usual.members) })
const without = (name: string): Expectation =>
  members((usual) => Object.fromEntries(Object.entries(usual).filter(([each]) => each !== name)))
const withValue = (name: string, value: unknown): Expectation =>
  members((usual) => ({ ...usual, [name]: value }))
const spoiltBody =
  (contentType: string | undefined, change: (body: string, usual: Usual) => string): Expectation =>
  ({ usual }) => {
    const { headers, body } = replyOf(usual)
    const { 'content-type': _json, ...others } = headers
    const fields = { ...others, ...(contentType !== undefined && { 'content-type': contentType }) }
    return { status: 200, headers: fields, body: change(body, usual) }
  }
const instead =
  (status: number, headers: Readonly<Record<string, string>>, body: string): Expectation =>
  ({ usual }) => {
    const { 'content-type': _json, ...own } = usual.headers
    return { status, headers: { ...own, ...headers }, body }
  }
/** As the service documents the status, where it does. */
const documentedOr =
  (status: number, otherwise: Expectation): Expectation =>
  (asked) => {
    const documented = Object.values(asked.service.refusals).find((refusal) => refusal.status === status)
    return documented === undefined ? otherwise(asked) : refusal(documented)(asked)
  }
const refusal = ({ status, headers = {}, body }: Refusal): Expectation =>
  instead(status, { ...headers, ...(body && json) }, body === undefined ? '' : JSON.stringify(body))
const page = (title: string) =>
  `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`
const html = { 'content-type': 'text/html' }
const plain = { 'content-type': 'text/plain' }
const slow =
  (milliseconds: number): Expectation =>
  ({ usual }) => ({
    ...replyOf(usual),
    waitsMs: [milliseconds],
  })

const expectations: Readonly<Record<keyof typeof outcomes, Expectation>> = {
  granted: asUsual,
  expired: asUsual,
  revoked: asUsual,
  revoke_all: asUsual,
  short: withValue('expires_in', 1),
  one_second_short: members((usual) => ({ ...usual, expires_in: Number(usual.expires_in) - 1 })),
  zero_expires_in: withValue('expires_in', 0),
  string_expires_in: members((usual) => ({ ...usual, expires_in: `${usual.expires_in}` })),
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
  narrow_scope: members((usual) =>
    'scope' in usual ? { ...usual, scope: usual.scope === 'read write' ? 'read' : '/accounts.read' } : usual,
  ),
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
  truncated: ({ usual }) => {
    const { body, ...rest } = replyOf(usual)
    return { ...rest, body: body.slice(0, Math.ceil(body.length / 2)), isCutOff: true }
  },
  drip: ({ usual }) => ({ ...replyOf(usual), waitsMs: Array(9).fill(100) }),
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
  '429': instead(429, { 'retry-after': '1' }, ''),
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

/** A way to ask for an outcome: the request that does, once the host is prepared for it. */
interface Way {
  readonly way: string
  readonly isFor?: (name: string) => boolean
  readonly ask: (running: RunningHost, asked: Asked, name: string) => Promise<Observed>
}

const ask = (running: RunningHost, { path, init }: Asked, clientId: string, prefer?: string) => {
  const { headers, body } = init(clientId)
  return observe(running, path, { method: 'POST', headers: { ...headers, ...(prefer && { prefer }) }, body })
}
const anywhere: readonly Way[] = [
  { way: 'a suffix', ask: (running, asked, name) => ask(running, asked, `${asked.client_id}.${name}`) },
  {
    way: 'Prefer: outcome',
    ask: (running, asked, name) => ask(running, asked, asked.client_id, `outcome=${name}`),
  },
  {
    way: 'Prefer: code',
    isFor: (name) => /^\d+$/.test(name),
    ask: (running, asked, name) => ask(running, asked, asked.client_id, `respond-async, code="${name}"`),
  },
]
const toldBefore: readonly Way[] = [
  {
    way: 'respondNext',
    ask: (running, asked, name) => {
      running.respondNext?.(name, { service: asked.service.id, client_id: asked.client_id })
      return ask(running, asked, asked.client_id)
    },
  },
  {
    way: 'the admin API',
    ask: async (running, asked, name) => {
      const told = await running.fetch('/__admin/outcomes', {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ outcome: name }),
      })
      await told.body?.cancel()
      return await ask(running, asked, asked.client_id)
    },
  },
]
const waysOf = ({ cannot }: Host) =>
  cannot['be told its next replies'] === undefined ? [...anywhere, ...toldBefore] : anywhere

const rows = hosts.flatMap((host) =>
  asked.flatMap((each) =>
    waysOf(host).map((way) => ({ ...way, host, asked: each, name: host.name, id: each.service.id })),
  ),
)

describe.each(rows)('outcomes of $id by $way on $name', ({ host, asked, ask, isFor = () => true }) => {
  let running: RunningHost
  let waitsMs: number[] = []
  beforeAll(async () => {
    running = await host.start({ wait: async (milliseconds) => void waitsMs.push(milliseconds) })
  })
  beforeEach(() => {
    waitsMs = []
  })
  afterAll(() => running.close())

  const { refusals } = asked.service
  const named = { ...expectations, ...furtherExpectations }
  const documented = Object.entries(refusals).map(([name, each]) => [name, refusal(each)] as const)

  test.each([...Object.entries(named), ...documented].filter(([name]) => isFor(name)))(
    '%s',
    async (name, expectation) => {
      const { waitsMs: expectedMs = [], ...expected } = expectation(asked)
      const observed = await ask(running, asked, name)
      expect(onHost(host, observed)).toEqual(onHost(host, expected))
      expect(waitsMs).toEqual(expectedMs)
    },
  )
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

function replyOf({ headers, members }: Usual): ObservedReply {
  return { status: 200, headers, body: JSON.stringify(members) }
}

function formEncoded(value: string): string {
  return encodeURIComponent(value).replaceAll('%20', '+').replaceAll('%2A', '*')
}

/** What a host cannot do, it does as its reasons say. */
function onHost({ cannot }: Host, reply: Observed): Observed {
  if ('lost' in reply) return cannot['break a connection'] === undefined ? reply : { lost: 'network error' }
  const { isCutOff, ...rest } = reply
  return isCutOff === undefined || cannot['fail in the middle of a body'] !== undefined ? rest : reply
}
