// A process of its own for Pact's native verifier: what it prints, response values included, ends here. It takes one
// run after the other, and ends with its parent.
import type { VerifierOptions } from '@pact-foundation/pact-core'
import { loadPactCore } from '../contract/pact-core.ts'

// Loaded while the parent still looks at the service; what is wrong with it is told by the first run.
const isLoading = Promise.resolve().then(loadPactCore)
isLoading.catch(() => {})

process.on('message', async (options: VerifierOptions) => {
  process.send?.(await resultOf(options))
})

/** The result of the one interaction, the rest being the same again as text; `null` when the verifier gives none. */
async function resultOf(options: VerifierOptions): Promise<unknown> {
  try {
    return JSON.parse(await verdict(options)).interactionResults?.[0] ?? null
  } catch {
    return null
  }
}

/** The verifier's JSON: it resolves with it, and rejects with it as the message when an interaction was not kept. */
async function verdict(options: VerifierOptions): Promise<string> {
  try {
    return await (await isLoading).default.verifyPacts(options)
  } catch (error) {
    return (error as Error).message
  }
}
