// The rules that hold for every service, by id: data that the engine, the tests and the explanations share.
import type { Refusal, Rule } from './service.ts'

const read = '2026-11-21'
const rfc6749 = (section: string) => ({ document: `RFC 6749 ${section}`, read })
const variantDocument = { document: "the variant's document", read }

/** General rules. Ids are public: added, deprecated, never renamed. */
export const rules = {
  'documented-path': {
    sentence: 'A request goes to a documented path.',
    source: variantDocument,
    refusal: 'not_found',
  },
  'rfc6749-3.2-post': {
    sentence: 'A token request uses the method POST.',
    source: rfc6749('§3.2'),
    refusal: 'method_not_allowed',
  },
  'rfc9110-9.3.1-get': {
    sentence: 'A document is asked for with GET or HEAD.',
    source: { document: 'RFC 9110 §9.3.1', read },
    refusal: 'get_only',
  },
  'request-rate': {
    sentence: 'A service is asked no more often in a second than it allows.',
    source: { document: 'RFC 6585 §4', read },
    refusal: 'too_many_requests',
  },
  'known-preference': {
    sentence: 'A preferred outcome is one that the mock can produce.',
    source: { document: 'RFC 7240 §2', read },
    refusal: 'invalid_request',
  },
  'outcome-on-demand': {
    sentence: 'This outcome was asked for.',
    source: { document: "the mock's outcomes", read },
    refusal: 'invalid_request',
  },
  'body-size': {
    sentence: 'A request body keeps within the size limit of the service.',
    source: { document: 'RFC 9110 §15.5.14', read },
    refusal: 'body_too_large',
  },
  'documented-content-type': {
    sentence: 'A request body has a documented media type.',
    source: variantDocument,
    refusal: 'unsupported_media_type',
  },
  'rfc6749-b-form-syntax': {
    sentence: 'A form body is well-formed and spells UTF-8.',
    source: rfc6749('appendix B'),
    refusal: 'invalid_request',
  },
  'rfc8259-json-object': {
    sentence: 'A JSON body is one JSON object.',
    source: { document: 'RFC 8259 §4', read },
    refusal: 'invalid_request',
  },
  'rfc6749-3.2-no-repeated-parameter': {
    sentence: 'No parameter is sent twice.',
    source: rfc6749('§3.2'),
    refusal: 'invalid_request',
  },
  'rfc6749-2.3-one-client-authentication': {
    sentence: 'A client uses one way of authentication in a request.',
    source: rfc6749('§2.3'),
    refusal: 'invalid_request',
  },
  'rfc6749-2.3.1-basic-syntax': {
    sentence:
      'HTTP Basic credentials are Base64 of id, colon and secret, in the spelling that the service expects.',
    source: rfc6749('§2.3.1'),
    refusal: 'invalid_client',
  },
  'rfc6749-5.2-authorization-scheme': {
    sentence: 'The Authorization field has a scheme that the token endpoint supports.',
    source: rfc6749('§5.2'),
    refusal: 'invalid_client',
  },
  'rfc6749-3.2.1-client-authentication': {
    sentence: 'A confidential client authenticates.',
    source: rfc6749('§3.2.1'),
    refusal: 'invalid_client',
  },
  'rfc6749-2.3.1-client-secret': {
    sentence: 'The client is known and the secret is its own.',
    source: rfc6749('§2.3.1, §5.2'),
    refusal: 'invalid_client',
  },
  'rfc7591-2-token-endpoint-auth-method': {
    sentence: 'A client authenticates by the method it is registered with.',
    source: { document: 'RFC 7591 §2', read },
    refusal: 'invalid_client',
  },
  'rfc7521-4.2-client-assertion-type': {
    sentence: 'client_assertion comes with the client_assertion_type of RFC 7523.',
    source: { document: 'RFC 7521 §4.2', read },
    refusal: 'invalid_request',
  },
  'rfc7523-3-client-assertion': {
    sentence:
      "A client assertion is a JWT of the client's own: signed with its key, addressed to this server, and not expired.",
    source: { document: 'RFC 7523 §3', read },
    refusal: 'invalid_client',
  },
  'registered-origin': {
    sentence:
      'A request comes from a domain that the client is registered with, by its Origin or Referer field.',
    source: { document: 'Moov guides, API keys', read },
    refusal: 'invalid_origin',
  },
  'rfc6749-5.2-grant-type-required': {
    sentence: 'grant_type is required.',
    source: rfc6749('§5.2'),
    refusal: 'invalid_request',
  },
  'rfc6749-5.2-unsupported-grant-type': {
    sentence: 'grant_type is one that the service supports.',
    source: rfc6749('§5.2'),
    refusal: 'unsupported_grant_type',
  },
  'rfc6749-5.2-unauthorized-client': {
    sentence: 'The client is registered for the grant that it uses.',
    source: rfc6749('§5.2'),
    refusal: 'unauthorized_client',
  },
  'rfc6749-4.4-confidential-client': {
    sentence: 'Only a confidential client uses the client_credentials grant.',
    source: rfc6749('§4.4'),
    refusal: 'unauthorized_client',
  },
  'documented-parameters': {
    sentence: 'The parameters are those of a documented variant.',
    source: variantDocument,
    refusal: 'invalid_request',
  },
  'rfc6749-4.3.2-resource-owner-credentials': {
    sentence: "The user is known and the password is the user's own.",
    source: rfc6749('§4.3.2, §5.2'),
    refusal: 'invalid_grant',
  },
  'rfc6749-6-refresh-token': {
    sentence: 'A refresh token is valid, unused where it rotates, and issued to this client.',
    source: rfc6749('§6, §5.2'),
    refusal: 'invalid_grant',
  },
  'rfc9700-4.14.2-refresh-token-reuse': {
    sentence: 'A rotated refresh token is used once.',
    source: { document: 'RFC 9700 §4.14.2', read },
    refusal: 'invalid_grant',
  },
  'rfc6749-6-scope-not-widened': {
    sentence: 'A refresh asks for no scope beyond the one first granted.',
    source: rfc6749('§6'),
    refusal: 'invalid_scope',
  },
  'rfc6749-3.3-scope-registered': {
    sentence: 'A client asks for scopes it is registered for.',
    source: rfc6749('§3.3'),
    refusal: 'invalid_scope',
  },
  'rfc6749-3.3-scope-syntax': {
    sentence: 'scope is a list of tokens of printable ASCII, delimited by single spaces.',
    source: rfc6749('§3.3, appendix A.4'),
    refusal: 'invalid_scope',
    when: { parameter: 'scope', keyword: 'pattern' },
  },
  'rfc6750-2-bearer-token': {
    sentence: 'A call to a protected route shows a bearer token in the Authorization field.',
    source: { document: 'RFC 6750 §2.1, §3', read },
    refusal: 'missing_token',
  },
  'rfc6750-2.1-bearer-syntax': {
    sentence: 'A bearer token is one word of letters, digits and a few marks behind the scheme.',
    source: { document: 'RFC 6750 §2.1', read },
    refusal: 'malformed_token',
  },
  'rfc6750-3.1-live-token': {
    sentence: 'An access token was issued here, has not expired, and has not been revoked.',
    source: { document: 'RFC 6750 §3.1', read },
    refusal: 'invalid_token',
  },
  'rfc6750-3.1-scope': {
    sentence: 'An access token has the scope that the route asks for.',
    source: { document: 'RFC 6750 §3.1', read },
    refusal: 'insufficient_scope',
  },
} as const satisfies Readonly<Record<string, Rule>>

/** Replies that only some services have: a service without one gives the reply that stands here. */
export const defaultRefusals = {
  invalid_origin: { status: 403 },
  missing_token: { status: 401, body: {} },
  malformed_token: { status: 400, body: { error: 'invalid_request' } },
  invalid_token: { status: 401, body: { error: 'invalid_token' } },
  insufficient_scope: { status: 403, body: { error: 'insufficient_scope' } },
  get_only: { status: 405, headers: { allow: 'GET, HEAD' } },
  too_many_requests: { status: 429, headers: { 'retry-after': '1' } },
} as const satisfies Readonly<Record<string, Refusal>>

/** The id of a general rule. */
export type RuleId = keyof typeof rules
