// Replies against what a rule expects of them. What says nothing of the rule is unclear, never broken.

import type { Redactor } from '../verify/redactor.ts'
import { membersOf } from '../verify/target.ts'
import { redactedBegin } from './redacted-begin.ts'
import type { UnknownGrant } from './requests.ts'
import type { ConformanceRule, EveryReply, Expected } from './rule.ts'
import type { Outcome, Reply } from './transport.ts'

/** What one reply, or a whole rule, shows. */
export interface Sight {
  readonly is: 'kept' | 'broken' | 'unclear' | 'inapplicable'
  /** Expected and received; empty when kept. */
  readonly reason: string
  /** Whether it might be another when it is asked again: the service failed. */
  readonly isFailure?: boolean
}

/** The members of replies by the names under which they were kept. */
export type Kept = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Of several sights the first that is broken, or else inapplicable, or else unclear. */
export function togetherOf(sights: readonly Sight[]): Sight {
  return (
    sights.find(({ is }) => is === 'broken') ??
    sights.find(({ is }) => is === 'inapplicable') ??
    sights.find(({ is }) => is === 'unclear') ?? { is: 'kept', reason: '' }
  )
}

/** What replies are held against beside the expectations themselves. */
export interface Circumstances {
  readonly kept: Kept
  readonly metadata: Readonly<Record<string, unknown>>
  /** The reply to a grant that nobody has; `undefined` where it is not known. */
  readonly unknownGrant: UnknownGrant | undefined
  readonly capabilities: Readonly<Record<'password' | 'refresh_token', boolean>>
  /** Of a pattern with placeholders the pattern with values. */
  readonly patternOf: (pattern: string) => string
  /** Whether the service failed in the same way when it was asked again. */
  readonly isConfirmed: boolean
  readonly redactor: Pick<Redactor, 'redact'>
}

/** One reply against the ways of being right, and then against what the rule has as no answer to it. */
export function judgeOutcome(
  outcome: Outcome,
  expected: readonly Expected[],
  rule: Pick<ConformanceRule, 'inapplicable' | 'unclear'>,
  circumstances: Circumstances,
): Sight {
  if (expected.length === 0) return sightKept
  if ('failure' in outcome) return judgeFailure(outcome.failure, expected, circumstances)
  const { reply } = outcome
  const vague = vagueness(reply, expected, circumstances)
  if (vague !== undefined) return vague
  const faults = expected.map((one) => faultIn(reply, one, circumstances))
  if (faults.includes(undefined)) return sightKept
  const oneOf = (some: readonly Expected[] = []) =>
    some.find((one) => faultIn(reply, one, circumstances) === undefined)
  const shown = shownReply(reply, circumstances.redactor)
  if (oneOf(rule.inapplicable) !== undefined)
    return { is: 'inapplicable', reason: `the service does not offer it: ${shown}` }
  const open = oneOf(rule.unclear)
  if (open !== undefined)
    return { is: 'unclear', reason: `${open.meaning ?? 'the reply leaves it open'}: ${shown}` }
  return {
    is: 'broken',
    reason: `expected ${[...new Set(faults)].join(', or ')}, received ${shown}`,
  }
}

/** How the failure begins of a request that was waited for in vain. */
export const hang = 'nothing within'

const sightKept: Sight = { is: 'kept', reason: '' }

/** Of a service that is away, or fails, nothing can be told; unless a failure is what the rule is about. */
function vagueness(
  reply: Reply,
  expected: readonly Expected[],
  { isConfirmed }: Circumstances,
): Sight | undefined {
  const { status } = reply
  const isMeant = expected.some(({ statuses }) => statuses?.includes(status)) || wantsAnswer(expected)
  if (isMeant || (status < 500 && !isThrottled(reply))) return undefined
  if (isThrottled(reply) || [502, 504].includes(status))
    return { is: 'unclear', reason: `the service answers ${status}, which says nothing of the request` }
  if (isConfirmed) return undefined
  const reason = `the service fails with ${status}, which is no answer to the request`
  return { is: 'unclear', isFailure: true, reason }
}

/** A closed connection gives no token, where the service is there and closes it each time; a hanging one says nothing. */
function judgeFailure(failure: string, expected: readonly Expected[], { isConfirmed }: Circumstances): Sight {
  const reason = `no reply came: ${failure}`
  if (failure.startsWith('not sent') || failure === 'the run ended') return { is: 'unclear', reason }
  if (!isConfirmed) return { is: 'unclear', reason, isFailure: true }
  const isClosed = !failure.startsWith(hang)
  const isOf = (kind: Expected['is']) => expected.some(({ is }) => is === kind)
  if (isOf('nothing') || (isClosed && isOf('no_token'))) return sightKept
  if (!wantsAnswer(expected)) return { is: 'unclear', reason }
  return { is: 'broken', reason: `expected an answer, received none: ${failure}` }
}

