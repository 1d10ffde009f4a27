// A secret that a client sends is told to nobody, by any host: not in replies, the journal, the admin API, or its stream.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { hosts, type RunningHost } from './hosts.ts'
import { completed, type PlantedRequest, plantedRequests, secret, spellings } from './planted-secrets.ts'
import { exchangeBytes, rawRequest } from './raw-socket.ts'

const protect = ['/v3/*']

describe('secrecy', () => {
  test.each([
    ['as it is', secret],
    ['in Base64', btoa(secret)],
    ['in Base64, behind a client id', btoa(`example-client:${secret}`)],
    ['in Base64, behind another', btoa(`customer_id:${secret}`)],
    ['in Base64, as the beginning', btoa(`${secret}:`)],
    ['in Base64, behind a colon', btoa(`a:${secret}`)],
    ['in a JWT', btoa(JSON.stringify({ sub: secret, iss: secret }))],
    ['in hexadecimal', Buffer.from(secret).toString('hex')],
  ])('the tests know the secret %s', (_spelled, text) => {
    expect(text).toMatch(spellings)
  })
})

describe.each(hosts)('a secret, by $name,', ({ start }) => {
  let host: RunningHost

  beforeAll(async () => {
    host = await start({ protect })
  })
  afterAll(() => host.close())

  test.each(plantedRequests)('is not in the reply when it is in %s', async (_place, request) => {
    const { method, target, headers, body } = completed(request)
    const response = await host.fetch(target, { method, headers, ...(body !== undefined && { body }) })
    const told = [...response.headers, await response.text()]
    expect(JSON.stringify(told)).not.toMatch(spellings)
  })
})

