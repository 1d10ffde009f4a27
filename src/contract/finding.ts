// What is wrong with a client's part of an interaction: its requests, and what it made of the reply; in words without secrets.
import { isNativeError } from 'node:util/types'
import { redactMethod, redactPath } from '../engine/redaction.ts'
import { parseBase64 } from '../oauth/base64.ts'
import { parseForm } from '../oauth/form.ts'
import { TokenwrightError } from '../service/error.ts'
import { wrongValue } from '../service/exchanges.ts'
import { departuresOf } from './departure.ts'
import type { Departure } from './departure-value.ts'
import type { Interaction } from './interaction.ts'
import type { Conversation, ReceivedRequest } from './mock-server.ts'
import { isSpeakingName, showText } from './shown.ts'

/** One thing that is wrong, with an account of the client's own error where that is it. */
export interface Finding extends Departure {
  readonly cause?: Error
}

/** What is wrong with the requests of a call: none, more than one, or one that is not the documented one. */
export function requestFindings(
  interaction: Interaction,
  { requests, mismatches }: Conversation<unknown>,
): readonly Finding[] {
  const { path } = interaction.message
  const wanted = requests.find((request) => request.path === path && request.method === 'POST') ?? requests[0]
  if (wanted === undefined) return [nothingSent(interaction)]
  const departures = departuresOf(interaction, wanted)
  const unnamed = departures.length === 0 && !wanted.isMatched ? [unnamedDeparture(mismatches)] : []
  return [...(requests.length > 1 ? [severalSent(interaction, requests)] : []), ...departures, ...unnamed]
}

function nothingSent({ message }: Interaction): Finding {
  return {
    where: 'request',
    expected: `POST ${message.path}`,
    received: 'none',
    next: 'send it to url, and await the reply before the call ends',
  }
}

function severalSent({ message, located }: Interaction, requests: readonly ReceivedRequest[]): Finding {
  const known = new Set(
    [message.path, ...Object.values(located.service.endpoints).map(({ path }) => path)].flatMap((path) =>
      path.split('/'),
    ),
  )
  const sent = requests.map(({ method, path }) => `${redactMethod(method)} ${redactPath(path, known)}`)
  return {
    where: 'requests',
    expected: `POST ${message.path} once`,
    received: `${requests.length}: ${sent.join(', ')}`,
    next: 'let the call obtain a token and do nothing else: no discovery, no retry, no request that uses the token',
  }
}

/** What Pact alone sees, such as a media type in another case. */
function unnamedDeparture(mismatches: readonly string[]): Finding {
  return {
    where: 'request',
    expected: 'the documented one',
    received: `one that Pact tells apart by ${mismatches.join(' and ')}`,
    next: 'spell the header fields and the body as the document does',
  }
}

/** A call that went on too long. */
export function unfinishedFinding({ requests }: Conversation<unknown>, timeoutMs: number): Finding {
  return {
    where: 'call',
    expected: `its end within ${timeoutMs} ms`,
    received:
      requests.length === 0 ? 'neither a request nor an end' : 'a request that was answered, and no end',
    next: 'turn off retries, or give the call more time with timeoutMs',
  }
}

/** A client that failed at the documented reply, or before it sent a request. */
export function thrownFinding(
  interaction: Interaction,
  { requests }: Conversation<unknown>,
  error: unknown,
  next: string,
): Finding {
  const cause = accountOf(interaction, requests, error)
  const received = cause.message === '' ? cause.name : `${cause.name}: ${cause.message}`
  if (requests.length === 0) {
    const early = 'mend what the client does before it sends; the cause has its stack'
    return { where: 'call', expected: 'a request', received, next: early, cause }
  }
  return {
    where: 'reply',
    expected: `a client that understands ${describeReply(interaction)}`,
    received,
    next,
    cause,
  }
}

/** The status of an interaction's reply, where several are allowed the one that the client is sent. */
export function statusOf({ reply: { status } }: Interaction): number {
  return typeof status === 'number' ? status : Number(status.value)
}

function describeReply(interaction: Interaction): string {
  const members = Object.keys(interaction.reply.body ?? {}).join(', ')
  return `${statusOf(interaction)} ${members === '' ? 'without a body' : `with ${members}`}`
}

/** The client's error, as far as it can be shown: its own holds the request, and with it what the client sent. */
function accountOf(interaction: Interaction, requests: readonly ReceivedRequest[], error: unknown): Error {
  // A runner's realm has an Error of its own.
  const isError = isNativeError(error) || error instanceof Error
  const { name, message, stack = '' } = isError ? error : { name: 'a value that is no Error', message: '' }
  const secrets = [...secretsIn(interaction, requests), ...secretsOfEnvironment()]
  const account = new Error(showText(message, secrets))
  account.name = !isError || isSpeakingName(name) ? name : 'Error'
  const frames = stack
    .slice(Math.max(0, stack.indexOf(message)) + message.length)
    .split('\n')
    .filter((line) => /^\s+at \S/.test(line))
  account.stack = [`${account.name}: ${account.message}`, ...frames].join('\n')
  return account
}

/** Every value that a client sent and no document has. */
function secretsIn({ message }: Interaction, requests: readonly ReceivedRequest[]): readonly string[] {
  const documented = new Set([
    ...Object.values(message.parameters),
    ...Object.values(message.basic ?? {}),
    wrongValue,
  ])
  return requests
    .flatMap(({ headers, body, query = '' }) => [
      ...credentialsOf(String(headers.authorization ?? '')),
      ...valuesOf(new TextDecoder().decode(body)),
      ...valuesOf(query),
    ])
    .filter((value) => value !== '' && !documented.has(value))
}

/** A client under test may have been given real ones. */
function secretsOfEnvironment(): readonly string[] {
  return Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /secret|passw|token|key|credential/i.test(name) ? [value] : [],
  )
}

function credentialsOf(field: string): readonly string[] {
  const [, credentials = ''] = field.split(' ')
  const pair = parseBase64(credentials) ?? ''
  return [credentials, ...pair.split(':')]
}

function valuesOf(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return Object.values(value).map(String)
  } catch {
    // Then it is a form, or nothing that has values.
  }
  return (parseForm(text) ?? []).flatMap(([name, value]) => (value === '' ? [name] : [value]))
}

/** Findings under what they are about. */
export type FindingsByPart = ReadonlyArray<readonly [part: string, findings: readonly Finding[]]>

/** The one error of all findings; each next step is said once. */
export function clientError(title: string, parts: FindingsByPart): TokenwrightError {
  const all = parts.flatMap(([, findings]) => findings)
  const lines = parts
    .filter(([, findings]) => findings.length > 0)
    .flatMap(([part, findings]) => [
      `  ${part}`,
      ...findings.map(
        ({ where, expected, received }) => `    ${where}: expected ${expected}, received ${received}`,
      ),
    ])
  const steps = [...new Set(all.map(({ next }) => `  next: ${next}`))]
  const cause = all.find((finding) => finding.cause !== undefined)?.cause
  return new TokenwrightError(
    'ERR_CONTRACT_CLIENT',
    [title, ...lines, ...steps].join('\n'),
    cause && { cause },
  )
}
