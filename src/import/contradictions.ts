// What a document says twice, in two ways: one check per rule, over the finished fields of a model and its snippets.
import { breaksPattern } from './example-pattern.ts'
import type { Contradiction, ContradictionRule, ImportedField, Provenance, Usage } from './imported.ts'
import { type ProseFacts, readProse } from './prose.ts'
import { readUsage } from './usage.ts'

/** A field with what its prose says on its own. */
interface Subject {
  readonly field: ImportedField
  readonly prose: ProseFacts
}

type Finding = Omit<Contradiction, 'rule' | 'field'>
type FieldCheck = (subject: Subject) => Finding | null

/** The checks that look at one field alone. */
const fieldChecks: Readonly<Partial<Record<ContradictionRule, FieldCheck>>> = {
  'optional-but-prose-requires': ({ field, prose }) =>
    field.required === false && field.requiredWhen === null && prose.required === true
      ? finding('it is marked optional, and its prose requires it', [
          field.provenance.required,
          prose.provenance.required,
        ])
      : null,
  'required-but-prose-optional': ({ field, prose }) =>
    field.required === true && prose.required === false && prose.requiredWhen === null
      ? finding('it is marked required, and its prose calls it optional', [
          field.provenance.required,
          prose.provenance.required,
        ])
      : null,
  'required-but-type-optional': ({ field }) =>
    field.required === true && field.isOptionalType
      ? finding(`it is marked required, and its type ${field.notation} may be absent`, [
          field.provenance.required,
          field.provenance.type,
        ])
      : null,
  'example-breaks-allowed-values': ({ field }) => breaksValues(field, 'example'),
  'default-breaks-allowed-values': ({ field }) => breaksValues(field, 'default'),
  'example-breaks-type': ({ field }) =>
    field.example !== null && !isOfType(field)
      ? finding(`its example ${field.example} is no ${field.type}`, [
          field.provenance.example,
          field.provenance.type,
        ])
      : null,
  'example-breaks-length': ({ field }) => {
    const length = typeof field.example === 'string' ? [...field.example].length : null
    if (length === null) return null
    const isLong = field.maxLength !== null && length > field.maxLength
    const isShort = field.minLength !== null && length < field.minLength
    return isLong || isShort
      ? finding(`its example has ${length} characters, and ${lengthRule(field)} are allowed`, [
          field.provenance.example,
          field.provenance[isLong ? 'maxLength' : 'minLength'],
        ])
      : null
  },
  'example-breaks-pattern': ({ field }) =>
    typeof field.example === 'string' && field.pattern !== null && breaksPattern(field.example, field.pattern)
      ? finding(`its example ${field.example} does not match ${field.pattern}`, [
          field.provenance.example,
          field.provenance.pattern,
        ])
      : null,
  'required-but-not-supported': ({ field }) =>
    field.required === true && field.notSupported
      ? finding('it is marked required, and its prose says that it is not supported', [
          field.provenance.required,
          field.provenance.notSupported,
        ])
      : null,
  'allowed-values-differ': ({ field, prose }) => {
    if (!field.allowedValues || !prose.allowedValues) return null
    return sameMembers(field.allowedValues, prose.allowedValues)
      ? null
      : finding(
          `it allows ${field.allowedValues.join(', ')}, and its prose ${prose.allowedValues.join(', ')}`,
          [field.provenance.allowedValues, prose.provenance.allowedValues],
        )
  },
}

/** Every contradiction of a model: those of each field in order, then those between fields, then the snippets'. */
export function findContradictions(
  fields: readonly ImportedField[],
  usage: readonly Usage[],
  proseOf: (field: ImportedField) => ProseFacts = proseInWords,
): readonly Contradiction[] {
  return [
    ...fields.flatMap((field) => contradictionsOfField(field, proseOf(field))),
    ...duplicates(fields),
    ...unknownConditions(fields),
    ...usage.flatMap((snippet) => contradictionsOfUsage(fields, snippet)),
  ]
}

/** Of a page, the words as they stand have the backticks that values are known by. */
function proseInWords({ description, provenance }: ImportedField): ProseFacts {
  const described = provenance.description
  return readProse(described?.words ?? description ?? '', described ?? { file: '', words: '' })
}

