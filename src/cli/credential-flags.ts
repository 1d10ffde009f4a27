// Flags that name where a credential is: what they name is read here, for every verb.
import { readCredentials } from '../verify/credentials.ts'
import { machineSources } from '../verify/machine-sources.ts'
import type { Arguments } from './flags.ts'

/** The credentials that the given ones of these flags name, by flag. @throws {TokenwrightError} `ERR_CREDENTIAL_MISSING` */
export function credentialsAt(
  input: Arguments,
  flags: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ReturnType<typeof readCredentials> {
  const references = flags.flatMap((flag): [string, string][] => {
    const reference = input.one(flag)
    return reference === undefined ? [] : [[flag, reference]]
  })
  const warn = (message: string) => process.stderr.write(`tokenwright: warning: ${message}\n`)
  return readCredentials(new Map(references), machineSources(environment, warn))
}
