// Names in code back to names on the wire. What a casing hides is stated as a confidence, never passed over.
import type { Confidence } from './imported.ts'

/**
 * The parameters of token requests and replies that are registered.
 * @see https://www.iana.org/assignments/oauth-parameters, "OAuth Parameters", usage location token request or response
 */
export const registeredParameters = [
  'client_id',
  'client_secret',
  'redirect_uri',
  'scope',
  'code',
  'error',
  'error_description',
  'error_uri',
  'grant_type',
  'access_token',
  'token_type',
  'expires_in',
  'username',
  'password',
  'refresh_token',
  'code_verifier',
  'assertion',
  'client_assertion',
  'client_assertion_type',
  'resource',
  'audience',
  'requested_token_type',
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'issued_token_type',
  'id_token',
  'device_code',
  'auth_req_id',
  'claim_token',
  'claim_token_format',
  'pct',
  'rpt',
  'ticket',
  'upgraded',
  'authorization_details',
  'ace_profile',
  'nonce',
  'token_type_hint',
  'nfv_token',
] as const

/** Not registered, and yet the same everywhere. */
const customaryParameters = ['refresh_expires_in', 'refresh_token_expires_in', 'ext_expires_in'] as const

/** The grant types that are registered by a plain word. @see RFC 7591 §2 */
export const plainGrantTypes = [
  'authorization_code',
  'client_credentials',
  'password',
  'refresh_token',
] as const

/** A name on the wire, and how sure it is. */
export interface WireName {
  readonly wireName: string
  readonly confidence: Confidence
}

const known = new Map(
  [...registeredParameters, ...customaryParameters].map((name) => [squash(name), name] as const),
)

/** Letters and digits alone, in lower case: what every casing of one name has in common. */
export function squash(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase()
}

/** The wire name of a name in any casing: `ClientID`, `clientId`, `client-id`, `CLIENT_ID`. */
export function wireNameOf(documentedName: string): WireName {
  const name = documentedName.trim()
  const parameter = known.get(squash(name))
  if (parameter !== undefined && !name.startsWith('_')) return { wireName: parameter, confidence: 'high' }
  if (/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name)) return { wireName: name, confidence: 'high' }
  if (isOfNoCasing(name)) return { wireName: name, confidence: 'medium' }
  const wireName = name
    .split('.')
    .map((segment) => wordsOf(segment).join('_').toLowerCase())
    .join('.')
  return { wireName: wireName === '' ? name : wireName, confidence: isOpen(name) ? 'low' : 'medium' }
}

/** No SDK spells a name so: it is the wire's own. SCREAMING-KEBAB is nobody's either, and stays as well. */
function isOfNoCasing(name: string): boolean {
  return /^_|[:-]/.test(name) && !/\s/.test(name)
}

/** Words that are one in spite of a capital inside. */
const unsplittable: readonly (readonly [spelled: RegExp, word: string])[] = [
  [/OAuth|(?<!\p{Ll})oAuth/gu, 'Oauth'],
  [/(?<!\p{Ll})mTLS/gu, 'Mtls'],
  [/DPoP/g, 'Dpop'],
  [/IPv(?=[46])/g, 'Ipv'],
  [/IdP/g, 'Idp'],
  [/OpenID/g, 'Openid'],
  [/GitHub/g, 'Github'],
  [/GraphQL/g, 'Graphql'],
  [/PayPal/g, 'Paypal'],
]

function wordsOf(segment: string): readonly string[] {
  // clientIDs, callbackURLs: the s is the acronym's.
  const plurals = segment.replace(
    /([A-Z]{2,})s(?![a-z])/g,
    (_, acronym: string) => `${acronym[0]}${acronym.slice(1).toLowerCase()}s`,
  )
  const whole = unsplittable.reduce((text, [spelled, word]) => text.replace(spelled, word), plurals)
  return whole
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** Three letters have no second acronym hidden in them, as a rule; more may: `APIKEYID`. */
const longestPlainAcronym = 4

/** Whether capitals in a row leave open where one word ends. SCREAMING_SNAKE_CASE says it with underscores. */
function isOpen(name: string): boolean {
  if (/[^\p{L}\p{N}._-]/u.test(name)) return true
  if (/[_-]/.test(name) && !/\p{Ll}/u.test(name)) return false
  // Before a capitalised word, the last of the capitals is that word's.
  return (name.match(/\p{Lu}{2,}(?!\p{Ll})|\p{Lu}+(?=\p{Lu}\p{Ll})/gu) ?? []).some(
    (run) => run.length > longestPlainAcronym,
  )
}