/** Whether any answer will do, so that none is a fault. */
function wantsAnswer(expected: readonly Expected[]): boolean {
  return expected.some(
    ({ is, statuses, errors, headers, members }) =>
      is === 'answer' && (statuses ?? errors ?? headers ?? members) === undefined,
  )
}

/** Says nothing of what the request is answered otherwise. */
export function isThrottled({ status }: Reply): boolean {
  return status === 429 || status === 503
}

/** Whether a reply has an access token. @see RFC 6749 §5.1 */
export function hasToken({ members }: Reply): boolean {
  return typeof members.access_token === 'string' && members.access_token !== ''
}

/** What came of a request that was granted. */
export interface Granted {
  readonly reply: Reply & { readonly status: 200 }
}

/** Whether a request for a token was granted. */
export function isGranted(outcome: Outcome | undefined): outcome is Granted {
  return (
    outcome !== undefined && 'reply' in outcome && outcome.reply.status === 200 && hasToken(outcome.reply)
  )
}

/** What a reply should have been; `undefined` when it is that. */
function faultIn(reply: Reply, expected: Expected, circumstances: Circumstances): string | undefined {
  return (
    kinds[expected.is](reply) ??
    errorFault(reply, expected) ??
    statusFault(reply, expected) ??
    headerFault(reply, expected.headers) ??
    memberFault(reply.members, expected.members, circumstances.patternOf) ??
    memberFault(circumstances.metadata, expected.announced, verbatim, 'announced member') ??
    comparisonFault(reply, expected, circumstances.kept) ??
    unofferedFault(reply, expected, circumstances)
  )
}

function unofferedFault(
  { status, members }: Reply,
  { unofferedGrant: grant }: Expected,
  { capabilities, unknownGrant }: Circumstances,
): string | undefined {
  if (grant === undefined) return undefined
  const isAsUnknown = unknownGrant?.status === status && unknownGrant.error === members.error
  return isAsUnknown && !capabilities[grant] ? undefined : 'the refusal of a grant that is not offered'
}

const verbatim = (text: string) => text

const kinds: Readonly<Record<Expected['is'], (reply: Reply) => string | undefined>> = {
  token: (reply) => (reply.status === 200 && hasToken(reply) ? undefined : 'a token'),
  no_token: (reply) => (hasToken(reply) ? 'no token' : undefined),
  refusal: (reply) =>
    !hasToken(reply) && reply.status >= 400 && reply.status < 500 ? undefined : 'a refusal',
  answer: () => undefined,
  nothing: () => 'no reply of HTTP',
}

function statusFault({ status }: Reply, { statuses, notStatuses = [] }: Expected): string | undefined {
  if (statuses !== undefined && !statuses.includes(status)) return `status ${statuses.join(' or ')}`
  return notStatuses.includes(status) ? `another status than ${notStatuses.join(' and ')}` : undefined
}

function errorFault({ members }: Reply, { errors, notErrors = [] }: Expected): string | undefined {
  const error = String(members.error)
  if (errors !== undefined && !errors.includes(error)) return `error ${errors.join(' or ')}`
  return notErrors.includes(error) ? `another error than ${error}` : undefined
}

function headerFault({ headers }: Reply, patterns: Expected['headers'] = {}): string | undefined {
  for (const [name, pattern] of Object.entries(patterns)) {
    const value = headers[name] === undefined ? undefined : [headers[name]].flat().join(', ')
    if (pattern === null && value !== undefined) return `no header ${name}`
    if (pattern !== null && (value === undefined || !new RegExp(pattern, 'i').test(value)))
      return `header ${name} to match ${pattern}`
  }
  return undefined
}

function memberFault(
  members: Readonly<Record<string, unknown>>,
  patterns: Expected['members'] = {},
  patternOf: (pattern: string) => string = verbatim,
  what = 'member',
): string | undefined {
  for (const [name, pattern] of Object.entries(patterns)) {
    const value = Object.hasOwn(members, name) ? JSON.stringify(members[name]) : undefined
    if (pattern === null && value !== undefined) return `no ${what} ${name}`
    if (pattern !== null && (value === undefined || !new RegExp(patternOf(pattern), 'u').test(value)))
      return `${what} ${name} to match ${shownPattern(pattern, patternOf(pattern))}`
  }
  return undefined
}

/** With what stands in it for its placeholders, as people write that. */
function shownPattern(pattern: string, withValues: string): string {
  return pattern === withValues ? pattern : withValues.replace(/\\([^\w\s])/g, '$1')
}

