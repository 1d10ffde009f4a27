// Types as seven languages write them, to the types of JSON. The notations are tables; one reader takes them apart.
import type { FieldType } from './imported.ts'
import { withoutEntities } from './sentences.ts'

/** What a notation says. */
export interface TypeNotation {
  /** Without the markup around it: `*string` for `**string*`. */
  readonly notation: string
  readonly type: FieldType
  readonly isOptional: boolean
  readonly items: FieldType | null
  /** The name of another model, without its namespace. */
  readonly model: string | null
  /** Values that stand in the type itself: `"a" | "b"`, `Literal["a"]`, `enum: a, b`. */
  readonly values: readonly string[] | null
  /** From `string(40)`. */
  readonly maxLength: number | null
}

type Reading = Omit<TypeNotation, 'notation'>

/** By the last word of a name, in lower case. */
const names: Readonly<Record<Exclude<FieldType, 'unknown'>, readonly string[]>> = {
  string: [
    ...['string', 'str', 'text', 'varchar', 'char', 'charsequence', 'symbol', 'uuid', 'guid', 'uri', 'url'],
    ...['date', 'datetime', 'date-time', 'offsetdatetime', 'localdate', 'instant', 'time', 'bytes', 'byte[]'],
    ...['enum', 'jwt', 'email', 'password', 'base64', 'base64url', 'timestamp string', 'strings', 'urn'],
  ],
  integer: [
    ...['int', 'integer', 'int8', 'int16', 'int32', 'int64', 'uint', 'uint32', 'uint64', 'long', 'short'],
    ...['bigint', 'biginteger', 'timestamp', 'unix timestamp', 'integers'],
  ],
  number: ['number', 'float', 'float32', 'float64', 'double', 'decimal', 'bigdecimal', 'numeric', 'numbers'],
  boolean: ['boolean', 'bool', 'falseclass', 'trueclass', 'booleans'],
  array: ['array', 'list', 'slice', 'set', 'sequence', 'arraylist'],
  object: [
    'object',
    'hash',
    'map',
    'dict',
    'dictionary',
    'record',
    'json',
    'jsonobject',
    'struct',
    'mapping',
  ],
}

const typeOfName = new Map(
  Object.entries(names).flatMap(([type, words]) => words.map((word) => [word, type as FieldType] as const)),
)

/** Types that say nothing. */
const open = new Set(['any', 'mixed', 'interface{}', 'unknown', 'void', 'dynamic', 'jsonnode', 'untyped'])
/** Members of a union that mean "may be absent". */
const absent = new Set(['undefined', 'none', 'nil', 'nilclass'])
/** A member of a union that a field may be where it is there: nothing that says whether it is. */
const nullMember = 'null'
/** Generic types around an optional one. */
const optionalWrappers = new Set([
  'optional',
  'jsonnullable',
  'nullable',
  'nilable',
  'option',
  'maybe',
  'optionalnullable',
])
/** Generic types around items. */
const arrayWrappers = new Set([
  ...['list', 'array', 'set', 'sequence', 'iterable', 'ienumerable', 'ilist', 'ireadonlylist', 'collection'],
  ...['readonlyarray', 'arraylist', 'icollection', 'enumerable', 'slice', 'vec'],
])
/** Generic types around keys and values. */
const objectWrappers = new Set([
  ...['map', 'dict', 'dictionary', 'record', 'hash', 'idictionary', 'mapping', 'hashmap', 'object'],
])
/** Generic types that say nothing of their own. */
const plainWrappers = new Set(['untyped', 'annotated', 'final', 'readonly', 'partial', 'enum', 'openenum'])

const nothing: Reading = {
  type: 'unknown',
  isOptional: false,
  items: null,
  model: null,
  values: null,
  maxLength: null,
}

/** Reads a type's cell as it stands in the source, or a type as code. */
export function readTypeNotation(words: string): TypeNotation {
  const notation = notationOf(words)
  return { notation, ...readType(notation, 0) }
}

