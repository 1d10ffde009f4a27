// Interactions in Pact's own JSON: what pact-core makes of them, in a file that nobody else sees, and without its versions.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConsumerInteraction, ConsumerPact } from '@pact-foundation/pact-core'
import { TokenwrightError } from '../service/error.ts'
import type { Interaction } from './interaction.ts'
import type { PactCore } from './pact-core.ts'

/** What a contract's interactions say of themselves, under `comments.tokenwright`. */
export interface InteractionLabel {
  readonly variant: string
  readonly exchange: string
  readonly client_authentication: string
  /** Which client sent the request when the contract was written. */
  readonly sent_by: string
}

/** An interaction in a Pact V4 file, as far as writing it needs to know. */
export interface WrittenInteraction {
  readonly key: string
  readonly comments: { readonly tokenwright: InteractionLabel }
}

/** A Pact V4 file. */
export interface PactDocument {
  readonly consumer: { readonly name: string }
  readonly interactions: readonly WrittenInteraction[]
  readonly metadata: Readonly<Record<string, unknown>>
  readonly provider: { readonly name: string }
}

/** Who a contract is between. */
export interface Parties {
  readonly consumer: string
  readonly provider: string
}

const pactV4 = 5

/** A pact in memory; pact-core names files after both parties, and a name with slashes would lead elsewhere. */
export function createPact(core: PactCore): ConsumerPact {
  return core.makeConsumerPact('consumer', 'provider', pactV4, 'error')
}

/** Adds an interaction to a pact; two of one description would be one. */
export function describeInteraction(pact: ConsumerPact, interaction: Interaction, sentBy: string): void {
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

/** The pact file of some interactions, each with the client that sent its request. */
export function pactDocumentOf(
  core: PactCore,
  { consumer, provider }: Parties,
  sent: ReadonlyMap<Interaction, string>,
): PactDocument {
  const pact = createPact(core)
  for (const [interaction, client] of sent) describeInteraction(pact, interaction, client)
  // pact-core replaces a file that is there with its own interactions alone.
  const directory = mkdtempSync(join(tmpdir(), 'tokenwright-contract-'))
  try {
    pact.writePactFile(directory, false)
    const [file = ''] = readdirSync(directory)
    const document: PactDocument = JSON.parse(readFileSync(join(directory, file), 'utf8'), withoutVersions)
    return { ...document, consumer: { name: consumer }, provider: { name: provider } }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The versions of Pact's own libraries are no part of a contract; without them an upgrade changes no file. */
function withoutVersions(key: string, value: unknown): unknown {
  return key === 'pactRust' ? undefined : value
}

/** A pact file as text. */
export function formatPact(document: PactDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
