// pact-core, found through @pact-foundation/pact, which is the optional peer: nothing loads it but contracts and verification.
import { createRequire } from 'node:module'
import { TokenwrightError } from '../service/error.ts'

/** The part of pact-core that is used. */
export type PactCore = typeof import('@pact-foundation/pact-core')

/**
 * Loads pact-core with its usage reports off.
 * @throws {TokenwrightError} `ERR_PEER_MISSING`
 */
export function loadPactCore(): PactCore {
  process.env.PACT_DO_NOT_TRACK = 'true'
  // pact-core's logger writes to stdout, where findings go; it reads its level when it is loaded.
  const { LOG_LEVEL } = process.env
  process.env.LOG_LEVEL = 'error'
  try {
    return createRequire(pactManifest())('@pact-foundation/pact-core') as PactCore
  } finally {
    if (LOG_LEVEL === undefined) delete process.env.LOG_LEVEL
    else process.env.LOG_LEVEL = LOG_LEVEL
  }
}

/** @throws {TokenwrightError} `ERR_PEER_MISSING` */
export function pactManifest(): string {
  try {
    return createRequire(import.meta.url).resolve('@pact-foundation/pact/package.json')
  } catch (cause) {
    throw new TokenwrightError(
      'ERR_PEER_MISSING',
      'contracts need the package @pact-foundation/pact, which is not installed; next: npm install --save-dev @pact-foundation/pact@17',
      { cause },
    )
  }
}