/** Whether metadata announces what a request needs. */
export function isAnnounced(
  metadata: Readonly<Record<string, unknown>>,
  announced: Readonly<Record<string, string>> | undefined,
): boolean {
  return memberFault(metadata, announced) === undefined
}

function comparisonFault({ members }: Reply, { compared = [] }: Expected, kept: Kept): string | undefined {
  for (const { member, to, is } of compared) {
    const [name = '', other = member] = to.split('.')
    const isSame = members[member] === kept[name]?.[other]
    if (isSame !== (is === 'same')) return `${is === 'same' ? 'the same' : 'another'} ${member} as before`
  }
  return undefined
}

/** Longest reply in short, and of it longest description. */
const longestReply = 400
const longestDescription = 160

/** A reply in short, redacted, and the same in every run: no token, no time, no number that counts up. */
export function shownReply({ status, headers, members }: Reply, redactor: Pick<Redactor, 'redact'>): string {
  const { error, error_description: description, token_type: type } = members
  const redacted = (text: string) => redactedBegin(text, redactor)
  const media = redacted(String(headers['content-type'] ?? 'no Content-Type')).split(';')[0]
  const others = Object.keys(members).filter((name) => !['error', 'error_description'].includes(name))
  return [
    `${status} ${media}`,
    ...(error === undefined ? [] : [`error ${redacted(JSON.stringify(error))}`]),
    ...(typeof description === 'string'
      ? [JSON.stringify(steady(redacted(description)).slice(0, longestDescription))]
      : []),
    ...(typeof type === 'string' ? [`token_type ${JSON.stringify(redacted(type))}`] : []),
    ...(others.length > 0 && others.length <= 40 ? [`members ${redacted(others.join(', '))}`] : []),
  ]
    .join(', ')
    .slice(0, longestReply)
}

/** Without what differs each time, such as the id of a trace and the time. Of what is redacted. */
function steady(description: string): string {
  return description
    .replace(/\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/gi, '…')
    .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.]*Z?\b/g, '…')
    .replace(/\b(?=\w*\d)\w{20,}\b|\d{6,}/g, '…')
}

/** A request that was sent, with what came of it. */
export interface Heard {
  readonly outcome: Outcome
  /** The request for people: two that look the same are the same. */
  readonly shown: string
  readonly isRaw: boolean
  readonly isOfTokenEndpoint: boolean
  /** Whether it was a well-formed form by POST, and no raw bytes, which a parser may refuse before the service. */
  readonly isPlainForm: boolean
  /** Whether the client showed itself by Basic. */
  readonly isByBasic: boolean
}

type HeardReply = Heard & { readonly outcome: { readonly reply: Reply } }

function isReply<T extends Heard>(heard: T): heard is T & HeardReply {
  return 'reply' in heard.outcome
}

const ofKind: Readonly<Record<Exclude<EveryReply['of'], 'request'>, (heard: HeardReply) => boolean>> = {
  reply: () => true,
  token: ({ outcome: { reply }, isOfTokenEndpoint }) =>
    isOfTokenEndpoint && reply.status >= 200 && reply.status < 300 && hasToken(reply),
  refusal: isRefusal,
  status_401: ({ outcome: { reply } }) => reply.status === 401,
  status_405: ({ outcome: { reply } }) => reply.status === 405,
  status_429: ({ outcome: { reply } }) => reply.status === 429,
  invalid_client_after_basic: ({ outcome: { reply }, isOfTokenEndpoint, isByBasic }) =>
    isOfTokenEndpoint && isByBasic && !hasToken(reply) && reply.members.error === 'invalid_client',
}

function isRefusal({ outcome: { reply }, isOfTokenEndpoint, isPlainForm }: HeardReply): boolean {
  return isOfTokenEndpoint && isPlainForm && reply.status >= 400 && !hasToken(reply)
}

const kindNames: Readonly<Record<EveryReply['of'], string>> = {
  request: 'request',
  reply: 'reply',
  token: 'reply with a token',
  refusal: 'refusal',
  status_401: 'reply of status 401',
  status_405: 'reply of status 405',
  status_429: 'reply of status 429',
  invalid_client_after_basic: 'invalid_client after Basic',
}

/** A sight, and the request that made it one. */
export interface EverySight<T> {
  readonly sight: Sight
  readonly culprit?: T
}

/** What tells secrets in replies. */
export interface Cleanness {
  /** Whether a text has nothing secret that was sent. */
  readonly isClean: (text: string) => boolean
  readonly redactor: Pick<Redactor, 'redact'>
}

