// Bad input: the documented refusal of each service, and a host that goes on serving.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hosts, type RunningHost } from './hosts.ts'
import { read } from './token-request.ts'

/** What a service's documents say, kept here once more on purpose. */
interface Documented {
  readonly path: string
  readonly client: string
  readonly replies: Readonly<Record<Refusal, readonly [status: number, body: string]>>
}
type Refusal =
  | 'granted'
  | 'malformed'
  | 'unauthenticated'
  | 'unsupported grant'
  | 'wrong method'
  | 'wrong path'
  | 'wrong content type'
  | 'too large'

const proveInvalid = [400, '{"code":1001,"message":"invalid request"}'] as const
const proveForbidden = [403, '{"code":8003,"message":"Access forbidden: insufficient permissions"}'] as const
const moovInvalid = [400, '{"error":"invalid_request"}'] as const
const granted = [200, ''] as const

const prove: Documented = {
  path: '/prove/token',
  client: 'client_id=customer_id&client_secret=secret',
  replies: {
    granted,
    malformed: proveInvalid,
    unauthenticated: [401, '{"code":8002,"message":"not authorized"}'],
    'unsupported grant': proveInvalid,
    'wrong method': proveForbidden,
    'wrong path': proveForbidden,
    'wrong content type': proveInvalid,
    'too large': proveInvalid,
  },
}
const moov: Documented = {
  path: '/moov/oauth2/token',
  client: 'client_id=5clTR_MdVrrkgxw2&client_secret=dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-&scope=%2Fping.read',
  replies: {
    granted,
    malformed: moovInvalid,
    unauthenticated: [401, ''],
    'unsupported grant': [400, '{"error":"unsupported_grant_type"}'],
    'wrong method': [404, ''],
    'wrong path': [404, ''],
    'wrong content type': moovInvalid,
    'too large': moovInvalid,
  },
}
const rfc6749: Documented = {
  path: '/rfc6749/token',
  client: 'client_id=example-client&client_secret=example-secret',
  replies: {
    granted,
    malformed: [400, '{"error":"invalid_request"}'],
    unauthenticated: [401, '{"error":"invalid_client"}'],
    'unsupported grant': [400, '{"error":"unsupported_grant_type"}'],
    'wrong method': [405, '{"error":"invalid_request"}'],
    'wrong path': [404, '{"error":"invalid_request"}'],
    'wrong content type': [400, '{"error":"invalid_request"}'],
    'too large': [413, '{"error":"invalid_request"}'],
  },
}
const everyone = { prove, moov, rfc6749 }
const withJson = { prove, moov }
const withBasic = { moov, rfc6749 }

interface Row {
  readonly given: string
  readonly services: Readonly<Record<string, Documented>>
  readonly request: (service: Documented) => RequestInit
  readonly refusal: Refusal
  /** The rule that the refusal is explained by; empty when a token is granted. */
  readonly rule: string
}

const maxBodyBytes = 65_536
const formType = 'application/x-www-form-urlencoded'
const jsonType = 'application/json'
const grant = 'grant_type=client_credentials'

const formBodies: ReadonlyArray<
  [given: string, body: (client: string) => string | Uint8Array<ArrayBuffer>, refusal: Refusal, rule: string]
