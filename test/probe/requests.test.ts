// From data to messages: what is sent, and what people see of it.
import { describe, expect, test } from 'vitest'
import { metadataUrlsOf } from '../../src/probe/capabilities.ts'
import { buildRequest, freshTokensOf, type Setting, type Values } from '../../src/probe/requests.ts'
import type { ProbeRequest } from '../../src/probe/rule.ts'
import { shownRequest } from '../../src/probe/shown-request.ts'

const setting: Setting = {
  url: new URL('https://as.example/token'),
  introspectionUrl: new URL('https://as.example/introspect'),
  metadata: {},
  credentials: { client_id: 'me', client_secret: 'it+is', username: 'ada', password: 'pass' },
  other: { client_id: 'other', client_secret: 'secret-2' },
  scope: 'read write',
  parameters: { audience: 'api' },
  way: {
    grant: 'client_credentials',
    authentication: 'client_secret_basic',
    contentType: 'application/x-www-form-urlencoded',
    isScoped: false,
    basicSpelling: 'form',
  },
}
const values: Values = {
  access_token: 'at',
  refresh_token: 'rt',
  kept: { first: { access_token: 'kept-at' } },
  assertionOf: () => undefined,
  proofOf: () => 'a.b.c',
}
const base64 = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
const right = base64('me:it%2Bis')

const bodies: ReadonlyArray<[what: string, request: ProbeRequest, body: string, authorization?: string]> = [
  ['the plain one', { base: 'token' }, 'grant_type=client_credentials&audience=api', right],
  [
    'without and with parameters',
    { base: 'token', parameters: { audience: null, scope: '{scope}', a: ['1', '2'] } },
    'grant_type=client_credentials&scope=read+write&a=1&a=2',
    right,
  ],
  [
    'another grant',
    { base: 'password', authentication: 'client_secret_post' },
    'grant_type=password&username=ada&password=pass&audience=api&client_id=me&client_secret=it%2Bis',
  ],
  [
    'an introspection of what was kept',
    { base: 'introspection', parameters: { token: '{first.access_token}' } },
    'token=kept-at',
    right,
  ],
  [
    "another client's secret",
    { base: 'token', authentication: 'secret_of_another' },
    'grant_type=client_credentials&audience=api',
    base64('me:secret-2'),
  ],
  [
    'escapes that nobody needs',
    { base: 'token', authentication: 'escaped_basic' },
    'grant_type=client_credentials&audience=api',
    base64('%6d%65:%69%74%2b%69%73'),
  ],
  [
    'JSON',
    { base: 'token', contentType: 'application/json', parameters: { grant_type: ['{grant_type}', '"'] } },
    '{"grant_type":"client_credentials","grant_type":"\\"","audience":"api"}',
    right,
  ],
  [
    'a scope with tabs',
    { base: 'token', parameters: { scope: '{tabbed_scope}' } },
    'grant_type=client_credentials&audience=api&scope=read%09write',
    right,
  ],
  [
    'a body as it is',
    { base: 'token', authentication: 'none', body: 'a=%ff&b={client_secret}&c={scope_percent}&{nothing}' },
    'a=%ff&b=it%2Bis&c=read%20write&{nothing}',
  ],
]

