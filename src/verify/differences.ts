// What the verifier found, in words of ours: where, what the contract expects, and what was received as far as it can be
// shown. The verifier's own sentences quote the reply, and a reply holds tokens.
import type { MatchingRule, PactResponse } from './plan.ts'
import type { Mismatch, ReplayResult } from './replay.ts'

/** One difference between a contract and a reply. */
export interface Difference {
  /** `status`, `header <name>`, `body <JSON path>`, or `reply` when there was none. */
  readonly where: string
  /** `expected …, received …` */
  readonly problem: string
}

/** How a connection that gave no reply is described. */
export const noReply = 'expected a reply, received none: the connection failed, was closed, or took too long'

/** Members of a reply of which only the type is shown. */
const secretMember = /token(?!_type)|secret|password|assertion|code/i

/** Words and numbers, as in error codes and media types; whatever else a service sends could be a token. */
const speaking = /^(?:[a-z]{1,24}|\d{1,10})(?:[ _/.,:;=+-]{1,2}(?:[a-z]{1,24}|\d{1,10})){0,7}$/i

/** What a difference is told from. */
export interface Context {
  readonly expected: PactResponse
  /** Whether a text holds none of the run's secrets, in any form. */
  readonly isClean: (text: string) => boolean
}

/** The differences of one interaction, in a stable order. */
export function differencesOf({ mismatch }: ReplayResult, context: Context): readonly Difference[] {
  if (mismatch?.mismatches === undefined)
    return [{ where: 'reply', problem: describeFailure(mismatch?.message ?? 'the verifier gave no reason') }]
  return mismatch.mismatches
    .flatMap((each) => readers[each.type]?.(each, context) ?? { where: 'reply', problem: each.type })
    .sort((one, other) => order(one).localeCompare(order(other)) || one.problem.localeCompare(other.problem))
}

function order({ where }: Difference): string {
  return `${['status', 'header', 'body', 'reply'].indexOf(where.split(' ')[0] ?? '')} ${where}`
}

function describeFailure(message: string): string {
  // The verifier says the same of a refused, reset, timed-out or untrusted connection.
  if (message.startsWith('error sending request')) return noReply
  if (message.startsWith('error decoding response')) return 'expected a whole reply, received a part of one'
  return message
}

type Reader = (mismatch: Mismatch, context: Context) => Difference | readonly Difference[]

const readers: Readonly<Record<string, Reader>> = {
  StatusMismatch: ({ actual }, { expected: { status, matchingRules } }) => ({
    where: 'status',
    problem: difference(describeExpected(matchingRules?.status?.$, status), String(actual)),
  }),
  HeaderMismatch: ({ key = '', actual }, context) => {
    const { headers, matchingRules } = context.expected
    const expected = describeExpected(matchingRules?.header?.[key], headers?.[key]?.join(', '))
    const received = actual === '' ? 'none' : describeReceived(key, actual, context)
    return { where: `header ${key}`, problem: difference(expected, received) }
  },
  BodyTypeMismatch: ({ expected, actual }, context) => ({
    where: 'body $',
    problem: difference(String(expected), describeReceived('', actual, context)),
  }),
  BodyMismatch: ({ path = '$', expected, actual }, context) => {
    if (path.startsWith('$.')) return memberDifference(path.slice(2), parse(actual), context)
    // Of an object that lacks members, the verifier gives the names alone: those expected, and those received.
    const names = parse(expected)
    if (!Array.isArray(names))
      return { where: 'body $', problem: difference('a JSON object', describeBody(actual)) }
    const received = parse(actual) as readonly unknown[]
    const missing = names.filter((name) => !received.includes(name))
    return missing.map((member) => memberDifference(member, undefined, context))
  },
}

function difference(expected: string, received: string): string {
  return `expected ${expected}, received ${received}`
}

function memberDifference(member: string, received: unknown, context: Context): Difference {
  const { body, matchingRules } = context.expected
  const expected = describeExpected(matchingRules?.body?.[`$.${member}`], body?.content[member])
  return {
    where: `body $.${member}`,
    problem: difference(expected, describeReceived(member, received, context)),
  }
}

/** Of a JSON string the verifier gives the text alone, and of `null` nothing. */
function describeBody(actual: unknown): string {
  if (actual === null || actual === '') return 'nothing'
  const received = parse(actual)
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

/** The verifier gives a member as JSON and a whole body as text. */
function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}
