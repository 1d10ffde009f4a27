// Code snippets to the values that they give a model's fields. A variable is no value, nor is what stands for one.
import type { ImportedField } from './imported.ts'
import { requestOf } from './snippet-request.ts'
import { isPlaceholder, type Token, tokensOf } from './snippet-tokens.ts'
import { plainGrantTypes, squash } from './wire-name.ts'

/** A name in a snippet, with its value where that is a literal. */
interface Entry {
  readonly name: string
  readonly value: string | null
  /** The last word of what looks like the constant of an enumeration: `GrantType.CLIENT_CREDENTIALS`. */
  readonly constant: string | null
  /** The object, call or body that it is part of; `null` where it stands alone. */
  readonly group: string | null
  /** From 1, within the snippet. */
  readonly line: number
}

/** What a snippet shows of a model. */
export interface UsageReading {
  /** By documented name, in the order of the fields. */
  readonly values: Readonly<Record<string, string>>
  /** The documented names that are given any value, variables included. */
  readonly named: readonly string[]
  /** Names beside the fields that are no field. */
  readonly unknown: readonly { readonly name: string; readonly line: number }[]
  /** Where each field is given a value, from 1, within the snippet. */
  readonly lines: ReadonlyMap<string, number>
  /** Whether it speaks of the wire: a curl line or an HTTP message. */
  readonly isWire: boolean
  /** The names as they stand there, by documented name. */
  readonly spelled: Readonly<Record<string, string>>
}

type NamedField = Pick<ImportedField, 'name' | 'wireName' | 'allowedValues'>

/** Reads a snippet for the fields of one model. */
export function readUsage(code: string, fields: readonly NamedField[]): UsageReading {
  const request = requestOf(code)
  const entries = request
    ? bodyEntries(request.body, request.line)
    : [...codeEntries(tokensOf(code)), ...formStrings(tokensOf(code))]
  const bySpelling = new Map(
    fields.flatMap((field) => [
      [squash(field.name), field] as const,
      [squash(field.wireName), field] as const,
    ]),
  )
  const values = new Map<string, string>()
  const spelled = new Map<string, string>()
  const lines = new Map<string, number>()
  const groups = new Set<string>()
  for (const entry of entries) {
    const field = bySpelling.get(squash(entry.name))
    if (!field) continue
    if (entry.group !== null) groups.add(entry.group)
    const value = entry.value ?? constantOf(entry.constant, field)
    if (!lines.has(field.name) || (value !== null && !values.has(field.name))) {
      lines.set(field.name, entry.line)
      spelled.set(field.name, entry.name)
    }
    if (value !== null && !values.has(field.name)) values.set(field.name, value)
  }
  const unknown = entries.filter(
    ({ name, group }) => group !== null && groups.has(group) && !bySpelling.has(squash(name)),
  )
  return {
    values: inFieldOrder(fields, values),
    named: [...lines.keys()],
    unknown: unknown.map(({ name, line }) => ({ name, line })),
    lines,
    isWire: request !== null,
    spelled: inFieldOrder(fields, spelled),
  }
}

function inFieldOrder(
  fields: readonly NamedField[],
  values: ReadonlyMap<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const value = values.get(name)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

/** A constant is a value where it spells one of the allowed: `GrantTypeClientCredentials` is `client_credentials`. */
function constantOf(constant: string | null, { name, wireName, allowedValues }: NamedField): string | null {
  if (constant === null) return null
  const spelled = squash(constant)
  const prefix = squash(name)
  // A grant that the field does not allow is one all the same, and a contradiction.
  const known = [...(allowedValues ?? []), ...(wireName === 'grant_type' ? plainGrantTypes : [])]
  return known.find((value) => squash(value) === spelled || `${prefix}${squash(value)}` === spelled) ?? null
}

/** A body of a request as it is on the wire: a form or JSON. */
function bodyEntries(body: string, line: number): readonly Entry[] {
  if (/^\s*\{/.test(body)) return codeEntries(tokensOf(body)).map((entry) => ({ ...entry, line }))
  return formEntries(body, line, 'body')
}

function formEntries(body: string, line: number, group: string): readonly Entry[] {
  return body.split(/&|[ \t]*\r?\n[ \t]*/).flatMap((pair) => {
    const match = /^([\w.-]+)=(.*)$/s.exec(pair)
    if (!match?.[1]) return []
    const value = decoded(match[2] ?? '')
    return [{ name: match[1], value: isPlaceholder(value) ? null : value, constant: null, group, line }]
  })
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replace(/\+/g, ' '))
  } catch {
    return value
  }
}

/** Strings in code that are whole forms: `"grant_type=client_credentials&client_id=…"`. */
function formStrings(tokens: readonly Token[]): readonly Entry[] {
  return tokens.flatMap(({ kind, value, line }, index) =>
    kind === 'string' && value !== null && /^[\w.-]+=[^&=]*(?:&[\w.-]+=[^&]*)+$/.test(value)
      ? formEntries(value, line, `form ${index}`)
      : [],
  )
}

/** Calls that give back what they are given: pointers, optionals, wrappers. */
const wrappers = new Set([
  ...['String', 'Of', 'of', 'ofNullable', 'Pointer', 'Ptr', 'ptr', 'StringPtr', 'Int', 'Int64', 'Bool', 'F'],
  ...['Some', 'some', 'present', 'JsonNullable', 'Optional', 'str', 'string', 'to_s', 'SecretStr'],
])