describe('a request is', () => {
  test.each(bodies)('%s', (_what, request, body, authorization) => {
    const built = buildRequest(request, setting, values)
    if ('missing' in built) throw new Error(built.missing)
    const field = built.headers.find(([name]) => name === 'Authorization')?.[1]
    expect([built.body, field]).toEqual([body, authorization])
  })

  test('none where a value is missing', () => {
    expect(buildRequest({ base: 'revocation' }, setting, values)).toEqual({ missing: 'revocation endpoint' })
    expect(buildRequest({ base: 'token', body: '{second.x}' }, setting, values)).toEqual({
      missing: 'second.x',
    })
    expect(buildRequest({ base: 'token', authentication: 'private_key_jwt' }, setting, values)).toEqual({
      missing: 'assertion',
    })
  })

  test('without anything secret where it goes without TLS', () => {
    const request = { base: 'password', isPlain: true, authentication: 'both' } as const
    expect(JSON.stringify(buildRequest(request, setting, values))).not.toMatch(/it\+is|it%2Bis|pass"|ada|me:/)
  })

  test('in need of fresh tokens where it has them', () => {
    const needs = (request: ProbeRequest) => freshTokensOf(request, setting)
    expect(needs({ base: 'token' })).toEqual([])
    expect(needs({ base: 'introspection' })).toEqual(['access_token'])
    expect(needs({ base: 'introspection', parameters: { token: 'x' } })).toEqual([])
    expect(needs({ base: 'refresh_token' })).toEqual(['refresh_token'])
    expect(needs({ base: 'token', parameters: { token: '{refresh_token}' } })).toEqual(['refresh_token'])
    const byRefreshing = { ...setting, way: { ...setting.way, grant: 'refresh_token' } } as const
    const needsToRefresh = (body?: string) =>
      freshTokensOf({ base: 'token', ...(body !== undefined && { body }) }, byRefreshing)
    expect([needsToRefresh(), needsToRefresh('{form}&scope=%00'), needsToRefresh('{json}')]).toEqual([
      ['refresh_token'],
      ['refresh_token'],
      ['refresh_token'],
    ])
    expect(needsToRefresh('a=b')).toEqual([])
  })
})

const head = 'curl --include https://as.example/token'
const accept = "--header 'Accept: application/json'"
const user = '--user "$CLIENT_ID_FORM_ENCODED":"$CLIENT_SECRET_FORM_ENCODED"'
const shown: ReadonlyArray<[what: string, request: ProbeRequest, shown: string]> = [
  [
    'the plain one',
    { base: 'token' },
    `${head} ${accept} ${user} --data grant_type=client_credentials --data audience=api`,
  ],
  [
    'credentials in the body',
    { base: 'token', authentication: 'client_secret_post', parameters: { audience: null } },
    `${head} ${accept} --data grant_type=client_credentials --data-urlencode client_id="$CLIENT_ID" --data-urlencode client_secret="$CLIENT_SECRET"`,
  ],
  [
    'no media type, and nothing in it',
    { base: 'token', contentType: null, authentication: 'none', body: '' },
    `${head} ${accept} --header 'Content-Type:' --data ''`,
  ],
  [
    'a GET',
    {
      base: 'token',
      method: 'GET',
      authentication: 'none',
      query: { a: "it's {password}" },
      contentType: null,
      body: '',
    },
    `curl --include 'https://as.example/token?a=it%27s+'"$PASSWORD" ${accept}`,
  ],
  [
    'bytes',
    {
      base: 'token',
      raw: 'POST {path} HTTP/1.1\r\nHost: {host}\r\n{authorization}Content-Length: {length}\r\n\r\n\0{first.access_token}',
    },
    'POST /token HTTP/1.1\\r\\n\nHost: as.example\\r\\n\nAuthorization: Basic base64 of $CLIENT_ID_FORM_ENCODED:$CLIENT_SECRET_FORM_ENCODED\\r\\n\nContent-Length: $LENGTH\\r\\n\n\\r\\n\n\\x00$FIRST_ACCESS_TOKEN',
  ],
]

test.each(shown)('people see %s', (_what, request, expected) => {
  expect(shownRequest(request, setting)).toBe(expected)
})

test('people see nothing of the query that an endpoint has', () => {
  const url = new URL('https://as.example/token?key=canary&canary')
  const own = { ...setting, url, introspectionUrl: url, revocationUrl: url, metadataUrl: url }
  for (const base of ['token', 'introspection', 'revocation', 'metadata'] as const) {
    const line = shownRequest({ base, query: { a: 'b' } }, own)
    expect([line.includes('canary'), line.includes('"$QUERY"')], line).toEqual([false, true])
  }
  expect(shownRequest({ base: 'token', raw: 'POST {path} HTTP/1.1\r\n\r\n' }, own)).not.toContain('canary')
})

test('metadata is looked for at each issuer that the token endpoint may be of', () => {
  const url = new URL('https://as.example/realms/a/token')
  expect(metadataUrlsOf(url).map(({ url, issuer }) => [url.pathname, issuer])).toEqual([
    ['/.well-known/oauth-authorization-server', 'https://as.example'],
    ['/.well-known/openid-configuration', 'https://as.example'],
    ['/.well-known/oauth-authorization-server/realms/a', 'https://as.example/realms/a'],
    ['/realms/a/.well-known/openid-configuration', 'https://as.example/realms/a'],
    ['/realms/a/.well-known/oauth-authorization-server', 'https://as.example/realms/a'],
    ['/.well-known/oauth-authorization-server/realms', 'https://as.example/realms'],
    ['/realms/.well-known/openid-configuration', 'https://as.example/realms'],
    ['/realms/.well-known/oauth-authorization-server', 'https://as.example/realms'],
  ])
})
