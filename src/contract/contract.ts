// Contracts: one Pact V4 file per variant, written by Pact after a client has kept every interaction of it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ConsumerInteraction, ConsumerPact } from '@pact-foundation/pact-core'
import { TokenwrightError } from '../service/error.ts'
import type { LocatedVariant } from '../service/lookup.ts'
import { type ContractClient, clientsOf } from './client.ts'
import { type Interaction, interactionsOf } from './interaction.ts'
import { loadPactCore, type PactCore } from './pact-core.ts'

/** What a contract's interactions say of themselves, under `comments.tokenwright`. */
export interface InteractionLabel {
  readonly variant: string
  readonly exchange: string
  readonly client_authentication: string
  /** Which client sent the request when the contract was written. */
  readonly sent_by: string
}

/** A contract that was written. */
export interface WrittenContract {
  readonly variant: string
  readonly file: string
  readonly interactions: number
  /** The clients that sent the requests. */
  readonly sentBy: readonly string[]
}

const pactV4 = 5

/** The consumer's name in a variant's contract. */
export function consumerOf({ variant }: LocatedVariant): string {
  return `${variant.document.sdk} ${variant.document.version}`
}

/** The path of a variant's contract below the folder of contracts. */
export function contractFileOf({ variant }: LocatedVariant): string {
  return `${variant.id}.json`
}

/**
 * Has a client send every interaction of a variant to Pact's mock server, then writes the contract. `clients` are asked
 * in order; by default the vendor's SDK where npm has it, then one that sends the documented wire form.
 *
 * @throws {TokenwrightError} `ERR_PEER_MISSING`, `ERR_CONTRACT_CLIENT` when a client does not send what is documented, or
 *   `ERR_OPTION_INVALID` when the directory cannot be written to
 */
export async function writeContract(
  located: LocatedVariant,
  directory: string,
  clients?: readonly ContractClient[],
): Promise<WrittenContract> {
  const core = loadPactCore()
  const senders = clients ?? (await clientsOf(located))
  const interactions = interactionsOf(located)
  const sent = new Map<Interaction, string>()
  for (const interaction of interactions) {
    const client = senders.find(({ canSend }) => canSend(interaction.message))
    if (client === undefined)
      throw new TokenwrightError('ERR_CONTRACT_CLIENT', `no client can send ${interaction.key}`)
    await exercise(core, interaction, client)
    sent.set(interaction, client.name)
  }
  const file = join(directory, contractFileOf(located))
  writeAtomically(file, formatContract(core, located, sent))
  return {
    variant: located.variant.id,
    file,
    interactions: interactions.length,
    sentBy: [...new Set(sent.values())],
  }
}

/** One mock server per interaction: with several, a mismatch would be blamed on whichever is nearest. */
async function exercise(core: PactCore, interaction: Interaction, client: ContractClient): Promise<void> {
  const pact = core.makeConsumerPact('consumer', 'provider', pactV4, 'error')
  describe(pact, interaction, client.name)
  const port = pact.createMockServer('127.0.0.1', 0, false)
  try {
    const sending = client.send(`http://127.0.0.1:${port}`, interaction.located, interaction.message)
    const [outcome] = await Promise.allSettled([sending])
    const mismatches = pact.mockServerMismatches(port)
    const cause = outcome.status === 'rejected' ? outcome.reason : undefined
    if (mismatches.length > 0) throw clientError(interaction, client, describeMismatches(mismatches), cause)
    if (outcome.status === 'rejected')
      throw clientError(interaction, client, 'the client did not understand the reply', cause)
    const expected = interaction.reply.status
    const expectedStatus = typeof expected === 'number' ? expected : expected.value
    if (outcome.value !== expectedStatus)
      throw clientError(
        interaction,
        client,
        `expected status ${expectedStatus}, the client saw ${outcome.value}`,
      )
  } finally {
    pact.cleanupMockServer(port)
  }
}

function clientError(
  { key }: Interaction,
  { name }: ContractClient,
  problem: string,
  cause?: unknown,
): TokenwrightError {
  return new TokenwrightError('ERR_CONTRACT_CLIENT', `${key}, sent by ${name}: ${problem}`, { cause })
}

