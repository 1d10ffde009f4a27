// Both sides of one comparison, what is known of them together, and a list of what one side alone says.
import type { Provenance } from '../import/imported.ts'
import type { RuleId } from './rules.ts'
import type { ComparedField, Subject } from './subject.ts'
import { wordsOf } from './words.ts'

/** Two sides of one thing. */
export interface Both<T> {
  readonly before: T
  readonly after: T
}

/** Both sides of a comparison. */
export interface Sides extends Both<Subject> {
  /** Whether names and types in code are those of one language. */
  readonly isSameSdk: boolean
  /** The grants of each side; `null` where it does not list them. */
  readonly grants: Both<readonly string[] | null>
  /** The fields that one side alone says something of, by that something and the silent side. */
  readonly unsaid: Map<string, string[]>
}

/** A difference that a rule was found for. */
export interface Finding {
  readonly rule: RuleId
  readonly subject: string
  /** The subject with its place, as sentences call it. */
  readonly what: string
  readonly before: string | null
  readonly after: string | null
  readonly provenance: Both<Provenance | null>
  /** What the reason has to add. */
  readonly note?: string
}

/** Puts two subjects side by side. */
export function createSides(before: Subject, after: Subject): Sides {
  return {
    before,
    after,
    isSameSdk: areOfOneSdk(before, after),
    grants: { before: grantsOf(before), after: grantsOf(after) },
    unsaid: new Map(),
  }
}

/** A language that is not known is that of the same page at another revision, or of a page of the same name. */
function areOfOneSdk(before: Subject, after: Subject): boolean {
  const [one, other] = [before.language, after.language]
  if (one !== null && other !== null && one === other) return true
  if (originOf(before) !== originOf(after)) return false
  const [page, otherPage] = [pageOf(before), pageOf(after)]
  if (page === otherPage) return true
  return (one === null) !== (other === null) && nameOf(page) === nameOf(otherPage)
}

function pageOf({ page, label }: Subject): string {
  return page ?? label
}

function nameOf(page: string): string {
  return page.slice(page.lastIndexOf('/') + 1)
}

/** What a subject was read from. */
export function originOf({ origin = 'page' }: Subject): NonNullable<Subject['origin']> {
  return origin
}

/** Notes that one side says nothing of a fact, and of which field; an empty field stands for the side as a whole. */
export function leaveOut(sides: Sides, silent: Subject, fact: string, field = ''): void {
  const key = `${silent.label} does not say: ${fact}`
  const fields = sides.unsaid.get(key)
  if (fields === undefined) sides.unsaid.set(key, field === '' ? [] : [field])
  else if (field !== '') fields.push(field)
}

/** The sentences on what was left out, in an order of their own: the same in both directions. */
export function formatUnsaid({ unsaid }: Sides): readonly string[] {
  if (unsaid.size === 0) return []
  return [...unsaid]
    .map(([key, fields]) => (fields.length === 0 ? key : `${key} of ${fields.sort().join(', ')}`))
    .sort()
}

/** A fact that both sides state, so that it can be compared; what one side alone states is noted. */
export function isStatedTwice<T>(
  sides: Sides,
  fact: string,
  field: string,
  values: Both<T | null>,
): values is Both<T> {
  if (values.before !== null && values.after !== null) return true
  if (values.before !== null) leaveOut(sides, sides.after, fact, field)
  if (values.after !== null) leaveOut(sides, sides.before, fact, field)
  return false
}

/** The same of a limit, where the silence of a schema is a statement as well: there is none. */
export function isLimitStated(sides: Sides, fact: string, field: string, values: Both<unknown>): boolean {
  if (values.before === null && values.after === null) return false
  if (values.before !== null && values.after !== null) return true
  const silent = values.before === null ? sides.before : sides.after
  if (originOf(silent) !== 'page') return true
  leaveOut(sides, silent, fact, field)
  return false
}

function grantsOf({ request }: Subject): readonly string[] | null {
  return request.find(isGrantType)?.allowedValues ?? null
}

/** Whether a field is the one that lists the grants. */
export function isGrantType({ wireName }: ComparedField): boolean {
  return wireName === 'grant_type' || wordsOf(wireName).join(' ') === 'grant type'
}
