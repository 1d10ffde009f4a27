// Two subjects in, all that differs between them out, each change judged by its rule. The same the other way round gives the
// mirror of every change.
import type { Area, Change, Difference, SemanticVersion } from './change.ts'
import { compareEndpoint, compareReplyFacts } from './compare-endpoint.ts'
import { compareFields, type Place } from './compare-fields.ts'
import { compareRefusals } from './compare-refusals.ts'
import { rules } from './rules.ts'
import {
  createSides,
  type Finding,
  formatUnsaid,
  isStatedTwice,
  leaveOut,
  originOf,
  type Sides,
} from './sides.ts'
import type { Subject } from './subject.ts'

const requestPlace: Place = {
  rules: 'request-parameter',
  subjectOf: (wireName) => wireName,
  whatOf: (wireName) => wireName,
}
const requestHeaderPlace: Place = {
  rules: 'request-header',
  subjectOf: (name) => name,
  whatOf: (name) => `Header field ${name} of the request`,
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
  const findings = [
    ...compareEndpoint(sides),
    ...compareRequest(sides),
    ...compareRequestHeaders(sides),
    ...compareReply(sides),
    ...compareAllRefusals(sides),
  ]
  if (sides.isSameSdk) leaveOutLanguage(sides, findings)
  else leaveOutSdk(sides)
  leaveOutUnread(sides)
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

function compareRequestHeaders(sides: Sides): readonly Finding[] {
  const headers = { before: sides.before.requestHeaders ?? null, after: sides.after.requestHeaders ?? null }
  const isStated = isStatedTwice(sides, 'the header fields of the request', '', headers)
  return isStated ? compareFields(sides, requestHeaderPlace, headers.before, headers.after) : []
}

function compareReply(sides: Sides): readonly Finding[] {
  const replies = { before: sides.before.reply, after: sides.after.reply }
  const headers = { before: sides.before.headers ?? null, after: sides.after.headers ?? null }
  const presence = compareReplyPresence(sides)
  if (presence.length > 0) return presence
  return [
    ...compareReplyFacts(sides),
    ...(isStatedTwice(sides, 'the reply', '', replies)
      ? compareFields(sides, replyPlace, replies.before, replies.after)
      : []),
    ...(isStatedTwice(sides, 'the header fields of the reply', '', headers)
      ? compareFields(sides, headerPlace, headers.before, headers.after)
      : []),
  ]
}

/** An operation lists its replies: one that it does not list is not there. */
function compareReplyPresence(sides: Sides): readonly Finding[] {
  const { before, after } = sides
  if (!isListed(sides) || (before.reply === null) === (after.reply === null)) return []
  const [rule, subject] =
    after.reply === null ? (['reply-removed', before] as const) : (['reply-added', after] as const)
  const provenance = subject.replyStatus?.provenance ?? subject.reply?.[0]?.provenance ?? null
  const isAdded = rule === 'reply-added'
  const text = subject.replyStatus?.values.join() ?? 'documented'
  return [
    {
      rule,
      subject: 'reply',
      what: 'The reply',
      before: isAdded ? null : text,
      after: isAdded ? text : null,
      provenance: { before: isAdded ? null : provenance, after: isAdded ? provenance : null },
    },
  ]
}

/** Whether both sides list all that may be answered, so that what is not listed is not there. */
function isListed({ before, after }: Sides): boolean {
  return originOf(before) === 'openapi' && originOf(after) === 'openapi'
}

function compareAllRefusals(sides: Sides): readonly Finding[] {
  const { before, after } = sides
  const none = isListed(sides) && (before.refusals !== null || after.refusals !== null) ? [] : null
  const refusals = { before: before.refusals ?? none, after: after.refusals ?? none }
  const isStated = isStatedTwice(sides, 'the refusals', '', refusals)
  return isStated ? compareRefusals(sides, refusals.before, refusals.after) : []
}

/** What the readers of documents passed over on one side alone may be a change, and nobody has looked. */
function leaveOutUnread(sides: Sides): void {
  const sentences = { before: new Set(sides.before.unread), after: new Set(sides.after.unread) }
  for (const [own, other] of [
    ['before', 'after'],
    ['after', 'before'],
  ] as const) {
    for (const sentence of sentences[own]) {
      if (!sentences[other].has(sentence))
        sides.unsaid.set(`${sides[own].label} alone has what is not compared: ${sentence}`, [])
    }
  }
}

/** Other languages have other names and types for the same wire; that is no change. */
function leaveOutSdk(sides: Sides): void {
  const { before, after, unsaid } = sides
  const inCode = [before, after].filter(isInCode)
  const [only, other] = inCode
  if (only === undefined) return
  if (other === undefined) {
    leaveOut(sides, only === before ? after : before, 'names and types in code')
    return
  }
  const named = [before, after]
    .map(({ label, language }) => `${label} (${language ?? 'no language is said'})`)
    .sort()
  unsaid.set(`names and types in code, which each language has its own of: ${named.join(', ')}`, [])
}

function isInCode({ request, reply }: Subject): boolean {
  return [...request, ...(reply ?? [])].some(({ sdkName }) => sdkName !== null)
}

/** Two pages of one name are taken for one SDK, where no language is said; who reads of a break should know. */
function leaveOutLanguage(sides: Sides, findings: readonly Finding[]): void {
  const { before, after } = sides
  if (before.language !== null && before.language === after.language) return
  if (!findings.some(({ rule }) => rules[rule].layer === 'sdk')) return
  for (const side of [before, after]) {
    if (side.language === null) leaveOut(sides, side, 'its language; both are taken for pages of one SDK')
  }
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
