// Parts of secrets: what a reply that broke off has of a token, and what a client that was ended has written of a secret.

/** A shorter part may be anything. */
const shortestPart = 6
const mask = '****'

/** The text without the beginnings of these tokens, wherever they stand; tokens are like no word. */
export function withoutBeginnings(text: string, tokens: Iterable<string>): string {
  let shown = text
  for (const token of tokens) {
    if (token.length < shortestPart) continue
    const begin = token.slice(0, shortestPart)
    for (let at = shown.indexOf(begin); at >= 0; at = shown.indexOf(begin, at + mask.length)) {
      let length = shortestPart
      while (length < token.length && shown[at + length] === token[length]) length += 1
      shown = shown.slice(0, at) + mask + shown.slice(at + length)
    }
  }
  return shown
}

/** The text without the beginning of one of these secrets at its very end. */
export function withoutHalfAtEnd(text: string, secrets: Iterable<string>): string {
  const end = text.trimEnd()
  for (const secret of secrets) {
    for (let length = secret.length; length >= shortestPart; length -= 1)
      if (end.endsWith(secret.slice(0, length))) return end.slice(0, -length) + mask
  }
  return text
}
