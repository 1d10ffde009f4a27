// What another process writes, redacted before it is passed on. A secret may come in pieces: nothing is passed on
// before the line that it is in has ended.
import { Transform } from 'node:stream'

/** A longer line is not shown, in characters: nobody could say what is in it before it ends. */
const longestLine = 1_048_576

/** Takes bytes or text, gives UTF-8. @param lineBreaks how many of them the secrets have at most */
export function redactingStream(redact: (text: string) => string, lineBreaks: () => number): Transform {
  const decoder = new TextDecoder()
  let held = ''
  let isTooLong = false
  const pass = (text: string): string => {
    const end = isTooLong ? text.indexOf('\n') + 1 : 0
    if (isTooLong && end === 0) return ''
    isTooLong = false
    const [ready, rest] = divide(held + text.slice(end), redact, lineBreaks())
    isTooLong = rest.length > longestLine
    held = isTooLong ? '' : rest
    return redact(ready) + (isTooLong ? '****\n' : '')
  }
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, pass(decoder.decode(chunk, { stream: true }))),
    flush: (done) => done(null, pass(decoder.decode()) + redact(held)),
  })
}

/** What can be passed on, and what may be the beginning of a secret. */
function divide(text: string, redact: (text: string) => string, lineBreaks: number): [string, string] {
  const lines = text.split('\n')
  const kept = lines.slice(-1 - lineBreaks)
  const ready = lines.slice(0, -1 - lineBreaks).map((line) => `${line}\n`)
  const [first, second] = [ready.join(''), kept.join('\n')]
  // A secret with line ends in it may stand across the two.
  const isWhole = lineBreaks === 0 || redact(first) + redact(second) === redact(text)
  return isWhole ? [first, second] : ['', text]
}
