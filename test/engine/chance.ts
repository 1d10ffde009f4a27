// Chance that repeats itself: the same seed gives the same bytes on every machine.
import type { RandomSource } from '../../src/engine/random.ts'

/** Marsaglia's xorshift32; `seed` is a whole number other than 0. */
export function createSeededRandom(seed: number): RandomSource {
  let state = seed
  return (bytes) => {
    for (let index = 0; index < bytes.length; index += 1) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      bytes[index] = state
    }
  }
}
