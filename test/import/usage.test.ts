// Values that code snippets give a model's fields.
import { describe, expect, test } from 'vitest'
import { readUsage } from '../../src/import/usage.ts'

const field = (name: string, wireName: string, allowedValues: readonly string[] | null = null) => ({
  name,
  wireName,
  allowedValues,
})
const fields = [
  field('grantType', 'grant_type', ['client_credentials', 'password']),
  field('clientId', 'client_id'),
  field('scope', 'scope'),
]
const both = { grantType: 'client_credentials', clientId: 'acme-app' } as const

const snippets: readonly (readonly [
  notation: string,
  code: string,
  values: Readonly<Record<string, string>>,
])[] = [
  ['an object of TypeScript', 'f({ grantType: "client_credentials", clientId: \'acme-app\' })', both],
  [
    'a struct of Go',
    'T{\n  GrantType: components.GrantTypeClientCredentials,\n  ClientID: acme.String("acme-app"),\n}',
    both,
  ],
  [
    'pointers to constants in Go',
    'T{GrantType: components.GrantTypePassword.ToPointer()}',
    { grantType: 'password' },
  ],
  [
    'a builder of Java',
    'T.builder()\n  .clientId("acme-app")\n  .grantType(GrantType.CLIENT_CREDENTIALS)\n  .build();',
    both,
  ],
  [
    'a builder of Java with a grant that is not allowed',
    'T.builder().grantType(GrantType.AUTHORIZATION_CODE).clientId("acme-app").build();',
    { grantType: 'authorization_code', clientId: 'acme-app' },
  ],
  [
    'a constant of Ruby that is not allowed',
    "T.new(grant_type: Models::GrantType::REFRESH_TOKEN, client_id: 'acme-app')",
    { grantType: 'refresh_token', clientId: 'acme-app' },
  ],
  ['setters', 't.setClientId("acme-app"); t.withScope("read");', { clientId: 'acme-app', scope: 'read' }],
  [
    'an initializer of C#',
    'new T() { ClientId = "acme-app", GrantType = GrantType.ClientCredentials }',
    both,
  ],
  ['named arguments of Python', 'f(grant_type="client_credentials", client_id="acme-app")', both],
  ['named arguments of PHP', "new T(grantType: GrantType::ClientCredentials, clientId: 'acme-app')", both],
  ['an array of PHP', "['grant_type' => 'client_credentials', 'client_id' => 'acme-app']", both],
  ['named arguments of Ruby', "T.new(grant_type: :client_credentials, client_id: 'acme-app')", both],
  ['a hash of Ruby', "{ :grant_type => 'client_credentials', :client_id => 'acme-app' }", both],
  ['JSON', '{ "grant_type": "client_credentials", "client_id": "acme-app" }', both],
  ['pairs', 'form.append("grant_type", "client_credentials"); form.set("client_id", "acme-app")', both],
  ['members by index', 'body["grant_type"] = "client_credentials"\nbody["client_id"] = "acme-app"', both],
  ['a form in a string', 'post("grant_type=client_credentials&client_id=acme-app")', both],
  [
    'curl -d',
    "curl https://acme.example/token -d grant_type=client_credentials -d 'client_id=acme-app'",
    both,
  ],
  [
    'curl with lines',
    'curl -X POST \\\n  https://acme.example/token \\\n  --data-urlencode "client_id=acme-app" \\\n  --data grant_type=client_credentials',
    both,
  ],
  [
    'curl with JSON',
    'curl https://acme.example/token --json \'{"client_id":"acme-app","grant_type":"client_credentials"}\'',
    both,
  ],
  [
    'an HTTP message',
    'POST /token HTTP/1.1\nHost: acme.example\n\ngrant_type=client_credentials&client_id=acme-app',
    both,
  ],
  ['a form with escapes', 'curl https://acme.example/token -d "scope=a+b%2Fc"', { scope: 'a b/c' }],
]

const unread: readonly (readonly [what: string, code: string])[] = [
  ['a variable', 'f({ clientId, scope: scope })'],
  ['a member', 'f({ clientId: config.clientId })'],
  ['what the environment holds', 'f(client_id=os.getenv("CLIENT_ID"))'],
  ['a call', 'f({ clientId: await read("client") })'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code of another program
  ['a template', 'f({ clientId: `${name}-app`, scope: f"{name}" })'],
  ['a sum', 'f({ clientId: "acme-" + name })'],
  ['a fallback', 'f({ clientId: "acme" ?? name })'],
  ['a placeholder', 'curl https://acme.example/token -d "client_id=<your id>" -d client_id=$CLIENT_ID'],
  ['a constant that is no allowed value', 'f({ grantType: GrantType.JWT })'],
  ['a comment', '// clientId: "acme-app"\n# client_id: "acme-app"\n/* clientId: "acme-app" */'],
]

describe('a snippet', () => {
  test.each(snippets)('is read: %s', (_, code, values) => {
    expect(readUsage(code, fields).values).toEqual(values)
  })

  test.each(unread)('gives no value: %s', (_, code) => {
    expect(readUsage(code, fields).values).toEqual({})
  })

  test('tells which names beside the fields are no field, and where', () => {
    const code = 'const client = connect({ retries: 3 })\nf({\n  clientId: id,\n  audience: "x",\n})'
    const { named, unknown } = readUsage(code, fields)
    expect([named, unknown]).toEqual([['clientId'], [{ name: 'audience', line: 4 }]])
  })

  test('tells which calls beside those of the fields set no field', () => {
    const code =
      'Sdk.builder().server("eu").build().token(T.builder()\n  .clientId("a")\n  .audience("x")\n  .build())'
    expect(readUsage(code, fields).unknown).toEqual([{ name: 'audience', line: 3 }])
  })

  test('of the wire shows how names are spelled there', () => {
    const { isWire, spelled } = readUsage('curl https://acme.example/token -d clientID=a', fields)
    expect([isWire, spelled]).toEqual([true, { clientId: 'clientID' }])
  })
})
