// The lock file of probes: what each target offered, kept and accepted when it was asked last. It is committed: no secret, no time
// and no word of a reply is in it, and one line changes where one thing changed.
import { readFileSync } from 'node:fs'
import { withLock } from '../contract/lock.ts'
import { writeWhole } from '../contract/whole-file.ts'
import { isJsonObject, parseJson } from '../oauth/json.ts'
import { TokenwrightError } from '../service/error.ts'
import type { MatrixCell, Probe } from './probed.ts'
import { conformanceRules } from './rules.ts'

/** The usual name of the file. */
export const probeLockFileName = 'tokenwright.lock.json'

/** What is kept of a probe. A part that an older version did not write is absent. */
export interface LockedProbe {
  readonly capabilities?: Readonly<Record<string, boolean>>
  /** Verdicts by rule. */
  readonly rules?: Readonly<Record<string, string>>
  /** By cell in words: `accepted 200`, `refused 400 invalid_request`, `not_tried`. */
  readonly matrix?: Readonly<Record<string, string>>
}

/** The content of the file: probes by the URL of the target. */
export interface ProbeLock {
  readonly lockVersion: 1
  readonly targets: Readonly<Record<string, LockedProbe>>
}

/** Something that is otherwise than it was. */
export interface ProbeChange {
  /** `capability revocation`, `rule rfc6749-…`, or a cell of the matrix in words. */
  readonly what: string
  /** `none`: it was no part of that probe. */
  readonly before: string
  readonly after: string
  /** Whether something that worked works no more. */
  readonly isWorse: boolean
}

/** How much of the target a probe looked at: all there is, or some rules or services alone. */
export type ProbeExtent = 'whole' | 'part'

/**
 * What is kept of a probe; what it could not find out is as it was before, and of a part, what it did not look at. Rules
 * that are no more are left out.
 */
export function lockedProbeOf(
  { capabilities, undetermined = {}, rules, matrix }: Probe,
  before: LockedProbe = {},
  extent: ProbeExtent = 'whole',
): LockedProbe {
  const isUnknown = (name: string) => Object.hasOwn(undetermined, name)
  const known = Object.entries(capabilities).filter(([name]) => !isUnknown(name))
  const earlier = Object.entries(before.capabilities ?? {}).filter(([name]) => isUnknown(name))
  const kept = extent === 'part' ? before : {}
  const isRule = (name: string) => conformanceRules.some(({ id }) => id === name)
  const otherRules = Object.entries(kept.rules ?? {}).filter(([name]) => isRule(name))
  return {
    capabilities: sorted([...known, ...earlier]),
    rules: sorted([...otherRules, ...rules.map(({ id, verdict }) => [id, verdict] as const)]),
    matrix: sorted([
      ...Object.entries(kept.matrix ?? {}),
      ...matrix.map((cell) => [nameOf(cell), outcomeOf(cell)] as const),
    ]),
  }
}

/** By name; of two with one name, the last. */
function sorted<T>(entries: ReadonlyArray<readonly [string, T]>): Readonly<Record<string, T>> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)))
}

/** The first variant tells cells of one form apart: what others have the same bytes may change with each release. */
function nameOf({ variants, grantType, contentType, authentication, spelling }: MatrixCell): string {
  return [grantType, contentType, authentication, spelling, variants[0] ?? ''].join(' ')
}

/** The service's `error` where it is a word of a protocol; prose may have anything in it. */
function outcomeOf({ outcome, status, error }: MatrixCell): string {
  const word = error !== null && /^[a-z][a-z_]{0,39}$/i.test(error) ? error : ''
  return outcome === 'not_tried'
    ? outcome
    : [outcome, status ?? '', word].filter((part) => part !== '').join(' ')
}

/** What changed from one probe to the next, in the order of their names; what one of them did not look at did not change. */
export function compareProbes(before: LockedProbe, after: LockedProbe): readonly ProbeChange[] {
  return [
    ...changesIn('capability ', before.capabilities, after.capabilities),
    ...changesIn('rule ', withoutRaces(before.rules), withoutRaces(after.rules)),
    ...changesIn('', before.matrix, after.matrix),
  ]
}

/** What comes of requests at once is another thing each time. */
const races = conformanceRules.filter(({ requests }) => requests.some(({ isTwice }) => isTwice))

function withoutRaces(rules: LockedProbe['rules']): LockedProbe['rules'] {
  if (rules === undefined) return undefined
  return Object.fromEntries(Object.entries(rules).filter(([id]) => !races.some((race) => race.id === id)))
}

type Part = Readonly<Record<string, string | boolean>>

function changesIn(
  prefix: string,
  before: Part | undefined,
  after: Part | undefined,
): readonly ProbeChange[] {
  if (before === undefined || after === undefined) return []
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((name) => {
    const [one, other] = [wordFor(before, name), wordFor(after, name)]
    return one === other
      ? []
      : [{ what: prefix + name, before: one, after: other, isWorse: isWorse(one, other) }]
  })
}

