// Prose to facts: each sentence held against the rules. What rules do not understand is a sentence for a person.
import type { Condition, Provenance } from './imported.ts'
import { type Claims, type ProseRule, proseRules } from './prose-rules.ts'
import { type Sentence, sentencesOf } from './sentences.ts'

/** What the prose of a field says; `null` and `false` where it says nothing. */
export interface ProseFacts {
  readonly allowedValues: readonly string[] | null
  readonly required: boolean | null
  readonly requiredWhen: Condition | null
  readonly httpBasic: 'username' | 'password' | null
  readonly notSupported: boolean
  readonly deprecated: boolean
  readonly minLength: number | null
  readonly maxLength: number | null
  readonly pattern: string | null
  readonly isSpaceDelimited: boolean
  readonly default: string | null
  readonly example: string | null
  /** By the name of the fact: the sentence that says it. */
  readonly provenance: Readonly<Partial<Record<string, Provenance>>>
  /** Sentences that speak of such facts and are not understood. */
  readonly needsReview: readonly string[]
}

const silent: Omit<ProseFacts, 'provenance' | 'needsReview'> = {
  allowedValues: null,
  required: null,
  requiredWhen: null,
  httpBasic: null,
  notSupported: false,
  deprecated: false,
  minLength: null,
  maxLength: null,
  pattern: null,
  isSpaceDelimited: false,
  default: null,
  example: null,
}

/** What was read of one sentence. */
interface Reading {
  readonly sentence: Sentence
  readonly claims: readonly Claims[]
  readonly reviews: readonly string[]
}

/**
 * Reads a description as it stands in the source, Markdown included.
 *
 * @param provenance of the description; each fact's has the fact's sentence in place of its words
 */
export function readProse(description: string, provenance: Provenance): ProseFacts {
  const sentences = sentencesOf(description)
  const readings = withoutSubstitutes(sentences.filter(({ isItem }) => !isItem).map(readSentence))
  const facts: Record<string, unknown> = {}
  const origins: Record<string, Provenance> = {}
  const needsReview = readings.flatMap(({ reviews }) => reviews)
  const add = (claims: Claims, words: string) => {
    for (const [name, value] of Object.entries(claims)) {
      if (!(name in facts)) {
        facts[name] = value
        origins[name] = { ...provenance, words }
      } else if (JSON.stringify(facts[name]) !== JSON.stringify(value) && name !== 'required')
        needsReview.push(`Beside "${origins[name]?.words}" the prose says: "${words}"`)
    }
  }
  const items = listedValues(sentences)
  if (items) add({ allowedValues: items.values }, items.words)
  for (const { sentence, claims } of readings)
    for (const claim of claims) add(items ? withoutValues(claim, items.values) : claim, sentence.words)
  return { ...silent, ...facts, provenance: origins, needsReview }
}

/** Of a field that is to go, `Use x` names another field and no value. */
function withoutSubstitutes(readings: readonly Reading[]): readonly Reading[] {
  const isGone = readings.some(({ claims }) =>
    claims.some(({ deprecated, notSupported }) => deprecated || notSupported),
  )
  return isGone ? readings.filter(({ sentence }) => !/^(?:please )?use\b/i.test(sentence.plain)) : readings
}

/** `one of:` before a list reads nothing of its own; a sentence that names one of the list's values is no second set. */
function withoutValues(claims: Claims, listed: readonly string[]): Claims {
  const { allowedValues, ...rest } = claims
  const isWithin = allowedValues?.every((value) => listed.includes(value)) ?? true
  return isWithin && allowedValues?.length !== listed.length ? rest : claims
}

/** Longer sentences are no prose, and would take the patterns too long. */
const maxSentenceLength = 8192