/** Takes off what Markdown puts around a type, and nothing of the type. */
export function notationOf(words: string): string {
  const plain = withoutEntities(words.replace(/<br\s*\/?>/gi, ' ').replace(/\\([\\|<>[\]*_`?{}])/g, '$1'))
    // Of a link, its text; brackets inside it are the type's: `[Optional[components.GrantType]](…)`.
    .replace(/\]\([^()\s]*\)/g, '\u0000')
    .replace(/`/g, '')
  return withoutEmphasis(withoutLinks(plain)).replace(/\s+/g, ' ').trim()
}

/** `\0` closes a link; the bracket that belongs to it is the one that is open then. */
function withoutLinks(text: string): string {
  if (!text.includes('\u0000')) return text
  const kept = [...text]
  const opened: number[] = []
  for (const [index, character] of kept.entries()) {
    if (character === '[') opened.push(index)
    if (character === ']') opened.pop()
    if (character !== '\u0000') continue
    const start = opened.pop()
    if (start !== undefined) kept[start] = ''
    kept[index] = ''
  }
  return kept.join('')
}

/** Emphasis is as many stars before as behind; a star more in front is a pointer: `**string*`. */
function withoutEmphasis(text: string): string {
  const trimmed = text.trim()
  const before = /^\*+/.exec(trimmed)?.[0].length ?? 0
  const behind = /(?<!\*)\*+$/.exec(trimmed)?.[0].length ?? 0
  const count = Math.min(before, behind)
  const plain = trimmed.slice(count, trimmed.length - count)
  const whole = /^_(.+)_$/.exec(plain)?.[1] ?? plain
  // Items are emphasised one by one: `List[*str*]`, `[]**string*`.
  return whole.replace(/\*(\*?[\w.:?\\]+)\*(?![\w.:\\])/g, '$1')
}

/** Deeper types are refused a reading rather than a stack. */
const maxDepth = 12

function readType(text: string, depth: number): Reading {
  const type = text.trim()
  if (type === '' || depth > maxDepth) return nothing
  for (const read of readers) {
    const reading = read(type, depth + 1)
    if (reading) return reading
  }
  return nothing
}

type Reader = (type: string, depth: number) => Reading | null

/** In order: the first that understands a notation reads it. */
const readers: readonly Reader[] = [
  readUnion,
  readMarks,
  readArray,
  readGeneric,
  readListedValues,
  readLiteral,
  readSize,
  readPhrase,
  readName,
]

function readUnion(type: string, depth: number): Reading | null {
  const parts = splitAtTop(type, '|')
  if (parts.length < 2) return null
  const stated = parts.filter((part) => !absent.has(part.trim().toLowerCase()))
  const present = stated.filter((part) => part.trim().toLowerCase() !== nullMember)
  const readings = present.map((part) => readType(part, depth))
  const [first] = readings
  if (!first) return nothing
  const isOptional = stated.length < parts.length || readings.some((reading) => reading.isOptional)
  const values = readings.every((reading) => reading.values)
    ? readings.flatMap((reading) => reading.values ?? [])
    : null
  if (readings.length === 1) return { ...first, isOptional }
  const isOneType = readings.every(({ type: other, model }) => other === first.type && model === first.model)
  return { ...(isOneType ? first : nothing), isOptional, values }
}

/** `?string`, `string?`, `*string`, `&string`, `? extends String`, `string (optional)`. */
function readMarks(type: string, depth: number): Reading | null {
  const extended = /^\?\s+(?:extends|super)\s+(.+)$/.exec(type)?.[1]
  if (extended !== undefined) return readType(extended, depth)
  const inner =
    /^[?*&]\s*(?!\s)(.+)$/.exec(type)?.[1] ??
    /^(.+)\?$/.exec(type)?.[1] ??
    /^(.+?)[\s,]+\(?optional\)?$/i.exec(type)?.[1] ??
    /^optional[,\s]+(.+)$/i.exec(type)?.[1]
  if (inner !== undefined) return { ...readType(inner, depth), isOptional: true }
  const required = /^(.+?)[\s,]+\(?required\)?$/i.exec(type)?.[1]
  return required === undefined ? null : readType(required, depth)
}

function readArray(type: string, depth: number): Reading | null {
  const item =
    /^\[\](.+)$/.exec(type)?.[1] ??
    /^(.+)\[\]$/.exec(type)?.[1] ??
    /^(?:array|list)\s*(?:of\s+|:\s*)(.+)$/i.exec(type)?.[1] ??
    /^(.+)\s+(?:array|list)$/i.exec(type)?.[1]
  return item === undefined ? null : arrayOf(readType(item, depth))
}

function arrayOf({ type, model }: Reading): Reading {
  return { ...nothing, type: 'array', items: type, model }
}

/** `Name<…>`, `Name[…]`, `Name(…)`, `map[…]…`, `{ … }`. */
function readGeneric(type: string, depth: number): Reading | null {
  if (/^map\[[^[\]]*\]/.test(type) || /^\{.*\}$/.test(type)) return { ...nothing, type: 'object' }
  const match = /^([\w.:\\]+)\s*(?:<(.*)>|\[(.*)\]|\((.*)\))$/.exec(type)
  if (!match?.[1]) return null
  const wrapper = lastWord(match[1]).toLowerCase()
  const inner = (match[2] ?? match[3] ?? match[4] ?? '').trim()
  // Of Python, beside `Optional[…]` and `OptionalNullable[…]`: it is there, and may be null.
  if (wrapper === 'nullable' && match[3] !== undefined) return readType(inner, depth)
  return readWrapped(wrapper, inner, depth)
}

function readWrapped(wrapper: string, inner: string, depth: number): Reading | null {
  const parts = splitAtTop(inner, ',')
  if (optionalWrappers.has(wrapper)) return { ...readType(inner, depth), isOptional: true }
  if (wrapper === 'union') return readUnion(parts.join('|'), depth) ?? readType(inner, depth)
  if (wrapper === 'any' && parts.length > 1) return readUnion(parts.join('|'), depth)
  if (wrapper === 'literal') return readUnion(parts.join('|'), depth) ?? readType(inner, depth)
  if (wrapper === 'enum') return listed(inner)
  if (objectWrappers.has(wrapper) || (arrayWrappers.has(wrapper) && parts.length > 1))
    return { ...nothing, type: 'object' }
  if (arrayWrappers.has(wrapper)) return arrayOf(readType(inner, depth))
  if (plainWrappers.has(wrapper)) return readType(parts[0] ?? '', depth)
  return null
}

/** `string: a, b`, `enum: a | b`, `string, one of: "a", "b"`. */
function readListedValues(type: string): Reading | null {
  const match = /^(?:string|enum|str)(?:\s*\(?enum\)?)?(?::|,?\s*one of:?)\s*(.+)$/i.exec(type)
  const reading = match?.[1] === undefined ? null : listed(match[1])
  // One word alone may as well explain the type, as in `string: date`.
  return reading?.values && reading.values.length > 1 ? reading : null
}

function listed(text: string): Reading | null {
  const values = text
    .split(/\s*(?:[,|/]|\bor\b)\s*/)
    .map(unquoted)
    .filter((value) => value !== '')
  return values.length > 0 && values.every((value) => /^[\w.:/-]+$/.test(value))
    ? { ...nothing, type: 'string', values }
    : null
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text.trim())?.[2] ?? text.trim()
}

function readLiteral(type: string): Reading | null {
  const quoted = /^(["'])([^"']*)\1$/.exec(type)?.[2]
  return quoted === undefined ? null : { ...nothing, type: 'string', values: [quoted] }
}

/** `string(40)`, `varchar (40)`, `string [40]`, `integer (int32)`, `string<uuid>`. */
function readSize(type: string, depth: number): Reading | null {
  const match = /^([\w-]+)\s*[(<[]\s*(?:max\.?\s*)?([\w -]+)[)>\]]$/i.exec(type)
  if (!match?.[1] || !match[2]) return null
  const reading = readType(match[1], depth)
  if (reading.type === 'unknown') return null
  const isLength = reading.type === 'string' && /^\d+$/.test(match[2])
  return { ...reading, maxLength: isLength ? Number(match[2]) : null }
}

/** `unix timestamp`, `32-bit integer`, `readonly string`. */
function readPhrase(type: string): Reading | null {
  if (!/\s/.test(type)) return null
  const words = type.toLowerCase().split(/\s+/)
  const named = typeOfName.get(type.toLowerCase()) ?? typeOfName.get(words.at(-1) ?? '')
  return named === undefined ? null : { ...nothing, type: named }
}

function readName(type: string): Reading | null {
  if (!/^[\w.:\\{}-]+$/.test(type)) return null
  const word = lastWord(type)
  const known = typeOfName.get(word.toLowerCase())
  if (known !== undefined) return { ...nothing, type: known }
  if (open.has(word.toLowerCase()) || !/^\p{Lu}/u.test(word)) return nothing
  return { ...nothing, model: word }
}

/** Without the namespace: `Models::Components::GrantType`, `components.GrantType`, `\Acme\GrantType`. */
function lastWord(name: string): string {
  return name.split(/::|[.\\]/).at(-1) ?? name
}

/** Splits where no bracket or quote is open. */
function splitAtTop(text: string, separator: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? ''
    if ('<[({'.includes(character)) depth += 1
    if ('>])}'.includes(character)) depth -= 1
    if (character !== separator || depth > 0) continue
    parts.push(text.slice(start, index))
    start = index + 1
  }
  return [...parts, text.slice(start)]
}