function wordFor(part: Part, name: string): string {
  if (!Object.hasOwn(part, name)) return 'none'
  const value = part[name]
  return typeof value === 'boolean' ? (value ? 'offered' : 'not offered') : String(value)
}

/** Of what was not tried nothing is known: that is another matter than what does not work. */
function isWorse(before: string, after: string): boolean {
  if (before === 'offered') return after === 'not offered'
  if (before === 'kept') return after === 'broken'
  return before.startsWith('accepted') && after.startsWith('refused')
}

/** @throws {TokenwrightError} `ERR_LOCK_INVALID`; a file that is missing is an empty one */
export function readProbeLock(file: string): ProbeLock {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { lockVersion: 1, targets: {} }
    throw new TokenwrightError('ERR_LOCK_INVALID', `expected to read ${file}: ${(cause as Error).message}`, {
      cause,
    })
  }
  const value = parseJson(text.replace(/^\ufeff/, ''))
  const { lockVersion } = (value ?? {}) as { readonly lockVersion?: unknown }
  if (lockVersion !== undefined && lockVersion !== 1)
    throw new TokenwrightError(
      'ERR_LOCK_INVALID',
      `expected ${file} to be of lockVersion 1, received ${versionText(lockVersion)}`,
    )
  const targets = readTargets(value)
  if (targets !== undefined) return { lockVersion: 1, targets }
  throw new TokenwrightError(
    'ERR_LOCK_INVALID',
    `expected ${file} to be a lock file that tokenwright probe has written, received ${value === undefined ? 'what is no JSON' : 'other JSON'}; nothing was sent or changed; next: take the file from version control, or remove it and probe again`,
  )
}

function versionText(lockVersion: unknown): string {
  return typeof lockVersion === 'number' && lockVersion > 1
    ? `${lockVersion}, which a newer tokenwright has written; next: update tokenwright`
    : 'another one; nothing was sent or changed; next: take the file from version control, or remove it and probe again'
}

function readTargets(value: unknown): ProbeLock['targets'] | undefined {
  if (!isJsonObject(value) || !isJsonObject(value.targets)) return undefined
  const targets = Object.entries(value.targets).map(([url, target]) => [url, readTarget(target)] as const)
  return targets.some(([, target]) => target === undefined)
    ? undefined
    : (Object.fromEntries(targets) as ProbeLock['targets'])
}

/** Parts that are there; those of another version are left alone and left out. */
function readTarget(value: unknown): LockedProbe | undefined {
  if (!isJsonObject(value)) return undefined
  const parts = { capabilities: 'boolean', rules: 'string', matrix: 'string' } as const
  const given = Object.entries(parts).filter(([name]) => value[name] !== undefined)
  const isSound = given.every(([name, type]) => {
    const part = value[name]
    return isJsonObject(part) && Object.values(part).every((item) => typeof item === type)
  })
  return isSound ? Object.fromEntries(given.map(([name]) => [name, value[name]])) : undefined
}

/** The name of a target: its URL without what may be a secret in it. */
export function targetNameOf(url: string): string {
  const parsed = URL.parse(url)
  return parsed === null ? '' : parsed.origin + parsed.pathname
}

/** What the file says of a target; `undefined` when it was never probed. */
export function lockedProbeAt({ targets }: ProbeLock, url: string): LockedProbe | undefined {
  const name = targetNameOf(url)
  return Object.hasOwn(targets, name) ? targets[name] : undefined
}

/**
 * Writes a probe into the file in the place of the target's last one. One that ended before its end changes nothing, and
 * runs that end at once change one after the other.
 *
 * @returns whether the file has it
 * @throws {TokenwrightError} `ERR_LOCK_INVALID` for a file that is none, which stays as it is, or that cannot be written
 */
export async function updateProbeLock(
  file: string,
  probe: Probe,
  extent: ProbeExtent = 'whole',
): Promise<boolean> {
  if (probe.ended !== undefined) return false
  try {
    await withLock(`${file}.lock`, () => writeWhole(file, updated(readProbeLock(file), probe, extent)))
  } catch (cause) {
    if (cause instanceof TokenwrightError) throw cause
    throw new TokenwrightError('ERR_LOCK_INVALID', `expected to write ${file}: ${(cause as Error).message}`, {
      cause,
    })
  }
  return true
}

function updated({ targets }: ProbeLock, probe: Probe, extent: ProbeExtent): string {
  const name = targetNameOf(probe.url)
  const before = Object.hasOwn(targets, name) ? targets[name] : undefined
  const all = { ...targets, [name]: lockedProbeOf(probe, before, extent) }
  return `${JSON.stringify({ lockVersion: 1, targets: sorted(Object.entries(all)) }, null, 2)}\n`
}
