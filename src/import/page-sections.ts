// A page to its sections: which heading is a model's, and which only says what stands below it.
import type { Block, CodeBlock, Heading, Paragraph, Table } from './markdown-tree.ts'

/** What the words above a table say of every row of it: `Optional parameters`. */
export interface Caption {
  readonly required: boolean
  readonly line: number
  readonly words: string
}

/** A table with the headings above it. */
export interface TableSection {
  readonly table: Table
  /** The heading that names the model; `null` where none does. */
  readonly heading: Heading | null
  /** The heading between: `Fields`, `Values`, `Request`. */
  readonly section: Heading | null
  /** From the top of the page down, the model's own included, but for one that is its caption. */
  readonly path: readonly Heading[]
  /** `null` where the words above say nothing of all rows. */
  readonly caption: Caption | null
}

/** Anything else of a page, with the headings above it. */
export interface PlacedBlock {
  readonly block: Paragraph | CodeBlock | Heading
  readonly path: readonly Heading[]
  /** Whether it stands between its model's heading and all that is below. */
  readonly isIntroduction: boolean
}

/** What a page consists of. */
export interface PageSections {
  readonly tables: readonly TableSection[]
  readonly blocks: readonly PlacedBlock[]
}

const part =
  'request|response|reply|body|payload|query|form|json|error|success(?:ful)?|required|optional|enum|input|output|http'
const sectionName = new RegExp(
  `^(?:(?:${part}) )*(?:fields?|values?|propert(?:y|ies)|parameters?|params|attributes?|arguments?|members?|schema|columns|table|examples?|example (?:usage|requests?|responses?|values?|code)|usage|enum|options|definitions?|details|requests?|responses?|replies|reply|body|payload|errors?|inputs?|outputs?)$`,
  'i',
)

const captionWords = new RegExp(
  `^(?:the )?(required|mandatory|optional)(?: (?:${part}))*(?: (?:fields?|propert(?:y|ies)|parameters?|params|attributes?|arguments?|members?|inputs?|elements?))?$`,
  'i',
)

function captionOf({ text, words, line }: Heading | Paragraph): Caption | null {
  const [, said] = captionWords.exec(plainName(text)) ?? []
  return said === undefined ? null : { required: said.toLowerCase() !== 'optional', line, words }
}

function plainName(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

/** Whether a heading says what stands below it, and names no model. */
export function isSectionName(text: string): boolean {
  const name = plainName(text)
  return sectionName.test(name) || captionWords.test(name)
}

/** Goes through a page once. */
export function sectionsOf(blocks: readonly Block[]): PageSections {
  const tables: TableSection[] = []
  const placed: PlacedBlock[] = []
  let path: readonly Heading[] = []
  let introducing = false
  let before: Block | undefined
  for (const block of blocks) {
    if (block.kind === 'heading') {
      path = [...path.filter(({ depth }) => depth < block.depth), block]
      introducing = !isSectionName(block.text)
      placed.push({ block, path, isIntroduction: false })
    } else if (block.kind === 'table') {
      introducing = false
      tables.push(sectionOf(block, path, before))
    } else if (block.kind !== 'html') placed.push({ block, path, isIntroduction: introducing })
    before = block
  }
  return { tables, blocks: placed }
}

/** A caption is the heading nearest above the table, or the paragraph right above it. */
function sectionOf(table: Table, path: readonly Heading[], before: Block | undefined): TableSection {
  const last = path.at(-1)
  const ofHeading = last ? captionOf(last) : null
  const own = ofHeading === null ? path : path.slice(0, -1)
  const caption = before?.kind === 'paragraph' ? (captionOf(before) ?? ofHeading) : ofHeading
  return { table, ...namesOf(own), path: own, caption }
}

/** The heading that names the model of what stands below a path. */
export function modelHeading(path: readonly Heading[]): Heading | null {
  return path.findLast(({ text }) => !isSectionName(text)) ?? null
}

function namesOf(path: readonly Heading[]): Pick<TableSection, 'heading' | 'section'> {
  const heading = modelHeading(path)
  const last = path.at(-1) ?? null
  return { heading, section: last === heading ? null : last }
}
