// What the verifier found, in words of ours: where, what the contract expects, and what was received as far as it can be
// shown. The verifier's own sentences quote the reply, and a reply holds tokens.
import { parseJson } from '../oauth/json.ts'
import type { ConnectionFailure } from './connection.ts'
import type { MatchingRule, PactResponse } from './pact-interaction.ts'
import type { Mismatch, ReplayResult } from './replay.ts'
import type { VerificationRuleId } from './rules.ts'
import type { Difference } from './verification.ts'

/** Members of a reply of which only the type is shown. */
const secretMember = /token(?!_type)|secret|password|assertion|code/i

/** Words and numbers, as in error codes and media types; whatever else a service sends could be a token. */
const speaking =
  /^(?:[A-Z]?[a-z]{1,16}|[A-Z]{1,12}|\d{1,10})(?:[ _/.,:;=+-]{1,2}(?:[A-Z]?[a-z]{1,16}|[A-Z]{1,12}|\d{1,10})){0,7}$/

/** What a difference is told from. */
export interface Context {
  readonly expected: PactResponse
  /** Whether the contract has the request granted. */
  readonly isGranted: boolean
  /** The `error` of the reply, where it has one. */
  readonly error?: unknown
  /** Whether a text holds none of the run's secrets, in any form. */
  readonly isClean: (text: string) => boolean
}

/** The difference of an interaction that got no reply, or no whole one. */
export function failureDifference({ isPartial, message }: ConnectionFailure): Difference {
  return isPartial
    ? {
        rule: 'reply-whole',
        where: 'reply',
        expected: 'a whole reply',
        received: `a part of one, ${message}`,
      }
    : { rule: 'reply-received', where: 'reply', expected: 'a reply', received: `none, ${message}` }
}

/** The differences of one interaction, in a stable order: those that follow from another are left out. */
export function differencesOf({ mismatch }: ReplayResult, context: Context): readonly Difference[] {
  const { type = 'nothing', mismatches = [{ type }] } = mismatch ?? {}
  const found = mismatches
    .flatMap((each) => readers[each.type]?.(each, context) ?? unknownDifference(each, context))
    .sort((one, other) => order(one).localeCompare(order(other)) || compare(one, other))
  const [first] = found
  // What was granted has no error to look at, and what was refused no token.
  if (first?.rule === 'documented-request-granted' || first?.rule === 'documented-refusal') return [first]
  if (context.isGranted && context.error !== undefined && found.some(isWithoutToken))
    return [refused(context)]
  const inBody = found.find(({ rule }) => rule === jsonRule(context))
  if (inBody === undefined) return found
  // Not the service's own refusal, but a gateway's: its status says nothing of the service's.
  return first?.where === 'status'
    ? [{ ...inBody, received: `${inBody.received}, with the status ${first.received}` }]
    : [inBody]
}

function isWithoutToken({ rule }: Difference): boolean {
  return rule === 'rfc6749-5.1-access-token'
}

/** Some services refuse with 200, and say so in the body alone. */
function refused(context: Context): Difference {
  return {
    rule: 'documented-request-granted',
    where: 'body $.error',
    expected: 'nothing',
    received: describeReceived('error', context.error, context),
  }
}

/** A kind of mismatch that a later verifier may tell. */
function unknownDifference({ type }: Mismatch, context: Context): Difference {
  return differenceAt('reply', 'what the contract has', `another (the verifier tells: ${type})`, context)
}

/** The rule that a difference breaks. */
export function ruleAt(where: string, { isGranted }: Pick<Context, 'isGranted'>): VerificationRuleId {
  const rules = isGranted ? grantedRules : refusedRules
  const other = where.startsWith('header ') ? 'documented-reply-header' : undefined
  return (
    rules[where.toLowerCase()] ?? other ?? (isGranted ? 'documented-reply-member' : 'documented-error-member')
  )
}

const grantedRules: Readonly<Record<string, VerificationRuleId>> = {
  status: 'documented-request-granted',
  'header content-type': 'rfc6749-5.1-json',
  'header cache-control': 'rfc6749-5.1-no-store',
  'header pragma': 'rfc6749-5.1-no-store',
  'body $': 'rfc6749-5.1-json',
  'body $.access_token': 'rfc6749-5.1-access-token',
  'body $.token_type': 'rfc6749-5.1-token-type',
  'body $.expires_in': 'rfc6749-5.1-expires-in',
  'body $.refresh_token': 'rfc6749-5.1-refresh-token',
  'body $.scope': 'rfc6749-5.1-scope',
}

