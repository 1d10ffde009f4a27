// Every requirement of the OAuth specifications that the baseline service keeps, or does not touch, as requests and replies.
import { expect } from 'vitest'
import type { ClientMetadata, JsonWebKey } from '../../src/oauth/words.ts'
import { startOfTime } from '../host/hosts.ts'
import type { Answer, Ask, Requirement } from './requirement.ts'

const client = 'example-client:example-secret'
const other = 'other-client:other-secret'
const user = 'username=example-user&password=example-password'
const clientCredentials = 'grant_type=client_credentials'
const password = `grant_type=password&${user}`
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The clients of the table beside the service's own; the public keys are those of `key-client`. */
export const clientsWith = (keys: readonly JsonWebKey[]): readonly ClientMetadata[] => [
  { client_id: 'other-client', client_secret: 'other-secret' },
  { client_id: 'exotic client+%/&=~', client_secret: 's3cret +%/&=~:' },
  { client_id: 'scoped-client', client_secret: 'scoped-secret', scope: 'read write' },
  { client_id: 'public-client' },
  { client_id: 'key-client', jwks: { keys } },
]

const opaque = expect.stringMatching(/^[\w-]{43}$/)
const bearer = { access_token: opaque, token_type: 'Bearer', expires_in: 3600 }

/** A token reply without a refresh token, and with the scope that was asked for, if any was. */
const granted = (scope?: string): Answer => ({
  status: 200,
  body: { ...bearer, ...(scope !== undefined && { scope }) },
})
const withRefreshToken: Answer = { status: 200, body: { ...bearer, refresh_token: opaque } }
const refused = (error: string): Answer => ({
  status: error === 'invalid_client' ? 401 : 400,
  body: { error },
})
const wrongMethod = (allow = 'POST'): Answer => ({
  status: 405,
  body: allow === 'POST' ? { error: 'invalid_request' } : '',
  headers: { allow },
})
const done: Answer = { status: 200, body: '' }
const inactive: Answer = { status: 200, body: { active: false } }

const asked = (form: string, rest: Ask = {}): Ask => ({ basic: client, form, ...rest })
const introspect = (form: string, rest: Ask = {}) => asked(form, { path: '/introspect', ...rest })
const revoke = (form: string, rest: Ask = {}) => asked(form, { path: '/revoke', ...rest })
const refresh = (token: string, rest: Ask = {}) =>
  asked(`grant_type=refresh_token&refresh_token=${token}`, rest)

const asymmetric = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']
const algorithms = ['ES256', 'RS256', 'EdDSA', 'Ed25519']
const metadataOf = (
  issuer: string,
  grants = ['client_credentials', 'password', 'refresh_token'],
): Answer => ({
  status: 200,
  body: {
    issuer,
    token_endpoint: `${issuer}/token`,
    token_endpoint_auth_methods_supported: [...asymmetric, 'none'],
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    revocation_endpoint: `${issuer}/revoke`,
    revocation_endpoint_auth_methods_supported: [...asymmetric, 'none'],
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
    introspection_endpoint: `${issuer}/introspect`,
    introspection_endpoint_auth_methods_supported: asymmetric,
    introspection_endpoint_auth_signing_alg_values_supported: algorithms,
    jwks_uri: `${issuer}/jwks`,
    grant_types_supported: grants,
    // RFC 8414 §2 requires this member, and §3.2 leaves empty ones out: the one that names it counts.
    response_types_supported: [],
  },
})
const get = (path: string): Ask => ({ method: 'GET', path })
const now = startOfTime / 1000

