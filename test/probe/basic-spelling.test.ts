// Services that read Basic in one spelling alone: the other one is a wrong secret to them, and no form of a request shows it
// again and again.
import { describe, expect, test } from 'vitest'
import { tokenRequestOf } from '../../src/probe/given-request.ts'
import { planMatrix } from '../../src/probe/matrix.ts'
import { probeTokenService } from '../../src/probe/probing.ts'
import { outgoingOf } from '../../src/probe/token-request.ts'
import { services } from '../../src/services/services.ts'
import { type Asked, reply, startRecording } from '../verify/service.ts'

const token = reply(200, { access_token: 'canary-token', token_type: 'Bearer' })
const refusal = reply(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="a"' })

/** The pair of Basic, as it is read without and with form decoding. */
function pairIn({ headers }: Asked, decode: (text: string) => string): string | undefined {
  const [, encoded] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? []
  return encoded && Buffer.from(encoded, 'base64').toString().split(':').map(decode).join(':')
}
const raw = (text: string) => text
const form = (text: string) => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

const secrets = ['abc+def/ghi=', 'abc%41def%2Bghi', 'abc%zzdef', 'abc def&ghi', 'plain']

describe.each(secrets)('of the secret %s', (client_secret) => {
  const credentials = { client_id: 'canary-client', client_secret }
  const right = `canary-client:${client_secret}`
  test.each([
    ['as it is', raw, true],
    ['as it is, and the body', raw, false],
    ['form-decoded', form, true],
    ['form-decoded, and the body', form, false],
  ])(
    'a service that reads Basic %s is shown a wrong one at most once',
    async (_what, decode, isBasicAlone) => {
      await using server = await startRecording((response, asked) => {
        const body = new URLSearchParams(asked.body)
        const isPost = !isBasicAlone && body.get('client_secret') === client_secret
        const pair = pairIn(asked, decode)
        const isGood = pair === undefined ? isPost : pair === right
        ;(isGood && body.get('grant_type') === 'client_credentials' ? token : refusal)(response, asked)
      })
      const probe = await probeTokenService({
        url: `${server.origin}/token`,
        credentials,
        rules: [],
        refusals: false,
      })
      const pairs = server.asked.map((asked) => pairIn(asked, decode)).filter((pair) => pair !== undefined)
      expect(pairs.filter((pair) => pair !== right).length).toBeLessThanOrEqual(1)
      expect(
        probe.matrix.filter(
          ({ outcome, authentication }) => outcome === 'accepted' && authentication === 'client_secret_basic',
        ).length,
      ).toBeGreaterThan(0)
    },
  )

  test('each documented request has it as it is', () => {
    const url = new URL('http://127.0.0.1/token')
    for (const basicSpelling of ['form', 'raw'] as const) {
      const decode = basicSpelling === 'form' ? form : raw
      const plan = planMatrix({ services, url, credentials, basicSpelling })
      const pairs = plan
        .filter(({ reason }) => reason === undefined)
        .map(({ request }) => String(outgoingOf(request, url.origin).headers.authorization ?? ''))
        .filter((authorization) => authorization !== '')
        .map((authorization) => pairIn({ url: '', body: '', headers: { authorization } }, decode))
      expect(new Set(pairs)).toEqual(new Set([right]))
    }
  })

  test('a request that was sent is sent again byte by byte', () => {
    const authorization = `Basic ${Buffer.from(right).toString('base64')}`
    const url = new URL('http://127.0.0.1/token')
    const headers = [['Authorization', authorization]] as const
    const request = tokenRequestOf({ method: 'POST', url, headers, body: 'grant_type=client_credentials' })
    expect(outgoingOf(request, url.origin).headers.authorization).toBe(authorization)
  })
})

test('a service that takes Basic in no spelling is asked by it no more', async () => {
  const credentials = { client_id: 'canary-client', client_secret: 'abc+def/ghi=' }
  await using server = await startRecording((response, asked) => {
    const { grant_type, client_secret } = Object.fromEntries(new URLSearchParams(asked.body))
    const isGood = asked.headers.authorization === undefined && client_secret === credentials.client_secret
    ;(isGood && grant_type === 'client_credentials' ? token : refusal)(response, asked)
  })
  const probe = await probeTokenService({ url: `${server.origin}/token`, credentials, rules: [] })
  expect(
    server.asked.filter(({ headers }) => headers.authorization !== undefined).length,
  ).toBeLessThanOrEqual(6)
  const byBasic = probe.matrix.filter(({ authentication }) =>
    ['client_secret_basic', 'both'].includes(authentication),
  )
  expect(new Set(byBasic.map(({ outcome }) => outcome))).toEqual(new Set(['not_tried']))
  expect(byBasic.map(({ reason }) => reason)).toContain(
    'the service took the secret by Basic in no spelling, and may count each one as a wrong secret',
  )
})
