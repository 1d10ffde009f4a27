// Refusals: matched by the reason that a service's data give each, and by status where one side knows no reasons.
import { compareFields } from './compare-fields.ts'
import { type Finding, leaveOut, type Sides } from './sides.ts'
import type { ComparedField, ComparedRefusal, Requirement } from './subject.ts'

/** All that differs between two lists of refusals. */
export function compareRefusals(
  sides: Sides,
  before: readonly ComparedRefusal[],
  after: readonly ComparedRefusal[],
): readonly Finding[] {
  const isByStatus = before.some(isNamedByStatus) !== after.some(isNamedByStatus)
  const ours = keyed(before, isByStatus)
  const theirs = keyed(after, isByStatus)
  const findings: Finding[] = []
  for (const [key, refusal] of ours) {
    const partner = theirs.get(key)
    if (partner === undefined) findings.push(presenceFinding('refusal-removed', key, refusal))
    else findings.push(...comparePair(sides, key, refusal, partner))
  }
  for (const [key, refusal] of theirs) {
    if (!ours.has(key)) findings.push(presenceFinding('refusal-added', key, refusal))
  }
  return findings
}

function isNamedByStatus({ name, status }: ComparedRefusal): boolean {
  return name === String(status)
}

/** Refusals of one key are one, with the members of all. */
function keyed(
  refusals: readonly ComparedRefusal[],
  isByStatus: boolean,
): ReadonlyMap<string, ComparedRefusal> {
  const found = new Map<string, ComparedRefusal>()
  for (const refusal of refusals) {
    const key = isByStatus && refusal.status !== null ? String(refusal.status) : reasonOf(refusal.name)
    const earlier = found.get(key)
    found.set(key, earlier === undefined ? refusal : merged(earlier, refusal))
  }
  return found
}

function reasonOf(name: string): string {
  return name.replace(/ \d{3}$/, '')
}

/** A member is promised when every refusal of the key has it. */
function merged(one: ComparedRefusal, other: ComparedRefusal): ComparedRefusal {
  if (one.members === null || other.members === null) return { ...one, members: one.members ?? other.members }
  const isIn = (members: readonly ComparedField[], { wireName }: ComparedField) =>
    members.some((member) => member.wireName === wireName)
  const [ours, theirs] = [one.members, other.members]
  const shared = ours.filter((member) => isIn(theirs, member))
  const alone = [
    ...ours.filter((member) => !isIn(theirs, member)),
    ...theirs.filter((member) => !isIn(ours, member)),
  ]
  const never: Requirement = 'never'
  return { ...one, members: [...shared, ...alone.map((member) => ({ ...member, required: never }))] }
}

function presenceFinding(
  rule: 'refusal-added' | 'refusal-removed',
  key: string,
  { status, provenance }: ComparedRefusal,
): Finding {
  const text = status === null ? 'of a status that is not said' : String(status)
  const isAdded = rule === 'refusal-added'
  return {
    rule,
    subject: key,
    what: `Refusal ${key}`,
    before: isAdded ? null : text,
    after: isAdded ? text : null,
    provenance: { before: isAdded ? null : provenance, after: isAdded ? provenance : null },
  }
}

function comparePair(
  sides: Sides,
  key: string,
  before: ComparedRefusal,
  after: ComparedRefusal,
): readonly Finding[] {
  return [...compareStatus(sides, key, before, after), ...compareBody(sides, key, before, after)]
}

function compareStatus(
  sides: Sides,
  key: string,
  before: ComparedRefusal,
  after: ComparedRefusal,
): readonly Finding[] {
  if (before.status === after.status) return []
  if (before.status === null || after.status === null) {
    leaveOut(sides, before.status === null ? sides.before : sides.after, 'the status', `refusal ${key}`)
    return []
  }
  return [
    {
      rule: 'refusal-status-changed',
      subject: key,
      what: `Refusal ${key}`,
      before: String(before.status),
      after: String(after.status),
      provenance: { before: before.provenance, after: after.provenance },
    },
  ]
}

function compareBody(
  sides: Sides,
  key: string,
  before: ComparedRefusal,
  after: ComparedRefusal,
): readonly Finding[] {
  if (before.members === null || after.members === null) {
    if (before.members === null && after.members === null) return []
    leaveOut(sides, before.members === null ? sides.before : sides.after, 'the body', `refusal ${key}`)
    return []
  }
  const place = {
    rules: 'refusal-member',
    subjectOf: (wireName: string) => `${key} ${wireName}`,
    whatOf: (wireName: string) => `${wireName} of refusal ${key}`,
  } as const
  return compareFields(sides, place, before.members, after.members)
}
