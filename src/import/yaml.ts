// YAML and JSON to plain values, with the line of each of them; the only file that knows the parser. What would be read in
// two ways (keys that repeat, several documents) and what grows when it is read (aliases of aliases) is refused with its line.
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import { TokenwrightError } from '../service/error.ts'
import { requireDocumentSize } from './document-size.ts'

/** Keys and indices from the top of a document to one of its values. */
export type Path = readonly string[]

/** Where a value stands. */
export interface Position {
  /** From 1. */
  readonly line: number
  /** The text as it stands there: its first line, or of prose the first 200 characters. */
  readonly words: string
}

/** A text, parsed. */
export interface Parsed {
  readonly value: unknown
  /** Of a value, or of the key that it has; of what is not there, the nearest value around it. */
  readonly positionOf: (path: Path, part: 'value' | 'key') => Position
}

/** The most values that a document may have when every alias is replaced by what it stands for. */
const maxNodes = 2_000_000

/** The most times that one anchor may be used. */
const maxAliasCount = 10_000

const maxWords = 200

/**
 * Reads one document of YAML 1.2 or JSON.
 * @throws `ERR_DOCUMENT_INVALID`, with line and column
 */
export function parseYaml(file: string, text: string): Parsed {
  requireDocumentSize(file, Buffer.byteLength(text))
  const lines = new LineCounter()
  const refuse: Refuse = (offset, problem) => {
    const { line, col } = lines.linePos(offset)
    throw new TokenwrightError('ERR_DOCUMENT_INVALID', `${file}:${line}:${col}: ${problem}`)
  }
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: true,
      lineCounter: lines,
      prettyErrors: false,
      // The parser looks through the whole map for each key, which takes minutes for a map of 100,000 keys.
      uniqueKeys: false,
      // Below this, a second document would pass without a word.
      logLevel: 'error',
    })
    const [error] = document.errors
    if (error !== undefined) refuse(error.pos[0], syntaxProblem(error.code, error.message))
    const aliases = inspect(document.contents, refuse)
    const value: unknown = document.toJS({ maxAliasCount })
    return { value, positionOf: (path, part) => positionOf({ document, lines, text, aliases }, path, part) }
  } catch (error) {
    if (error instanceof TokenwrightError) throw error
    const problem =
      error instanceof RangeError
        ? tooDeep
        : `it cannot be read: ${error instanceof Error ? error.message : String(error)}`
    throw new TokenwrightError('ERR_DOCUMENT_INVALID', `${file}:1: ${problem}`, { cause: error })
  }
}

const tooDeep = 'its values are nested too deeply to be read'

type Refuse = (offset: number, problem: string) => never

function syntaxProblem(code: string, message: string): string {
  if (message.includes('call stack')) return tooDeep
  if (code === 'MULTIPLE_DOCS')
    return 'expected one document, and a second begins here; give each a file of its own'
  return `expected YAML or JSON: ${message.trim().replace(/\s+/g, ' ')}`
}

type Aliases = ReadonlyMap<Node, Node>

/** What each alias stands for. Refuses repeated keys and documents that grow. */
function inspect(root: Node | null, refuse: Refuse): Aliases {
  const anchors = new Map<string, Node>()
  const aliases = new Map<Node, Node>()
  const sizes = new Map<Node, number>()
  const uses = new Map<Node, number>()
  const open = new Set<Node>()

  function sizeOf(node: unknown): number {
    if (!isNode(node)) return 1
    if (isAlias(node)) return sizeOfAlias(node)
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    if (!isCollection(node)) return 1
    open.add(node)
    if (isMap(node)) requireUniqueKeys(node, refuse)
    let size = 1
    for (const item of node.items) {
      size += isPair(item) ? sizeOf(item.key) + sizeOf(item.value) : sizeOf(item)
      if (size > maxNodes)
        refuse(
          offsetOf(node),
          `expected at most ${maxNodes} values; aliases (\`*name\`) make more of this one`,
        )
    }
    open.delete(node)
    sizes.set(node, size)
    return size
  }

  function sizeOfAlias(alias: Node & { readonly source: string }): number {
    const target = anchors.get(alias.source)
    if (target === undefined)
      return refuse(offsetOf(alias), `the alias *${alias.source} has no anchor &${alias.source} above it`)
    if (open.has(target))
      refuse(offsetOf(alias), `the alias *${alias.source} stands inside of what it stands for`)
    aliases.set(alias, target)
    const used = (uses.get(target) ?? 0) + 1
    if (used > maxAliasCount)
      refuse(offsetOf(alias), `the anchor &${alias.source} is used more than ${maxAliasCount} times`)
    uses.set(target, used)
    return sizes.get(target) ?? 1
  }

  sizeOf(root)
  return aliases
}

function requireUniqueKeys(map: YAMLMap, refuse: Refuse): void {
  const seen = new Set<string>()
  for (const { key } of map.items as readonly Pair[]) {
    const name = keyText(key)
    if (name === null || name === mergeKey) continue
    if (seen.has(name)) refuse(offsetOf(key), `the key ${JSON.stringify(name)} stands twice in one object`)
    seen.add(name)
  }
}

const mergeKey = '<<'

function keyText(key: unknown): string | null {
  if (!isScalar(key)) return null
  // The parser gives the merge key as a symbol.
  if (typeof key.value === 'symbol') return mergeKey
  return key.value === null ? '' : String(key.value)
}

function offsetOf(node: unknown): number {
  return (isNode(node) ? node.range?.[0] : undefined) ?? 0
}

interface Source {
  readonly document: Document
  readonly lines: LineCounter
  readonly text: string
  readonly aliases: Aliases
}

function positionOf(source: Source, path: Path, part: 'value' | 'key'): Position {
  let node: unknown = source.document.contents
  let found: unknown = node
  for (const [index, key] of path.entries()) {
    const pair = memberOf(source, node, key)
    if (pair === null) break
    const isLast = index === path.length - 1
    node = pair.value
    found = (isLast && part === 'key') || !isNode(node) || node.range === undefined ? pair.key : node
  }
  return positionAt(source, found)
}

interface Member {
  readonly key: unknown
  readonly value: unknown
}

function memberOf(source: Source, parent: unknown, key: string): Member | null {
  const node = isAlias(parent) ? source.aliases.get(parent) : parent
  if (isSeq(node)) {
    const value = node.items[Number(key)]
    return value === undefined ? null : { key: value, value }
  }
  if (!isMap(node)) return null
  const pairs = node.items as readonly Pair[]
  const own = pairs.find((pair) => keyText(pair.key) === key)
  if (own !== undefined) return own
  const merged = pairs
    .filter((pair) => keyText(pair.key) === mergeKey)
    .flatMap(({ value }) => mergedBy(source, value))
  for (const other of merged) {
    const member = memberOf(source, other, key)
    if (member !== null) return member
  }
  return null
}

/** The maps that a merge key names: one, or a list of them. */
function mergedBy({ aliases }: Source, value: unknown): readonly unknown[] {
  const node = isAlias(value) ? aliases.get(value) : value
  return isSeq(node) ? node.items : [node]
}

function positionAt({ lines, text }: Source, node: unknown): Position {
  const [start, end] = (isNode(node) ? node.range : undefined) ?? [0, 0]
  const whole = text.slice(start, Math.min(end, start + 4 * maxWords))
  const words = (isCollection(node) ? (whole.split('\n')[0] ?? '') : whole).trim()
  return { line: lines.linePos(start).line, words: bounded(words) }
}

function bounded(words: string): string {
  return words.length > maxWords ? `${words.slice(0, maxWords).trimEnd()}…` : words
}
