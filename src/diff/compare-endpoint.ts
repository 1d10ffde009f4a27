// How the endpoint is asked: method, path, media types, client authentication, and the model's name in code.

import type { RuleId } from './rules.ts'
import { type Both, type Finding, isStatedTwice, leaveOut, originOf, type Sides } from './sides.ts'
import type { ComparedFact, Subject } from './subject.ts'

/** All that differs around the fields. */
export function compareEndpoint(sides: Sides): readonly Finding[] {
  return [
    ...compareOne(sides, 'method', 'method', 'method-changed'),
    ...comparePath(sides),
    ...compareContentTypes(sides),
    ...compareAuthentication(sides),
    ...compareModel(sides),
  ]
}

/** Status and media type of the reply. */
export function compareReplyFacts(sides: Sides): readonly Finding[] {
  const types = statedOf(sides, 'replyContentTypes', 'content type of the reply')
  return [
    ...compareOne(sides, 'replyStatus', 'status of the reply', 'reply-status-changed'),
    ...(types === null
      ? []
      : compareEach(
          types,
          'content type of the reply',
          'reply-content-type-added',
          'reply-content-type-removed',
        )),
  ]
}

type FactName =
  | 'replyStatus'
  | 'replyContentTypes'
  | 'method'
  | 'path'
  | 'contentTypes'
  | 'clientAuthentication'

function statedOf(sides: Sides, name: FactName, words: string): Both<ComparedFact> | null {
  const facts = { before: sides.before[name] ?? null, after: sides.after[name] ?? null }
  return isStatedTwice(sides, `the ${words}`, '', facts) ? facts : null
}

function compareOne(sides: Sides, name: FactName, words: string, rule: RuleId): readonly Finding[] {
  const facts = statedOf(sides, name, words)
  if (facts === null) return []
  const [before, after] = [textOf(facts.before), textOf(facts.after)]
  return before === after ? [] : [findingOf(rule, words, facts, before, after)]
}

/** A path below a server's own may be the end of a whole one. */
function comparePath(sides: Sides): readonly Finding[] {
  const { before, after } = sides
  const open = [before, after].filter(({ isPathRelative }) => isPathRelative === true)
  const [one, other] = [before.path?.values.join() ?? '', after.path?.values.join() ?? '']
  const [silent, part, whole] = open[0] === before ? [before, one, other] : [after, other, one]
  if (open.length === 1 && part !== '' && part !== whole && whole.endsWith(part)) {
    leaveOut(sides, silent, 'the path of the server, below which its own is')
    return []
  }
  return compareOne(sides, 'path', 'path', 'path-changed')
}

function compareContentTypes(sides: Sides): readonly Finding[] {
  const facts = statedOf(sides, 'contentTypes', 'content type')
  return facts === null
    ? []
    : compareEach(facts, 'content type', 'content-type-added', 'content-type-removed')
}

function compareAuthentication(sides: Sides): readonly Finding[] {
  const words = 'client authentication'
  const facts = statedOf(sides, 'clientAuthentication', words)
  if (facts === null) return []
  const methods = { before: methodsOf(facts.before), after: methodsOf(facts.after) }
  const [had, has] = [methods.before.values.length, methods.after.values.length]
  const [wasOptional, isOptional] = [isWithoutToo(facts.before), isWithoutToo(facts.after)]
  if (had === 0 && has > 0 && !isOptional) {
    return [findingOf('client-authentication-introduced', words, methods, null, textOf(methods.after))]
  }
  if (had > 0 && has === 0 && !wasOptional) {
    return [findingOf('client-authentication-abandoned', words, methods, textOf(methods.before), null)]
  }
  const [asked, optional] = ['required', 'optional']
  const changed = isOptional
    ? findingOf('client-authentication-now-optional', words, methods, asked, optional)
    : findingOf('client-authentication-now-required', words, methods, optional, asked)
  return [
    ...(wasOptional === isOptional ? [] : [changed]),
    ...compareEach(methods, words, 'client-authentication-added', 'client-authentication-removed'),
  ]
}

/** `none` is no method of authenticating, but the word for doing without. @see RFC 7591 §2 */
function methodsOf(fact: ComparedFact): ComparedFact {
  return { ...fact, values: fact.values.filter((value) => value !== 'none') }
}

function isWithoutToo({ values }: ComparedFact): boolean {
  return values.length === 0 || values.includes('none')
}

/** The name of a schema is in no code; that of a page's model is. */
function compareModel({ before, after, isSameSdk }: Sides): readonly Finding[] {
  const isInCode = [before, after].every((side) => side.language !== null || originOf(side) === 'page')
  if (!isSameSdk || !isInCode || before.model === after.model) return []
  const provenance = { before: firstOf(before), after: firstOf(after) }
  return [
    {
      rule: 'model-renamed',
      subject: 'model',
      what: 'The model',
      before: before.model,
      after: after.model,
      provenance,
    },
  ]
}

/** The model has no provenance of its own; it stands above its fields. */
function firstOf({ request }: Subject) {
  return request[0]?.provenance ?? null
}

function compareEach(
  facts: Both<ComparedFact>,
  words: string,
  added: RuleId,
  removed: RuleId,
): readonly Finding[] {
  const { before, after } = facts
  return [
    ...after.values
      .filter((value) => !before.values.includes(value))
      .map((value) => findingOf(added, words, facts, null, value)),
    ...before.values
      .filter((value) => !after.values.includes(value))
      .map((value) => findingOf(removed, words, facts, value, null)),
  ]
}

function textOf({ values }: ComparedFact): string {
  return values.toSorted().join(', ')
}

function findingOf(
  rule: RuleId,
  subject: string,
  facts: Both<ComparedFact>,
  before: string | null,
  after: string | null,
): Finding {
  const provenance = { before: facts.before.provenance, after: facts.after.provenance }
  return { rule, subject, what: `The ${subject}`, before, after, provenance }
}
