// The metadata document: what the service offers, read from the service itself, so that it is true. @see RFC 8414 §2
import type { HttpRequest } from '../../oauth/message.ts'
import { assertionAlgorithms } from '../../oauth/words.ts'
import type { OpenEndpoint } from '../desk.ts'
import { issuerOf, type Place } from '../mounts.ts'
import type { GetEndpoint, Granted } from './endpoint.ts'

/** What is not offered is not named. */
export const metadata: GetEndpoint = { method: 'GET', read: describeService }

function describeService(place: Place, request: HttpRequest): Granted {
  const { endpoints } = place.mount.desk
  const issuer = issuerOf(place, request)
  const ofKind = (kind: string) => endpoints.find(({ endpoint }) => endpoint.kind === kind)
  const jwks = ofKind('jwks')
  return {
    status: 200,
    members: {
      issuer,
      ...describeEndpoint('token_endpoint', issuer, ofKind('token')),
      ...describeEndpoint('revocation_endpoint', issuer, ofKind('revocation')),
      ...describeEndpoint('introspection_endpoint', issuer, ofKind('introspection')),
      ...(jwks && { jwks_uri: `${issuer}${jwks.endpoint.path}` }),
      grant_types_supported: ofKind('token')?.grantTypes ?? [],
      // Required even where there is no authorization endpoint.
      response_types_supported: [],
    },
  }
}

function describeEndpoint(
  name: string,
  issuer: string,
  open: OpenEndpoint | undefined,
): Record<string, unknown> {
  if (open === undefined) return {}
  const isForSecretsAlone = open.grantTypes.every((grantType) => grantType === 'client_credentials')
  // RFC 6749 §4.4: a public client has no use for the only grant that is left.
  const methods = [
    ...new Set(open.forms.flatMap(({ clientAuthentication }) => clientAuthentication.methods)),
  ].filter((method) => method !== 'none' || !isForSecretsAlone)
  return {
    [name]: `${issuer}${open.endpoint.path}`,
    [`${name}_auth_methods_supported`]: methods,
    ...(methods.includes('private_key_jwt') && {
      [`${name}_auth_signing_alg_values_supported`]: assertionAlgorithms,
    }),
  }
}