const assigning = new Set([':', '=', '=>', ':='])
const opening = new Set(['(', '[', '{'])
const closing = new Set([')', ']', '}'])

function codeEntries(tokens: readonly Token[]): readonly Entry[] {
  const entries: Entry[] = []
  const open: number[] = []
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'sign' && opening.has(token.text)) open.push(index)
    else if (token.kind === 'sign' && closing.has(token.text)) open.pop()
    else {
      const group = open.length === 0 ? null : `group ${open.at(-1)}`
      const entry = entryAt(tokens, index, group)
      if (entry) entries.push(entry)
    }
  }
  return entries
}

function entryAt(tokens: readonly Token[], index: number, group: string | null): Entry | null {
  const token = tokens[index]
  if (!token || (token.kind !== 'word' && token.kind !== 'string')) return null
  const name = token.kind === 'string' ? token.value : token.text.replace(/^[@$]/, '')
  if (name === null || name === '') return null
  const before = tokens[index - 1]?.text
  const next = tokens[index + 1]?.text ?? ''
  const entry = { name, group, line: token.line }
  if (assigning.has(next) && before !== '?' && before !== '.' && before !== '->')
    return { ...entry, ...literalAt(tokens, index + 2) }
  // A member of `this`, or of any other object.
  if (next === '=' && (before === '.' || before === '->'))
    return { ...entry, group: null, ...literalAt(tokens, index + 2) }
  if (token.kind === 'string' && next === ']' && assigning.has(tokens[index + 2]?.text ?? ''))
    return { ...entry, group: null, ...literalAt(tokens, index + 3) }
  if (token.kind === 'string' && next === ',' && opening.has(before ?? ''))
    return { ...entry, group: null, ...literalAt(tokens, index + 2) }
  if (token.kind === 'word' && next === '(' && (before === '.' || before === '->')) {
    const literal = literalAt(tokens, index + 2)
    return { ...entry, name: setterName(name), group: chainOf(tokens, index, group, literal), ...literal }
  }
  return null
}

/** Calls one behind the other, each with a value, set members of one thing: `.clientId("x").audience("y")`. */
function chainOf(
  tokens: readonly Token[],
  index: number,
  group: string | null,
  { value, constant }: Literal,
): string | null {
  const isChained = tokens[index - 2]?.text === ')'
  return isChained && (value !== null || constant !== null) ? `chain ${group}` : null
}

/** `setClientId`, `withClientId`, `set_client_id` set what `clientId` sets. */
function setterName(name: string): string {
  const inner = /^(?:set|with|Set|With)(?=[A-Z_])_?(.+)$/.exec(name)?.[1]
  return inner ?? name
}

interface Literal {
  readonly value: string | null
  readonly constant: string | null
}

const none: Literal = { value: null, constant: null }

function literalAt(tokens: readonly Token[], start: number): Literal {
  const token = tokens[start]
  if (!token) return none
  if (token.kind === 'string' || token.kind === 'number' || /^(?:true|false|True|False)$/.test(token.text))
    return isEnd(tokens, start + 1) ? plainLiteral(token) : none
  // A symbol of Ruby.
  if (token.text === ':' && tokens[start + 1]?.kind === 'word' && isEnd(tokens, start + 2))
    return { value: tokens[start + 1]?.text ?? null, constant: null }
  return pathAt(tokens, start)
}

function plainLiteral({ kind, value, text }: Token): Literal {
  const plain = kind === 'word' ? text.toLowerCase() : value
  return { value: plain === null || isPlaceholder(plain) ? null : plain, constant: null }
}

/** `sdk.String("…")`, `Optional.of("…")`, `components.GrantTypePassword`, `&GrantType::Password`. */
function pathAt(tokens: readonly Token[], start: number): Literal {
  let index = start
  if (tokens[index]?.text === 'new' || tokens[index]?.text === '&') index += 1
  let last: string | null = null
  let segments = 0
  while (tokens[index]?.kind === 'word' || tokens[index]?.text === '\\') {
    last = tokens[index]?.text ?? null
    segments += 1
    index += 1
    if (!['.', '::', '->', '\\'].includes(tokens[index]?.text ?? '')) break
    index += 1
  }
  if (last === null) return none
  if (tokens[index]?.text === '(' && wrappers.has(last)) {
    const inner = tokens[index + 1]
    const isAlone = tokens[index + 2]?.text === ')' && isEnd(tokens, index + 3)
    return inner && isAlone && (inner.kind === 'string' || inner.kind === 'number')
      ? plainLiteral(inner)
      : none
  }
  // Some enumerations say `.value` or `.ToPointer()` behind a constant.
  const behind = /^(?:value|ToPointer|toString|getValue)$/.test(last) ? constantBefore(tokens, index) : last
  return segments > 1 ? { value: null, constant: behind } : none
}

function constantBefore(tokens: readonly Token[], index: number): string | null {
  return tokens[index - 3]?.text ?? null
}

const continuing = new Set([
  '+',
  '.',
  '?',
  '??',
  '||',
  '&&',
  '|',
  '%',
  '&',
  '(',
  '[',
  '->',
  '?.',
  '<',
  '*',
  '/',
  '-',
])

/** Whether an expression ends before a token, so that the literal is all of it. */
function isEnd(tokens: readonly Token[], index: number): boolean {
  const next = tokens[index]
  if (!next) return true
  if (next.text === ',' || next.text === ';' || closing.has(next.text)) return true
  return next.line > (tokens[index - 1]?.line ?? 0) && !continuing.has(next.text)
}
