// Who sends a contract's requests: the vendor's own SDK where npm has it, else a client that sends the documented wire form.
import { type Message, requestOf } from '../fixture/message.ts'
import type { LocatedVariant } from '../service/lookup.ts'
import { loadProveApi } from './clients/prove-api.ts'

/** A client that can be pointed at a mock server. */
export interface ContractClient {
  /** Written into the contract's metadata. */
  readonly name: string
  /** An SDK cannot be made to send everything: it checks what it is given. */
  readonly canSend: (message: Message) => boolean
  /** Sends one request and gives the status that the client saw. */
  readonly send: (baseUrl: string, located: LocatedVariant, message: Message) => Promise<number>
}

/** Sends the documented wire form byte for byte. */
export const wireClient: ContractClient = {
  name: 'tokenwright, in the documented wire form',
  canSend: () => true,
  send: async (baseUrl, located, message) => {
    const { method, path, headers, body } = requestOf(located, message)
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: headers as Record<string, string>,
      body: Buffer.from(body),
    })
    await response.arrayBuffer()
    return response.status
  },
}

const sdkLoaders: Readonly<Record<string, () => Promise<ContractClient | undefined>>> = {
  '@prove-identity/prove-api': loadProveApi,
}

/** The clients of a variant, the one to be preferred first. */
export async function clientsOf({ variant }: LocatedVariant): Promise<readonly ContractClient[]> {
  const sdk = await sdkLoaders[variant.document.npm ?? '']?.()
  return sdk === undefined ? [wireClient] : [sdk, wireClient]
}
