// How the endpoint is asked: method, path, media types, client authentication, and the model's name in code.

import type { RuleId } from './rules.ts'
import { type Both, type Finding, isStatedTwice, type Sides } from './sides.ts'
import type { ComparedFact, Subject } from './subject.ts'

/** All that differs around the fields. */
export function compareEndpoint(sides: Sides): readonly Finding[] {
  return [
    ...compareOne(sides, 'method', 'method', 'method-changed'),
    ...compareOne(sides, 'path', 'path', 'path-changed'),
    ...compareContentTypes(sides),
    ...compareAuthentication(sides),
    ...compareModel(sides),
  ]
}

type FactName = 'method' | 'path' | 'contentTypes' | 'clientAuthentication'

function statedOf(sides: Sides, name: FactName, words: string): Both<ComparedFact> | null {
  const facts = { before: sides.before[name], after: sides.after[name] }
  return isStatedTwice(sides, `the ${words}`, '', facts) ? facts : null
}

function compareOne(sides: Sides, name: FactName, words: string, rule: RuleId): readonly Finding[] {
  const facts = statedOf(sides, name, words)
  if (facts === null) return []
  const [before, after] = [textOf(facts.before), textOf(facts.after)]
  return before === after ? [] : [findingOf(rule, words, facts, before, after)]
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
  const [had, has] = [facts.before.values.length, facts.after.values.length]
  if (had === 0 && has > 0) {
    return [findingOf('client-authentication-introduced', words, facts, null, textOf(facts.after))]
  }
  if (had > 0 && has === 0) {
    return [findingOf('client-authentication-abandoned', words, facts, textOf(facts.before), null)]
  }
  return compareEach(facts, words, 'client-authentication-added', 'client-authentication-removed')
}

function compareModel({ before, after, isSameSdk }: Sides): readonly Finding[] {
  if (!isSameSdk || before.model === after.model) return []
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
