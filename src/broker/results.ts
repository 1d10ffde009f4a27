// Results of a verification, told to the broker: made of what every report shows, so that no value of a reply is sent.
import type { Difference, Verification, VerifiedInteraction } from '../verify/verification.ts'
import type { Contract } from './contracts.ts'
import { ask, type Broker, indexOf, linkOf } from './hal.ts'
import type { FetchedPact } from './pacts.ts'

/** Which version of the service was verified. */
export interface ResultsOptions {
  readonly providerVersion: string
  readonly branch?: string
  readonly tags?: readonly string[]
  /** The build that verified. */
  readonly buildUrl?: string
  /** The version of tokenwright. */
  readonly version: string
}

/** What became of a pact's result. */
export interface PublishedResult {
  readonly name: string
  /** Absent when nothing was told to the broker. */
  readonly success?: boolean
  /** Why nothing was. */
  readonly reason?: string
}

type Interaction = Contract['interactions'][number]

/**
 * Publishes the result of each pact. A pact with a broken interaction, pending or not, has failed. One of which nothing
 * was kept, or whose run ended before its end, has no result: the broker goes on to say that it is not verified.
 *
 * @throws {TokenwrightError} `ERR_UNREACHABLE`, `ERR_BROKER_REFUSED`, `ERR_BROKER_INVALID`
 */
export async function publishResults(
  broker: Broker,
  fetched: readonly FetchedPact[],
  verification: Verification,
  options: ResultsOptions,
): Promise<readonly PublishedResult[]> {
  const judged = fetched.map((each) => ({ ...each, ...judge(each, verification) }))
  if (judged.some(({ success }) => success !== undefined)) await recordVersion(broker, verification, options)
  const published: PublishedResult[] = []
  for (const { name, publishUrl, success, reason, testResults } of judged) {
    if (success === undefined || publishUrl === undefined) {
      published.push({ name, reason: reason ?? 'the broker takes no result of it' })
      continue
    }
    await ask(broker, 'POST', publishUrl, {
      success,
      providerApplicationVersion: options.providerVersion,
      ...(options.buildUrl !== undefined && { buildUrl: options.buildUrl }),
      verifiedBy: { implementation: 'tokenwright', version: options.version },
      testResults,
    })
    published.push({ name, success })
  }
  return published
}

/** The branch and the tags stand before the result, which decides by them what is pending. */
async function recordVersion(
  broker: Broker,
  { service }: Verification,
  { providerVersion, branch, tags = [] }: ResultsOptions,
): Promise<void> {
  if (branch === undefined && tags.length === 0) return
  const index = await indexOf(broker)
  const version = { pacticipant: service, version: providerVersion }
  if (branch !== undefined)
    await ask(
      broker,
      'PUT',
      linkOf(broker, index, 'pb:pacticipant-branch-version', { ...version, branch }),
      {},
    )
  for (const tag of tags)
    await ask(broker, 'PUT', linkOf(broker, index, 'pb:pacticipant-version-tag', { ...version, tag }), {})
}

interface Judgment {
  readonly success?: boolean
  readonly reason?: string
  readonly testResults: readonly object[]
}

function judge({ pact, url }: FetchedPact, { interactions, ended }: Verification): Judgment {
  const verified = pact.interactions.flatMap((interaction) =>
    interactions
      .filter((each) => each.contract === url && isOf(pact, interaction, each))
      .filter(({ verdict }) => verdict !== 'skipped')
      .map((each) => ({ interaction, each })),
  )
  const testResults = verified.map(({ interaction, each }) => testResultOf(interaction, each))
  if (verified.some(({ each }) => each.verdict === 'broken')) return { success: false, testResults }
  if (ended !== undefined) return { reason: `the run ended before its end: ${ended}`, testResults }
  if (verified.length === 0) return { reason: 'none of its interactions was replayed', testResults }
  return { success: true, testResults }
}

function isOf({ consumer }: Contract, { comments }: Interaction, each: VerifiedInteraction): boolean {
  const label = comments?.tokenwright
  return (
    each.consumer === consumer.name &&
    each.variant === label?.variant &&
    each.exchange === label.exchange &&
    each.client_authentication === label.client_authentication
  )
}

function testResultOf(interaction: Interaction, { verdict, differences }: VerifiedInteraction): object {
  const { _id: interactionId, description } = interaction as Readonly<Record<string, unknown>>
  const mismatches = differences.filter(({ where }) => where !== 'reply').map(mismatchOf)
  const exceptions = differences
    .filter(({ where }) => where === 'reply')
    .map((each) => ({ message: sentenceOf(each) }))
  return {
    ...(typeof interactionId === 'string' && { interactionId }),
    ...(typeof description === 'string' && { interactionDescription: description }),
    success: verdict === 'kept',
    ...(mismatches.length > 0 && { mismatches }),
    ...(exceptions.length > 0 && { exceptions }),
  }
}

function mismatchOf(difference: Difference): object {
  const [attribute, ...rest] = difference.where.split(' ')
  const identifier = rest.join(' ')
  return { attribute, ...(identifier !== '' && { identifier }), description: sentenceOf(difference) }
}

function sentenceOf({ rule, expected, received }: Difference): string {
  return `${rule}: expected ${expected}, received ${received}`
}
