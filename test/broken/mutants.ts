// Token services that are broken on purpose, by the rule that each breaks: what verification has to find, and to call by
// its name. One change each.
import { wrongValue } from '../../src/service/exchanges.ts'
import type { ChosenOptions } from '../../src/service/options.ts'
import { moov as moovService } from '../../src/services/moov/service.ts'
import type { VerificationRuleId } from '../../src/verify/rules.ts'
import type { Departure } from './broken-service.ts'
import {
  answer,
  anyValueOf,
  body,
  breaksOff,
  closes,
  compressed,
  granted,
  halfCompressed,
  hangs,
  headers,
  htmlPage,
  members,
  parameters,
  refusal,
  renamed,
  resets,
  says,
  status,
  taken,
} from './departures.ts'

/** One broken service. */
export interface Mutant {
  /** What the service does, as a sentence without its subject. */
  readonly breaks: string
  /** What is verified: a service, or a variant. Default: `rfc6749/client_credentials`. */
  readonly verifies?: string
  /** The exchanges that are broken. Default: `client_credentials`. */
  readonly broken?: readonly string[]
  /** How it departs from a correct service. */
  readonly departure?: Departure
  /** Options that make the correct service another. */
  readonly options?: ChosenOptions
  /** Longest wait for a reply. Default: 5000. */
  readonly timeoutMs?: number
}

const asked = 'client_credentials'
const wrongSecret = 'client_credentials.wrong_secret'
const unsupported = 'client_credentials.unsupported_grant_type'
const megabytes = (count: number) => 'x'.repeat(count * 1_000_000)
const aliasOfProve = 'prove/typescript-0.9.6'
const formerProve = 'prove/typescript-0.4.0'
const moov = 'moov/ruby'
const moovSecret = moovService.clients[0].client_secret
/** In place of a refresh: what the documented user would get. */
const asUser = { grant_type: 'password', username: 'example-user', password: 'example-password' }

