// The lock file, for teams without a broker: what was kept, by which service, of which version of each contract, and
// when. It is committed, so that it has no secret, and changes only where something changed.

import { readFileSync } from 'node:fs'
import { writeWhole } from '../contract/whole-file.ts'
import { parseJson } from '../oauth/json.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Verification, VerifiedInteraction } from '../verify/verification.ts'
import { type Contract, type ContractVersion, contractVersions } from './contracts.ts'

/** The usual name of the file. */
export const lockFileName = 'verification.lock.json'

/** A part of a contract that was not kept. */
interface LockedInteraction {
  readonly exchange: string
  readonly client_authentication: string
}

/** What came of one consumer's contract about one variant, at one service. */
export interface LockEntry {
  /** The version of the contract; see `ContractVersion`. */
  readonly sha256: string
  /** ISO 8601, UTC. */
  readonly verifiedAt: string
  readonly kept: number
  readonly broken: ReadonlyArray<LockedInteraction & { readonly rules: readonly string[] }>
  readonly skipped: ReadonlyArray<LockedInteraction & { readonly reason: string }>
  readonly client_authentication?: string
  readonly profile?: string
  /** The version of the service, where it is known. */
  readonly providerVersion?: string
}

/** Entries by service, token endpoint, consumer and variant. */
type LockedServices = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, LockEntry>>>>>>>
>

/** The content of a lock file. */
export interface Lock {
  readonly lockVersion: 1
  readonly services: LockedServices
}

/** An entry, and what it is about. */
export interface LocatedEntry {
  readonly service: string
  readonly url: string
  readonly consumer: string
  readonly variant: string
  readonly entry: LockEntry
}

/** What was done with a contract's outcome. */
export interface LockUpdate {
  readonly consumer: string
  readonly variant: string
  /** Why the file has no entry of this run; absent when it has. */
  readonly reason?: string
}

/** @throws {TokenwrightError} `ERR_LOCK_INVALID`; a file that is missing is an empty one */
export function readLock(file: string): Lock {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { lockVersion: 1, services: {} }
    throw new TokenwrightError('ERR_LOCK_INVALID', `expected to read ${file}: ${(cause as Error).message}`, {
      cause,
    })
  }
  const lock = parseJson(text)
  if (isLock(lock)) return lock
  throw new TokenwrightError(
    'ERR_LOCK_INVALID',
    `expected ${file} to be a lock file that tokenwright verify has written, received ${lock === undefined ? 'what is no JSON' : 'other JSON'}; nothing was changed; next: take the file from version control, or remove it and verify again`,
  )
}

function isLock(value: unknown): value is Lock {
  const { lockVersion, services } = (value ?? {}) as Partial<Lock>
  return lockVersion === 1 && isRecordOf(isRecordOf(isRecordOf(isRecordOf(isEntry))))(services)
}

function isRecordOf(isItem: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isItem)
}

function isEntry(value: unknown): boolean {
  const { sha256, verifiedAt, kept, broken, skipped } = (value ?? {}) as Partial<LockEntry>
  return (
    /^[0-9a-f]{64}$/.test(String(sha256)) &&
    !Number.isNaN(Date.parse(String(verifiedAt))) &&
    Number.isInteger(kept) &&
    Array.isArray(broken) &&
    Array.isArray(skipped)
  )
}

/**
 * Writes the outcome of a verification into the lock file, beside the entries of other services, endpoints and contracts.
 * A run that ended before its end, and a contract of which only some exchanges were replayed, change nothing.
 *
 * @throws {TokenwrightError} `ERR_LOCK_INVALID` for a file that is none, which stays as it is, or that cannot be written
 */
export function updateLock(
  file: string,
  verification: Verification,
  contracts: readonly Contract[],
  now: Date,
  providerVersion?: string,
): readonly LockUpdate[] {
  const lock = readLock(file)
  const versions = contractVersions(contracts)
  const updates = versions.map((version): LockUpdate & { readonly located?: LocatedEntry } => {
    const { consumer, variant } = version
    const reason = incompleteness(version, verification)
    if (reason !== undefined) return { consumer, variant, reason }
    return { consumer, variant, located: entryOf(version, verification, now, providerVersion) }
  })
  const added = updates.flatMap(({ located }) => located ?? [])
  if (added.length > 0) writeLock(file, [...entriesOf(lock), ...added])
  return updates.map(({ located: _located, ...update }) => update)
}

/** Why a run says too little of a contract; `undefined` when it says all. */
function incompleteness(version: ContractVersion, { interactions, ended }: Verification): string | undefined {
  if (ended !== undefined) return `the run ended before its end: ${ended}`
  const replayed = new Set(interactions.filter(isOf(version)).map(({ exchange }) => exchange))
  const left = version.exchanges.filter((exchange) => !replayed.has(exchange))
  if (left.length === 0) return undefined
  return left.length === version.exchanges.length ? 'no part of the run' : `left out: ${left.join(', ')}`
}

function isOf({ consumer, variant }: ContractVersion): (interaction: VerifiedInteraction) => boolean {
  return (interaction) => interaction.consumer === consumer && interaction.variant === variant
}

