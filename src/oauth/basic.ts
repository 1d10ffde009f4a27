// HTTP Basic credentials of a client, in both spellings that token services expect.
import { formatBase64, parseBase64 } from './base64.ts'
import { decodeFormValue, encodeFormValue } from './form.ts'

/**
 * How id and secret are written before Base64: `form` encodes each as a form value (RFC 6749 §2.3.1), `raw` leaves
 * them as they are (RFC 7617 §2), which is what several vendors and SDKs do.
 */
export type BasicSpelling = 'form' | 'raw'

/** A client id with its secret. */
export interface BasicCredentials {
  readonly client_id: string
  readonly client_secret: string
}

/** The value of the Authorization field. @see RFC 6749 §2.3.1, RFC 7617 §2 */
export function formatBasic({ client_id, client_secret }: BasicCredentials, spelling: BasicSpelling): string {
  const write = spelling === 'form' ? encodeFormValue : (value: string) => value
  return `Basic ${formatBase64(`${write(client_id)}:${write(client_secret)}`)}`
}

/** Reads what follows the scheme; `undefined` when it is not Base64 of `id:secret` in the given spelling. */
export function parseBasic(encoded: string, spelling: BasicSpelling): BasicCredentials | undefined {
  const text = parseBase64(encoded.trim())
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon < 0) return undefined
  const read = spelling === 'form' ? decodeFormValue : (value: string) => value
  const client_id = read(text.slice(0, colon))
  const client_secret = read(text.slice(colon + 1))
  return client_id === undefined || client_secret === undefined ? undefined : { client_id, client_secret }
}
