// An engine that refuses everything and counts the bytes that its host hands over.
import type { Engine } from '../../src/engine/engine.ts'
import { engineFor } from '../../src/host/options.ts'

/** An engine with a limit of so many bytes, and the size of the last body that it was given. */
export function createCountingEngine(maxBodyBytes: number): { engine: Engine; receivedBytes: () => number } {
  let received = 0
  const engine: Engine = {
    ...engineFor({}).engine,
    maxBodyBytes,
    answer: ({ body }) => {
      received = body.byteLength
      return { status: 413, headers: {}, body: '' }
    },
  }
  return { engine, receivedBytes: () => received }
}