function contradictionsOfField(field: ImportedField, prose: ProseFacts): readonly Contradiction[] {
  return Object.entries(fieldChecks).flatMap(([rule, check]) => {
    const found = check({ field, prose })
    return found ? [{ rule: rule as ContradictionRule, field: field.name, ...found }] : []
  })
}

function finding(sentence: string, provenance: readonly (Provenance | undefined)[]): Finding {
  return { sentence, provenance: provenance.filter((side) => side !== undefined) }
}

function breaksValues(field: ImportedField, fact: 'example' | 'default'): Finding | null {
  const value = field[fact]
  if (value === null || !field.allowedValues || field.allowedValues.includes(String(value))) return null
  return finding(`its ${fact} is ${value}, and only ${field.allowedValues.join(', ')} is allowed`, [
    field.provenance[fact],
    field.provenance.allowedValues,
  ])
}

function isOfType({ type, example }: ImportedField): boolean {
  if (type === 'integer') return Number.isInteger(example)
  if (type === 'number') return typeof example === 'number'
  if (type === 'boolean') return typeof example === 'boolean'
  return type !== 'string' || typeof example === 'string'
}

function lengthRule({ minLength, maxLength }: ImportedField): string {
  if (minLength === null) return `at most ${maxLength}`
  return maxLength === null ? `at least ${minLength}` : `${minLength} to ${maxLength}`
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value) => b.includes(value))
}

function duplicates(fields: readonly ImportedField[]): readonly Contradiction[] {
  const first = new Map<string, ImportedField>()
  return fields.flatMap((field) => {
    const earlier = first.get(field.wireName)
    if (!earlier) {
      first.set(field.wireName, field)
      return []
    }
    const sentence = `${earlier.name} and ${field.name} are both ${field.wireName}`
    return [
      {
        rule: 'duplicate-field' as const,
        field: field.name,
        ...finding(sentence, [earlier.provenance.name, field.provenance.name]),
      },
    ]
  })
}

function unknownConditions(fields: readonly ImportedField[]): readonly Contradiction[] {
  const names = new Set(fields.map(({ wireName }) => wireName))
  return fields.flatMap((field) =>
    field.requiredWhen && !names.has(field.requiredWhen.parameter)
      ? [
          {
            rule: 'condition-names-unknown-field' as const,
            field: field.name,
            ...finding(`it depends on ${field.requiredWhen.parameter}, which is no field of the model`, [
              field.provenance.requiredWhen,
            ]),
          },
        ]
      : [],
  )
}

/** Credentials that HTTP Basic carries are not missing in a body. */
const basicCredentials = new Set(['client_id', 'client_secret'])

function contradictionsOfUsage(fields: readonly ImportedField[], usage: Usage): readonly Contradiction[] {
  const reading = readUsage(usage.code, fields)
  if (reading.named.length === 0) return []
  const hasBasic = /\bbasic\b|(?:^|\s)-u[\s"']|--user\b/i.test(usage.code)
  const side = (line: number): Provenance => ({
    file: usage.provenance.file,
    line: (usage.provenance.line ?? 1) + line - 1,
    words: usage.code.split('\n')[line - 1] ?? '',
  })
  const found = (rule: ContradictionRule, name: string, of: Finding) => ({ rule, field: name, ...of })
  const named = new Set(reading.named)
  const broken = fields.flatMap((field) => {
    const value = reading.values[field.name]
    const line = reading.lines.get(field.name)
    if (value === undefined || line === undefined || (field.allowedValues?.includes(value) ?? true)) return []
    const sentence = `a snippet gives it ${value}, and only ${field.allowedValues?.join(', ')} is allowed`
    return [
      found(
        'usage-breaks-allowed-values',
        field.name,
        finding(sentence, [side(line), field.provenance.allowedValues]),
      ),
    ]
  })
  const missing = fields
    .filter(({ name, required, requiredWhen }) => required === true && !requiredWhen && !named.has(name))
    .filter(({ wireName }) => !(hasBasic && basicCredentials.has(wireName)))
    .map(({ name, provenance }) =>
      found(
        'usage-misses-required',
        name,
        finding('it is required, and a snippet leaves it out', [side(1), provenance.required]),
      ),
    )
  const unknown = reading.unknown.map(({ name, line }) =>
    found(
      'usage-has-unknown-field',
      name,
      finding(`a snippet gives ${name}, which is no field of the model`, [side(line)]),
    ),
  )
  return [...broken, ...missing, ...unknown]
}