/** Every broken service, by the one rule that it breaks. */
export const mutants: Readonly<Record<VerificationRuleId, readonly Mutant[]>> = {
  'reply-received': [
    { breaks: 'resets the connection', departure: resets(asked) },
    {
      breaks: 'resets the connection at a wrong secret',
      broken: [wrongSecret],
      departure: resets(wrongSecret),
    },
    { breaks: 'closes the connection without a word', departure: closes(asked) },
    { breaks: 'never answers', departure: hangs(asked), timeoutMs: 400 },
    { breaks: 'answers in no HTTP', departure: says(asked, '\u0000\u0001 what HTTP never was\r\n\r\n') },
    { breaks: 'answers with a status line of letters', departure: says(asked, 'HTTP/1.1 OK fine\r\n\r\n') },
  ],
  'reply-whole': [
    { breaks: 'closes half-way', departure: breaksOff(asked, 'closing') },
    { breaks: 'closes half-way through pieces', departure: breaksOff(asked, 'closing', true) },
    { breaks: 'resets half-way', departure: breaksOff(asked, 'resetting') },
    { breaks: 'hangs half-way', departure: breaksOff(asked, 'hanging'), timeoutMs: 400 },
    {
      breaks: 'closes half-way through a refusal',
      broken: [wrongSecret],
      departure: breaksOff(wrongSecret, 'closing'),
    },
    { breaks: 'sends more than any token reply has', departure: body(asked, megabytes(20)) },
  ],
  'documented-request-granted': [
    { breaks: 'grants with 201', departure: status(asked, 201) },
    { breaks: 'answers with 500', departure: answer(asked, refusal(500, { error: 'server_error' })) },
    { breaks: 'answers with 500 and the body of a token', departure: status(asked, 500) },
    {
      breaks: 'redirects',
      departure: answer(asked, { status: 307, headers: { location: '/login' }, body: '' }),
    },
    {
      breaks: 'shows the HTML error page of a gateway',
      departure: answer(asked, { status: 502, headers: { 'content-type': 'text/html' }, body: htmlPage }),
    },
    {
      breaks: 'refuses a request that it grants with 200',
      departure: answer(asked, refusal(200, { error: 'invalid_client' })),
    },
    { breaks: 'has nothing to say', departure: answer(asked, { status: 204, headers: {}, body: '' }) },
    {
      breaks: 'requires an extra parameter',
      departure: granted(
        ({ parameters }) => 'audience' in parameters,
        refusal(400, { error: 'invalid_request', error_description: 'audience is required' }),
      ),
    },
    {
      breaks: 'has renamed the parameter grant_type',
      departure: granted(
        ({ parameters }) => 'grantType' in parameters,
        refusal(400, { error: 'invalid_request' }),
      ),
    },
    {
      breaks: 'has renamed the parameter refresh_token',
      verifies: 'rfc6749',
      broken: ['refresh_token'],
      departure: granted(
        ({ parameters }) => !('refresh_token' in parameters),
        refusal(400, { error: 'invalid_request' }),
      ),
    },
    {
      breaks: 'has renamed the parameter client_secret',
      verifies: aliasOfProve,
      departure: renamed('client_secret', 'clientSecret'),
    },
    {
      breaks: 'takes JSON where forms are documented',
      departure: granted(
        ({ contentType }) => contentType === 'application/json',
        refusal(415, { error: 'invalid_request' }),
      ),
    },
    {
      breaks: 'takes forms where JSON is documented',
      verifies: moov,
      departure: granted(
        ({ contentType }) => contentType !== 'application/json',
        refusal(400, { error: 'invalid_request' }),
      ),
    },
    {
      breaks: 'grants no refresh',
      verifies: 'rfc6749',
      broken: ['refresh_token'],
      departure: granted(
        ({ parameters }) => parameters.grant_type !== 'refresh_token',
        refusal(400, { error: 'unsupported_grant_type' }),
      ),
    },
  ],
  'rfc6749-5.1-json': [
    { breaks: 'grants with an HTML page', departure: body(asked, htmlPage, 'text/html') },
    {
      breaks: 'grants with a form',
      departure: body(asked, 'access_token=a&token_type=Bearer&expires_in=3600'),
    },
    {
      breaks: 'calls its JSON text',
      departure: headers(asked, { 'content-type': 'text/plain' }),
    },
    { breaks: 'does not say that it sends JSON', departure: headers(asked, { 'content-type': undefined }) },
    { breaks: 'sends an empty body', departure: body(asked, '') },
    { breaks: 'sends a list', departure: body(asked, '["a token"]') },
    { breaks: 'sends a string', departure: body(asked, '"a token"') },
    { breaks: 'sends null', departure: body(asked, 'null') },
    { breaks: 'sends a number', departure: body(asked, '42') },
    {
      breaks: 'sends access_token twice',
      departure: body(
        asked,
        '{"access_token":"one","access_token":"two","token_type":"Bearer","expires_in":3600}',
      ),
    },
    { breaks: 'sends JSON that ends too early', departure: body(asked, '{"access_token":"a","token_type":') },
    { breaks: 'sends 10 MB of no JSON', departure: body(asked, megabytes(10)) },
    { breaks: 'compresses JSON that ends too early', departure: compressed(asked, halfCompressed) },
    {
      breaks: 'says that it compresses, and does not',
      departure: headers(asked, { 'content-encoding': 'gzip' }),
    },
  ],
  'rfc6749-5.1-access-token': [
    { breaks: 'sends no access_token', departure: members(asked, { access_token: undefined }) },
    { breaks: 'sends an empty access_token', departure: members(asked, { access_token: '' }) },
    { breaks: 'sends null as access_token', departure: members(asked, { access_token: null }) },
    {
      breaks: 'sends an access_token with a line break',
      departure: members(asked, { access_token: 'one\ntwo' }),
    },
    { breaks: 'sends an access_token of two words', departure: members(asked, { access_token: 'one two' }) },
    { breaks: 'sends an access_token beyond ASCII', departure: members(asked, { access_token: 'tøken' }) },
    { breaks: 'sends access_token in an object', departure: members(asked, { access_token: { jwt: 'a' } }) },
    {
      breaks: 'sends a token under another name',
      verifies: aliasOfProve,
      departure: members(asked, { access_token: undefined, accessToken: 'a' }),
    },
    {
      breaks: 'sends an access_token of 10 MB, longer than documented',
      verifies: moov,
      departure: members(asked, { access_token: megabytes(10) }),
    },
  ],
  'rfc6749-5.1-token-type': [
    { breaks: 'sends no token_type', departure: members(asked, { token_type: undefined }) },
    { breaks: 'sends another token_type', departure: members(asked, { token_type: 'mac' }) },
    { breaks: 'sends token_type as a list', departure: members(asked, { token_type: ['Bearer'] }) },
    {
      breaks: 'sends token_type in lower case where the SDK compares it exactly',
      verifies: aliasOfProve,
      departure: members(asked, { token_type: 'bearer' }),
    },
    {
      breaks: 'sends a token_type of 10 MB',
      departure: members(asked, { token_type: megabytes(10) }),
    },
  ],
  'rfc6749-5.1-expires-in': [
    { breaks: 'sends expires_in as a string', departure: members(asked, { expires_in: '3600' }) },
    { breaks: 'sends no expires_in', departure: members(asked, { expires_in: undefined }) },
    { breaks: 'sends a negative expires_in', departure: members(asked, { expires_in: -1 }) },
    { breaks: 'sends expires_in with a fraction', departure: members(asked, { expires_in: 3599.5 }) },
    { breaks: 'sends null as expires_in', departure: members(asked, { expires_in: null }) },
    {
      breaks: 'sends expires_in as a string to an SDK that reads a number',
      verifies: aliasOfProve,
      departure: members(asked, { expires_in: '3600' }),
    },
    {
      breaks: 'sends a time of day as expires_in',
      departure: members(asked, { expires_in: '2026-01-01T00:00:00Z' }),
    },
    {
      breaks: 'sends no expires_in at a refresh',
      verifies: 'rfc6749',
      broken: ['refresh_token'],
      departure: members('refresh_token', { expires_in: undefined }),
    },
  ],
  'rfc6749-5.1-refresh-token': [
    {
      breaks: 'sends no refresh_token where one is promised',
      verifies: moov,
      departure: members(asked, { refresh_token: undefined }),
    },
    {
      breaks: 'sends refresh_token as a number',
      verifies: 'rfc6749',
      broken: ['password'],
      departure: members('password', { refresh_token: 42 }),
    },
    {
      breaks: 'sends an empty refresh_token',
      verifies: 'rfc6749',
      broken: ['password'],
      departure: members('password', { refresh_token: '' }),
    },
  ],
  'rfc6749-5.1-scope': [
    { breaks: 'sends scope as a list', departure: members(asked, { scope: ['read', 'write'] }) },
    { breaks: 'sends an empty scope', departure: members(asked, { scope: '' }) },
    { breaks: 'puts two spaces between scopes', departure: members(asked, { scope: 'read  write' }) },
    {
      breaks: 'sends no scope where it is promised',
      verifies: moov,
      departure: members(asked, { scope: undefined }),
    },
  ],
  'rfc6749-5.1-no-store': [
    { breaks: 'says nothing of caches', departure: headers(asked, { 'cache-control': undefined }) },
    {
      breaks: 'lets a cache keep its tokens',
      departure: headers(asked, { 'cache-control': 'public, max-age=3600' }),
    },
    {
      breaks: 'keeps its tokens private, and does not forbid to store them',
      departure: headers(asked, { 'cache-control': 'private, no-cache' }),
    },
    {
      breaks: 'says nothing of caches at a refresh',
      verifies: 'rfc6749',
      broken: ['refresh_token'],
      departure: headers('refresh_token', { 'cache-control': undefined }),
    },
  ],
  'rfc6749-5.1-no-error': [
    { breaks: 'sends an error beside the token', departure: members(asked, { error: 'invalid_scope' }) },
    {
      breaks: 'sends an error beside the token where no document has such a member',
      verifies: aliasOfProve,
      departure: members(asked, { error: 'invalid_client' }),
    },
  ],
  'documented-reply-member': [
    {
      breaks: 'sends no refresh_expires_in where it is promised',
      verifies: formerProve,
      departure: members(asked, { refresh_expires_in: undefined }),
    },
    {
      breaks: 'sends refresh_expires_in as a string',
      verifies: formerProve,
      departure: members(asked, { refresh_expires_in: '3600' }),
    },
  ],
  'documented-reply-header': [
    {
      breaks: 'sends no x-request-id where it is promised',
      verifies: moov,
      departure: headers(asked, { 'x-request-id': undefined }),
    },
    {
      breaks: 'sends an x-request-id that is no UUID',
      verifies: moov,
      departure: headers(asked, { 'x-request-id': '42' }),
    },
  ],
  'documented-refusal': [
    {
      breaks: 'grants a token to a wrong secret',
      broken: [wrongSecret],
      departure: anyValueOf('client_secret', 'example-secret'),
    },
    {
      breaks: 'grants a token to a wrong secret by HTTP Basic alone',
      verifies: moov,
      broken: [wrongSecret, 'refresh_token.wrong_secret'],
      departure: taken((request) => {
        const { basic } = request
        const isWrong = basic?.client_secret === wrongValue
        return isWrong ? { ...request, basic: { ...basic, client_secret: moovSecret } } : request
      }),
    },
    {
      breaks: 'grants a token to a wrong password',
      verifies: 'rfc6749/password',
      broken: ['password.wrong_password'],
      departure: anyValueOf('password', 'example-password'),
    },
    {
      breaks: 'grants a token without a password',
      verifies: 'rfc6749/password',
      broken: ['password.missing_password'],
      departure: parameters(({ username, password }) =>
        username !== undefined && password === undefined ? { password: 'example-password' } : {},
      ),
    },
    {
      breaks: 'takes a request without grant_type for one of client_credentials',
      broken: ['client_credentials.missing_grant_type'],
      departure: parameters(({ grant_type = 'client_credentials' }) => ({ grant_type })),
    },
    {
      breaks: 'grants a token to a grant that nobody knows',
      broken: [unsupported],
      departure: anyValueOf('grant_type', 'client_credentials'),
    },
    {
      breaks: 'takes a used refresh token for a while',
      verifies: 'rfc6749',
      broken: ['refresh_token.used_refresh_token'],
      options: { rfc6749: { refresh_tokens: 'rotate_with_grace' } },
    },
    {
      breaks: 'takes any refresh token',
      verifies: 'rfc6749',
      broken: ['refresh_token.unknown_refresh_token'],
      departure: async ({ asked, exchange, correct }) =>
        exchange === 'refresh_token.unknown_refresh_token'
          ? correct({ ...asked, parameters: { ...asked.parameters, ...asUser } })
          : correct(asked),
    },
    {
      breaks: 'grants a wider scope at a refresh than before',
      verifies: 'rfc6749',
      broken: ['refresh_token.widened_scope'],
      departure: parameters(({ scope }) => (scope === wrongValue ? { scope: undefined } : {})),
    },
  ],
  'rfc6749-5.2-status': [
    {
      breaks: 'answers a wrong secret with 400 where 401 alone is documented',
      verifies: aliasOfProve,
      broken: [wrongSecret],
      departure: status(wrongSecret, 400),
    },
    {
      breaks: 'answers an unsupported grant with 401 where 400 alone is documented',
      broken: [unsupported],
      departure: status(unsupported, 401),
    },
    {
      breaks: 'answers a wrong secret with 403',
      broken: [wrongSecret],
      departure: status(wrongSecret, 403),
    },
    {
      breaks: 'answers an unsupported grant with 500',
      broken: [unsupported],
      departure: status(unsupported, 500),
    },
    {
      breaks: 'refuses with 200',
      broken: [wrongSecret],
      departure: status(wrongSecret, 200),
    },
    {
      breaks: 'refuses a used refresh token with 401',
      verifies: 'rfc6749',
      broken: ['refresh_token.used_refresh_token'],
      departure: status('refresh_token.used_refresh_token', 401),
    },
  ],
  'rfc6749-5.2-json': [
    {
      breaks: 'refuses with an HTML page',
      broken: [wrongSecret],
      departure: body(wrongSecret, htmlPage, 'text/html'),
    },
    {
      breaks: 'refuses with an empty body',
      broken: [unsupported],
      departure: body(unsupported, ''),
    },
    {
      breaks: 'refuses with a list',
      broken: [unsupported],
      departure: body(unsupported, '[{"error":"unsupported_grant_type"}]'),
    },
    {
      breaks: 'refuses with plain text',
      broken: [unsupported],
      departure: body(unsupported, 'unsupported_grant_type', 'text/plain'),
    },
    {
      breaks: 'calls the JSON of a refusal HTML',
      broken: [unsupported],
      departure: headers(unsupported, { 'content-type': 'text/html' }),
    },
    {
      breaks: 'shows the HTML error page of a gateway to a wrong secret',
      broken: [wrongSecret],
      departure: answer(wrongSecret, {
        status: 502,
        headers: { 'content-type': 'text/html' },
        body: htmlPage,
      }),
    },
  ],
  'rfc6749-5.2-error': [
    {
      breaks: 'calls an unknown grant an invalid one',
      broken: [unsupported],
      departure: members(unsupported, { error: 'invalid_grant' }),
    },
    {
      breaks: 'refuses in the words of another vendor',
      broken: [wrongSecret],
      departure: body(wrongSecret, '{"errorCode":"E0000021","errorSummary":"Bad request"}'),
    },
    {
      breaks: 'refuses with an object as error',
      broken: [wrongSecret],
      departure: members(wrongSecret, { error: { code: 'invalid_client' } }),
    },
    {
      breaks: 'spells its error in its own way',
      broken: [unsupported],
      departure: members(unsupported, { error: 'UnsupportedGrantType' }),
    },
    {
      breaks: 'calls a widened scope an invalid request',
      verifies: 'rfc6749',
      broken: ['refresh_token.widened_scope'],
      departure: members('refresh_token.widened_scope', { error: 'invalid_request' }),
    },
  ],
  'documented-error-member': [
    {
      breaks: 'refuses without the documented message',
      verifies: aliasOfProve,
      broken: [wrongSecret],
      departure: members(wrongSecret, { message: undefined }),
    },
    {
      breaks: 'sends the documented code as a string',
      verifies: aliasOfProve,
      broken: [wrongSecret],
      departure: members(wrongSecret, { code: '8002' }),
    },
    {
      breaks: 'refuses as RFC 6749 does where the vendor documents another body',
      verifies: aliasOfProve,
      broken: [wrongSecret],
      departure: body(wrongSecret, '{"error":"invalid_client"}'),
    },
  ],
}
