// The one redactor, before every sink: it finds the secrets of a run in whatever form they travel.
import type { Transform } from 'node:stream'
import type { Credentials } from '../fixture/message.ts'
import { formatBase64 } from '../oauth/base64.ts'
import { encodeFormValue } from '../oauth/form.ts'
import { readingsOf } from './readings.ts'
import { redactingStream } from './redacting-stream.ts'
import { createSecretSearch, shortestWithinWords } from './secret-search.ts'

/** Hides secrets. */
export interface Redactor {
  /** Learns one more secret, such as a token that was just received; of a JWT, each of its segments, too. */
  readonly add: (secret: string) => void
  /** The text with every known secret, in every form, masked. Not for formatted JSON: see {@link Redactor.redactDeep}. */
  readonly redact: (text: string) => string
  /** A JSON value with every string, every number and every key in it redacted. What `toJSON` gives is what counts. */
  readonly redactDeep: <T>(value: T) => T
  /** Whether a text has no known secret in it, in any form. */
  readonly isClean: (text: string) => boolean
  /** The same error, its message, stack, causes and other properties redacted; what is no error as {@link Redactor.redactDeep} does. */
  readonly redactError: <T>(error: T) => T
  /** Redacts what another process writes, line by line, also where a secret comes in two pieces. */
  readonly stream: () => Transform
}

/** What stands for a secret, or for several that touch: nothing of their length or number. */
const mask = '****'
/** A segment of a JWT that is shorter says nothing. */
const shortestSegment = 16
/** A line of a longer secret that is shorter may be anything. */
const shortestLine = 8

/**
 * A redactor for the given secrets. They are found as they are, percent- and form-encoded, escaped for JSON, JavaScript,
 * XML and HTML, in Base64 of both alphabets at any place of a longer text, and up to three of these within each other.
 * A secret of one to three characters is masked only where it is a word of its own. A secret of asterisks cannot be
 * told from the mask.
 */
export function createRedactor(secrets: Iterable<string>): Redactor {
  const search = createSecretSearch()
  let lineBreaks = 0
  const add = (secret: string): void => {
    if (secret === '') return
    for (const form of formsOf(secret)) if (form !== '') search.add(form)
    lineBreaks = Math.max(lineBreaks, secret.split('\n').length - 1)
  }
  for (const secret of secrets) add(secret)
  const rangesIn = (text: string): readonly Range[] =>
    [...readingsOf(text)].flatMap((reading) =>
      search
        .find(reading.text)
        .map(([from, to]): Range => [reading.starts[from] ?? 0, reading.ends[to - 1] ?? 0]),
    )
  const redact = (text: string) => maskRanges(text, rangesIn(text))
  return {
    add,
    redact,
    redactDeep: (value) => redactValue(value, redact) as typeof value,
    isClean: (text) => rangesIn(text).length === 0,
    redactError: (error) => redactError(error, redact, new Set()) as typeof error,
    stream: () => redactingStream(redact, () => lineBreaks),
  }
}

/** The secrets that follow from credentials: each of them, and id and secret together as Basic writes them. */
export function secretsOf(credentials: Credentials): readonly string[] {
  const { client_id, client_secret } = credentials
  const given = Object.values(credentials).filter((value) => value !== undefined)
  if (client_id === undefined || client_secret === undefined) return given
  const pairs = [
    `${client_id}:${client_secret}`,
    `${encodeFormValue(client_id)}:${encodeFormValue(client_secret)}`,
  ]
  return [...given, ...pairs]
}

type Range = readonly [from: number, to: number]

/** Masks what the ranges cover; ranges that overlap or touch are one. */
function maskRanges(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text
  const parts: string[] = []
  let end = -1
  for (const [from, to] of [...ranges].sort(([one], [other]) => one - other)) {
    if (from > end) parts.push(text.slice(Math.max(end, 0), from), mask)
    end = Math.max(end, to)
  }
  return [...parts, text.slice(end)].join('')
}

/** What is looked for because of one secret, the ways to write it aside. */
function formsOf(secret: string): readonly string[] {
  const wellFormed = secret.toWellFormed()
  const common = [secret, wellFormed, misread(wellFormed)]
  if (secret.length < shortestWithinWords) return [...common, ...base64Of(wellFormed)]
  const trimmed = secret.trim()
  const lines = trimmed.split(/[\r\n]+/).filter((line) => line.length >= shortestLine)
  return [
    ...common,
    ...(trimmed.length < shortestWithinWords ? [] : [trimmed]),
    ...lines,
    ...segmentsOf(secret),
  ]
}

/** UTF-8 that was read as Latin-1, as Node.js does with header fields. */
function misread(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/** Of secrets so short that a decoded text would have them by chance. */
function base64Of(secret: string): readonly string[] {
  const padded = formatBase64(secret)
  const standard = padded.replaceAll('=', '')
  return [padded, standard, standard.replaceAll('+', '-').replaceAll('/', '_')]
}

/** Of a JWT: its payload alone says who may do what, and its signature is what makes it valid. */
function segmentsOf(secret: string): readonly string[] {
  if (!/^[\w-]+(?:\.[\w-]*){1,4}$/.test(secret)) return []
  return secret.split('.').filter((segment) => segment.length >= shortestSegment)
}

function redactValue(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (typeof value === 'number' || typeof value === 'bigint') {
    const text = String(value)
    return redact(text) === text ? value : mask
  }
  if (typeof value !== 'object' || value === null) return value
  // Such as the bytes of a reply that are in an error of Node.js about it.
  if (ArrayBuffer.isView(value)) return mask
  if ('toJSON' in value && typeof value.toJSON === 'function') return redactValue(value.toJSON(), redact)
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redact))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redact(key), redactValue(item, redact)]),
  )
}

function redactError(error: unknown, redact: (text: string) => string, seen: Set<unknown>): unknown {
  if (!(error instanceof Error)) return redactValue(error, redact)
  if (seen.has(error)) return error
  seen.add(error)
  // Message, stack and cause are own properties, and so are what Node.js and others add.
  for (const name of Object.getOwnPropertyNames(error)) {
    const value: unknown = Reflect.get(error, name)
    const isList = Array.isArray(value)
    const redacted = isList
      ? value.map((each) => redactError(each, redact, seen))
      : redactError(value, redact, seen)
    Reflect.defineProperty(error, name, { value: redacted, configurable: true, writable: true })
  }
  return error
}
