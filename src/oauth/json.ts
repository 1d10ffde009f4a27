// JSON as it comes from elsewhere: what JSON.parse alone does not tell.

const lexemes = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g

/**
 * The first member name that a JSON object states twice at its top level; `undefined` when there is none.
 * The text must already have been read by `JSON.parse`, which keeps the last of them without a word.
 * @see RFC 8259 §4
 */
export function repeatedMember(text: string): string | undefined {
  const seen = new Set<string>()
  let depth = 0
  let last = ''
  for (const lexeme of text.match(lexemes) ?? []) {
    if (lexeme === '{' || lexeme === '[') depth += 1
    else if (lexeme === '}' || lexeme === ']') depth -= 1
    else if (lexeme === ':' && depth === 1) {
      const name = JSON.parse(last) as string
      if (seen.has(name)) return name
      seen.add(name)
    }
    last = lexeme
  }
  return undefined
}

/** The value of a text that may be no JSON; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A JSON object: neither `null` nor an array. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a JSON value is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