> = [
  ['no body', () => '', 'unauthenticated', 'rfc6749-3.2.1-client-authentication'],
  ['an escape of no hexadecimal digits', (client) => `${client}&a=%zz`, 'malformed', 'rfc6749-b-form-syntax'],
  ['an escape cut short', (client) => `${client}&${grant}%4`, 'malformed', 'rfc6749-b-form-syntax'],
  [
    'an escape of other bytes than UTF-8',
    (client) => `${client}&a=%ff`,
    'malformed',
    'rfc6749-b-form-syntax',
  ],
  ['a broken escape in a name', (client) => `${client}&%=a`, 'malformed', 'rfc6749-b-form-syntax'],
  [
    'bytes that are not UTF-8',
    () => new Uint8Array([0x61, 0x3d, 0xff]),
    'malformed',
    'rfc6749-b-form-syntax',
  ],
  [
    'a repeated parameter',
    (client) => `${client}&${grant}&${grant}`,
    'malformed',
    'rfc6749-3.2-no-repeated-parameter',
  ],
  [
    'a repeated parameter without a value',
    (client) => `${client}&grant_type=&${grant}`,
    'malformed',
    'rfc6749-3.2-no-repeated-parameter',
  ],
  [
    'a repeated parameter under an escaped name',
    (client) => `${client}&${grant}&grant%5Ftype=a`,
    'malformed',
    'rfc6749-3.2-no-repeated-parameter',
  ],
  ['no grant_type', (client) => client, 'malformed', 'rfc6749-5.2-grant-type-required'],
  [
    'an empty grant_type',
    (client) => `${client}&grant_type=`,
    'malformed',
    'rfc6749-5.2-grant-type-required',
  ],
  [
    'a grant_type that every object has',
    (client) => `${client}&grant_type=constructor`,
    'unsupported grant',
    'rfc6749-5.2-unsupported-grant-type',
  ],
  [
    'a grant_type in capitals',
    (client) => `${client}&grant_type=CLIENT_CREDENTIALS`,
    'unsupported grant',
    'rfc6749-5.2-unsupported-grant-type',
  ],
  [
    'NUL in a client_id',
    () => `${grant}&client_id=a%00b&client_secret=a`,
    'unauthenticated',
    'rfc6749-2.3.1-client-secret',
  ],
  [
    'a client_id that every object has',
    () => `${grant}&client_id=__proto__&client_secret=a`,
    'unauthenticated',
    'rfc6749-2.3.1-client-secret',
  ],
  [
    'a name stretched to 30,000 characters',
    () => `${grant}&client${'_'.repeat(30_000)}id=a`,
    'unauthenticated',
    'rfc6749-3.2.1-client-authentication',
  ],
  [
    'JSON under the name of a form',
    () => '{"a":1}',
    'unauthenticated',
    'rfc6749-3.2.1-client-authentication',
  ],
  ['one byte more than the limit', (client) => padded(client, maxBodyBytes + 1), 'too large', 'body-size'],
  ['as many bytes as the limit', (client) => padded(client, maxBodyBytes), 'granted', ''],
  ['a name that every object has', (client) => `${client}&${grant}&__proto__=a`, 'granted', ''],
  ['NUL in an unknown parameter', (client) => `${client}&${grant}&a%00=%00`, 'granted', ''],
  ['2,000 unknown parameters', (client) => `${client}&${grant}${'&a=b'.repeat(2000)}`, 'granted', ''],
  ['nothing but ampersands around it', (client) => `&&${client}&&&${grant}&`, 'granted', ''],
]

const jsonBodies: ReadonlyArray<
  [given: string, body: (members: string) => string, refusal: Refusal, rule: string]
