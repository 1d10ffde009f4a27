// The documented example credentials stand in every contract, and are never sent to a real service.
import { describe, expect, test } from 'vitest'
import type { CredentialName, Credentials } from '../../src/fixture/message.ts'
import { parseBasic } from '../../src/oauth/basic.ts'
import { wrongValue } from '../../src/service/exchanges.ts'
import { verifyTokenService } from '../../src/verify/verify.ts'
import { runCommand } from '../cli/command.ts'
import { type Asked, reply, startRecording } from './service.ts'

const endpoints = [
  ['rfc6749', '/token'],
  ['moov', '/oauth2/token'],
  ['prove', '/token'],
  ['prove', '/v3/token'],
] as const
const client = ['client_id', 'client_secret'] as const
const user = ['username', 'password'] as const
const given: ReadonlyArray<readonly [names: readonly CredentialName[]]> = [
  [['client_id']],
  [client],
  [user],
  [['client_id', ...user]],
  [[...client, 'refresh_token']],
  [[...client, ...user]],
]
const rows = endpoints.flatMap(([service, path]) =>
  given.map(([names]): [what: string, service: string, path: string, names: readonly CredentialName[]] => [
    names.join(', '),
    service,
    path,
    names,
  ]),
)

describe('no documented example is sent', () => {
  test.each(rows)('with %s to the service %s at %s', async (_what, service, path, names) => {
    await using recording = await startRecording(
      reply(200, { access_token: 'issued', refresh_token: 'issued', token_type: 'Bearer', expires_in: 1 }),
    )
    const credentials: Credentials = Object.fromEntries(names.map((name) => [name, `real ${name}`]))
    const url = recording.origin + path
    const outcome = await verifyTokenService({ url, service, credentials }).catch((error) => error.code)
    const foreign = recording.asked
      .flatMap(credentialsIn)
      .filter(([name, value]) => ![credentials[name], wrongValue, 'issued'].includes(value))
    expect(foreign).toEqual([])
    // What is reported and what was sent agree: nothing at all, or something real.
    expect(recording.asked.length > 0).toBe(outcome !== 'ERR_CREDENTIAL_MISSING')
    if (outcome !== 'ERR_CREDENTIAL_MISSING') {
      expect(recording.asked.flatMap(credentialsIn)).toContainEqual(['client_id', 'real client_id'])
    }
  })

  test('where the service gives no refresh token: what needs one is skipped, and not asked', async () => {
    await using recording = await startRecording(reply(200, { access_token: 'issued' }))
    const { interactions } = await verifyTokenService({
      url: `${recording.origin}/oauth2/token`,
      service: 'moov',
      credentials: { client_id: 'real client_id', client_secret: 'real client_secret' },
      exchanges: ['refresh_token'],
    })
    const reason =
      'the state "a live refresh token of the client" could not be produced: the service gave no refresh_token for client_credentials'
    expect(interactions.map(({ verdict, reason }) => [verdict, reason])).toEqual(
      Array.from({ length: 2 }, () => ['skipped', reason]),
    )
    expect(recording.asked.flatMap(({ body }) => JSON.parse(body).grant_type)).not.toContain('refresh_token')
  })

  test('where a variable of the command is unset, which ends it before it asks', async () => {
    await using recording = await startRecording(reply(200, {}))
    const flags = ['--client-id', 'env:REAL_ID', '--client-secret', 'env:REAL_SECRET']
    const { status, stdout, stderr } = await runCommand(
      ['verify', '--url', `${recording.origin}/token`, '--service', 'prove', ...flags],
      { environment: { REAL_ID: 'real client_id' } },
    )
    expect([status, stdout, stderr]).toEqual([
      2,
      '',
      'tokenwright: expected the environment variable REAL_SECRET of --client-secret to be set, received nothing\n',
    ])
    expect(recording.asked).toEqual([])
  })
})

/** The credentials of a request, wherever they stand in it. */
function credentialsIn({ headers, body }: Asked): ReadonlyArray<[name: CredentialName, value: string]> {
  const isJson = headers['content-type'] === 'application/json'
  const parameters: Record<string, string> = isJson
    ? JSON.parse(body)
    : Object.fromEntries(new URLSearchParams(body))
  const basic = parseBasic(headers.authorization?.replace('Basic ', '') ?? '', 'form') ?? {}
  const names: readonly string[] = [...client, ...user, 'refresh_token']
  return Object.entries({ ...parameters, ...basic }).filter((entry): entry is [CredentialName, string] =>
    names.includes(entry[0]),
  )
}