/** A part of Pact's report on a mock server. */
interface RequestMismatch {
  readonly type: string
  readonly method: string
  readonly path: string
  readonly mismatches?: ReadonlyArray<{
    readonly mismatch: string
    readonly path?: string
    readonly key?: string
  }>
}

function describeMismatches(report: readonly object[]): string {
  const sentences = (report as readonly RequestMismatch[]).flatMap(
    ({ type, method, path, mismatches = [] }) => {
      if (type === 'missing-request') return [`expected ${method} ${path}`]
      if (type === 'request-not-found') return [`received ${method} ${path}`]
      return mismatches.map(sentenceOf)
    },
  )
  return [...new Set(sentences)].sort().join('; ')
}

/** Pact's sentence, where it does not quote what was sent: a client may hold secrets of its own. */
function sentenceOf({
  mismatch,
  path,
  key = path,
}: {
  mismatch: string
  path?: string
  key?: string
}): string {
  // Pact reports a form parameter twice, as a value and as a list of one.
  const where = key?.replace('$.$.', '$.')
  return mismatch.includes(' to be equal to ')
    ? `expected the documented ${where}, received another`
    : mismatch
}

function describe(pact: ConsumerPact, interaction: Interaction, sentBy: string): void {
  const { located, exchange, authentication, message, request, reply } = interaction
  const label: InteractionLabel = {
    variant: located.variant.id,
    exchange: exchange.id,
    client_authentication: authentication,
    sent_by: sentBy,
  }
  const pactInteraction = pact.newInteraction(interaction.description) as ConsumerInteraction
  const accepted = [
    pactInteraction.setKey(interaction.key),
    ...interaction.states.map((state) => pactInteraction.given(state)),
    pactInteraction.setComment('tokenwright', JSON.stringify(label)),
    pactInteraction.withRequest('POST', message.path),
    ...Object.entries(request.headers).map(([name, value]) =>
      pactInteraction.withRequestHeader(name, 0, headerOf(value)),
    ),
    // Basic credentials and no grant_type leave nothing for the body, and Pact tells no body from an empty one.
    Object.keys(request.body).length === 0 ||
      pactInteraction.withRequestBody(JSON.stringify(request.body), message.contentType),
    // pact-core passes a matcher on as JSON, though its type says number.
    pactInteraction.withStatus(reply.status as number),
    ...Object.entries(reply.headers).map(([name, value]) =>
      pactInteraction.withResponseHeader(name, 0, headerOf(value)),
    ),
    reply.body === undefined ||
      pactInteraction.withResponseBody(JSON.stringify(reply.body), 'application/json'),
  ]
  const refused = accepted.indexOf(false)
  if (refused >= 0)
    throw new TokenwrightError(
      'ERR_CONTRACT_INVALID',
      `pact-core refused part ${refused} of ${interaction.key}`,
    )
}

function headerOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function formatContract(
  core: PactCore,
  located: LocatedVariant,
  sent: ReadonlyMap<Interaction, string>,
): string {
  const pact = core.makeConsumerPact(consumerOf(located), located.service.id, pactV4, 'error')
  for (const [interaction, client] of sent) describe(pact, interaction, client)
  const directory = mkdtempSync(join(tmpdir(), 'tokenwright-contract-'))
  try {
    pact.writePactFile(directory, false)
    const [written = ''] = readdirSync(directory)
    const contract = JSON.parse(readFileSync(join(directory, written), 'utf8'))
    // The versions of Pact's own libraries are no part of the contract; without them an upgrade changes no file.
    delete contract.metadata.pactRust
    contract.metadata.tokenwright = {
      variant: located.variant.id,
      document: located.variant.document.source.document,
      sent_by: [...new Set(sent.values())],
    }
    return `${JSON.stringify(contract, null, 2)}\n`
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** A reader never sees half a file, and a failure leaves the old one. */
function writeAtomically(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(file), { recursive: true })
    try {
      writeFileSync(unfinished, text)
      renameSync(unfinished, file)
    } finally {
      rmSync(unfinished, { force: true })
    }
  } catch (cause) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected a folder that contracts can be written to: ${(cause as Error).message}`,
      { cause },
    )
  }
}
