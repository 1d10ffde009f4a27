// The keys that verify access tokens; none while they are opaque. @see RFC 7517 §5
import type { HttpRequest } from '../../oauth/message.ts'
import type { Issuing } from '../issuing.ts'
import type { Place } from '../mounts.ts'
import type { GetEndpoint, Granted } from './endpoint.ts'

/** The public keys alone. */
export const jwks: GetEndpoint = { method: 'GET', read: publishKeys }

async function publishKeys(
  _place: Place,
  _request: HttpRequest,
  { accessTokens }: Issuing,
): Promise<Granted> {
  return { status: 200, members: { keys: (await accessTokens.signer?.publicKeys()) ?? [] } }
}
