// The outcome of a verification as it is printed: a line per interaction, what differed below it, the sum, the status.
import { describe, expect, test } from 'vitest'
import { formatVerification } from '../../src/report/verification.ts'
import type { Verification } from '../../src/verify/verify.ts'
import { runCommand } from '../cli/command.ts'
import { client, grantedBody, reply, startSmallService } from './service.ts'

const verification: Verification = {
  url: 'https://as.example/token',
  service: 'rfc6749',
  interactions: [
    {
      variant: 'rfc6749/password',
      exchange: 'password',
      client_authentication: 'client_secret_post',
      verdict: 'kept',
      differences: [],
    },
    {
      variant: 'rfc6749/refresh_token',
      exchange: 'refresh_token.wrong_secret',
      client_authentication: 'client_secret_post',
      verdict: 'broken',
      differences: [
        { where: 'status', problem: 'expected 401, received 200' },
        { where: 'body $.error', problem: 'expected "invalid_client", received nothing' },
      ],
    },
    {
      variant: 'rfc6749/password',
      exchange: 'password.wrong_password',
      client_authentication: 'client_secret_post',
      verdict: 'skipped',
      differences: [],
      reason: 'needs --password',
    },
  ],
  kept: 1,
  broken: 1,
  skipped: 1,
}
const text = `kept      rfc6749/password       password                    client_secret_post
broken    rfc6749/refresh_token  refresh_token.wrong_secret  client_secret_post
          status: expected 401, received 200
          body $.error: expected "invalid_client", received nothing
skipped   rfc6749/password       password.wrong_password     needs --password

`
const environment = { ID: client.client_id, SECRET: client.client_secret }

describe('a report', () => {
  test('has a line for each interaction, and its differences', () => {
    expect(formatVerification(verification)).toBe(
      `${text}rfc6749 at https://as.example/token: 1 kept, 1 broken, 1 skipped`,
    )
  })

  test('says by which method the client authenticated, where there was one', () => {
    expect(formatVerification({ ...verification, client_authentication: 'client_secret_post' })).toBe(
      `${text}rfc6749 at https://as.example/token, by client_secret_post: 1 kept, 1 broken, 1 skipped`,
    )
  })

  test('of a broken contract is a finding: status 1, on stdout alone, as text and as one line of JSON', async () => {
    await using service = await startSmallService({
      client_credentials: reply(200, { ...grantedBody, expires_in: '3600' }),
    })
    const url = `${service.origin}/token`
    const args = ['verify', '--url', url, '--service', 'rfc6749/client_credentials', '--auth', 'post']
    const flags = ['--client-id', 'env:ID', '--client-secret', 'env:SECRET', '--timeout', '5000']
    const exchange = ['--exchange', 'client_credentials']
    const label = {
      variant: 'rfc6749/client_credentials',
      exchange: 'client_credentials',
      client_authentication: 'client_secret_post',
    }
    const difference = { where: 'body $.expires_in', problem: 'expected a whole number, received "3600"' }
    expect(await runCommand([...args, ...flags, ...exchange], { environment })).toEqual({
      status: 1,
      stdout: `broken    ${label.variant}  ${label.exchange}  ${label.client_authentication}
          ${difference.where}: ${difference.problem}

rfc6749 at ${url}, by client_secret_post: 0 kept, 1 broken, 0 skipped
`,
      stderr: '',
    })
    const { status, stdout, stderr } = await runCommand([...args, ...flags, ...exchange, '--json'], {
      environment,
    })
    expect([status, stderr, stdout.split('\n').length]).toEqual([1, '', 2])
    expect(JSON.parse(stdout)).toEqual({
      url,
      service: 'rfc6749',
      client_authentication: 'client_secret_post',
      interactions: [{ ...label, verdict: 'broken', differences: [difference] }],
      kept: 0,
      broken: 1,
      skipped: 0,
    })
  })
})
