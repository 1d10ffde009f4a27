// The one redactor, before every sink: it knows the secrets of a run in each form in which they travel.
import { formatBase64 } from '../oauth/base64.ts'
import { encodeFormValue } from '../oauth/form.ts'

/** Hides secrets in texts. */
export interface Redactor {
  /** Learns one more secret, such as a token that was just received. */
  readonly add: (secret: string) => void
  /** The text with every known secret, in every form, masked. */
  readonly redact: (text: string) => string
}

const mask = '****'

/** A redactor for the given secrets. */
export function createRedactor(secrets: Iterable<string>): Redactor {
  const forms = new Set<string>()
  const add = (secret: string): void => {
    if (secret === '') return
    for (const form of formsOf(secret)) forms.add(form)
  }
  for (const secret of secrets) add(secret)
  return {
    add,
    // Longest first, or a short secret inside a long one would leave the rest of the long one readable.
    redact: (text) =>
      [...forms]
        .sort((a, b) => b.length - a.length)
        .reduce((masked, form) => masked.replaceAll(form, mask), text),
  }
}

/** A secret as it is, percent-encoded, form-encoded, escaped in JSON, and in Base64. */
function formsOf(secret: string): readonly string[] {
  const wellFormed = secret.toWellFormed()
  return [
    secret,
    encodeURIComponent(wellFormed),
    encodeFormValue(wellFormed),
    JSON.stringify(secret).slice(1, -1),
    formatBase64(wellFormed),
  ]
}
