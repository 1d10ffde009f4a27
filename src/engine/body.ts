// Request bodies to parameters: each media type's syntax, and what both forbid alike.
import { parseForm } from '../oauth/form.ts'
import { repeatedMember } from '../oauth/json.ts'
import type { ContentType } from '../oauth/words.ts'
import type { Refused } from './refused.ts'

/** Parameters as they were sent, without a prototype; those with an empty value count as omitted (RFC 6749 §3.2). */
export type Parameters = Readonly<Record<string, unknown>>

/** Parameters under standard names: what stands under a standard name that the form spells otherwise is not that parameter. */
export function toStandardNames<V>(
  parameters: Readonly<Record<string, V>>,
  wireNames: ReadonlyArray<readonly [standard: string, wire: string]>,
): Readonly<Record<string, V>> {
  if (wireNames.length === 0) return parameters
  const renamed: Record<string, V> = Object.assign(Object.create(null), parameters)
  for (const [standard] of wireNames) delete renamed[standard]
  for (const [standard, wire] of wireNames) {
    const value = parameters[wire]
    if (value !== undefined) renamed[standard] = value
  }
  return renamed
}

/** A body read, or the reason why it cannot be. */
export type ReadBody = { readonly parameters: Parameters } | { readonly refused: Refused }

/** Parameters of any name: nothing is inherited, and yet they are read faster than what `Object.create(null)` makes. */
class Members {
  [name: string]: unknown
}
Reflect.deleteProperty(Members.prototype, 'constructor')
Object.setPrototypeOf(Members.prototype, null)

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The media type of a Content-Type field in lower case, without its parameters; empty when there is none. */
export function mediaTypeOf(contentType: string | string[] | undefined): string {
  const field = String(contentType ?? '')
  const end = field.indexOf(';')
  return (end < 0 ? field : field.slice(0, end)).trim().toLowerCase()
}

/** Reads a body; a parameter in `recognized` must not be repeated, others are ignored (RFC 6749 §3.2). */
export function readBody(
  body: Uint8Array,
  contentType: ContentType,
  recognized: ReadonlySet<string>,
): ReadBody {
  let text: string
  try {
    text = utf8.decode(body)
  } catch {
    return malformed(contentType, 'expected UTF-8, received other bytes')
  }
  return readers[contentType](text, recognized)
}

const readers: Readonly<Record<ContentType, (text: string, recognized: ReadonlySet<string>) => ReadBody>> = {
  'application/x-www-form-urlencoded': readForm,
  'application/json': readJson,
}

function readForm(text: string, recognized: ReadonlySet<string>): ReadBody {
  const pairs = parseForm(text)
  if (pairs === undefined) {
    return malformed(
      'application/x-www-form-urlencoded',
      'expected percent escapes of UTF-8, received a broken one',
    )
  }
  const parameters = new Members()
  const seen: string[] = []
  for (const [name, value] of pairs) {
    if (recognized.has(name)) {
      if (seen.includes(name)) return repeated(name)
      seen.push(name)
    }
    if (value !== '') parameters[name] = value
  }
  return { parameters }
}

function readJson(text: string, recognized: ReadonlySet<string>): ReadBody {
  let value: unknown
  try {
    // RFC 8259 §8.1 lets a reader ignore a byte order mark.
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return malformed('application/json', 'expected a JSON object, received malformed JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return malformed('application/json', 'expected a JSON object, received another JSON value')
  }
  const members = Object.keys(value)
  // As many colons as members leave none for a member that was replaced.
  const name = countColons(text) === members.length ? undefined : repeatedMember(text)
  if (name !== undefined && recognized.has(name)) return repeated(name)
  const parameters = new Members()
  for (const member of members) {
    const content = (value as Parameters)[member]
    if (content !== '') parameters[member] = content
  }
  return { parameters }
}

function countColons(text: string): number {
  let count = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) count += 1
  return count
}

function malformed(contentType: ContentType, detail: string): ReadBody {
  const rule = contentType === 'application/json' ? 'rfc8259-json-object' : 'rfc6749-b-form-syntax'
  return { refused: { rule, detail } }
}

function repeated(name: string): ReadBody {
  return {
    refused: {
      rule: 'rfc6749-3.2-no-repeated-parameter',
      detail: `"${name}": expected once, received again`,
      parameter: name,
    },
  }
}
