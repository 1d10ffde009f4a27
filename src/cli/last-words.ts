// What the process says when nobody asked it to: failures, warnings of Node.js, errors that nobody caught. A verb that
// holds secrets gives its redactor here, and everything of this kind goes through it.
import { TokenwrightError } from '../service/error.ts'
import type { Redactor } from '../verify/redactor.ts'

const redactors: Redactor[] = []

/** From now on, and for good: what the process writes beside its report is redacted, uncaught errors included. */
export function redactOutputBy(redactor: Redactor): void {
  redactors.push(redactor)
  if (redactors.length > 1) return
  // Before Node.js prints it, or writes it to the file that NODE_REDIRECT_WARNINGS names.
  process.prependListener('warning', redactError)
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${redactOutput(describeUncaught(error))}\n`)
    process.exit(2)
  })
  // A diagnostic report has the environment in it, where credentials are.
  process.report.excludeEnv = true
}

/** A text without the secrets that are known by now. */
export function redactOutput(text: string): string {
  return redactors.reduce((redacted, { redact }) => redact(redacted), text)
}

/**
 * Node.js reads NODE_DEBUG before anything else runs, and prints requests, replies and the variables of other processes
 * by it, in pieces and as bytes: none of that can be taken back.
 *
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`
 */
export function requireSilentRuntime(environment: Readonly<Record<string, string | undefined>>): void {
  for (const name of ['NODE_DEBUG', 'NODE_DEBUG_NATIVE']) {
    if ((environment[name] ?? '') === '') continue
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected ${name} to be unset, received a value: by it Node.js prints what is sent and received, credentials and tokens included; next: env -u ${name} tokenwright …`,
    )
  }
}

function redactError(error: Error): void {
  for (const { redactError } of redactors) redactError(error)
}

function describeUncaught(error: unknown): string {
  const isError = error instanceof Error
  return `tokenwright: unexpected error: ${isError ? (error.stack ?? error.message) : String(error)}`
}
