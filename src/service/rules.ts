// The rules that hold for every service, by id: data that the engine, the tests and the explanations share.
import type { Rule } from './service.ts'

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
} as const satisfies Readonly<Record<string, Rule>>

/** The id of a general rule. */
export type RuleId = keyof typeof rules
