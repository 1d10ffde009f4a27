// Provider states over HTTP, as Pact's verifier asks for them: the values that have been produced for the interaction
// under way. They are secrets: only who knows the URL is given them.
import { createServer } from 'node:http'
import { createRandomStrings } from '../engine/random.ts'
import { systemRandom } from '../host/ambient.ts'
import { type LoopbackServer, listenOnLoopback } from './loopback.ts'

/** Values by the names that a contract's generators have. */
export type StateValues = Readonly<Record<string, string>>

/** A running state server. */
export interface StateServer extends LoopbackServer {
  /** Gives these values from now on. */
  readonly supply: (values: StateValues) => void
}

/** Starts a state server on a free port of this machine, at a path that cannot be guessed. */
export async function startStateServer(): Promise<StateServer> {
  const path = `/${createRandomStrings(systemRandom).token()}`
  let values: StateValues = {}
  const server = createServer((request, response) => {
    const isKnown = request.url === path
    // The verifier heeds values of this media type alone.
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isKnown ? values : {}))
    request.resume()
  })
  const { url, close } = await listenOnLoopback(server)
  return {
    url: url + path,
    close,
    supply: (next) => {
      values = next
    },
  }
}
