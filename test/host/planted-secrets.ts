// Requests with a secret in them, wherever a client could put one, rightly or by mistake.

/** The secret itself, and what its spellings have in common with it; nothing else in the tests is spelled so. */
export const secret = 'hunter2'

/** The secret as it is, in Base64 at each of three offsets, escaped for a URL and for JSON, and in hexadecimal. */
export const spellings =
  /hunter2|aHVudGVyM|h1bnRlcj|odW50ZXIy|%68unter2|hunter%32|\\u0068unter2|68756e74657232/i

/** A request as it is sent over a socket, with all its fields. */
export interface PlantedRequest {
  readonly method?: string
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }
const granting = 'grant_type=client_credentials'
const jwt = [{ alg: 'none' }, { sub: secret, iss: secret, secret }, secret]
  .map((part) => btoa(typeof part === 'string' ? part : JSON.stringify(part)).replaceAll('=', ''))
  .join('.')
const assertionType = encodeURIComponent('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')

/** Where the secret is, and the request; to `/token` in a form where nothing else is said. */
export const plantedRequests: ReadonlyArray<readonly [place: string, request: PlantedRequest]> = [
  ['the client secret of a form', { body: `${granting}&client_id=customer_id&client_secret=${secret}` }],
  ['the client id of a form', { body: `${granting}&client_id=${secret}&client_secret=${secret}` }],
  ['a percent-encoded client secret', { body: `${granting}&client_id=customer_id&client_secret=%68unter2` }],
  [
    'a password',
    { target: '/rfc6749/token', body: `grant_type=password&username=${secret}&password=${secret}` },
  ],
  ['a refresh token', { target: '/rfc6749/token', body: `grant_type=refresh_token&refresh_token=${secret}` }],
  [
    'a refresh token that is a JWT',
    { target: '/moov/oauth2/token', body: `grant_type=refresh_token&refresh_token=${jwt}` },
  ],
  [
    'a client assertion',
    {
      target: '/rfc6749/token',
      body: `${granting}&client_assertion_type=${assertionType}&client_assertion=${jwt}`,
    },
  ],
  [
    'a scope',
    {
      target: '/rfc6749/token',
      headers: { authorization: basic('example-client:example-secret') },
      body: `${granting}&scope=a%20"${secret}`,
    },
  ],
  ['a grant type', { body: `grant_type=${secret}` }],
  ['the name of a parameter', { body: `${granting}&${secret}=a` }],
  ['the percent-encoded name of a parameter', { body: `${granting}&%68unter2=a` }],
  ['a form without names', { body: secret }],
  ['a form in broken escapes', { body: `client_secret=${secret}%zz` }],
  ['a repeated parameter', { body: `client_secret=${secret}&client_secret=${secret}` }],
  ['a form that says to be JSON', { headers: json, body: `client_secret=${secret}` }],
  ['JSON', { headers: json, body: JSON.stringify({ client_id: 'customer_id', client_secret: secret }) }],
  ['JSON in escapes', { headers: json, body: '{"client_secret":"\\u0068unter2"}' }],
  [
    'nested JSON',
    { headers: json, body: JSON.stringify({ client_secret: { secret: [secret] }, scope: [secret] }) },
  ],
  ['the name of a member', { headers: json, body: JSON.stringify({ [secret]: 1 }) }],
  ['the name of a nested member', { headers: json, body: JSON.stringify({ scope: { [secret]: secret } }) }],
  [
    'members of one name',
    { headers: json, body: `{"client_secret":"${secret}","client_secret":"${secret}2"}` },
  ],
  ['malformed JSON', { headers: json, body: `{"client_secret":"${secret}` }],
  ['a JSON string', { headers: json, body: `"${secret}"` }],
  ['a JSON array', { headers: json, body: `["${secret}"]` }],
  [
    'a multipart body',
    {
      headers: { 'content-type': `multipart/form-data; boundary=${secret}` },
      body: `--${secret}\r\ncontent-disposition: form-data; name="client_secret"\r\n\r\n${secret}\r\n--${secret}--\r\n`,
    },
  ],
  ['plain text', { headers: { 'content-type': 'text/plain' }, body: secret }],
  ['a media type', { headers: { 'content-type': `application/${secret}` }, body: secret }],
  ['a charset', { headers: { 'content-type': `application/json; charset=${secret}` }, body: '{}' }],
  [
    'Basic',
    {
      target: '/rfc6749/token',
      headers: { authorization: basic(`example-client:${secret}`) },
      body: granting,
    },
  ],
  [
    'Basic, the id and the secret form-encoded',
    {
      target: '/rfc6749/token',
      headers: { authorization: basic('example%2Dclient:%68unter2') },
      body: granting,
    },
  ],
  [
    'Basic, as the id',
    { target: '/rfc6749/token', headers: { authorization: basic(`${secret}:`) }, body: granting },
  ],
  [
    'Basic that is no Base64',
    { target: '/rfc6749/token', headers: { authorization: `Basic customer_id:${secret}` }, body: granting },
  ],
  [
    'Basic without a colon',
    { target: '/moov/oauth2/token', headers: { authorization: basic(secret) }, body: granting },
  ],
  ['Bearer', { headers: { authorization: `Bearer ${secret}` }, body: granting }],
  ['Bearer, as a JWT', { headers: { authorization: `Bearer ${jwt}` }, body: granting }],
  [
    'Bearer at a protected route',
    { method: 'GET', target: '/v3/status', headers: { authorization: `Bearer ${secret}` } },
  ],
  ['Authorization without a scheme', { headers: { authorization: secret }, body: granting }],
  ['the scheme of Authorization', { headers: { authorization: `${secret} a` }, body: granting }],
  ['Digest', { headers: { authorization: `Digest username="a", response="${secret}"` }, body: granting }],
  ['a cookie', { headers: { cookie: `session=${secret}` }, body: granting }],
  ['X-Api-Key', { headers: { 'x-api-key': secret }, body: granting }],
  ['Proxy-Authorization', { headers: { 'proxy-authorization': basic(`a:${secret}`) }, body: granting }],
  ['Referer', { headers: { referer: `https://as.example/?client_secret=${secret}` }, body: granting }],
  ['a field of another name', { headers: { 'x-anything': secret }, body: granting }],
  ['the name of a field', { headers: { [secret]: 'a', [`x-${secret}`]: 'a' }, body: granting }],
  ['the query', { target: `/token?client_secret=${secret}`, body: granting }],
  ['the query, without a name', { target: `/token?${secret}`, body: granting }],
  ['the query, as a name', { target: `/token?${secret}=1&a%5B${secret}%5D=1`, body: granting }],
  ['the query, percent-encoded', { target: '/token?access_token=%68unter2&hunter%32', body: granting }],
  ['the query of an unknown path', { method: 'GET', target: `/callback?code=${secret}#${secret}` }],
  ['the path behind an endpoint', { target: `/token/${secret}`, body: granting }],
  ['the path of a service', { target: `/prove/${secret}/token`, body: granting }],
  ['the path of nobody', { method: 'GET', target: `/${secret}` }],
  ['the path, percent-encoded', { method: 'GET', target: '/%68unter2/hunter%32' }],
  ['a path with parameters', { method: 'GET', target: `/token;client_secret=${secret}` }],
  ['a long path', { method: 'GET', target: `/a${'/b'.repeat(40)}/${secret}` }],
  ['the path of a protected route', { method: 'GET', target: `/v3/${secret}` }],
  [
    'a token to be introspected',
    {
      target: '/rfc6749/introspect',
      headers: { authorization: basic('example-client:example-secret') },
      body: `token=${secret}&token_type_hint=${secret}`,
    },
  ],
  [
    'a token to be revoked',
    { target: '/moov/oauth2/revoke', body: `token=${secret}&client_id=${secret}&client_secret=${secret}` },
  ],
  [
    'a query to the metadata',
    { method: 'GET', target: `/rfc6749/.well-known/openid-configuration?access_token=${secret}` },
  ],
  ['a method of its own', { method: 'PUT', target: '/token', body: secret }],
]

/** A request with what it leaves out. */
export function completed({
  method = 'POST',
  target = '/token',
  headers = {},
  body,
}: PlantedRequest): Required<Omit<PlantedRequest, 'body'>> & { readonly body?: string } {
  return {
    method,
    target,
    headers: { ...(body !== undefined && form), ...headers },
    ...(body !== undefined && { body }),
  }
}

function basic(credentials: string): string {
  return `Basic ${btoa(credentials)}`
}