/** All of a kind: broken by the first that is not as every one should be; not told where there is none. */
export function judgeEvery<T extends Heard>(
  every: EveryReply,
  heard: readonly T[],
  { isClean, redactor }: Cleanness,
): EverySight<T> {
  if (every.of === 'request') return judgeAnswers(heard)
  const isOfKind = ofKind[every.of]
  const some = heard
    .filter(isReply)
    .filter((each) => isOfKind(each))
    .filter(({ outcome: { reply } }) => every.ofStatuses?.includes(reply.status) ?? true)
  for (const each of some) {
    const { reply } = each.outcome
    const fault = faultOfEvery(reply, every, isClean)
    if (fault === undefined) continue
    const reason = `expected ${fault}, received ${shownReply(reply, redactor)}`
    return { sight: { is: 'broken', reason }, culprit: each }
  }
  const names = Object.keys(every.membersOfSome ?? {})
  const isSeen = ({ outcome: { reply } }: HeardReply) =>
    names.some((name) => Object.hasOwn(reply.members, name))
  if (some.length > 0 && (names.length === 0 || some.some(isSeen))) return { sight: sightKept }
  const what = some.length === 0 ? kindNames[every.of] : `reply with ${names.join(' or ')}`
  return { sight: { is: 'unclear', reason: `the run had no ${what}` } }
}

/** A hang or a reset once may be the network's; twice, where others are answered in between, is the service's. */
function judgeAnswers<T extends Heard>(heard: readonly T[]): EverySight<T> {
  const failures = heard.flatMap((each) =>
    // Of bytes that promise more than comes, a service may well wait for the rest.
    'failure' in each.outcome && isOfService(each.outcome.failure) && !each.isRaw
      ? [{ each, failure: each.outcome.failure }]
      : [],
  )
  const first = failures.find(
    ({ each: { shown } }) => failures.filter(({ each }) => each.shown === shown).length > 1,
  )
  if (first === undefined) return { sight: sightKept }
  const reason = `expected an answer, received none: ${first.failure}`
  return { sight: { is: 'broken', reason }, culprit: first.each }
}

function isOfService(failure: string): boolean {
  return !failure.startsWith('not sent') && failure !== 'the run ended'
}

function faultOfEvery(
  reply: Reply,
  every: EveryReply,
  isClean: (text: string) => boolean,
): string | undefined {
  const there = Object.entries(every.membersOfSome ?? {}).filter(([name]) =>
    Object.hasOwn(reply.members, name),
  )
  return (
    statusFault(reply, { is: 'answer', ...(every.statuses && { statuses: every.statuses }) }) ??
    errorOfStatusFault(reply, every) ??
    headerFault(reply, every.headers) ??
    memberFault(reply.members, every.members) ??
    memberFault(reply.members, Object.fromEntries(there)) ??
    tokenFault(reply, every) ??
    bodyFault(reply, every, isClean)
  )
}

function errorOfStatusFault(
  { status, members: { error } }: Reply,
  { errorsOfStatus = {} }: EveryReply,
): string | undefined {
  const errors = errorsOfStatus[status]
  if (errors === undefined || typeof error !== 'string' || errors.includes(error)) return undefined
  return `status ${status} with error ${errors.join(' or ')} alone`
}

function tokenFault({ members }: Reply, { tokenHeader, tokenClaims }: EveryReply): string | undefined {
  if (tokenHeader === undefined && tokenClaims === undefined) return undefined
  const [header, claims] = jwtOf(String(members.access_token)) ?? []
  if (header === undefined || claims === undefined) return 'an access token that is a JSON Web Token'
  return (
    memberFault(header, tokenHeader, verbatim, 'header of the token') ??
    memberFault(claims, tokenClaims, verbatim, 'claim of the token')
  )
}

/** The header and the claims of a JSON Web Token; `undefined` where it is none. @see RFC 7519 §3 */
export function jwtOf(token: string): readonly [header: Members, claims: Members] | undefined {
  const [header, claims, signature] = token.split('.').map(membersOfSegment)
  return header && claims && signature !== undefined && 'alg' in header ? [header, claims] : undefined
}

type Members = Readonly<Record<string, unknown>>

function membersOfSegment(segment: string): Members {
  return membersOf(Buffer.from(segment, 'base64url').toString())
}

function bodyFault(
  { body, headers }: Reply,
  every: EveryReply,
  isClean: (text: string) => boolean,
): string | undefined {
  if (every.body !== undefined && !new RegExp(every.body, 'u').test(body))
    return `a body to match ${every.body}`
  if (every.isWithoutSecrets && !isClean(body)) return 'a body without what was sent as a secret'
  const isHtml = /\bhtml\b/i.test(String(headers['content-type'] ?? ''))
  if (every.withoutMarkup !== undefined && isHtml && body.includes(every.withoutMarkup))
    return 'a body of HTML without the markup that was sent'
  return undefined
}
