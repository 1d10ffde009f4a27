// Provider states over HTTP, as Pact's verifier asks for them. A value that cannot be had is a refusal, because the verifier
// would silently send the contract's example in its place. The values are secrets: only who knows the URL is given them.
import { createServer, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { createRandomStrings } from '../engine/random.ts'
import { systemRandom } from '../host/ambient.ts'
import { type LoopbackServer, listenOnLoopback } from './loopback.ts'

/** Gives the values of a state; throws when it cannot be produced. */
export type StateProvider = (state: string) => Promise<Readonly<Record<string, string>>>

/**
 * Starts a state server on a free port of this machine, at a path that cannot be guessed; what the provider throws is
 * handed to `onFailure`.
 */
export async function startStateServer(
  provide: StateProvider,
  onFailure: (error: Error) => void,
): Promise<LoopbackServer> {
  const path = `/${createRandomStrings(systemRandom).token()}`
  const server = createServer(async (request, response) => {
    const answer = (status: number, values: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(values))
    if (request.url !== path) {
      answer(404, {})
      return
    }
    try {
      answer(200, await valuesFor(request, provide))
    } catch (error) {
      onFailure(error as Error)
      // The verifier retries a 5xx for two minutes; a 4xx is final.
      answer(400, {})
    }
  })
  const { url, close } = await listenOnLoopback(server)
  return { url: url + path, close }
}

async function valuesFor(
  request: IncomingMessage,
  provide: StateProvider,
): Promise<Readonly<Record<string, string>>> {
  const { action, state } = (await json(request)) as { action: string; state: string }
  if (action !== 'setup') return {}
  try {
    return await provide(state)
  } catch (cause) {
    throw new Error(`the state "${state}" could not be produced: ${(cause as Error).message}`, { cause })
  }
}
