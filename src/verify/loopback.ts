// Servers of a verification's own, which only this machine can reach.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that listens on a free port. */
export interface LoopbackServer {
  /** Without a final slash. */
  readonly url: string
  /** Stops listening and closes every connection. */
  readonly close: () => void
}

/** Lets a server listen on a free port of 127.0.0.1. */
export async function listenOnLoopback(server: Server): Promise<LoopbackServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
