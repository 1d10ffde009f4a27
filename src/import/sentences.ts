// Prose to sentences: as they stand in the source, and as plain words that patterns can be held against.

/** A sentence, or one item of a list. */
export interface Sentence {
  /** As it stands in the source. */
  readonly words: string
  /** Without links, emphasis and line breaks; code spans keep their backticks. */
  readonly plain: string
  readonly isItem: boolean
}

const lineBreak = /<br\s*\/?>|<\/?(?:p|ul|ol|li)>|\r?\n/gi
const bullet = /^[ \t]*(?:[-*•+]|\d{1,2}[.)])[ \t]+/

/** The sentences of Markdown prose, such as a cell or a description in OpenAPI. */
export function sentencesOf(prose: string): readonly Sentence[] {
  return paragraphsOf(prose).flatMap(({ words, isItem }) =>
    (isItem ? [words] : splitSentences(words)).map((sentence) => ({
      words: sentence.trim(),
      plain: plainProse(isItem ? sentence.replace(bullet, '') : sentence),
      isItem,
    })),
  )
}

interface Part {
  readonly words: string
  readonly isItem: boolean
}

/** A line feed alone does not end a sentence; `<br/>`, an empty line and a new item do. */
function paragraphsOf(prose: string): readonly Part[] {
  const parts: Part[] = []
  let start = 0
  let open = false
  const add = (end: number, isOpen: boolean) => {
    const words = prose.slice(start, end)
    const last = parts.at(-1)
    if (words.trim() === '') {
      open = false
      return
    }
    if (open && last && !bullet.test(words))
      parts[parts.length - 1] = { ...last, words: `${last.words}\n${words}` }
    else parts.push({ words, isItem: bullet.test(words) })
    open = isOpen
  }
  for (const match of prose.matchAll(lineBreak)) {
    add(match.index, match[0].endsWith('\n'))
    start = match.index + match[0].length
  }
  add(prose.length, false)
  return parts
}

const abbreviation = /(?:\b(?:e\.g|i\.e|etc|max|min|approx|incl|no|vs|resp)|\(default)\.$/i

function splitSentences(text: string): readonly string[] {
  const sentences: string[] = []
  let start = 0
  for (const match of text.matchAll(/[.!?]["')\]*_]{0,3}(?=\s+[\p{Lu}`*_"'([:<])/gu)) {
    const end = match.index + match[0].length
    if (abbreviation.test(text.slice(Math.max(0, match.index - 10), match.index + 1))) continue
    if (countOf(text.slice(start, end), '`') % 2 === 1) continue
    sentences.push(text.slice(start, end))
    start = end
  }
  sentences.push(text.slice(start))
  return sentences.filter((sentence) => sentence.trim() !== '')
}

function countOf(text: string, character: string): number {
  return text.split(character).length - 1
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&nbsp;': ' ',
  '&#124;': '|',
  '&vert;': '|',
  '&ast;': '*',
  '&#42;': '*',
}

/** Character references to characters. */
export function withoutEntities(text: string): string {
  return text.replace(/&(?:[a-z]{2,5}|#\d{2,4});/gi, (entity) => entities[entity.toLowerCase()] ?? entity)
}

/** A sentence without its markup; code spans keep their backticks, by which values are known. */
export function plainProse(words: string): string {
  return words
    .replace(/<\/?code>/gi, '`')
    .replace(/\\\|/g, '|')
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : plainText(part)))
    .join('')
    .replace(/\[(`[^`]*`)\]\([^()\s]*\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}

function plainText(part: string): string {
  return withoutEntities(part)
    .replace(/!?\[([^[\]]*)\]\([^()\s]*\)/g, '$1')
    .replace(/<\/?(?:a|b|em|i|span|strong|sub|sup|u)(?:\s[^<>]*)?>/gi, '')
    .replace(/\*{1,3}|~~/g, '')
    .replace(/(?<![\p{L}\p{N}])__?(?=[\p{L}\p{N}])|(?<=[\p{L}\p{N}.!])__?(?![\p{L}\p{N}_])/gu, '')
    .replace(/[“”]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/\\([\\`*_{}[\]()#+\-.!<>])/g, '$1')
}
