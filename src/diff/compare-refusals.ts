// Refusals: matched by the reason that a service's data give each, and by status where one side knows no reasons.
import type { Provenance } from '../import/imported.ts'
import { compareFields } from './compare-fields.ts'
import { type Finding, leaveOut, originOf, type Sides } from './sides.ts'
import type { ComparedField, ComparedRefusal, Requirement, Subject } from './subject.ts'

type Keyed = ReadonlyMap<string, ComparedRefusal>

/** All that differs between two lists of refusals. */
export function compareRefusals(
  sides: Sides,
  before: readonly ComparedRefusal[],
  after: readonly ComparedRefusal[],
): readonly Finding[] {
  const isByStatus = before.some(isNamedByStatus) !== after.some(isNamedByStatus)
  const [ours, theirs] = [keyed(before, isByStatus), keyed(after, isByStatus)]
  const findings: Finding[] = []
  for (const [key, refusal] of ours) {
    const partner = theirs.get(key) ?? coveringOf(refusal, theirs)
    if (partner !== undefined) findings.push(...comparePair(sides, key, refusal, partner))
    else if (isNameless(sides, refusal)) leaveOut(sides, sides.after, 'the refusals of no status', key)
    else if (isMissed(refusal, theirs)) findings.push(presenceFinding('refusal-removed', key, refusal))
  }
  for (const [key, refusal] of theirs) {
    if (ours.has(key)) continue
    const partner = coveringOf(refusal, ours)
    if (partner !== undefined) findings.push(...comparePair(sides, key, partner, refusal))
    else if (isNameless(sides, refusal)) leaveOut(sides, sides.before, 'the refusals of no status', key)
    else if (isMissed(refusal, ours)) findings.push(presenceFinding('refusal-added', key, refusal))
  }
  return findings
}

function isNamedByStatus({ name, status, range }: ComparedRefusal): boolean {
  return range !== undefined || name === String(status)
}

/** The refusal that stands for a status that has none of its own. */
function coveringOf({ status }: ComparedRefusal, others: Keyed): ComparedRefusal | undefined {
  if (status === null) return undefined
  const range = `${String(status).charAt(0)}XX`
  return [...others.values()].find((other) => other.range?.toUpperCase() === range) ?? others.get('default')
}

/** A page's model of refusals has a name that no schema has. */
function isNameless({ before, after }: Sides, { status, range }: ComparedRefusal): boolean {
  return status === null && range === undefined && originOf(before) !== originOf(after)
}

/** Whether its absence says anything: not of one that the other side has by single statuses, or under another status. */
function isMissed({ range, orStatus = [], isStandIn }: ComparedRefusal, others: Keyed): boolean {
  if (isStandIn === true || orStatus.some((status) => others.has(String(status)))) return false
  const first = range === undefined ? null : range.toLowerCase() === 'default' ? '' : range.charAt(0)
  return first === null || ![...others.values()].some(({ status }) => String(status ?? '-').startsWith(first))
}

/** Refusals of one key are one, with the members of all; where a document says one, a stand-in adds nothing. */
function keyed(refusals: readonly ComparedRefusal[], isByStatus: boolean): Keyed {
  const found = new Map<string, ComparedRefusal>()
  for (const refusal of refusals) {
    for (const key of keysOf(refusal, isByStatus)) {
      const earlier = found.get(key)
      found.set(key, earlier === undefined ? refusal : merged(earlier, refusal))
    }
  }
  return found
}

function keysOf(refusal: ComparedRefusal, isByStatus: boolean): readonly string[] {
  const { name, status, range, orStatus = [] } = refusal
  if (range !== undefined) return [range]
  // What has no body under its own status may have one under another.
  const others = refusal.members?.length === 0 ? [] : orStatus
  return isByStatus && status !== null ? [status, ...others].map(String) : [reasonOf(name)]
}

function reasonOf(name: string): string {
  return name.replace(/ \d{3}$/, '')
}

function merged(one: ComparedRefusal, other: ComparedRefusal): ComparedRefusal {
  if ((one.isStandIn === true) !== (other.isStandIn === true)) return one.isStandIn === true ? other : one
  const { orStatus: _one, ...rest } = one
  return { ...rest, members: mergedMembers(one.members, other.members) }
}

/** A member is promised when every refusal of the key has it; its values are those of all. */
function mergedMembers(
  ours: ComparedRefusal['members'],
  theirs: ComparedRefusal['members'],
): ComparedRefusal['members'] {
  if (ours === null || theirs === null) return ours ?? theirs
  const never: Requirement = 'never'
  const members = ours.map((member) => {
    const partner = theirs.find(({ wireName }) => wireName === member.wireName)
    return partner === undefined ? { ...member, required: never } : mergedField(member, partner)
  })
  const alone = theirs.filter(({ wireName }) => !ours.some((member) => member.wireName === wireName))
  return [...members, ...alone.map((member) => ({ ...member, required: never }))]
}

function mergedField(one: ComparedField, other: ComparedField): ComparedField {
  const same = <Fact extends keyof ComparedField>(fact: Fact) =>
    one[fact] === other[fact] ? one[fact] : null
  const values = [one.allowedValues, other.allowedValues]
  const isOneExample = one.example === other.example
  return {
    ...one,
    type: same('type') ?? 'unknown',
    notation: same('notation'),
    required: same('required') ?? 'never',
    allowedValues: values.includes(null) ? null : [...new Set(values.flatMap((listed) => listed ?? []))],
    pattern: same('pattern'),
    minLength: bound(one.minLength, other.minLength, Math.min),
    maxLength: bound(one.maxLength, other.maxLength, Math.max),
    example: isOneExample ? one.example : null,
    hasSeveralExamples: !isOneExample || one.hasSeveralExamples === true || other.hasSeveralExamples === true,
    description: same('description'),
    provenance: bothProvenances(one.provenance, other.provenance),
  }
}

function bound(
  one: number | null,
  other: number | null,
  chooseOf: (...bounds: number[]) => number,
): number | null {
  return one === null || other === null ? null : chooseOf(one, other)
}

/** The place of the first, with the words of both. */
function bothProvenances(one: Provenance, other: Provenance): Provenance {
  const words = new Set([...one.words.split('\n'), ...other.words.split('\n')])
  return { ...one, words: [...words].join('\n') }
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
  const silent = standInBeside(sides, before, after)
  if (silent !== null) {
    leaveOut(sides, silent, 'the refusal, but by what stands in', key)
    return []
  }
  return [...compareStatus(sides, key, before, after), ...compareBody(sides, key, before, after)]
}

/** The side that has a stand-in where the other side's document says a refusal. */
function standInBeside(sides: Sides, before: ComparedRefusal, after: ComparedRefusal): Subject | null {
  const [silent, speaking] =
    before.isStandIn === true ? [sides.before, sides.after] : [sides.after, sides.before]
  const isOneAlone = (before.isStandIn === true) !== (after.isStandIn === true)
  return isOneAlone && originOf(speaking) !== 'variant' ? silent : null
}

function compareStatus(
  sides: Sides,
  key: string,
  before: ComparedRefusal,
  after: ComparedRefusal,
): readonly Finding[] {
  if (before.status === after.status || areOneByKey(key, before, after)) return []
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

/** Refusals that were matched by a status have it both, be it as a further one. */
function areOneByKey(key: string, before: ComparedRefusal, after: ComparedRefusal): boolean {
  return [before, after].every(({ status, orStatus = [] }) => [status, ...orStatus].map(String).includes(key))
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
