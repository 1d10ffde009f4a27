// Names in code back to names on the wire.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Confidence } from '../../src/import/imported.ts'
import { registeredParameters, wireNameOf } from '../../src/import/wire-name.ts'
import { forEvery } from '../oauth/properties.ts'

const names: readonly (readonly [name: string, wireName: string, confidence: Confidence])[] = [
  ['client_id', 'client_id', 'high'],
  ['ClientID', 'client_id', 'high'],
  ['clientID', 'client_id', 'high'],
  ['ClientId', 'client_id', 'high'],
  ['client-id', 'client_id', 'high'],
  ['CLIENT_ID', 'client_id', 'high'],
  ['Client ID', 'client_id', 'high'],
  ['tenant_region', 'tenant_region', 'high'],
  ['tenantRegion', 'tenant_region', 'medium'],
  ['APIKey', 'api_key', 'medium'],
  ['API_KEY', 'api_key', 'medium'],
  ['OAuthToken', 'oauth_token', 'medium'],
  ['OAuth2Token', 'oauth2_token', 'medium'],
  ['JWTBearerURL', 'jwt_bearer_url', 'medium'],
  ['callbackURLs', 'callback_urls', 'medium'],
  ['sha256Hash', 'sha256_hash', 'medium'],
  ['user.clientId', 'user.client_id', 'medium'],
  ['IPv4', 'ipv4', 'medium'],
  ['IPv6Address', 'ipv6_address', 'medium'],
  ['mTLSCert', 'mtls_cert', 'medium'],
  ['DPoP', 'dpop', 'medium'],
  ['oAuthToken', 'oauth_token', 'medium'],
  ['fooAuth', 'foo_auth', 'medium'],
  ['pf-subclientid', 'pf-subclientid', 'medium'],
  ['X-Tenant', 'X-Tenant', 'medium'],
  ['_id', '_id', 'medium'],
  ['_scope', '_scope', 'medium'],
  ['__proto__', '__proto__', 'medium'],
  ['acme:tenant', 'acme:tenant', 'medium'],
  ['APIKEYID', 'apikeyid', 'low'],
]

const casings: Readonly<Record<string, (words: readonly string[]) => string>> = {
  snake: (words) => words.join('_'),
  screaming: (words) => words.join('_').toUpperCase(),
  pascal: (words) => words.map(capitalised).join(''),
  camel: (words) => words.map((word, index) => (index === 0 ? word : capitalised(word))).join(''),
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Two letters and more: a word of one is no word that a capital shows. */
const words = fc.array(fc.stringMatching(/^[a-z]{2,8}[0-9]{0,2}$/), { minLength: 1, maxLength: 4 })

describe('a wire name', () => {
  test.each(names)('%s is %s, with %s confidence', (name, wireName, confidence) => {
    expect(wireNameOf(name)).toEqual({ wireName, confidence })
  })

  test.each(Object.entries(casings))('comes back from %s case, whatever its words are', (_, write) => {
    forEvery([words], (list) => expect(wireNameOf(write(list)).wireName).toBe(list.join('_')))
  })

  const everyCasing = { ...casings, kebab: (list: readonly string[]) => list.join('-') }

  test.each(Object.entries(everyCasing))('of a registered parameter is sure in %s case', (_, write) => {
    expect(registeredParameters.map((name) => wireNameOf(write(name.split('_'))))).toEqual(
      registeredParameters.map((wireName) => ({ wireName, confidence: 'high' })),
    )
  })
})
