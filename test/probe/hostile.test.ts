// Targets that hang, break, lie, lock and lead astray: each run ends in time, blames no rule for it, and tells nobody a secret.
import { createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { probeTokenService } from '../../src/probe/probing.ts'
import { type Answer, type Asked, listen, type RunningServer, reply } from '../verify/service.ts'
import { rule, sampleRules, verdictsOf } from './sample-rules.ts'

const credentials = { client_id: 'canary-client-vQ7', client_secret: 'canary-secret-vQ8' }
const basic = `Basic ${Buffer.from(`${credentials.client_id}:${credentials.client_secret}`).toString('base64')}`
const options = { credentials, rules: sampleRules, timeoutMs: 300, deadlineMs: 8000 }

const granted = reply(200, { access_token: 'canary-token-vQ6', token_type: 'Bearer', expires_in: 3600 })
const refused = reply(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="a"' })

/** A server that does not mind clients that go. */
function startTarget(answer: Answer): Promise<RunningServer> {
  return listen(async (request, response) => {
    const { url = '', headers } = request
    const body = await text(request).catch(() => undefined)
    if (body !== undefined) answer(response, { url, headers, body })
  })
}

/** Whether a request is the plain one for a token, which a service that is otherwise broken still grants. */
const isPlain = ({ url, headers, body }: Asked) =>
  url === '/token' &&
  headers.authorization === basic &&
  headers['content-type'] === 'application/x-www-form-urlencoded' &&
  body === 'grant_type=client_credentials'

const isSent =
  (text: string): Answer =>
  (response) => {
    response.socket?.end(text)
  }
const sick: ReadonlyArray<[what: string, answer: Answer]> = [
  ['hangs', () => {}],
  ['resets the connection', (response) => response.socket?.resetAndDestroy()],
  ['closes the connection', (response) => response.socket?.destroy()],
  ['answers garbage', isSent('\x00\xff 220 smtp.example ESMTP\r\n\r\n')],
  ['answers half a head', isSent('HTTP/1.1 200 OK\r\nContent-Ty')],
  ['answers half a body', isSent('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"access_to')],
  [
    'never ends its body',
    (response) => {
      response.writeHead(200)
      const more = setInterval(() => response.write('x'.repeat(1_000_000)), 2)
      response.on('close', () => clearInterval(more))
    },
  ],
  [
    'drips',
    (response) => {
      response.writeHead(200, { 'content-length': '1000' })
      const more = setInterval(() => response.write('{'), 50)
      response.on('close', () => clearInterval(more))
    },
  ],
  ['fails', (response) => response.writeHead(502).end()],
  ['is busy for ever', reply(429, { error: 'slow_down' }, { 'retry-after': '0' })],
  ['is away for a day', reply(503, {}, { 'retry-after': '86400' })],
]

describe('a service that', () => {
  test.each(sick)('%s from the first request on is one error, in time', async (_what, answer) => {
    await using server = await startTarget(answer)
    const error = await probeTokenService({ ...options, url: `${server.origin}/token` }).catch(
      (error) => error,
    )
    expect(['ERR_UNREACHABLE', 'ERR_NOT_GRANTED']).toContain(error.code)
    expect(`${error.message} ${error.stack}`).not.toContain('canary')
  })

  test.each(sick.slice(0, -1))('%s but for the plain request breaks no rule by it', async (_what, answer) => {
    await using server = await startTarget((response, asked) =>
      (isPlain(asked) ? granted : answer)(response, asked),
    )
    const probe = await probeTokenService({
      ...options,
      url: `${server.origin}/token`,
      rules: sampleRules.filter(({ id }) => !/^other-tokens|^every/.test(id)),
    })
    const verdicts = probe.rules.filter(({ id }) => id !== 'granted').map(({ verdict }) => verdict)
    expect(verdicts).not.toContain('broken')
    expect(verdictsOf(probe.rules).granted).toBe('kept')
    expect(JSON.stringify(probe)).not.toContain('canary')
  })
})

test('a deadline ends a run, and what is left was not tried', async () => {
  await using server = await startTarget((response, asked) => {
    if (isPlain(asked)) granted(response, asked)
    else if (!asked.body.includes('foo=bar')) refused(response, asked)
  })
  const probe = await probeTokenService({
    ...options,
    url: `${server.origin}/token`,
    timeoutMs: 5000,
    deadlineMs: 700,
  })
  expect(probe.ended).toBe('its deadline of 700 ms was over')
  expect(verdictsOf(probe.rules)).toMatchObject({
    granted: 'kept',
    'unknown-parameter': 'not_tried',
    repeated: 'not_tried',
    chunked: 'not_tried',
    'every-answer': 'kept',
  })
})

test('so does a signal', async () => {
  const ending = new AbortController()
  await using server = await startTarget((response, asked) => {
    if (isPlain(asked)) granted(response, asked)
    else ending.abort()
  })
  const run = probeTokenService({
    ...options,
    url: `${server.origin}/token`,
    metadataUrl: '/token-metadata',
    signal: ending.signal,
    timeoutMs: 60_000,
  })
  await expect(run).rejects.toMatchObject({
    code: 'ERR_UNREACHABLE',
    message: expect.stringContaining('received none: it was interrupted; nothing was found out'),
  })
})

test('a service that answers no more is left alone soon', async () => {
  let asked = 0
  await using server = await startTarget((response, one) => {
    asked += 1
    if (asked < 20) (isPlain(one) ? granted : refused)(response, one)
  })
  const many = Array.from({ length: 60 }, (_none, index) =>
    rule(`r${index}`, [{ base: 'token', parameters: { n: String(index) } }], [[{ is: 'refusal' }]]),
  )
  const probe = await probeTokenService({ ...options, url: `${server.origin}/token`, rules: many })
  expect(probe.sent).toBeLessThan(30)
  expect(probe.rules.at(-1)).toMatchObject({ verdict: 'not_tried' })
  expect(probe.rules.filter(({ verdict }) => verdict === 'broken')).toEqual([])
})

test('a service that locks the client makes verdicts of refusals void', async () => {
  let wrong = 0
  await using server = await startTarget((response, asked) => {
    const { authorization } = asked.headers
    const isRight = authorization === basic
    if (authorization !== undefined && !isRight) wrong += 1
    const isLocked = wrong >= 2
    ;(isRight && !isLocked && asked.body.includes('grant_type=client_credentials') ? granted : refused)(
      response,
      asked,
    )
  })
  const refusal = [[{ is: 'refusal' }]] as const
  const probe = await probeTokenService({
    ...options,
    url: `${server.origin}/token`,
    authentication: 'client_secret_basic',
    rules: [
      rule('no-grant', [{ base: 'token', parameters: { grant_type: null } }], refusal),
      rule('first', [{ base: 'token', authentication: 'wrong_secret_basic' }], refusal),
      rule('second', [{ base: 'token', authentication: 'empty_secret_basic' }], refusal),
      rule('granted', [{ base: 'token', parameters: { a: 'b' } }], [[{ is: 'token' }]]),
      rule('refused', [{ base: 'token', parameters: { grant_type: 'x' } }], refusal),
    ],
  })
  const problem = 'the service does not grant client_credentials any more, which it did before'
  expect(probe.rules.map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual([
    ['no-grant', 'kept', ''],
    ['first', 'kept', ''],
    ['second', 'not_tried', `nothing can be told: ${problem}`],
    ['granted', 'not_tried', problem],
    ['refused', 'not_tried', problem],
  ])
})

test('a failure of the service is broken only where it comes each time', async () => {
  let times = 0
  const answers: Readonly<Record<string, () => Answer>> = {
    always: () => reply(500, {}),
    once: () => {
      times += 1
      return times === 1 ? reply(500, {}) : reply(400, { error: 'invalid_request' })
    },
  }
  await using server = await startTarget((response, asked) => {
    const kind = new URLSearchParams(asked.body).get('kind')
    const answer = kind === null ? granted : (answers[kind]?.() ?? granted)
    answer(response, asked)
  })
  const probe = await probeTokenService({
    ...options,
    url: `${server.origin}/token`,
    rules: ['always', 'once'].map((kind) =>
      rule(kind, [{ base: 'token', parameters: { kind } }], [[{ is: 'refusal' }]]),
    ),
  })
  expect(verdictsOf(probe.rules)).toEqual({ always: 'broken', once: 'kept' })
})

test('nothing is sent to another host, be it by a redirect or by metadata', async () => {
  const heard: string[] = []
  await using canary = await listen((request, response) => {
    heard.push(request.url ?? '')
    response.end('{}')
  })
  await using server = await startTarget((response, asked) => {
    if (asked.url.startsWith('/.well-known/'))
      return reply(200, {
        issuer: canary.origin,
        token_endpoint: `${server.origin}/token`,
        introspection_endpoint: `${canary.origin}/introspect`,
        revocation_endpoint: `${canary.origin}/revoke`,
      })(response, asked)
    if (isPlain(asked)) return granted(response, asked)
    response.writeHead(307, { location: `${canary.origin}/token` }).end()
  })
  const introspected = rule('introspected', [{ base: 'introspection' }], [[{ is: 'answer' }]], {
    needs: ['introspection'],
  })
  const probe = await probeTokenService({
    ...options,
    url: `${server.origin}/token`,
    rules: [...sampleRules, introspected],
  })
  expect(heard).toEqual([])
  expect(probe.rules.find(({ id }) => id === 'introspected')).toMatchObject({
    verdict: 'not_tried',
    reason: 'the metadata has introspection at another host, which is not asked',
  })
  expect([
    probe.capabilities.metadata,
    probe.capabilities.introspection,
    probe.capabilities.revocation,
  ]).toEqual([true, false, false])
})

test('a socket that says nothing at all is unreachable, in time', async () => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => sockets.add(socket.on('error', () => {})))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as { readonly port: number }
  const url = `http://127.0.0.1:${port}/token`
  await expect(probeTokenService({ ...options, url })).rejects.toMatchObject({ code: 'ERR_UNREACHABLE' })
  for (const socket of sockets) socket.destroy()
  silent.close()
})