describe('the journal', () => {
  let server: TokenServer

  beforeAll(async () => {
    server = await startTokenServer({ protect })
  })
  afterAll(() => server.close())

  test.each(plantedRequests)(
    'has nothing of a secret in %s, whoever asks for it',
    async (_place, request) => {
      const { journal } = server
      const last = journal.entries().at(-1)?.id ?? 0
      const stream = await fetch(`${server.url}/__admin/requests/stream`)
      const reply = await exchangeBytes(server.url, bytesOf(request))
      const [entry, ...more] = journal.find({ since: last })
      expect([entry?.status, more]).toEqual([Number(reply.split(' ')[1]), []])
      const calls = ['/requests', `/requests/${entry?.id}`, `/requests/find?since=${last}`, '/requests/count']
      const texts = calls.map(async (path) => (await fetch(`${server.url}/__admin${path}`)).text())
      const told = [reply, journal.entries(), await Promise.all(texts), await firstEventOf(stream)]
      expect(JSON.stringify(told)).not.toMatch(spellings)
      expect(JSON.stringify(told)).toContain(`\\"id\\":${entry?.id}`)
    },
  )

  const unsent: ReadonlyArray<[place: string, bytes: string]> = [
    ['user information in the URL', rawRequest(`GET http://a:${secret}@mock.example/token HTTP/1.1`, [])],
    ['a method that HTTP does not have', rawRequest(`${secret.toUpperCase()} /token HTTP/1.1`, [])],
    ['a field that is malformed', rawRequest('GET /token HTTP/1.1', [`${secret} : ${secret}`])],
    ['a body that is too long', bytesOf({ body: `client_secret=${secret.repeat(20_000)}` })],
    ['a transfer coding', rawRequest('POST /token HTTP/1.1', [`Transfer-Encoding: ${secret}`])],
    ['an expectation', rawRequest('POST /token HTTP/1.1', [`Expect: ${secret}`])],
    ['a version', rawRequest(`GET /token HTTP/${secret}`, [])],
  ]

  test.each(unsent)('has nothing of a secret in %s, which no client would send', async (_place, bytes) => {
    const reply = await exchangeBytes(server.url, bytes)
    expect(JSON.stringify([reply, server.journal.entries()])).not.toMatch(spellings)
  })

  test.each(['opaque', 'jwt'] as const)(
    'has nothing of %s tokens that were issued, used and ended',
    async (format) => {
      await using issuing = await startTokenServer({
        services: ['moov', 'rfc6749'],
        protect,
        accessTokens: { format },
      })
      const send = async (
        path: string,
        parameters: Readonly<Record<string, string>>,
        authorization = basic,
      ) => {
        const init = { method: 'POST', headers: { authorization }, body: new URLSearchParams(parameters) }
        const text = await (await fetch(issuing.url + path, init)).text()
        return (text.startsWith('{') ? JSON.parse(text) : {}) as Readonly<Record<string, string>>
      }
      const user = { username: 'example-user', password: 'example-password' }
      const first = await send('/rfc6749/token', { grant_type: 'password', ...user })
      const second = await send('/rfc6749/token', {
        grant_type: 'refresh_token',
        refresh_token: first.refresh_token ?? '',
      })
      const tokens = [first, second].flatMap(({ access_token = '', refresh_token = '' }) => [
        access_token,
        refresh_token,
      ])
      for (const token of tokens) {
        await send('/v3/status', {}, `Bearer ${token}`)
        await send('/rfc6749/introspect', { token })
        await send('/rfc6749/revoke', { token })
        await fetch(`${issuing.url}/v3/${token}?access_token=${token}`, {
          headers: { [token.slice(0, 40).replace(/\W/g, 'x')]: token },
        })
      }
      const entries = issuing.journal.entries()
      const told = JSON.stringify([entries, await (await fetch(`${issuing.url}/__admin/requests`)).json()])
      const known = [...tokens, ...Object.values(user), 'example-secret', basic.slice('Basic '.length)]
      const pieces = known.flatMap((each) => [each, ...each.split('.')])
      expect([entries.length, pieces.filter((each) => told.includes(each))]).toEqual([
        2 + 4 * tokens.length,
        [],
      ])
    },
  )

  const paths: ReadonlyArray<[sent: string, kept: string]> = [
    ['/token', '/token'],
    ['/rfc6749/token', '/rfc6749/token'],
    ['/oauth/token', '/oauth/token'],
    ['/token/', '/token/'],
    ['//token', '//token'],
    ['/v3/status', '/v3/****'],
    ['/TOKEN', '/****'],
    ['/rfc6749/nowhere', '/rfc6749/****'],
    [`${'/token'.repeat(17)}`, '/****'],
  ]

  test.each(paths)('keeps of the path %s what is a part of a served one: %s', async (sent, kept) => {
    await fetch(server.url + sent)
    expect(server.journal.entries().at(-1)?.path).toBe(kept)
  })

  const queries: ReadonlyArray<[query: string, kept: readonly string[]]> = [
    ['', []],
    ['&scope=a&&', ['scope']],
    ['scope=a', ['scope']],
    ['client_secret=a&x=y', ['client_secret', '(undocumented)']],
    ['clientSecret=a', ['client_secret']],
    ['ClientSecret=a', ['client_secret']],
    ['CLIENT-SECRET', ['client_secret']],
    ['client%5Fsecret=a', ['client_secret']],
    ['%zz=a', ['(undocumented)']],
    ['constructor=a&__proto__=b', ['(undocumented)']],
  ]

  test.each(queries)('keeps of the query %j the names %j', async (query, kept) => {
    await fetch(`${server.url}/token?${query}`)
    expect(server.journal.entries().at(-1)?.request.query).toEqual(kept)
  })

  test('keeps a value of no header field but of those that say what the client and the message are', async () => {
    const plain = [
      'accept',
      'accept-encoding',
      'accept-language',
      'connection',
      'host',
      'user-agent',
      'x-moov-version',
    ]
    const fields = [
      'User-Agent: example/1',
      'X-Moov-Version: v2025',
      'Accept: */*',
      'Accept-Language: en',
      'Accept-Encoding: br',
      'X-Api-Key: a',
      'Cookie: a',
      'Unknown: a',
    ]
    await exchangeBytes(server.url, rawRequest('GET /token HTTP/1.1', fields))
    const headers: Readonly<Record<string, string>> = server.journal.entries().at(-1)?.request.headers ?? {}
    expect(
      Object.keys(headers)
        .filter((name) => headers[name] !== '****')
        .sort(),
    ).toEqual(plain)
    expect(
      Object.keys(headers)
        .filter((name) => headers[name] === '****')
        .sort(),
    ).toEqual(['(undocumented)', 'cookie', 'x-api-key'])
  })

  test('has no property of every object among the values of parameters', async () => {
    await fetch(`${server.url}/rfc6749/token`, {
      method: 'POST',
      body: new URLSearchParams({ constructor: 'a', toString: 'b' } as Record<string, string>),
    })
    expect(server.journal.entries().at(-1)?.request.parameters).toEqual({ '(undocumented)': '****' })
  })
})

const basic = `Basic ${btoa('example-client:example-secret')}`

function bytesOf(request: PlantedRequest): string {
  const { method, target, headers, body = '' } = completed(request)
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return rawRequest(`${method} ${target} HTTP/1.1`, [...fields, `Content-Length: ${body.length}`], body)
}

async function firstEventOf({ body }: Response): Promise<string> {
  let text = ''
  for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('\n\n')) return text
  }
  return text
}