> = [
  ['no body', () => '', 'malformed', 'rfc8259-json-object'],
  ['half an object', (members) => `{${members}`, 'malformed', 'rfc8259-json-object'],
  ['a form under the name of JSON', () => grant, 'malformed', 'rfc8259-json-object'],
  ['an array', (members) => `[{${members}}]`, 'malformed', 'rfc8259-json-object'],
  ['null', () => 'null', 'malformed', 'rfc8259-json-object'],
  ['a number', () => '1', 'malformed', 'rfc8259-json-object'],
  ['a string', () => '"a"', 'malformed', 'rfc8259-json-object'],
  ['brackets 30,000 deep', () => '['.repeat(30_000), 'malformed', 'rfc8259-json-object'],
  [
    'a repeated member',
    (members) => `{${members},"grant_type":"a","grant_type":"b"}`,
    'malformed',
    'rfc6749-3.2-no-repeated-parameter',
  ],
  [
    'a repeated member under an escaped name',
    (members) => `{${members},"grant_type":"a","grant\\u005ftype":"b"}`,
    'malformed',
    'rfc6749-3.2-no-repeated-parameter',
  ],
  [
    'a number as grant_type',
    (members) => `{${members},"grant_type":1}`,
    'malformed',
    'documented-parameters',
  ],
  ['null as grant_type', (members) => `{${members},"grant_type":null}`, 'malformed', 'documented-parameters'],
  [
    'a list of grant types',
    (members) => `{${members},"grant_type":["client_credentials"]}`,
    'malformed',
    'documented-parameters',
  ],
  [
    'an object as client_id',
    () => '{"grant_type":"client_credentials","client_id":{},"client_secret":"a"}',
    'unauthenticated',
    'rfc6749-3.2.1-client-authentication',
  ],
  [
    'a grant_type inside __proto__ alone',
    (members) => `{${members},"__proto__":{"grant_type":"client_credentials"}}`,
    'malformed',
    'rfc6749-5.2-grant-type-required',
  ],
  [
    'a name that every object has',
    (members) => `{${members},"grant_type":"client_credentials","__proto__":{"a":1},"constructor":1}`,
    'granted',
    '',
  ],
  [
    'an unknown member 10,000 deep',
    (members) =>
      `{${members},"grant_type":"client_credentials","a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    'granted',
    '',
  ],
  [
    'members of one name in different objects',
    (members) =>
      `{${members},"a":{"grant_type":"x"},"b":[{"grant_type":"y"}],"grant_type":"client_credentials"}`,
    'granted',
    '',
  ],
  [
    'a byte order mark before it',
    (members) => `\ufeff{${members},"grant_type":"client_credentials"}`,
    'granted',
    '',
  ],
]

const contentTypes: ReadonlyArray<[given: string, contentType: string | undefined, refusal: Refusal]> = [
  ['no content type', undefined, 'wrong content type'],
  ['text/plain', 'text/plain', 'wrong content type'],
  ['multipart/form-data', 'multipart/form-data; boundary=a', 'wrong content type'],
  ["a media type that begins like the form's", `${formType}-2`, 'wrong content type'],
  ['something that is no media type', ';;', 'wrong content type'],
  ["the form's media type with a charset", `${formType};charset=UTF-8`, 'granted'],
  ["the form's media type in capitals", 'Application/X-WWW-Form-URLEncoded', 'granted'],
]

const basics: ReadonlyArray<[given: string, credentials: string, rule: string]> = [
  ['nothing', '', 'rfc6749-2.3.1-basic-syntax'],
  ['other characters than Base64', '***', 'rfc6749-2.3.1-basic-syntax'],
  ['Base64 without a colon', btoa('example-client'), 'rfc6749-2.3.1-basic-syntax'],
  ['Base64 of other bytes than UTF-8', btoa('\xff:\xff'), 'rfc6749-2.3.1-basic-syntax'],
  ['a very long secret', btoa(`example-client:${'a'.repeat(9000)}`), 'rfc6749-2.3.1-client-secret'],
]

const rows: readonly Row[] = [
  ...formBodies.map(([given, body, refusal, rule]) => ({
    given: `a form of ${given}`,
    services: everyone,
    request: ({ client }: Documented) => post(formType, body(client)),
    refusal,
    rule,
  })),
  ...jsonBodies.map(([given, body, refusal, rule]) => ({
    given: `JSON of ${given}`,
    services: withJson,
    request: ({ client }: Documented) => post(jsonType, body(membersOf(client))),
    refusal,
    rule,
  })),
  ...contentTypes.map(([given, contentType, refusal]) => ({
    given,
    services: everyone,
    request: ({ client }: Documented) => post(contentType, `${client}&${grant}`),
    refusal,
    rule: refusal === 'granted' ? '' : 'documented-content-type',
  })),
  {
    given: 'JSON where only forms are documented',
    services: { rfc6749 },
    request: ({ client }) => post(jsonType, `{${membersOf(client)},"grant_type":"client_credentials"}`),
    refusal: 'wrong content type',
    rule: 'documented-content-type',
  },
  ...['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'].map((method) => ({
    given: `the method ${method}`,
    services: everyone,
    request: () => ({ method }),
    refusal: 'wrong method' as const,
    rule: 'rfc6749-3.2-post',
  })),
  ...basics.map(([given, credentials, rule]) => ({
    given: `Basic and ${given}`,
    services: withBasic,
    request: ({ client }: Documented) => ({
      ...post(formType, `${grant}&${new URLSearchParams({ scope: scopeOf(client) })}`),
      headers: { 'content-type': formType, authorization: `Basic ${credentials}` },
    }),
    refusal: 'unauthenticated' as const,
    rule,
  })),
]

const cases = rows.flatMap(({ services, ...row }) =>
  Object.entries(services).map(([service, documented]) => ({ ...row, service, documented })),
)

describe.each(hosts)('bad input on $name', (host) => {
  let running: RunningHost
  beforeAll(async () => {
    running = await host.start({
      clients: [{ client_id: 'example-client', client_secret: 'example-secret' }],
    })
  })
  afterAll(() => running.close())

  test.each(cases)('$service: $given is $refusal', async ({ documented, request, refusal, rule }) => {
    const init = request(documented)
    const reply = await read(await running.fetch(documented.path, init))
    const [status, body] = documented.replies[refusal]
    expect(reply.status).toBe(status)
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect((reply.headers.get('tokenwright-reason') ?? '').split(':', 1)).toEqual([rule])
    if (refusal === 'granted') expect(JSON.parse(reply.body)).toHaveProperty('access_token')
    else expect(reply.body).toBe(init.method === 'HEAD' ? '' : body)
    expect(await statusOfGoodRequest(running, documented)).toBe(200)
  })

  test('the baseline names the method it takes, and asks for credentials by their scheme', async () => {
    const byGet = await running.fetch(rfc6749.path)
    expect(byGet.headers.get('allow')).toBe('POST')
    const anonymous = await running.fetch(rfc6749.path, post(formType, grant))
    expect(anonymous.headers.get('www-authenticate')).toBe('Basic realm="token endpoint"')
  })
})

async function statusOfGoodRequest(running: RunningHost, { path, client }: Documented): Promise<number> {
  const response = await running.fetch(path, post(formType, `${client}&${grant}`))
  return (await read(response)).status
}

function post(contentType: string | undefined, body: string | Uint8Array<ArrayBuffer>): RequestInit {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return {
    method: 'POST',
    body: bytes,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
  }
}

function padded(client: string, bytes: number): string {
  return `${client}&${grant}&padding=`.padEnd(bytes, 'a')
}

function membersOf(form: string): string {
  return [...new URLSearchParams(form)]
    .map((member) => member.map((part) => JSON.stringify(part)).join(':'))
    .join(',')
}

function scopeOf(form: string): string {
  return new URLSearchParams(form).get('scope') ?? 'read'
}
