// Credentials of the real service, named on the command line and read from elsewhere: never written there themselves.
import { TokenwrightError } from '../service/error.ts'

/**
 * Reads `env:NAME`.
 *
 * @throws {TokenwrightError} `ERR_CREDENTIAL_MISSING` when the variable is unset or empty, or when the value looks like
 *   the credential itself; the message never holds the value
 */
export function readCredential(
  flag: string,
  reference: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const name = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(reference)?.[1]
  if (name === undefined) {
    throw new TokenwrightError(
      'ERR_CREDENTIAL_MISSING',
      `expected --${flag} env:NAME, received something else; a credential on the command line can be read by every process and in the shell's history: put it into an environment variable and name that`,
    )
  }
  const value = environment[name]
  if (value !== undefined && value !== '') return value
  throw new TokenwrightError(
    'ERR_CREDENTIAL_MISSING',
    `expected the environment variable ${name} of --${flag} to be set, received nothing`,
  )
}
