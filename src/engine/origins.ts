// Where a client's requests come from: the domains that it is registered with, by the fields that pages send.
import type { HttpRequest } from '../oauth/message.ts'
import type { ClientMetadata } from '../oauth/words.ts'
import type { Service } from '../service/service.ts'
import type { Refused } from './refused.ts'

/** Refuses a request from anywhere else, where the service looks and the client is registered with domains. */
export function requireRegisteredOrigin(
  service: Service,
  client: ClientMetadata | undefined,
  { headers }: HttpRequest,
): Refused | undefined {
  const { origins } = client ?? {}
  if (service.origins !== 'registered' || origins === undefined) return undefined
  const domain = domainOf(headers)
  const isRegistered = origins.some((each) => each.toLowerCase() === domain)
  // As the documents have it, nobody's machine is a domain, whatever was registered.
  if (domain !== undefined && isRegistered && domain !== 'localhost') return undefined
  const received = domain === undefined ? 'none' : 'another'
  const detail = `expected a domain that the client is registered with, received ${received}`
  return { rule: 'registered-origin', detail }
}

/** Of the Origin field, which has no path, or else of Referer, which may have one. @see RFC 6454 §7, RFC 9110 §10.1.3 */
function domainOf({ origin, referer }: HttpRequest['headers']): string | undefined {
  const { protocol, hostname, host } = URL.parse(String(origin ?? referer ?? '')) ?? {}
  if (protocol !== 'https:' && protocol !== 'http:') return undefined
  const isOrigin = origin === undefined || String(origin).toLowerCase() === `${protocol}//${host}`
  return isOrigin ? hostname : undefined
}
