// One departure, and how a value that is not the documented one is described without being shown.
import { type Message, messageOf } from '../fixture/message.ts'
import { wrongValue } from '../service/exchanges.ts'
import { findExchange } from '../service/lookup.ts'
import type { Interaction } from './interaction.ts'

/** One part of a request that is not as it is documented. */
export interface Departure {
  readonly where: string
  readonly expected: string
  readonly received: string
  /** What to do about it. */
  readonly next: string
}

/** What to do about a value. */
export const valueNext = 'send the credentials and parameters that the call is given'

/** The request of the same grant that is granted: a client may send that in place of one that is refused. */
export function grantedMessageOf({ located, exchange, authentication }: Interaction): Message {
  return messageOf(located, findExchange(located, exchange.grantType), { authentication })
}

const grantTypes = new Set(['authorization_code', 'client_credentials', 'password', 'refresh_token'])

/** What a wrong value is like, without a word of it. */
export function describeValue(expected: string, received: unknown, granted: string | undefined): string {
  if (typeof received !== 'string') return typeNameOf(received)
  if (received === '') return 'an empty string'
  if (received === wrongValue || received === granted) return JSON.stringify(received)
  if (grantTypes.has(received) && grantTypes.has(expected)) return JSON.stringify(received)
  if (received.trim() === expected) return 'it with white space around'
  if (received.toLowerCase() === expected.toLowerCase()) return 'it in another case'
  if (received === encodeURIComponent(expected)) return 'it percent-encoded once more'
  return 'another value'
}

function typeNameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
