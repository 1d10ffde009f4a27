// Two subjects in, all that differs between them out, each change judged by its rule. The same the other way round gives the
// mirror of every change.
import type { Area, Change, Difference, SemanticVersion } from './change.ts'
import { compareEndpoint } from './compare-endpoint.ts'
import { compareFields, type Place } from './compare-fields.ts'
import { compareRefusals } from './compare-refusals.ts'
import { rules } from './rules.ts'
import { createSides, type Finding, formatUnsaid, isStatedTwice, leaveOut, type Sides } from './sides.ts'
import type { Subject } from './subject.ts'

const requestPlace: Place = {
  rules: 'request-parameter',
  subjectOf: (wireName) => wireName,
  whatOf: (wireName) => wireName,
}
const replyPlace: Place = {
  rules: 'reply-member',
  subjectOf: (wireName) => wireName,
  whatOf: (wireName) => `${wireName} of the reply`,
}
const headerPlace: Place = {
  rules: 'reply-header',
  subjectOf: (name) => name,
  whatOf: (name) => `Header field ${name}`,
}

/** What a client of `before` has to know when it meets `after`. */
export function compare(before: Subject, after: Subject): Difference {
  const sides = createSides(before, after)
  const findings = [...compareEndpoint(sides), ...compareRequest(sides), ...compareAnswers(sides)]
  if (!sides.isSameSdk) leaveOutSdk(sides)
  const changes = findings.map(changeOf).sort(inOrder)
  return {
    before: before.label,
    after: after.label,
    changes,
    verdict: highestOf(changes),
    notCompared: formatUnsaid(sides),
  }
}

function compareRequest(sides: Sides): readonly Finding[] {
  const { before, after } = sides
  if (before.request.length > 0 && after.request.length > 0) {
    return compareFields(sides, requestPlace, before.request, after.request)
  }
  if (before.request.length > 0) leaveOut(sides, after, 'the request')
  if (after.request.length > 0) leaveOut(sides, before, 'the request')
  return []
}

function compareAnswers(sides: Sides): readonly Finding[] {
  const replies = { before: sides.before.reply, after: sides.after.reply }
  const headers = { before: sides.before.headers ?? null, after: sides.after.headers ?? null }
  const refusals = { before: sides.before.refusals, after: sides.after.refusals }
  return [
    ...(isStatedTwice(sides, 'the reply', '', replies)
      ? compareFields(sides, replyPlace, replies.before, replies.after)
      : []),
    ...(isStatedTwice(sides, 'the header fields of the reply', '', headers)
      ? compareFields(sides, headerPlace, headers.before, headers.after)
      : []),
    ...(isStatedTwice(sides, 'the refusals', '', refusals)
      ? compareRefusals(sides, refusals.before, refusals.after)
      : []),
  ]
}

/** Other languages have other names and types for the same wire; that is no change. */
function leaveOutSdk({ before, after, unsaid }: Sides): void {
  const named = [before, after].map(({ label, language }) => `${label} (${language ?? 'no language'})`).sort()
  unsaid.set(`names and types in code, which each language has its own of: ${named.join(', ')}`, [])
}

function changeOf({ rule: id, subject, what, before, after, provenance, note = '' }: Finding): Change {
  const { area, layer, verdict, reason } = rules[id]
  return {
    rule: id,
    area,
    layer,
    verdict,
    subject,
    before,
    after,
    sentence: sentenceOf(id, { what, before: before ?? '', after: after ?? '' }),
    reason: reason + note,
    provenance,
  }
}

/** The rules' sentences, cut at their placeholders: words and names in turn. */
const cutSentences = new Map(
  Object.entries(rules).map(([id, { sentence }]) => [id, sentence.split(/\{(what|before|after)\}/)]),
)

function sentenceOf(rule: string, values: Readonly<Record<string, string>>): string {
  let text = ''
  for (const [index, part] of cutSentences.get(rule)?.entries() ?? []) {
    text += index % 2 === 0 ? part : values[part]
  }
  return text
}

const areas: readonly Area[] = ['endpoint', 'request', 'reply', 'refusal']
const verdicts: readonly SemanticVersion[] = ['major', 'minor', 'patch']

function highestOf(changes: readonly Change[]): SemanticVersion | null {
  return verdicts.find((verdict) => changes.some((change) => change.verdict === verdict)) ?? null
}

function inOrder(one: Change, other: Change): number {
  return (
    areas.indexOf(one.area) - areas.indexOf(other.area) ||
    verdicts.indexOf(one.verdict) - verdicts.indexOf(other.verdict) ||
    byCodeUnits(one.subject, other.subject) ||
    byCodeUnits(one.rule, other.rule) ||
    byCodeUnits(`${one.before}\n${one.after}`, `${other.before}\n${other.after}`)
  )
}

function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
