// Strings as values of their own, and as they may be shown.

/** The same text without the longer one that it is a part of, which the engine of JavaScript would keep alive with it. */
export function detach(text: string): string {
  return text === '' ? text : JSON.parse(JSON.stringify(text))
}

/** What is not seen, or changes how the text beside it is seen: controls, bidi overrides, line ends, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A text on one line, every character of it seen: an escape sequence of JavaScript stands for each that would not be. */
export function escapeUnseen(text: string): string {
  return text.replace(unseen, (character) => {
    const short = shortEscapes[character]
    if (short !== undefined) return short
    const code = (character.codePointAt(0) ?? 0).toString(16)
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
  })
}

/** A text without percent escapes; as it is, where a percent sign is none. */
export function unescapePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
