// Texts that are JSON by their look: what JSON does not allow is said of them as JSON, though YAML might read it.
import { invalidDocument } from './document-error.ts'
import type { SourceFile } from './imported.ts'

/** Whether a text is meant as JSON: by the name of its file, or by how it begins. A link begins a page of Markdown. */
export function isJson({ file, text }: SourceFile): boolean {
  const start = text
    .slice(0, 1024)
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (/\.json$/i.test(file)) return true
  return /^(?:\{\s*(?:"|\}|$)|\[[[\s]*(?:[{"\]]|$))/.test(start) && !/^\[[^\]\n]*\]\(/.test(start)
}

/**
 * The value of a JSON text.
 * @throws `ERR_DOCUMENT_INVALID`, with the line
 */
export function readJson({ file, text }: SourceFile): unknown {
  const plain = text.replace(/^\uFEFF/, '')
  const message = problemOf(plain)
  if (message === null) return JSON.parse(plain)
  // Without the text around it, which may be long or hold a secret.
  const problem = message.replace(/(?:, | in JSON at| \(line| is not valid JSON).*$/s, '')
  throw invalidDocument(file, brokenLine(plain), `expected JSON: ${problem}`)
}

function problemOf(text: string): string | null {
  try {
    JSON.parse(text)
    return null
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
}

/** The first line that no line behind it makes right. The parser does not always say it. */
function brokenLine(text: string): number {
  const lines = text.trimEnd().split('\n')
  let [right, broken] = [0, lines.length]
  while (broken - right > 1) {
    const middle = Math.floor((right + broken) / 2)
    if (mayGoOn(lines.slice(0, middle).join('\n'))) right = middle
    else broken = middle
  }
  return broken
}

/** Whether nothing is wrong but that the text ends. */
function mayGoOn(text: string): boolean {
  const problem = problemOf(text)
  if (problem === null || /^Unexpected end|^Unterminated/.test(problem)) return true
  return Number(/at position (\d+)/.exec(problem)?.[1] ?? -1) >= text.trimEnd().length
}
