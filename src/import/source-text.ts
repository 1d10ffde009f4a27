// A drafted service as TypeScript: one file for the service and one per variant, a fact a line so that merging works. Words of
// a page stand in it as escaped strings and on comment lines; nothing of a page can become code.
import { escapeUnseen } from '../oauth/text.ts'
import type { Service, Variant } from '../service/service.ts'
import { type Notes, toPointer } from './notebook.ts'
import type { ServiceDraft } from './service-draft.ts'

/** One file of a service's folder. */
export interface SourceText {
  /** Its name in the folder. */
  readonly file: string
  readonly text: string
}

/** How the files are written. */
export interface SourceTextOptions {
  /** The module that `defineService` and `defineVariant` come from. Default: `tokenwright`. */
  readonly defineFrom?: string | undefined
}

/** What a value is written with. */
interface Context {
  readonly notes: Notes
  /** Names that stand for values, by JSON Pointer. */
  readonly names: ReadonlyMap<string, string>
  /** The day that `read` stands for. */
  readonly read: string
}

const lineWidth = 110

/** What no constant can be called, and what the files call something else. */
const reserved = new Set(
  'arguments await break case catch class const continue debugger default defineService defineVariant delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public read return static super switch this throw true try typeof undefined var void while with yield'.split(
    ' ',
  ),
)

/** The files of a service: `service.ts`, then a file per variant. */
export function sourceTextOf(
  { service, notes }: ServiceDraft,
  { defineFrom = 'tokenwright' }: SourceTextOptions = {},
): readonly SourceText[] {
  const names = constantNames(service)
  const [own = 'service'] = names
  const files = service.variants.map(({ id }) => `${id.slice(id.indexOf('/') + 1)}.ts`)
  const variants = service.variants.map((variant, index) => ({
    name: names[index + 1] ?? 'variant',
    file: files[index] ?? 'variant.ts',
    variant,
    notes: notesBelow(notes, `/variants/${index}`),
  }))
  return [
    { file: 'service.ts', text: serviceText(service, own, variants, notes, defineFrom) },
    ...variants.map((each) => ({ file: each.file, text: variantText(each, defineFrom) })),
  ]
}

interface VariantFile {
  readonly name: string
  readonly file: string
  readonly variant: Variant
  readonly notes: Notes
}

function serviceText(
  service: Service,
  name: string,
  variants: readonly VariantFile[],
  notes: Notes,
  defineFrom: string,
): string {
  const { read } = service.source
  const listed = new Map(variants.map((each, index) => [`/variants/${index}`, each.name]))
  const own = new Map([...notes].filter(([pointer]) => !/^\/variants\/\d/.test(pointer)))
  const imports = variants.map((each) => `import { ${each.name} } from ${formatString(`./${each.file}`)}`)
  return [
    `// ${escapeUnseen(service.title)}: its token service, as tokenwright imported it. What is changed here stays when it is imported anew.`,
    `import { defineService } from ${formatString(defineFrom)}`,
    ...imports.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })),
    '',
    `const read = ${formatString(read)}`,
    '',
    `export const ${name} = defineService(${formatValue(service, 0, '', { notes: own, names: listed, read })})`,
    '',
  ].join('\n')
}

function variantText({ name, variant, notes }: VariantFile, defineFrom: string): string {
  const { read } = variant.document.source
  const { model, language } = variant.document
  return [
    `// ${escapeUnseen(model)}${language === 'any' ? '' : ` in ${escapeUnseen(language)}`}, as tokenwright imported it. What is changed here stays when it is imported anew.`,
    ...(notes.get('') ?? []).map((note) => `// ${escapeUnseen(note)}`),
    `import { defineVariant } from ${formatString(defineFrom)}`,
    '',
    `const read = ${formatString(read)}`,
    '',
    `export const ${name} = defineVariant(${formatValue(variant, 0, '', { notes, names: new Map(), read })})`,
    '',
  ].join('\n')
}

/** Names of constants, the service's first, each once: `go021` for `go-0.2.1`. */
function constantNames({ id, variants }: Service): readonly string[] {
  const taken = new Set(reserved)
  return [id, ...variants.map((variant) => variant.id.slice(variant.id.indexOf('/') + 1))].map((text) => {
    const [first = '', ...others] = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
    const joined = [first, ...others.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))].join('')
    const plain = /^[A-Za-z]/.test(joined) ? joined : `variant${joined}`
    let name = plain
    for (let count = 2; taken.has(name); count += 1) name = `${plain}_${count}`
    taken.add(name)
    return name
  })
}

function notesBelow(notes: Notes, pointer: string): Notes {
  return new Map(
    [...notes].flatMap(([at, lines]) =>
      at === pointer || at.startsWith(`${pointer}/`) ? [[at.slice(pointer.length), lines] as const] : [],
    ),
  )
}

/** A value as source, its first line beginning behind `column` characters. */
function formatValue(value: unknown, indent: number, pointer: string, context: Context, column = 0): string {
  const name = context.names.get(pointer)
  if (name !== undefined) return name
  if (typeof value === 'string') return formatString(value)
  if (Array.isArray(value)) return formatArray(value, indent, pointer, context, column)
  if (typeof value === 'object' && value !== null) return formatObject(value, indent, pointer, context)
  return String(value)
}

function formatArray(
  items: readonly unknown[],
  indent: number,
  pointer: string,
  context: Context,
  column: number,
): string {
  const texts = items.map((item, index) =>
    formatValue(item, indent + 2, pointer + toPointer(index), context, indent + 2),
  )
  const line = `[${texts.join(', ')}]`
  const isPlain = items.every((item, index) => {
    return typeof item !== 'object' || context.names.has(pointer + toPointer(index))
  })
  if (isPlain && column + line.length < lineWidth) return line
  const inner = ' '.repeat(indent + 2)
  return `[\n${texts.map((text) => `${inner}${text},\n`).join('')}${' '.repeat(indent)}]`
}

function formatObject(value: object, indent: number, pointer: string, context: Context): string {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return '{}'
  const inner = ' '.repeat(indent + 2)
  const lines = entries.flatMap(([key, item]) => {
    const at = pointer + toPointer(key)
    const notes = context.notes.get(at) ?? []
    return [
      ...notes.map((note) => `${inner}// ${escapeUnseen(note)}\n`),
      `${inner}${formatMember(key, item, indent + 2, at, context)},\n`,
    ]
  })
  return `{\n${lines.join('')}${' '.repeat(indent)}}`
}

function formatMember(key: string, value: unknown, indent: number, at: string, context: Context): string {
  if (key === 'read' && value === context.read && at.endsWith('/source/read')) return 'read'
  const name = formatKey(key)
  const column = indent + name.length + 2
  const text = formatValue(value, indent, at, context, column)
  // A long text goes to a line of its own, unless its key is too short to gain anything.
  const isLong = typeof value === 'string' && name.length > 2 && column + text.length >= lineWidth
  return isLong ? `${name}:\n${' '.repeat(indent + 2)}${text}` : `${name}: ${text}`
}

function formatKey(key: string): string {
  // Written plainly, this one would set the prototype.
  if (key === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : formatString(key)
}

/** A string literal: in single quotes, unless it holds more of them than of double ones. */
function formatString(text: string): string {
  const count = (quote: string) => text.split(quote).length
  const quote = count("'") > count('"') ? '"' : "'"
  const escaped = escapeUnseen(text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`))
  return quote + escaped + quote
}
