// Contracts: one Pact V4 file per variant, written by Pact after a client has kept every interaction of it.
import { join } from 'node:path'
import { TokenwrightError } from '../service/error.ts'
import type { LocatedVariant } from '../service/lookup.ts'
import { type ContractClient, clientsOf } from './client.ts'
import { clientError, type Finding, requestFindings, statusOf, thrownFinding } from './finding.ts'
import { type Interaction, interactionsOf } from './interaction.ts'
import { type Conversation, converse } from './mock-server.ts'
import { loadPactCore, type PactCore } from './pact-core.ts'
import { formatPact, pactDocumentOf } from './pact-file.ts'
import { inWritableFolder } from './pact-folder.ts'
import { writeWhole } from './whole-file.ts'

export type { InteractionLabel } from './pact-file.ts'

/** A contract that was written. */
export interface WrittenContract {
  readonly variant: string
  readonly file: string
  readonly interactions: number
  /** The clients that sent the requests. */
  readonly sentBy: readonly string[]
}

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
  await inWritableFolder(() => writeWhole(file, formatContract(core, located, sent)))
  return {
    variant: located.variant.id,
    file,
    interactions: interactions.length,
    sentBy: [...new Set(sent.values())],
  }
}

async function exercise(core: PactCore, interaction: Interaction, client: ContractClient): Promise<void> {
  const conversation = await converse(core, interaction, (url) =>
    client.send(url, interaction.located, interaction.message),
  )
  const findings = findingsOf(interaction, conversation)
  if (findings.length === 0) return
  throw clientError('the client does not send what is documented; no contract was written', [
    [`${interaction.key}, sent by ${client.name}`, findings],
  ])
}

/** What a client makes of the reply to a wrong request says nothing. */
function findingsOf(interaction: Interaction, conversation: Conversation<number>): readonly Finding[] {
  const { outcome } = conversation
  const departures = requestFindings(interaction, conversation)
  if (departures.length > 0) return departures
  if (outcome.status === 'thrown')
    return [
      thrownFinding(interaction, conversation, outcome.error, 'let the client read the documented reply'),
    ]
  const expected = statusOf(interaction)
  if (outcome.status === 'unfinished' || outcome.value === expected) return []
  const received = String(outcome.value)
  return [{ where: 'status', expected: String(expected), received, next: 'tell the status of the reply' }]
}

function formatContract(
  core: PactCore,
  located: LocatedVariant,
  sent: ReadonlyMap<Interaction, string>,
): string {
  const document = pactDocumentOf(core, { consumer: consumerOf(located), provider: located.service.id }, sent)
  const tokenwright = {
    variant: located.variant.id,
    document: located.variant.document.source.document,
    sent_by: [...new Set(sent.values())],
  }
  return formatPact({ ...document, metadata: { ...document.metadata, tokenwright } })
}