export const requirements: readonly Requirement[] = [
  {
    row: 1,
    id: 'rfc6749-2.3-one-mechanism',
    level: 'MUST NOT',
    sentence: 'A request with two ways of client authentication is refused.',
    exchanges: [
      [
        asked(`${clientCredentials}&client_id=example-client&client_secret=example-secret`),
        refused('invalid_request'),
      ],
      [asked(`${clientCredentials}&client_secret=example-secret`), refused('invalid_request')],
      [asked(clientCredentials, { assertion: {} }), refused('invalid_request')],
      [
        {
          form: `${clientCredentials}&client_id=key-client&client_secret=example-secret`,
          assertion: {},
        },
        refused('invalid_request'),
      ],
      [
        introspect('token=x&client_id=example-client&client_secret=example-secret'),
        refused('invalid_request'),
      ],
      [introspect('token=x&client_secret=example-secret'), refused('invalid_request')],
      [revoke('token=x&client_id=example-client&client_secret=example-secret'), refused('invalid_request')],
      [revoke('token=x&client_secret=example-secret'), refused('invalid_request')],
    ],
  },
  {
    row: 2,
    id: 'rfc6749-2.3.1-basic',
    level: 'MUST',
    sentence: 'A client with a secret may use HTTP Basic, whose scheme is in any case.',
    exchanges: [
      [asked(clientCredentials), granted()],
      [
        { form: clientCredentials, authorization: 'bAsIc ZXhhbXBsZS1jbGllbnQ6ZXhhbXBsZS1zZWNyZXQ=' },
        granted(),
      ],
    ],
  },
  {
    row: 3,
    id: 'rfc6749-2.3.1-basic-form-decoded',
    level: 'MUST',
    sentence: 'Id and secret are form-decoded after Base64.',
    exchanges: [
      [
        {
          form: clientCredentials,
          basic: 'exotic+client%2B%25%2F%26%3D%7E:s3cret+%2B%25%2F%26%3D%7E%3A',
        },
        granted(),
      ],
      [{ form: clientCredentials, basic: 'exotic client+%/&=~:s3cret +%/&=~:' }, refused('invalid_client')],
    ],
  },
  {
    row: 4,
    id: 'rfc6749-b-needless-escapes',
    level: 'MUST',
    sentence: 'Percent escapes of id and secret are decoded where they are not needed, too.',
    exchanges: [[{ form: clientCredentials, basic: '%65%78ample%2dclient:%65xample%2Dsecret' }, granted()]],
  },
  {
    row: 5,
    id: 'rfc6749-2.3.1-post',
    level: 'MAY',
    sentence: 'Client credentials may stand in the body.',
    exchanges: [
      [{ form: `${clientCredentials}&client_id=example-client&client_secret=example-secret` }, granted()],
    ],
  },
  {
    row: 6,
    id: 'rfc6749-2.3.1-not-in-uri',
    level: 'MUST NOT',
    sentence: 'Client credentials in the URI are none.',
    exchanges: [
      [
        { form: clientCredentials, query: 'client_id=example-client&client_secret=example-secret' },
        refused('invalid_client'),
      ],
      [
        { form: `${clientCredentials}&client_id=example-client`, query: 'client_secret=example-secret' },
        refused('invalid_client'),
      ],
    ],
  },
  {
    row: 7,
    id: 'rfc6749-2.3-own-secret',
    level: 'MUST',
    sentence: 'A secret is good for its own client alone.',
    exchanges: [
      [{ form: clientCredentials, basic: 'example-client:other-secret' }, refused('invalid_client')],
      [
        { form: `${clientCredentials}&client_id=example-client&client_secret=other-secret` },
        refused('invalid_client'),
      ],
    ],
  },
  {
    row: 8,
    id: 'rfc6749-3.2-post',
    level: 'MUST',
    sentence: 'A token is asked for by POST.',
    exchanges: [
      [
        {
          method: 'GET',
          query: `${clientCredentials}&client_id=example-client&client_secret=example-secret`,
        },
        wrongMethod(),
      ],
      [{ method: 'GET', query: clientCredentials, basic: client }, wrongMethod()],
    ],
  },
  {
    row: 9,
    id: 'rfc9110-15.5.6-allow',
    level: 'MUST',
    sentence: 'A reply of 405 names the methods that are allowed.',
    exchanges: [
      [get('/token'), wrongMethod()],
      [asked(clientCredentials, { method: 'PUT' }), wrongMethod()],
      [{ method: 'DELETE' }, wrongMethod()],
      [{ method: 'OPTIONS' }, wrongMethod()],
      [get('/revoke'), wrongMethod()],
      [get('/introspect'), wrongMethod()],
      [{ path: '/jwks', form: '' }, wrongMethod('GET, HEAD')],
      [{ path: '/.well-known/oauth-authorization-server', form: '' }, wrongMethod('GET, HEAD')],
    ],
  },
  {
    row: 10,
    id: 'rfc6749-3.2-empty-grant-type',
    level: 'MUST',
    sentence: 'An empty grant_type is none.',
    exchanges: [[asked('grant_type='), refused('invalid_request')]],
  },
  {
    row: 11,
    id: 'rfc6749-3.2-empty-scope',
    level: 'MUST',
    sentence: 'An empty scope is none.',
    exchanges: [
      [asked(`${clientCredentials}&scope=`), granted()],
      [asked(`${clientCredentials}&scope=`, { basic: 'scoped-client:scoped-secret' }), granted('read write')],
    ],
  },
  {
    row: 12,
    id: 'rfc6749-3.2-empty-credentials',
    level: 'MUST',
    sentence: 'An empty username, password or refresh_token is none.',
    exchanges: [
      [asked('grant_type=password&username=&password=example-password'), refused('invalid_request')],
      [asked('grant_type=password&username=example-user&password='), refused('invalid_request')],
      [refresh(''), refused('invalid_request')],
    ],
  },
  {
    row: 13,
    id: 'rfc6749-3.2-unrecognized-parameters',
    level: 'MUST',
    sentence: 'Parameters that are not recognized are ignored, also when they are repeated.',
    exchanges: [
      [asked(`${clientCredentials}&foo=bar&nonce=n-1&state=s`), granted()],
      [asked(`${clientCredentials}&foo=bar&foo=baz`), granted()],
    ],
  },
  {
    row: 14,
    id: 'rfc6749-3.2-repeated-grant-type',
    level: 'MUST NOT',
    sentence: 'A repeated grant_type is refused.',
    exchanges: [
      [asked(`${clientCredentials}&${clientCredentials}`), refused('invalid_request')],
      [asked(`${clientCredentials}&grant_type=password`), refused('invalid_request')],
    ],
  },
  {
    row: 15,
    id: 'rfc6749-3.2-repeated-scope',
    level: 'MUST NOT',
    sentence: 'A repeated scope or client_id is refused.',
    exchanges: [
      [asked(`${clientCredentials}&scope=read&scope=read`), refused('invalid_request')],
      [
        asked(`${clientCredentials}&client_id=example-client&client_id=example-client`),
        refused('invalid_request'),
      ],
    ],
  },
  {
    row: 16,
    id: 'rfc6749-3.2-repeated-credentials',
    level: 'MUST NOT',
    sentence: 'A repeated username, password or refresh_token is refused.',
    exchanges: [
      [asked(`${password}&username=example-user`), refused('invalid_request')],
      [asked(`${password}&password=example-password`), refused('invalid_request')],
      [refresh('x&refresh_token=x'), refused('invalid_request')],
    ],
  },
  {
    row: 17,
    id: 'rfc6749-3.2-body-only',
    level: 'SHOULD',
    sentence: 'Parameters are read from the body alone.',
    exchanges: [
      [asked('', { query: clientCredentials }), refused('invalid_request')],
      [asked('grant_type=password', { query: user }), refused('invalid_request')],
      [asked(clientCredentials, { query: 'grant_type=password&scope=read' }), granted()],
    ],
  },
  {
    row: 18,
    id: 'rfc6749-3.2.1-authentication',
    level: 'MUST',
    sentence: 'A confidential client authenticates.',
    exchanges: [[{ form: clientCredentials }, refused('invalid_client')]],
  },
  {
    row: 19,
    id: 'rfc6749-3.2.1-client-id-alone',
    level: 'MUST',
    sentence: 'Its client_id alone does not authenticate a confidential client.',
    exchanges: [
      [{ form: `${clientCredentials}&client_id=example-client` }, refused('invalid_client')],
      [{ form: `${clientCredentials}&client_id=key-client` }, refused('invalid_client')],
    ],
  },
  {
    row: 20,
    id: 'rfc6749-3.2.1-empty-secret',
    level: 'MUST',
    sentence: 'An empty secret is not the secret.',
    exchanges: [
      [{ form: clientCredentials, basic: 'example-client:' }, refused('invalid_client')],
      [{ form: clientCredentials, basic: 'key-client:' }, refused('invalid_client')],
      [{ form: `${clientCredentials}&client_id=example-client&client_secret=` }, refused('invalid_client')],
    ],
  },
  {
    row: 21,
    id: 'rfc6749-3.2.1-client-id-beside-basic',
    level: 'MAY',
    sentence: 'The same client_id may stand in the body beside HTTP Basic, and no other.',
    exchanges: [
      [asked(`${clientCredentials}&client_id=example-client`), granted()],
      [asked(`${clientCredentials}&client_id=other-client`), refused('invalid_request')],
    ],
  },
  {
    row: 22,
    id: 'rfc6749-3.3-scope-characters',
    level: 'MUST',
    sentence: 'A scope has printable ASCII without quotes and backslashes.',
    exchanges: [
      [asked(`${clientCredentials}&scope="<script>alert(1)</script>"`), refused('invalid_scope')],
      ...['%22', '%5C', '%C3%A9', '%00', 'read%0Awrite', '+read', 'read++write'].map(
        (scope) => [asked(`${clientCredentials}&scope=${scope}`), refused('invalid_scope')] as const,
      ),
      // No scope at all: the form itself is malformed (appendix B: UTF-8).
      [asked(`${clientCredentials}&scope=%ff`), refused('invalid_request')],
    ],
  },
  {
    row: 23,
    id: 'rfc6749-3.3-scope-delimiter',
    level: 'MUST',
    sentence: 'Scope tokens are delimited by spaces and nothing else.',
    exchanges: [[asked(`${clientCredentials}&scope=read%09write`), refused('invalid_scope')]],
  },
  {
    row: 24,
    id: 'rfc6749-3.3-scope-case',
    level: 'MUST',
    sentence: 'Scope tokens are case-sensitive.',
    exchanges: [
      [
        asked(`${clientCredentials}&scope=READ`, { basic: 'scoped-client:scoped-secret' }),
        refused('invalid_scope'),
      ],
      [asked(`${clientCredentials}&scope=READ`), granted('READ')],
    ],
  },
  {
    row: 25,
    id: 'rfc6749-3.3-scope-order',
    level: 'MUST',
    sentence: 'The order of scope tokens does not matter.',
    exchanges: [
      [
        asked(`${clientCredentials}&scope=write+read`, { basic: 'scoped-client:scoped-secret' }),
        granted('write read'),
      ],
    ],
  },
  {
    row: 26,
    id: 'rfc6749-3.3-scope-default',
    level: 'MUST',
    sentence: 'Without a scope, the one that the client is registered with is granted, and named.',
    exchanges: [
      [asked(clientCredentials, { basic: 'scoped-client:scoped-secret' }), granted('read write')],
      [asked(clientCredentials), granted()],
    ],
  },
  {
    row: 27,
    id: 'rfc6749-3.3-unknown-scope',
    level: 'MUST',
    sentence: 'A scope that the client is not registered for is refused.',
    exchanges: [
      [
        asked(`${clientCredentials}&scope=no.such.scope`, { basic: 'scoped-client:scoped-secret' }),
        refused('invalid_scope'),
      ],
      [
        asked(`${password}&scope=read+no.such.scope`, { basic: 'scoped-client:scoped-secret' }),
        refused('invalid_scope'),
      ],
    ],
  },
  {
    row: 28,
    id: 'rfc6749-5.1-scope-told',
    level: 'MUST',
    sentence: 'A scope that is not the one asked for is told, and so is the one asked for.',
    exchanges: [
      [
        asked(`${clientCredentials}&scope=read+no.such.scope`, { basic: 'scoped-client:scoped-secret' }),
        refused('invalid_scope'),
      ],
      [asked(`${clientCredentials}&scope=read`, { basic: 'scoped-client:scoped-secret' }), granted('read')],
      [asked(`${clientCredentials}&scope=read+no.such.scope`), granted('read no.such.scope')],
    ],
  },
  {
    row: 29,
    id: 'rfc6749-3.3-scope-slashes',
    level: 'MUST',
    sentence: 'Scope tokens may hold slashes, dots and colons.',
    exchanges: [
      [
        asked(`${clientCredentials}&scope=/accounts.read+urn:accounts%2Fwrite`),
        granted('/accounts.read urn:accounts/write'),
      ],
    ],
  },
  {
    row: 30,
    id: 'rfc6749-1.9-case',
    level: 'MUST',
    sentence: 'Names and values of parameters are case-sensitive.',
    exchanges: [
      [asked('grant_type=CLIENT_CREDENTIALS'), refused('unsupported_grant_type')],
      [asked('GRANT_TYPE=client_credentials'), refused('invalid_request')],
      [asked('grant_type=<script>alert(1)</script>'), refused('unsupported_grant_type')],
    ],
  },
  {
    row: 31,
    id: 'rfc6749-4.3.2-authentication',
    level: 'MUST',
    sentence: 'A confidential client authenticates for the password grant, too.',
    exchanges: [
      [{ form: password }, refused('invalid_client')],
      [{ form: `${password}&client_id=example-client` }, refused('invalid_client')],
    ],
  },
  {
    row: 32,
    id: 'rfc6749-4.3.2-authentication-first',
    level: 'MUST',
    sentence: 'The client is authenticated before the user.',
    exchanges: [
      [asked(password, { basic: 'example-client:wrong-secret' }), refused('invalid_client')],
      [
        asked('grant_type=password&username=example-user&password=wrong', {
          basic: 'example-client:wrong-secret',
        }),
        refused('invalid_client'),
      ],
    ],
  },
  {
    row: 33,
    id: 'rfc6749-4.3.2-username-and-password',
    level: 'REQUIRED',
    sentence: 'The password grant takes username and password.',
    exchanges: [
      [asked('grant_type=password&password=example-password'), refused('invalid_request')],
      [asked('grant_type=password&username=example-user'), refused('invalid_request')],
    ],
  },
  {
    row: 34,
    id: 'rfc6749-4.3.3-token',
    level: 'MUST',
    sentence: "A user's own password gets a token, for a public client as well.",
    exchanges: [
      [asked(password), withRefreshToken],
      [{ form: `${password}&client_id=public-client` }, withRefreshToken],
    ],
  },
  {
    row: 35,
    id: 'rfc6749-5.2-wrong-password',
    level: 'MUST',
    sentence: 'Wrong credentials of a user are an invalid grant, whatever characters they have.',
    exchanges: [
      [asked('grant_type=password&username=example-user&password=wrong'), refused('invalid_grant')],
      [asked('grant_type=password&username=nobody&password=example-password'), refused('invalid_grant')],
      [asked('grant_type=password&username=<script>&password=example-password'), refused('invalid_grant')],
      [
        asked('grant_type=password&username=%C3%A9&password=%F0%9F%94%91%26%3D%2B%25'),
        refused('invalid_grant'),
      ],
      [
        asked('grant_type=password&username=example-user&password=example-password+'),
        refused('invalid_grant'),
      ],
    ],
  },
  {
    row: 36,
    id: 'rfc6749-4.4.3-no-refresh-token',
    level: 'SHOULD NOT',
    sentence: 'A client that acts for itself gets no refresh token.',
    exchanges: [[asked(clientCredentials), granted()]],
  },
  {
    row: 37,
    id: 'rfc6749-5.1-json',
    level: 'MUST',
    sentence: 'A token comes with 200 and as application/json.',
    every: { of: 'token reply', statuses: [200], headers: { 'content-type': /^application\/json$/ } },
  },
  {
    row: 38,
    id: 'rfc6749-5.1-json-always',
    level: 'MUST',
    sentence: 'The reply is JSON whatever the client would rather have.',
    exchanges: [
      [asked(clientCredentials, { headers: { accept: 'text/html' } }), granted()],
      [asked('', { headers: { accept: 'application/x-www-form-urlencoded' } }), refused('invalid_request')],
    ],
  },
  {
    row: 39,
    id: 'rfc6749-5.1-token-type',
    level: 'REQUIRED',
    sentence: 'Every token has a token_type.',
    every: { of: 'token reply', members: { token_type: /^"[A-Za-z]+"$/ } },
  },
  {
    row: 40,
    id: 'rfc6749-5.1-expires-in',
    level: 'RECOMMENDED',
    sentence: 'Every token has an expires_in.',
    every: { of: 'token reply', members: { expires_in: /./ } },
  },
  {
    row: 41,
    id: 'rfc6749-a.14-expires-in-number',
    level: 'MUST',
    sentence: 'expires_in is a whole number, not negative, and no string.',
    every: { of: 'token reply', members: { expires_in: /^\d+$/ } },
  },
  {
    row: 42,
    id: 'rfc6749-5.1-no-store',
    level: 'MUST',
    sentence: 'No cache stores a token.',
    every: { of: 'token reply', headers: { 'cache-control': /^no-store$/ } },
  },
  {
    row: 43,
    id: 'rfc6749-5.1-pragma',
    level: 'MUST',
    sentence: 'Nor does a cache of HTTP/1.0.',
    every: { of: 'token reply', headers: { pragma: /^no-cache$/ } },
  },
  {
    row: 44,
    id: 'rfc6749-a.4-scope-in-reply',
    level: 'MUST',
    sentence: 'The scope of a reply is never empty, and has the syntax of a scope.',
    every: {
      of: 'token reply',
      membersOfSome: { scope: /^"[!#-Z[\]-~]+( [!#-Z[\]-~]+)*"$/ },
    },
  },
  {
    row: 45,
    id: 'rfc6749-a.12-token-characters',
    level: 'MUST',
    sentence: 'Tokens are printable ASCII.',
    every: {
      of: 'token reply',
      members: { access_token: /^"[ !#-[\]-~]+"$/ },
      membersOfSome: { refresh_token: /^"[ !#-[\]-~]+"$/ },
    },
  },
  {
    row: 46,
    id: 'rfc6749-7.1-bearer',
    level: 'SHOULD',
    sentence: 'The type of a bearer token is Bearer.',
    every: { of: 'token reply', members: { token_type: /^"Bearer"$/ } },
  },
  {
    row: 47,
    id: 'rfc6750-2.1-b64token',
    level: 'SHOULD',
    sentence: 'An access token can stand in an Authorization field as it is.',
    every: { of: 'token reply', members: { access_token: /^"[\w.~+/-]+=*"$/ } },
  },
  {
    row: 48,
    id: 'rfc6749-10.10-unguessable',
    level: 'MUST',
    sentence: 'A token of chance alone has 43 characters of 6 bits.',
    exchanges: [[asked(password), withRefreshToken]],
  },
  {
    row: 49,
    id: 'rfc6749-10.10-fresh-tokens',
    level: 'SHOULD',
    sentence: 'Two requests get two tokens.',
    exchanges: [
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [asked(password, { keptAs: 'second' }), withRefreshToken],
    ],
    differ: [
      ['first.access_token', 'second.access_token'],
      ['first.refresh_token', 'second.refresh_token'],
      ['first.access_token', 'first.refresh_token'],
    ],
  },
  {
    row: 50,
    id: 'rfc6749-5.2-json',
    level: 'MUST',
    sentence: 'Errors are JSON.',
    every: { of: 'refusal', headers: { 'content-type': /^application\/json$/ } },
  },
  {
    row: 51,
    id: 'rfc6749-5.2-error',
    level: 'MUST',
    sentence: 'Every error has a code of plain characters.',
    every: { of: 'refusal', members: { error: /^"[ !#-[\]-~]+"$/ } },
  },
  {
    row: 52,
    id: 'rfc6749-5.2-error-description',
    level: 'MUST',
    sentence: 'A description of an error is of plain characters.',
    every: { of: 'refusal', membersOfSome: { error_description: /^"[ !#-[\]-~]+"$/ } },
  },
  {
    row: 53,
    id: 'rfc6749-5.2-registered-error',
    level: 'SHOULD',
    sentence: 'The code of an error is one of the specification.',
    every: {
      of: 'refusal',
      members: {
        error:
          /^"(invalid_request|invalid_client|invalid_grant|unauthorized_client|unsupported_grant_type|invalid_scope)"$/,
      },
    },
  },
  {
    row: 54,
    id: 'rfc6749-5.2-status',
    level: 'SHOULD',
    sentence: 'An error has the status 400 or 401, or one that HTTP has for just that: 405 and 429.',
    every: { of: 'refusal', statuses: [400, 401, 405, 429] },
  },
  {
    row: 55,
    id: 'rfc6749-5.2-missing-grant-type',
    level: 'MUST',
    sentence: 'A request without grant_type is invalid, and so is an empty one.',
    exchanges: [
      [asked('scope=read'), refused('invalid_request')],
      [asked(''), refused('invalid_request')],
      [{ basic: client }, refused('invalid_request')],
    ],
  },
  {
    row: 56,
    id: 'rfc6749-5.2-unknown-client',
    level: 'MUST',
    sentence: 'An unknown client is an invalid one.',
    exchanges: [
      [{ form: clientCredentials, basic: 'nobody:example-secret' }, refused('invalid_client')],
      [
        { form: `${clientCredentials}&client_id=nobody&client_secret=example-secret` },
        refused('invalid_client'),
      ],
      [{ form: `${password}&client_id=nobody` }, refused('invalid_client')],
    ],
  },
  {
    row: 57,
    id: 'rfc6749-5.2-wrong-secret',
    level: 'MUST',
    sentence: 'A client with a wrong secret is an invalid one.',
    exchanges: [
      [{ form: clientCredentials, basic: 'example-client:wrong-secret' }, refused('invalid_client')],
      [
        { form: `${clientCredentials}&client_id=example-client&client_secret=wrong-secret` },
        refused('invalid_client'),
      ],
    ],
  },
  {
    row: 58,
    id: 'rfc6749-5.2-basic-401',
    level: 'MUST',
    sentence: 'A client that is refused after HTTP Basic gets 401.',
    exchanges: [
      [
        { form: clientCredentials, basic: 'example-client:wrong-secret' },
        { status: 401, body: { error: 'invalid_client' } },
      ],
      [revoke('token=x', { basic: 'example-client:wrong-secret' }), refused('invalid_client')],
      [introspect('token=x', { basic: 'example-client:wrong-secret' }), refused('invalid_client')],
    ],
  },
  {
    row: 59,
    id: 'rfc6749-5.2-basic-challenge',
    level: 'MUST',
    sentence: 'And a challenge of the scheme that it used.',
    exchanges: [
      [
        { form: clientCredentials, basic: 'example-client:wrong-secret' },
        {
          ...refused('invalid_client'),
          headers: { 'www-authenticate': 'Basic realm="token endpoint"' },
        },
      ],
    ],
  },
  {
    row: 60,
    id: 'rfc9110-15.5.2-challenge',
    level: 'MUST',
    sentence: 'Every reply of 401 has a challenge.',
    every: { of: '401', headers: { 'www-authenticate': /^Basic realm="token endpoint"$/ } },
  },
  {
    row: 61,
    id: 'rfc6749-5.2-malformed-basic',
    level: 'SHOULD',
    sentence: 'Malformed HTTP Basic is an OAuth error.',
    exchanges: [
      ...['Basic !!!!', 'Basic bm9jb2xvbg==', 'Basic', 'Basic /////w==', 'Basic JTp4'].map(
        (authorization) => [{ form: clientCredentials, authorization }, refused('invalid_client')] as const,
      ),
    ],
  },
  {
    row: 62,
    id: 'rfc6749-5.2-unsupported-scheme',
    level: 'SHOULD',
    sentence: 'Another scheme is an OAuth error.',
    exchanges: [
      [{ form: clientCredentials, authorization: 'Bearer abc' }, refused('invalid_client')],
      [
        {
          form: `${clientCredentials}&client_id=example-client&client_secret=example-secret`,
          authorization: 'Digest username="example-client"',
        },
        refused('invalid_client'),
      ],
    ],
  },
  {
    row: 63,
    id: 'rfc6749-5.2-json-body',
    level: 'SHOULD',
    sentence: 'A body of JSON is refused as an OAuth error.',
    exchanges: [
      [
        asked('{"grant_type":"client_credentials"}', { headers: { 'content-type': 'application/json' } }),
        refused('invalid_request'),
      ],
    ],
  },
  {
    row: 64,
    id: 'rfc6749-b-form-alone',
    level: 'SHOULD',
    sentence: 'Only a form is read.',
    exchanges: [
      [asked(clientCredentials, { headers: { 'content-type': 'text/plain' } }), refused('invalid_request')],
      [
        asked(
          '--b\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nclient_credentials\r\n--b--\r\n',
          {
            headers: { 'content-type': 'multipart/form-data; boundary=b' },
          },
        ),
        refused('invalid_request'),
      ],
      [asked('grant_type=client_credentials%'), refused('invalid_request')],
    ],
  },
  {
    row: 65,
    id: 'rfc6749-b-charset',
    level: 'MUST',
    sentence: 'The media type may say that it is UTF-8, in any case.',
    exchanges: [
      [
        asked(clientCredentials, {
          headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
        }),
        granted(),
      ],
      [
        asked(clientCredentials, {
          headers: { 'content-type': 'Application/X-WWW-Form-Urlencoded;charset=utf-8' },
        }),
        granted(),
      ],
    ],
  },
  {
    row: 66,
    id: 'rfc9110-5.3-two-authorizations',
    level: 'SHOULD',
    sentence: 'Two Authorization fields are refused, whichever of them is right.',
    bytes: [
      ['ZXhhbXBsZS1jbGllbnQ6ZXhhbXBsZS1zZWNyZXQ=', 'd3Jvbmc6d3Jvbmc='],
      ['d3Jvbmc6d3Jvbmc=', 'ZXhhbXBsZS1jbGllbnQ6ZXhhbXBsZS1zZWNyZXQ='],
      ['ZXhhbXBsZS1jbGllbnQ6ZXhhbXBsZS1zZWNyZXQ=', 'ZXhhbXBsZS1jbGllbnQ6ZXhhbXBsZS1zZWNyZXQ='],
    ].map(([first, second]) => ({
      sent: [
        'POST /token HTTP/1.1',
        'Host: as.example',
        'Connection: close',
        `Authorization: Basic ${first}`,
        `Authorization: Basic ${second}`,
        'Content-Type: application/x-www-form-urlencoded',
        'Content-Length: 29',
        '',
        clientCredentials,
      ],
      received: { status: 401, body: { error: 'invalid_client' } },
    })),
  },
  {
    row: 67,
    id: 'rfc6749-b-space',
    level: 'MUST',
    sentence: 'A plus sign and %20 both are a space.',
    exchanges: [
      [asked(`${clientCredentials}&scope=read+write`), granted('read write')],
      [asked(`${clientCredentials}&scope=read%20write`), granted('read write')],
      [asked(`${clientCredentials}&scope=read%2Bwrite`), granted('read+write')],
    ],
  },
  {
    row: 68,
    id: 'rfc9110-10.1.1-continue',
    level: 'MUST',
    sentence: 'A client that waits before it sends the body is told to go on.',
    bytes: [
      {
        sent: [
          'POST /token HTTP/1.1',
          'Host: as.example',
          'Connection: close',
          'Expect: 100-continue',
          'Authorization: Basic ZXhhbXBsZS1jbGllbnQ6ZXhhbXBsZS1zZWNyZXQ=',
          'Content-Type: application/x-www-form-urlencoded',
          'Content-Length: 29',
          '',
          clientCredentials,
        ],
        received: { interim: 'HTTP/1.1 100 Continue', status: 200, body: bearer },
      },
    ],
  },
  {
    row: 69,
    id: 'rfc9110-15-answer',
    level: 'MUST',
    sentence: 'Every request is answered, and none by a failure of the server.',
    every: { of: 'reply', statuses: [200, 204, 400, 401, 405, 429] },
  },
  {
    row: 70,
    id: 'rfc6749-5.2-no-echo',
    level: 'SHOULD',
    sentence: 'Nothing secret and no markup comes back in an error.',
    every: {
      of: 'refusal',
      withoutText: [
        '<script>',
        'example-secret',
        'other-secret',
        'wrong-secret',
        'scoped-secret',
        'example-password',
        'example-jti',
      ],
    },
  },
  {
    row: 71,
    id: 'rfc6749-6-refresh',
    level: 'MUST',
    sentence: 'A refresh token gets a new access token, of the same scope or a narrower one.',
    exchanges: [
      [
        asked(`${password}&scope=read+write`, { keptAs: 'first' }),
        { status: 200, body: { ...bearer, refresh_token: opaque, scope: 'read write' } },
      ],
      [
        asked('grant_type=refresh_token&refresh_token={first.refresh_token}&scope=read', {
          keptAs: 'second',
        }),
        { status: 200, body: { ...bearer, refresh_token: opaque, scope: 'read' } },
      ],
      [
        asked('grant_type=refresh_token&refresh_token={second.refresh_token}&scope=admin'),
        refused('invalid_scope'),
      ],
      [
        refresh('{second.refresh_token}'),
        { status: 200, body: { ...bearer, refresh_token: opaque, scope: 'read write' } },
      ],
    ],
    differ: [['first.access_token', 'second.access_token']],
  },
  {
    row: 72,
    id: 'rfc6749-6-authentication',
    level: 'MUST',
    sentence: 'A confidential client authenticates to refresh.',
    exchanges: [
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [{ form: 'grant_type=refresh_token&refresh_token={first.refresh_token}' }, refused('invalid_client')],
      [
        { form: 'grant_type=refresh_token&refresh_token={first.refresh_token}&client_id=example-client' },
        refused('invalid_client'),
      ],
      [refresh('{first.refresh_token}'), withRefreshToken],
    ],
  },
  {
    row: 73,
    id: 'rfc6749-6-own-token',
    level: 'MUST',
    sentence: 'A refresh token is good for its own client alone.',
    exchanges: [
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [refresh('{first.refresh_token}', { basic: other }), refused('invalid_grant')],
      [
        { form: 'grant_type=refresh_token&refresh_token={first.refresh_token}&client_id=public-client' },
        refused('invalid_grant'),
      ],
      [refresh('{first.refresh_token}'), withRefreshToken],
    ],
  },
  {
    row: 74,
    id: 'rfc6749-5.2-invalid-refresh-token',
    level: 'MUST',
    sentence: 'A token that is no refresh token is an invalid grant, however long it is.',
    exchanges: [
      [refresh('no-such-token'), refused('invalid_grant')],
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [refresh('{first.access_token}'), refused('invalid_grant')],
      [refresh('x'.repeat(10_000)), refused('invalid_grant')],
    ],
  },
  {
    row: 75,
    id: 'rfc6749-6-refresh-token-required',
    level: 'REQUIRED',
    sentence: 'A refresh takes a refresh_token.',
    exchanges: [[asked('grant_type=refresh_token'), refused('invalid_request')]],
  },
  {
    row: 76,
    id: 'rfc6749-4.1.3-no-code',
    level: 'MUST',
    sentence: 'A grant that is not offered is refused as such, before its parameters are.',
    exchanges: [
      [asked('grant_type=authorization_code'), refused('unsupported_grant_type')],
      [asked('grant_type=authorization_code&code=nope'), refused('unsupported_grant_type')],
    ],
  },
  {
    row: 77,
    id: 'rfc9700-2.4-no-password-grant',
    level: 'MUST NOT',
    sentence: 'The password grant need not be offered: the mock serves the grants that are chosen.',
    options: { services: ['rfc6749/client_credentials', 'rfc6749/refresh_token'] },
    exchanges: [
      [asked(password), refused('unsupported_grant_type')],
      [asked(clientCredentials), granted()],
      [
        get('/.well-known/oauth-authorization-server'),
        metadataOf('{url}', ['client_credentials', 'refresh_token']),
      ],
    ],
  },
  {
    row: 78,
    id: 'rfc9700-4.14.2-used-once',
    level: 'SHOULD',
    sentence: 'A refresh token that was used is refused, that of a public client as well.',
    exchanges: [
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [refresh('{first.refresh_token}'), withRefreshToken],
      [refresh('{first.refresh_token}'), refused('invalid_grant')],
      [{ form: `${password}&client_id=public-client`, keptAs: 'public' }, withRefreshToken],
      ...[withRefreshToken, refused('invalid_grant')].map(
        (answer) =>
          [
            { form: 'grant_type=refresh_token&refresh_token={public.refresh_token}&client_id=public-client' },
            answer,
          ] as const,
      ),
    ],
  },
  {
    row: 79,
    id: 'rfc9700-4.14.2-family',
    level: 'SHOULD',
    sentence: 'And with it goes every token of the same grant.',
    exchanges: [
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [refresh('{first.refresh_token}', { keptAs: 'second' }), withRefreshToken],
      [refresh('{first.refresh_token}'), refused('invalid_grant')],
      [refresh('{second.refresh_token}'), refused('invalid_grant')],
      [introspect('token={second.access_token}'), inactive],
    ],
  },
  {
    row: 80,
    id: 'rfc9700-4.14-one-winner',
    level: 'SHOULD',
    sentence: 'Of two refreshes at once, one wins.',
    exchanges: [
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [refresh('{first.refresh_token}'), [withRefreshToken, refused('invalid_grant')]],
    ],
  },
  {
    row: 81,
    id: 'oauth2.1-2.4.1-post',
    level: 'MUST',
    sentence: 'Client credentials in the body are supported, at every endpoint.',
    exchanges: [
      [{ form: `${clientCredentials}&client_id=example-client&client_secret=example-secret` }, granted()],
      [{ form: 'token=x&client_id=example-client&client_secret=example-secret', path: '/revoke' }, done],
      [
        { form: 'token=x&client_id=example-client&client_secret=example-secret', path: '/introspect' },
        inactive,
      ],
    ],
  },
  {
    row: 82,
    id: 'oauth2.1-3.2-cors',
    level: 'SHOULD',
    sentence: 'Pages of other origins may ask, and read the reply, a refusal too.',
    exchanges: [
      [
        {
          method: 'OPTIONS',
          headers: {
            origin: 'https://app.example',
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization,content-type',
          },
        },
        {
          status: 204,
          body: '',
          headers: {
            'access-control-allow-origin': '*',
            'access-control-allow-methods': 'GET, HEAD, POST',
            'access-control-allow-headers': 'authorization, content-type, prefer',
          },
        },
      ],
      [
        asked(clientCredentials, { headers: { origin: 'https://app.example' } }),
        { ...granted(), headers: { 'access-control-allow-origin': '*' } },
      ],
      [
        { form: clientCredentials, headers: { origin: 'https://app.example' } },
        {
          ...refused('invalid_client'),
          headers: {
            'access-control-allow-origin': '*',
            'access-control-expose-headers': 'retry-after, tokenwright-reason, www-authenticate',
          },
        },
      ],
      [
        {
          ...get('/.well-known/oauth-authorization-server'),
          headers: { origin: 'https://app.example' },
        },
        { ...metadataOf('{url}'), headers: { 'access-control-allow-origin': '*' } },
      ],
      [asked(clientCredentials), { ...granted(), headers: { 'access-control-allow-origin': null } }],
    ],
  },
  {
    row: 83,
    id: 'rfc6749-5.2-no-store',
    level: 'SHOULD',
    sentence: 'No cache stores an error.',
    every: { of: 'refusal', headers: { 'cache-control': /^no-store$/, pragma: /^no-cache$/ } },
  },
  {
    row: 84,
    id: 'rfc7009-2.1-authentication',
    level: 'MUST',
    sentence: 'A client authenticates to revoke.',
    exchanges: [
      [{ path: '/revoke', form: 'token=x' }, refused('invalid_client')],
      [{ path: '/revoke', form: 'token=x&client_id=example-client' }, refused('invalid_client')],
      [{ path: '/revoke', form: 'token=x&client_id=public-client' }, done],
    ],
  },
  {
    row: 85,
    id: 'rfc7009-2.1-own-token',
    level: 'MUST',
    sentence: 'A client revokes its own tokens alone.',
    exchanges: [
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [revoke('token={first.access_token}', { basic: other }), done],
      [revoke('token={first.refresh_token}', { basic: other }), done],
      [
        introspect('token={first.access_token}', { keptAs: 'live' }),
        {
          status: 200,
          body: {
            active: true,
            token_type: 'Bearer',
            username: 'example-user',
            iss: '{url}',
            aud: '{url}',
            sub: 'example-user',
            client_id: 'example-client',
            iat: now,
            exp: now + 3600,
          },
        },
      ],
      [refresh('{first.refresh_token}'), withRefreshToken],
    ],
  },
  {
    row: 86,
    id: 'rfc7009-2.2-revoked',
    level: 'MUST',
    sentence: 'A revocation is answered with 200, whatever the hint says.',
    exchanges: [
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [revoke('token={first.access_token}&token_type_hint=refresh_token'), done],
      [introspect('token={first.access_token}'), inactive],
      [revoke('token={first.refresh_token}&token_type_hint=no_such_hint'), done],
      [refresh('{first.refresh_token}'), refused('invalid_grant')],
      [revoke('token_type_hint=access_token'), refused('invalid_request')],
      [revoke('token=x&token=x'), refused('invalid_request')],
    ],
  },
  {
    row: 87,
    id: 'rfc7009-2.2-unknown-token',
    level: 'MUST',
    sentence: 'And so is one of a token that nobody knows, or that is revoked already.',
    exchanges: [
      [revoke('token=no-such-token'), done],
      [asked(clientCredentials, { keptAs: 'first' }), granted()],
      [revoke('token={first.access_token}'), done],
      [revoke('token={first.access_token}'), done],
    ],
  },
  {
    row: 88,
    id: 'rfc7009-2.1-refresh-token',
    level: 'MUST',
    sentence: 'A revoked refresh token is dead, and with it the access tokens of its grant.',
    exchanges: [
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [revoke('token={first.refresh_token}'), done],
      [refresh('{first.refresh_token}'), refused('invalid_grant')],
      [introspect('token={first.access_token}'), inactive],
    ],
  },
  {
    row: 89,
    id: 'rfc7009-2.1-access-token',
    level: 'MUST',
    sentence: 'A revoked access token is inactive.',
    exchanges: [
      [asked(clientCredentials, { keptAs: 'first' }), granted()],
      [revoke('token={first.access_token}'), done],
      [introspect('token={first.access_token}'), inactive],
    ],
  },
  {
    row: 90,
    id: 'rfc7662-2.2-active',
    level: 'MUST',
    sentence: 'A live token is active, a refresh token as well.',
    exchanges: [
      [
        asked(`${password}&scope=read`, { keptAs: 'first' }),
        { status: 200, body: { ...bearer, refresh_token: opaque, scope: 'read' } },
      ],
      [
        introspect('token={first.access_token}'),
        {
          status: 200,
          body: {
            active: true,
            token_type: 'Bearer',
            username: 'example-user',
            iss: '{url}',
            aud: '{url}',
            sub: 'example-user',
            client_id: 'example-client',
            iat: now,
            exp: now + 3600,
            scope: 'read',
          },
        },
      ],
      [
        introspect('token={first.refresh_token}&token_type_hint=access_token', { basic: other }),
        {
          status: 200,
          body: {
            active: true,
            username: 'example-user',
            iss: '{url}',
            aud: '{url}',
            sub: 'example-user',
            client_id: 'example-client',
            iat: now,
            exp: now + 1_209_600,
            scope: 'read',
          },
        },
      ],
    ],
  },
  {
    row: 91,
    id: 'rfc7662-2.2-inactive',
    level: 'MUST',
    sentence: 'An unknown token and a used one are inactive, and no more is said of them.',
    exchanges: [
      [introspect('token=no-such-token'), inactive],
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [refresh('{first.refresh_token}'), withRefreshToken],
      [introspect('token={first.refresh_token}'), inactive],
    ],
  },
  {
    row: 92,
    id: 'rfc7662-2.1-authorization',
    level: 'MUST',
    sentence: 'Only a client that authenticates is told about tokens.',
    exchanges: [
      [{ path: '/introspect', form: 'token=x' }, refused('invalid_client')],
      [{ path: '/introspect', form: 'token=x&client_id=example-client' }, refused('invalid_client')],
      [{ path: '/introspect', form: 'token=x&client_id=public-client' }, refused('invalid_client')],
      [{ path: '/introspect', form: 'token=x', authorization: 'Bearer x' }, refused('invalid_client')],
    ],
  },
  {
    row: 93,
    id: 'rfc7662-2.1-token',
    level: 'REQUIRED',
    sentence: 'An introspection takes a token.',
    exchanges: [
      [introspect('token_type_hint=access_token'), refused('invalid_request')],
      [introspect('token='), refused('invalid_request')],
      [introspect('token=x&token=y'), refused('invalid_request')],
    ],
  },
  {
    row: 94,
    id: 'rfc8414-2-metadata',
    level: 'REQUIRED',
    sentence: 'The metadata has an issuer, a token endpoint, and whatever else there is.',
    exchanges: [
      [get('/.well-known/oauth-authorization-server'), metadataOf('{url}')],
      [get('/.well-known/openid-configuration'), metadataOf('{url}')],
      [
        { method: 'HEAD', path: '/.well-known/openid-configuration' },
        { ...done, headers: { 'content-type': 'application/json' } },
      ],
      [get('/jwks'), { status: 200, body: { keys: [] } }],
    ],
  },
  {
    row: 95,
    id: 'rfc8414-2-truth',
    level: 'OPTIONAL',
    sentence: 'Each grant that the metadata announces is given, and no other.',
    exchanges: [
      [asked(clientCredentials), granted()],
      [asked(password, { keptAs: 'first' }), withRefreshToken],
      [refresh('{first.refresh_token}'), withRefreshToken],
      [asked('grant_type=implicit'), refused('unsupported_grant_type')],
      [asked('grant_type='), refused('invalid_request')],
    ],
  },
  {
    row: 96,
    id: 'rfc8707-2-unknown-resource',
    level: 'SHOULD',
    sentence: 'Where resource is not supported it is ignored, as any parameter is.',
    exchanges: [[asked(`${clientCredentials}&resource=https://unknown.example/`), granted()]],
  },
  {
    row: 97,
    id: 'rfc8707-2-fragment',
    level: 'MUST NOT',
    sentence: 'So is one with a fragment.',
    exchanges: [[asked(`${clientCredentials}&resource=https://api.example/%23x`), granted()]],
  },
  {
    row: 98,
    id: 'rfc8707-2-two-resources',
    level: 'MAY',
    sentence: 'So are two of them.',
    exchanges: [
      [asked(`${clientCredentials}&resource=https://a.example/&resource=https://b.example/`), granted()],
    ],
  },
  {
    row: 99,
    id: 'rfc9068-2-jwt',
    level: 'MUST',
    sentence: 'An access token that is a JWT says so in its type, and has every claim that is required.',
    options: { accessTokens: { format: 'jwt', alg: 'ES256', seed: 'conformance' } },
    exchanges: [
      [
        asked(`${clientCredentials}&scope=read`),
        {
          status: 200,
          body: { ...bearer, access_token: expect.any(String), scope: 'read' },
          accessToken: {
            header: { alg: 'ES256', typ: 'at+jwt', kid: expect.stringMatching(/^[\w-]{43}$/) },
            claims: {
              iss: '{url}',
              aud: '{url}',
              sub: 'example-client',
              client_id: 'example-client',
              iat: now,
              exp: now + 3600,
              scope: 'read',
              jti: expect.stringMatching(/^[\da-f-]{36}$/),
            },
          },
        },
      ],
      [
        asked(password),
        {
          status: 200,
          body: { ...bearer, access_token: expect.any(String), refresh_token: opaque },
          accessToken: {
            header: { alg: 'ES256', typ: 'at+jwt', kid: expect.stringMatching(/^[\w-]{43}$/) },
            claims: {
              iss: '{url}',
              aud: '{url}',
              sub: 'example-user',
              client_id: 'example-client',
              iat: now,
              exp: now + 3600,
              jti: expect.stringMatching(/^[\da-f-]{36}$/),
            },
          },
        },
      ],
    ],
  },
  {
    row: 100,
    id: 'rfc7523-2.2-assertion',
    level: 'MUST',
    sentence: "A client's own assertion authenticates it, by each algorithm, and at every endpoint.",
    exchanges: [
      [{ form: clientCredentials, assertion: {} }, granted()],
      [{ form: clientCredentials, assertion: { alg: 'RS256' } }, granted()],
      [{ form: clientCredentials, assertion: { alg: 'EdDSA' } }, granted()],
      [{ form: clientCredentials, assertion: { alg: 'Ed25519' } }, granted()],
      [{ form: `${clientCredentials}&client_id=key-client`, assertion: {} }, granted()],
      [{ form: `${clientCredentials}&client_id=example-client`, assertion: {} }, refused('invalid_request')],
      [{ path: '/revoke', form: 'token=x', assertion: {} }, done],
      [{ path: '/introspect', form: 'token=x', assertion: {} }, inactive],
    ],
  },
  {
    row: 101,
    id: 'rfc7523-3-audience',
    level: 'MUST',
    sentence: 'An assertion is addressed to this server: its issuer, or the endpoint.',
    exchanges: [
      ...['{url}', '{url}/token'].map(
        (aud) => [{ form: clientCredentials, assertion: { claims: { aud } } }, granted()] as const,
      ),
      [
        { form: clientCredentials, assertion: { claims: { aud: ['https://as.example', '{url}'] } } },
        granted(),
      ],
      ...['https://other.example', '{url}/', '{url}/nope', undefined].map(
        (aud) =>
          [{ form: clientCredentials, assertion: { claims: { aud } } }, refused('invalid_client')] as const,
      ),
    ],
  },
  {
    row: 102,
    id: 'rfc7523-3-expiry',
    level: 'MUST',
    sentence: 'An assertion has a time of expiry that is not past, and is not for later.',
    exchanges: [
      [{ form: clientCredentials, assertion: { claims: { exp: 1 } } }, granted()],
      ...[0, -60, undefined].map(
        (exp) =>
          [{ form: clientCredentials, assertion: { claims: { exp } } }, refused('invalid_client')] as const,
      ),
      [{ form: clientCredentials, assertion: { claims: { nbf: 30 } } }, refused('invalid_client')],
    ],
  },
  {
    row: 103,
    id: 'rfc7523-3-signature',
    level: 'MUST',
    sentence: "An assertion is signed with the client's own key, and is of and about the client.",
    exchanges: [
      [{ form: clientCredentials, assertion: { alg: 'none' } }, refused('invalid_client')],
      [{ form: clientCredentials, assertion: { alg: 'HS256' } }, refused('invalid_client')],
      [{ form: clientCredentials, assertion: { byAnother: true } }, refused('invalid_client')],
      ...[{ iss: 'other-client' }, { iss: undefined }, { sub: 'other-client' }, { sub: undefined }].map(
        (claims) => [{ form: clientCredentials, assertion: { claims } }, refused('invalid_client')] as const,
      ),
      [
        { form: clientCredentials, assertion: { claims: { iss: 'example-client', sub: 'example-client' } } },
        refused('invalid_client'),
      ],
      [
        { form: `${clientCredentials}&client_assertion=a.b.c&client_assertion_type=${jwtBearer}` },
        refused('invalid_client'),
      ],
    ],
  },
  {
    row: 104,
    id: 'rfc7521-4.2-assertion-type',
    level: 'MUST',
    sentence: 'The type of an assertion is the one that is defined.',
    exchanges: [
      ...['urn:ietf:params:oauth:client-assertion-type:saml2-bearer', jwtBearer.toUpperCase(), undefined].map(
        (type) => [{ form: clientCredentials, assertion: { type } }, refused('invalid_request')] as const,
      ),
      [{ form: `${clientCredentials}&client_assertion_type=${jwtBearer}` }, refused('invalid_client')],
    ],
  },
  {
    row: 105,
    id: 'rfc9449-5-dpop-token',
    level: 'MUST',
    sentence: 'A proof of possession gets a token that is bound to it.',
    notTouched: 'DPoP',
  },
  {
    row: 106,
    id: 'rfc9449-4.3-proof',
    level: 'MUST',
    sentence: 'A faulty proof is refused.',
    notTouched: 'DPoP',
  },
  {
    row: 107,
    id: 'rfc9449-11.1-replay',
    level: 'SHOULD',
    sentence: 'A proof is good once.',
    notTouched: 'DPoP',
  },
  {
    row: 108,
    id: 'rfc8628-3.5-unknown-device-code',
    level: 'MUST',
    sentence: 'A device code is not a grant that is offered.',
    exchanges: [
      [
        asked('grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=nope'),
        refused('unsupported_grant_type'),
      ],
    ],
  },
  {
    row: 109,
    id: 'rfc8693-2.2.2-subject-token',
    level: 'MUST',
    sentence: 'Nor is a token to exchange.',
    exchanges: [
      [
        asked('grant_type=urn:ietf:params:oauth:grant-type:token-exchange'),
        refused('unsupported_grant_type'),
      ],
    ],
  },
  {
    row: 110,
    id: 'rfc7523-3.1-jwt-bearer-grant',
    level: 'MUST',
    sentence: 'Nor is an assertion.',
    exchanges: [
      [
        asked('grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=a.b.c'),
        refused('unsupported_grant_type'),
      ],
    ],
  },
  {
    row: 111,
    id: 'rfc6749-1.6-tls',
    level: 'MUST',
    sentence: 'A server of https does not answer plain http.',
    options: { tls: 'self-signed' },
    bytes: [
      {
        sent: [
          'POST /token HTTP/1.1',
          'Host: as.example',
          'Connection: close',
          'Authorization: Basic ZXhhbXBsZS1jbGllbnQ6ZXhhbXBsZS1zZWNyZXQ=',
          'Content-Type: application/x-www-form-urlencoded',
          'Content-Length: 29',
          '',
          clientCredentials,
        ],
        received: '',
      },
    ],
  },
  {
    row: 112,
    id: 'rfc8705-2-tls-client',
    level: 'MUST',
    sentence: 'A client is known by its certificate.',
    notTouched: 'mutual TLS',
  },
  {
    row: 113,
    id: 'rfc8705-3-bound-token',
    level: 'MUST',
    sentence: 'A token that is bound to a certificate names it.',
    notTouched: 'mutual TLS',
  },
  {
    row: 114,
    id: 'rfc9449-8-nonce',
    level: 'MUST',
    sentence: 'A server that wants a nonce gives one.',
    notTouched: 'DPoP',
  },
  {
    row: 115,
    id: 'rfc9449-6.1-thumbprint',
    level: 'MUST',
    sentence: 'A token that is bound to a key names it.',
    notTouched: 'DPoP',
  },
  {
    row: 116,
    id: 'rfc8628-3.5-polling',
    level: 'MUST',
    sentence: 'A device that polls is told to wait, to slow down, or to stop.',
    notTouched: 'device authorization',
  },
  {
    row: 117,
    id: 'rfc8693-2.2.1-issued-token-type',
    level: 'REQUIRED',
    sentence: 'The type of a token that was exchanged is told.',
    notTouched: 'token exchange',
  },
  {
    row: 118,
    id: 'rfc9207-2-issuer',
    level: 'MUST',
    sentence: 'An authorization response names its issuer.',
    notTouched: 'authorization endpoint',
  },
  {
    row: 119,
    id: 'rfc6585-4-too-many-requests',
    level: 'SHOULD',
    sentence: 'Too many requests are answered with a reason and the time to wait, which no cache stores.',
    exchanges: [
      [
        asked(clientCredentials, { headers: { prefer: 'code=429' } }),
        {
          status: 429,
          body: {
            error: 'invalid_request',
            error_description: 'Too many requests; Retry-After says in how many seconds to ask again.',
          },
          headers: { 'retry-after': '1' },
        },
      ],
    ],
  },
  {
    row: 120,
    id: 'rfc6749-5.2-error-uri',
    level: 'OPTIONAL',
    sentence: 'No error has an error_uri.',
    every: { of: 'refusal', withoutMembers: ['error_uri'] },
  },
  {
    row: 121,
    id: 'rfc8414-3.3-issuer',
    level: 'MUST',
    sentence: 'The issuer is the one whose metadata was asked for, at the root and under a path.',
    exchanges: [
      [get('/.well-known/oauth-authorization-server'), metadataOf('{url}')],
      [get('/.well-known/openid-configuration'), metadataOf('{url}')],
      [get('/.well-known/oauth-authorization-server/rfc6749'), metadataOf('{url}/rfc6749')],
      [get('/.well-known/openid-configuration/rfc6749'), metadataOf('{url}/rfc6749')],
      [get('/rfc6749/.well-known/openid-configuration'), metadataOf('{url}/rfc6749')],
      [get('/rfc6749/.well-known/oauth-authorization-server'), metadataOf('{url}/rfc6749')],
    ],
  },
]
