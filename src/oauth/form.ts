// application/x-www-form-urlencoded, strictly: what is not well-formed is an error, never silently mended.

/** Decoded parameters in the order they came, repeated ones included. */
export type FormPairs = ReadonlyArray<readonly [name: string, value: string]>

/**
 * Decodes a form body; `undefined` when a percent escape is broken or does not spell UTF-8.
 * @see RFC 6749 appendix B
 */
export function parseForm(text: string): FormPairs | undefined {
  const pairs: Array<readonly [string, string]> = []
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const decode = isPlain(pair) ? asItIs : decodeFormValue
    const name = decode(equals < 0 ? pair : pair.slice(0, equals))
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1))
    if (name === undefined || value === undefined) return undefined
    pairs.push([name, value])
  }
  return pairs
}

/** Encodes parameters as a form body, in the order given. */
export function formatForm(parameters: Iterable<readonly [string, string]>): string {
  return new URLSearchParams(
    [...parameters].map(([name, value]): [string, string] => [name, value]),
  ).toString()
}

/** Decodes one name or value; `undefined` when it is not well-formed. */
export function decodeFormValue(encoded: string): string | undefined {
  if (isPlain(encoded)) return encoded
  const spaced = encoded.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return undefined
  }
}

function isPlain(encoded: string): boolean {
  return !encoded.includes('%') && !encoded.includes('+')
}

function asItIs(text: string): string {
  return text
}

/** Encodes one name or value, a space as `+`. */
export function encodeFormValue(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1)
}