function entryOf(
  version: ContractVersion,
  verification: Verification,
  now: Date,
  providerVersion: string | undefined,
): LocatedEntry {
  const { service, client_authentication, profile } = verification
  const interactions = verification.interactions.filter(isOf(version))
  const of = (verdict: VerifiedInteraction['verdict']) =>
    interactions.filter((each) => each.verdict === verdict)
  const label = ({ exchange, client_authentication }: VerifiedInteraction) => ({
    exchange,
    client_authentication,
  })
  return {
    service,
    url: addressOf(verification.url),
    consumer: version.consumer,
    variant: version.variant,
    entry: {
      sha256: version.sha256,
      verifiedAt: now.toISOString(),
      kept: of('kept').length,
      broken: of('broken').map((each) => ({
        ...label(each),
        rules: [...new Set(each.differences.map(({ rule }) => rule))].sort(),
      })),
      skipped: of('skipped').map((each) => ({ ...label(each), reason: each.reason ?? 'no reason' })),
      ...(client_authentication !== undefined && { client_authentication }),
      ...(profile !== undefined && { profile }),
      ...(providerVersion !== undefined && { providerVersion }),
    },
  }
}

/** The address without what may be a secret in it. */
export function addressOf(url: string): string {
  const parsed = URL.parse(url)
  return parsed === null ? '' : parsed.origin + parsed.pathname
}

/** Every entry of a lock, in the order of the file. */
export function entriesOf({ services }: Lock): readonly LocatedEntry[] {
  return Object.entries(services).flatMap(([service, urls]) =>
    Object.entries(urls).flatMap(([url, consumers]) =>
      Object.entries(consumers).flatMap(([consumer, variants]) =>
        Object.entries(variants).map(([variant, entry]) => ({ service, url, consumer, variant, entry })),
      ),
    ),
  )
}

/** Of two entries about the same the later one stays. */
function writeLock(file: string, entries: readonly LocatedEntry[]): void {
  const services = nest(entries, ['service', 'url', 'consumer', 'variant'])
  try {
    writeWhole(file, `${JSON.stringify(sorted({ lockVersion: 1, services }), null, 2)}\n`)
  } catch (cause) {
    throw new TokenwrightError('ERR_LOCK_INVALID', `expected to write ${file}: ${(cause as Error).message}`, {
      cause,
    })
  }
}

type Name = 'service' | 'url' | 'consumer' | 'variant'

function nest(entries: readonly LocatedEntry[], [name, ...names]: readonly Name[]): unknown {
  if (name === undefined) return entries.at(-1)?.entry
  const groups = Map.groupBy(entries, (each) => each[name])
  return Object.fromEntries([...groups].map(([key, group]) => [key, nest(group, names)]))
}

/** The members of every object in the order of their names; lists stay in the order of the contract. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([name, item]) => [name, sorted(item)]))
}

/** What is asked of a lock. */
export interface LockQuestion {
  /** The contracts as they are now. */
  readonly contracts: readonly Contract[]
  /** The one token endpoint to look at. Default: each that the contract was verified at, all of which have to keep it. */
  readonly url?: string
  /** How long a verification holds, in milliseconds. Default: for ever. */
  readonly maxAgeMs?: number
  readonly now: Date
}

/** The answer about one contract. */
export interface LockAnswer {
  readonly service: string
  readonly consumer: string
  readonly variant: string
  /** Where it was verified; absent when nowhere. */
  readonly url?: string
  /** Why not; absent when nothing speaks against it. */
  readonly reason?: string
}

/** Whether each contract, as it is now, was kept. */
export function askLock(lock: Lock, { contracts, url, maxAgeMs, now }: LockQuestion): readonly LockAnswer[] {
  const entries = entriesOf(lock).filter((each) => url === undefined || each.url === addressOf(url))
  return contractVersions(contracts).flatMap((version): readonly LockAnswer[] => {
    const { service, consumer, variant } = version
    const about = entries.filter(
      (each) => each.service === service && each.consumer === consumer && each.variant === variant,
    )
    // An endpoint at which all was skipped, such as one of another variant, says nothing.
    const telling = about.filter(({ entry }) => entry.kept + entry.broken.length > 0)
    const chosen = telling.length > 0 ? telling : about
    if (chosen.length === 0) return [{ service, consumer, variant, reason: 'never verified' }]
    return chosen.map((each) => {
      const reason = objection(version, each.entry, now, maxAgeMs)
      return { service, consumer, variant, url: each.url, ...(reason !== undefined && { reason }) }
    })
  })
}

function objection(
  { sha256 }: ContractVersion,
  { sha256: verified, verifiedAt, kept, broken, skipped }: LockEntry,
  now: Date,
  maxAgeMs = Number.POSITIVE_INFINITY,
): string | undefined {
  const day = verifiedAt.slice(0, 10)
  if (sha256 !== verified) return `the contract has changed since it was verified on ${day}`
  if (broken.length > 0)
    return `broken on ${day}: ${[...new Set(broken.map(({ exchange }) => exchange))].join(', ')}`
  if (kept === 0) {
    const reasons = [...new Set(skipped.map(({ reason }) => reason))]
    return `nothing of it was replayed on ${day}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`
  }
  return now.getTime() - Date.parse(verifiedAt) > maxAgeMs
    ? `verified on ${day}, which is too long ago`
    : undefined
}