const refusedRules: Readonly<Record<string, VerificationRuleId>> = {
  status: 'rfc6749-5.2-status',
  'header content-type': 'rfc6749-5.2-json',
  'body $': 'rfc6749-5.2-json',
  'body $.error': 'rfc6749-5.2-error',
}

function jsonRule({ isGranted }: Context): VerificationRuleId {
  return isGranted ? 'rfc6749-5.1-json' : 'rfc6749-5.2-json'
}

function order({ where }: Difference): string {
  return `${['status', 'header', 'body', 'reply'].indexOf(where.split(' ')[0] ?? '')} ${where}`
}

function compare(one: Difference, other: Difference): number {
  return one.received.localeCompare(other.received)
}

type Reader = (mismatch: Mismatch, context: Context) => Difference | readonly Difference[]

const readers: Readonly<Record<string, Reader>> = {
  StatusMismatch: ({ actual }, context) => {
    const { expected, isGranted, error } = context
    const { status, matchingRules } = expected
    const said = error === undefined ? '' : ` with the error ${describeReceived('error', error, context)}`
    const isSuccess = /^2\d\d$/.test(String(actual))
    const difference = {
      where: 'status',
      expected: describeExpected(matchingRules?.status?.$, status),
      received: `${actual}${said}`,
    }
    return {
      rule:
        isSuccess && !isGranted && error === undefined
          ? 'documented-refusal'
          : ruleAt('status', { isGranted }),
      ...difference,
    }
  },
  HeaderMismatch: ({ key = '', actual }, context) => {
    const { headers, matchingRules } = context.expected
    const expected = describeExpected(matchingRules?.header?.[key], headers?.[key]?.join(', '))
    const received = actual === '' ? 'none' : describeReceived(key, actual, context)
    return differenceAt(`header ${key}`, expected, received, context)
  },
  BodyTypeMismatch: ({ expected, actual }, context) =>
    differenceAt('body $', String(expected), describeReceived('', actual, context), context),
  BodyMismatch: ({ path = '$', expected, actual }, context) => {
    if (path.startsWith('$.')) return memberDifference(path.slice(2), parseJson(String(actual)), context)
    // Of an object that lacks members, the verifier gives the names alone: those expected, and those received.
    const names = parseJson(String(expected))
    if (!Array.isArray(names)) return differenceAt('body $', 'a JSON object', describeBody(actual), context)
    const received = parseJson(String(actual)) as readonly unknown[]
    const missing = names.filter((name) => !received.includes(name))
    return missing.map((member) => memberDifference(member, undefined, context))
  },
}

function differenceAt(where: string, expected: string, received: string, context: Context): Difference {
  return { rule: ruleAt(where, context), where, expected, received }
}

function memberDifference(member: string, received: unknown, context: Context): Difference {
  const { body, matchingRules } = context.expected
  const expected = describeExpected(matchingRules?.body?.[`$.${member}`], body?.content[member])
  return differenceAt(`body $.${member}`, expected, describeReceived(member, received, context), context)
}

/** Of a JSON string the verifier gives the text alone, and of `null` nothing. */
function describeBody(actual: unknown): string {
  if (actual === null || actual === '') return 'nothing'
  const received = parseJson(String(actual))
  return received === undefined ? 'text' : describeType(received)
}

function describeExpected(rule: MatchingRule | undefined, example: unknown): string {
  const [matcher] = rule?.matchers ?? []
  if (matcher?.match === 'regex') return `a text matching ${matcher.regex}`
  if (matcher?.match === 'statusCode') return (matcher.status ?? []).join(' or ')
  if (matcher?.match === 'integer') return 'a whole number'
  return matcher?.match === 'type' ? describeType(example) : JSON.stringify(example)
}

/** A received value, or its type alone where the value could be a secret. */
export function describeReceived(name: string, value: unknown, { isClean }: Context): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  const isSpeaking = typeof value === 'string' ? speaking.test(value) : !isComposite(value)
  return isSpeaking && !secretMember.test(name) && isClean(text) ? text : describeType(value)
}

function isComposite(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function describeType(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string'
  if (Array.isArray(value)) return 'an array'
  return isComposite(value) ? 'an object' : `a ${typeof value}`
}