function readSentence(sentence: Sentence): Reading {
  if (sentence.plain.length > maxSentenceLength)
    return { sentence, claims: [], reviews: [`Read a sentence of ${sentence.plain.length} characters`] }
  const claims: Claims[] = []
  const reviews: string[] = []
  const subjects = new Set<ProseRule['about']>()
  for (const rule of proseRules) {
    if (subjects.has(rule.about)) continue
    const read = applyRule(rule, sentence.plain)
    if (read === undefined) continue
    subjects.add(rule.about)
    if (read !== null) claims.push(read)
    if (read === null || rule.isDoubtful) reviews.push(reviewOf(rule.about, sentence.words))
  }
  if (!subjects.has('presence') && speaksOfPresence(sentence.plain))
    reviews.push(reviewOf('presence', sentence.words))
  if (
    !subjects.has('length') &&
    /\b(?:max|min)(?:imum|imal|\.)?\b[^.]*\d/i.test(withoutValuesOf(sentence.plain))
  )
    reviews.push(reviewOf('length', sentence.words))
  if (!subjects.has('support') && /\b(?:no longer|not(?: currently| yet)?) supported\b/i.test(sentence.plain))
    reviews.push(reviewOf('support', sentence.words))
  return { sentence, claims, reviews }
}

/** `undefined`: the rule does not fit; `null`: it does, and the sentence is open. */
function applyRule(rule: ProseRule, sentence: string): Claims | null | undefined {
  for (const pattern of rule.patterns) {
    const match = pattern.exec(sentence)
    if (!match) continue
    const isOpen = rule.unless?.test(withoutValuesOf(sentence)) ?? false
    const behind = sentence.slice(match.index + match[0].length)
    return isOpen || rule.ends?.test(behind) === false ? null : rule.reads(match.groups ?? {}, sentence)
  }
  return undefined
}

/** What a value is called puts nothing in doubt. */
function withoutValuesOf(sentence: string): string {
  return sentence.replace(/`[^`]*`|"[^"]*"/g, '``')
}

function speaksOfPresence(sentence: string): boolean {
  return (
    /\b(?:required|mandatory|optional|compulsory|conditional(?:ly)?)\b/i.test(withoutValuesOf(sentence)) &&
    !/\b(?:as|if|where|when) required\b/i.test(sentence)
  )
}

const subjects: Readonly<Record<ProseRule['about'], string>> = {
  presence: 'when the field is required',
  values: 'which values are allowed',
  support: 'whether the field is supported',
  deprecation: 'whether the field is deprecated',
  length: 'how long or how large the value may be',
  pattern: 'what the value looks like',
  list: 'how a list is written',
  default: 'what the default is',
  example: 'what an example is',
}

function reviewOf(about: ProseRule['about'], words: string): string {
  return `Decide ${subjects[about]}: the prose says "${words.replace(/\s+/g, ' ')}"`
}

const item = /^(?:(?<code>`[^`]+`)|(?<word>[a-z0-9]+(?:[_:-][a-z0-9:-]+)+))\s*(?:$|[:.,;(]|[-–—]\s|=\s)/i
const otherList =
  /\b(?:not|except|required|when|if|see|errors?|members?|fields?|propert(?:y|ies)|such as|e\.g\.|for example|including|includes?)\b/i

/** A list whose every item begins with a value, of two and more, or of one that is said to be all. */
function listedValues(
  sentences: readonly Sentence[],
): { readonly values: readonly string[]; readonly words: string } | null {
  const first = sentences.findIndex(({ isItem }) => isItem)
  if (first === -1) return null
  const lead = first > 0 ? (sentences[first - 1]?.plain ?? '') : ''
  const end = sentences.findIndex(({ isItem }, index) => index > first && !isItem)
  const items = sentences.slice(first, end === -1 ? sentences.length : end)
  const values = items.map(({ plain }) => {
    const groups = item.exec(plain)?.groups
    return groups?.code?.slice(1, -1) ?? groups?.word
  })
  if (values.some((value) => value === undefined) || otherList.test(withoutValuesOf(lead))) return null
  return {
    values: values.map((value) => (value ?? '').replace(/^(["'])(.*)\1$/, '$2')),
    words: items.map(({ words }) => words).join('\n'),
  }
}
