// Properties with a fixed seed, and the values that they draw from.
import fc from 'fast-check'

/** Checks what holds for every value, on the same values each time; a failure prints how to replay it. */
export function forEvery<Values extends [unknown, ...unknown[]]>(
  arbitraries: { [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  check: (...values: Values) => void,
  numRuns = 500,
): void {
  const property = fc.property(fc.tuple(...arbitraries), (values) => {
    check(...(values as Values))
  })
  fc.assert(property, { seed: 6749, numRuns })
}

/** Unicode text: whole characters of every plane, control characters included. */
export const text = fc.string({ unit: 'binary' })

/** One scope token: printable ASCII without `"` and `\`. @see RFC 6749 appendix A.4 */
export const scopeToken = fc
  .array(
    fc.integer({ min: 0x21, max: 0x7e }).filter((code) => code !== 0x22 && code !== 0x5c),
    {
      minLength: 1,
      maxLength: 20,
    },
  )
  .map((codes) => String.fromCharCode(...codes))

/** One scope token or more. */
export const scopeTokens = fc.array(scopeToken, { minLength: 1, maxLength: 8 })
