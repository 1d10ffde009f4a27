// A team's own client held to a documented variant: each exchange on a mock server of its own, and a contract of all that
// were kept. It needs no test runner; it resolves, or throws.
import type { CredentialName } from '../fixture/message.ts'
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import type { WireParameters } from '../service/exchanges.ts'
import { type StandardParameter, wireNameOf } from '../service/service.ts'
import { type ContractTestOptions, chosenInteractions, locate } from './contract-test-options.ts'
import {
  clientError,
  type Finding,
  requestFindings,
  statusOf,
  thrownFinding,
  unfinishedFinding,
} from './finding.ts'
import type { Interaction } from './interaction.ts'
import { converse } from './mock-server.ts'
import { loadPactCore, type PactCore } from './pact-core.ts'
import { pactDocumentOf } from './pact-file.ts'
import { mergeContract } from './pact-folder.ts'

export type { ContractTestOptions } from './contract-test-options.ts'

/** What the client's call is given: where to send, and what. */
export interface ContractCall {
  /** The base URL of a mock server that knows this one exchange. */
  readonly url: string
  /** The same with the documented path. */
  readonly tokenEndpoint: string
  /** The id of the exchange. */
  readonly exchange: string
  /** The grant that the exchange is of. */
  readonly grantType: string
  /** Whether the reply is a refusal. */
  readonly isRefused: boolean
  /** The credentials of the exchange, wrong ones where it is about them; what it has none of is empty. */
  readonly credentials: Readonly<Record<CredentialName, string>>
  /** The scope that is asked for, if any. */
  readonly scope: string | undefined
  /** Every parameter of the documented body, by wire name. */
  readonly parameters: WireParameters
  readonly authentication: ClientAuthenticationMethod
  readonly contentType: ContentType
}

/** The contract that a client has kept. */
export interface KeptContract {
  readonly consumer: string
  readonly provider: string
  /** The file that the interactions were added to. */
  readonly file: string
  /** The keys of the interactions, `<variant>#<exchange>#<client authentication>`. */
  readonly interactions: readonly string[]
}

/**
 * Calls a team's client once per exchange, against a mock server that knows this exchange alone, and adds the interactions
 * to the contract of the consumer with the service once all of them are kept. Tests of several files, processes and
 * threads may add to one contract at the same time.
 *
 * The request is compared part by part with the documented one: method, path, media type, client authentication, and
 * each parameter by name and value. Exactly one request is expected of each call. Of a granted reply the contract asks no
 * more than `needs`, and a call that throws at it fails; on a refusal the call is to throw.
 *
 * @throws {TokenwrightError} `ERR_CONTRACT_CLIENT` with everything in which the client departs, without a value that it
 *   sent; `ERR_PEER_MISSING`; `ERR_SERVICE_UNKNOWN`, `ERR_SERVICE_INVALID`, `ERR_VARIANT_UNKNOWN`, `ERR_EXCHANGE_UNKNOWN`
 *   and `ERR_OPTION_INVALID` for options; `ERR_CONTRACT_INVALID` when the file is another's
 */
export async function contractTest(
  options: ContractTestOptions,
  call: (exchange: ContractCall) => unknown,
): Promise<KeptContract> {
  const located = locate(options)
  const interactions = chosenInteractions(located, options)
  const core = loadPactCore()
  const parts: Array<readonly [string, readonly Finding[]]> = []
  for (const interaction of interactions)
    parts.push([interaction.exchange.id, await exercise(core, interaction, options, call)])
  const { consumer } = options
  const provider = located.service.id
  if (parts.some(([, findings]) => findings.length > 0)) {
    const title = `${consumer} does not keep ${located.variant.id} by ${interactions[0]?.authentication}; no contract was written`
    throw clientError(title, parts)
  }
  const sent = new Map(interactions.map((interaction) => [interaction, consumer]))
  const document = pactDocumentOf(core, { consumer, provider }, sent)
  const file = await mergeContract(options.directory ?? 'pacts', document)
  return { consumer, provider, file, interactions: interactions.map(({ key }) => key) }
}

const defaultTimeoutMs = 4000

async function exercise(
  core: PactCore,
  interaction: Interaction,
  { refusals = 'thrown', timeoutMs = defaultTimeoutMs }: ContractTestOptions,
  call: (exchange: ContractCall) => unknown,
): Promise<readonly Finding[]> {
  const conversation = await converse(
    core,
    interaction,
    async (url) => call(callOf(interaction, url)),
    timeoutMs,
  )
  const { requests, outcome } = conversation
  const departures = requestFindings(interaction, conversation)
  if (outcome.status === 'unfinished') {
    return [unfinishedFinding(conversation, timeoutMs), ...(requests.length === 0 ? [] : departures)]
  }
  const isRefused = interaction.exchange.refusal !== undefined
  // What a client makes of the reply to a wrong request says nothing.
  const isTelling = departures.length === 0 ? !isRefused : requests.length === 0
  if (outcome.status === 'thrown') {
    return isTelling ? [thrownFinding(interaction, conversation, outcome.error, needsNext)] : departures
  }
  if (departures.length > 0) return departures
  return !isRefused || refusals === 'any' || tellsRefusal(outcome.value)
    ? []
    : [unreportedRefusal(interaction)]
}

const needsNext = 'if the client needs other members of the reply, name them in needs'

/** Whether what a call resolved with says itself that it was refused: a `Response`, or an error reply as it came. */
function tellsRefusal(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { ok, status, error } = value as { ok?: unknown; status?: unknown; error?: unknown }
  return ok === false || (typeof status === 'number' && status >= 400) || Boolean(error)
}

function unreportedRefusal(interaction: Interaction): Finding {
  return {
    where: 'refusal',
    expected: `a call that throws at ${statusOf(interaction)}`,
    received: 'one that resolved as though a token were granted',
    next: "let the client throw, or return the reply; if it reports refusals in another way, set refusals: 'any'",
  }
}

function callOf({ message, exchange, located, authentication }: Interaction, url: string): ContractCall {
  const { parameters, basic, path, contentType } = message
  const parameterOf = (name: StandardParameter): string | undefined =>
    parameters[wireNameOf(located.variant, name)]
  return {
    url,
    tokenEndpoint: `${url}${path}`,
    exchange: exchange.id,
    grantType: exchange.grantType,
    isRefused: exchange.refusal !== undefined,
    credentials: {
      client_id: basic?.client_id ?? parameterOf('client_id') ?? '',
      client_secret: basic?.client_secret ?? parameterOf('client_secret') ?? '',
      username: parameterOf('username') ?? '',
      password: parameterOf('password') ?? '',
      refresh_token: parameterOf('refresh_token') ?? '',
    },
    scope: parameterOf('scope'),
    parameters,
    authentication,
    contentType,
  }
}
