// What the heads of a table mean. Columns stand in any order; a head that nobody knows is kept as what it says.
import type { Cell, Table } from './markdown-tree.ts'

/** What a column tells of a field. `optional` is `required` the other way round. */
export type ColumnKind =
  | 'name'
  | 'type'
  | 'required'
  | 'optional'
  | 'description'
  | 'example'
  | 'default'
  | 'values'
  | 'value'
  | 'maxLength'
  | 'minLength'

/** The heads that pages use, in lower case and without punctuation. */
const heads: Readonly<Record<ColumnKind, readonly string[]>> = {
  name: [
    'field',
    'fields',
    'field name',
    'name',
    'parameter',
    'parameters',
    'parameter name',
    'param',
    'property',
    'properties',
    'property name',
    'key',
    'attribute',
    'attribute name',
    'argument',
    'member',
    'body parameter',
    'form parameter',
    'form field',
  ],
  type: ['type', 'data type', 'datatype', 'format', 'field type', 'parameter type', 'schema', 'data format'],
  required: [
    'required',
    'req',
    'mandatory',
    'is required',
    'required optional',
    'optional required',
    'mandatory optional',
    'requirement',
    'presence',
    'usage',
    'm o',
  ],
  optional: ['optional', 'is optional', 'nullable'],
  description: [
    'description',
    'desc',
    'details',
    'detail',
    'notes',
    'note',
    'meaning',
    'definition',
    'explanation',
    'comment',
    'comments',
    'remarks',
    'purpose',
    'summary',
  ],
  example: ['example', 'examples', 'sample', 'samples', 'example value', 'sample value', 'example values'],
  default: ['default', 'default value', 'defaults'],
  values: [
    'allowed values',
    'allowed value',
    'values',
    'possible values',
    'valid values',
    'accepted values',
    'enum',
    'enumeration',
    'options',
    'choices',
    'allowed',
  ],
  value: ['value'],
  maxLength: ['max length', 'maximum length', 'maxlength', 'max len', 'length max'],
  minLength: ['min length', 'minimum length', 'minlength', 'min len'],
}

const kinds = new Map(
  Object.entries(heads).flatMap(([kind, names]) => names.map((name) => [name, kind as ColumnKind] as const)),
)

/** A table's columns: where each kind stands, and the heads of the rest. */
export interface Columns {
  readonly at: ReadonlyMap<ColumnKind, number>
  readonly rest: readonly { readonly index: number; readonly head: string }[]
}

/** Which column is which. Of two of a kind the first counts, and the other is kept by its head. */
export function columnsOf(table: Table): Columns {
  const at = new Map<ColumnKind, number>()
  const rest: { index: number; head: string }[] = []
  for (const [index, head] of table.heads.entries()) {
    const kind = kindOf(head)
    if (kind === undefined || at.has(kind)) rest.push({ index, head: head.text })
    else at.set(kind, index)
  }
  return { at, rest }
}

function kindOf(head: Cell): ColumnKind | undefined {
  const text = head.text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')
  return kinds.get(text.trim())
}

/**
 * Whether a table is one of fields: it names them and tells something of them. A name alone, as in a list of people or of
 * versions, does not count.
 */
export function hasFields({ at }: Columns): boolean {
  return at.has('name') && at.size > 1
}
