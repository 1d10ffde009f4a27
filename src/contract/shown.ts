// What a message may show of what a client sent or threw: words that speak for themselves. Whatever else it is could be a
// secret in the wrong place, and a client under test may hold real ones.
import { mask } from '../engine/redaction.ts'

const longestName = 40
const mostWords = 6

/** A word in lower case or with one capital, or an abbreviation; a random text falls into more and shorter pieces. */
const word = /^(?:[A-Z]?[a-z]{1,20}|[A-Z]{2,20}s?)$/

/** Whether a text is a name made of words, such as `client_id`, `clientID` or `resource-2`. */
export function isSpeakingName(text: string): boolean {
  if (text.length > longestName) return false
  const words = text
    .replace(/\d{1,2}$/, '')
    .replace(/([a-z])(?=[A-Z])/g, '$1_')
    .split(/[-_.$]/)
    .filter((part) => part !== '')
  return words.length > 0 && words.length <= mostWords && words.every((part) => word.test(part))
}

/** A media type of letters alone, without its parameters; anything else is not shown. */
export function showMediaType(value: string | undefined): string {
  const [type = ''] = (value ?? '').split(';')
  if (value === undefined) return 'none'
  return /^[a-z]{4,11}\/[a-z]{1,20}([-.+][a-z]{1,20}){0,4}$/i.test(type.trim())
    ? `"${type.trim()}"`
    : 'another'
}

/** The longest text that is shown of what a client threw. */
const longestText = 300

/** A text with every word masked that does not speak for itself, and those of the given values. */
export function showText(text: string, secrets: readonly string[]): string {
  const hidden = new Set(secrets.flatMap((secret) => [secret, ...secret.split(/\s+/)]))
  const masked = [...hidden]
    .filter((secret) => secret.length >= 4)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, mask), text.slice(0, 4 * longestText))
  return masked
    .split(/([\s"'`()[\]{}<>,;:=|!?/]+)/)
    .map((part, index) => (index % 2 === 1 || isShown(part, hidden) ? part : mask))
    .join('')
    .replace(/\s+/g, ' ')
    .slice(0, longestText)
}

function isShown(part: string, hidden: ReadonlySet<string>): boolean {
  if (part === '' || part === mask) return true
  const bare = part.replace(/\.+$/, '')
  return !hidden.has(bare) && (/^\d{1,3}$/.test(bare) || (!/\d/.test(bare) && isSpeakingName(bare)))
}
