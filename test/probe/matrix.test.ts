// The matrix against the mock and a real server: what each accepts, as a grid; what is not sent, and why; when it stops.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { type MatrixOptions, planMatrix, tryMatrix } from '../../src/probe/matrix.ts'
import type { MatrixCell } from '../../src/probe/probed.ts'
import { createAsker } from '../../src/probe/token-asking.ts'
import { outgoingOf } from '../../src/probe/token-request.ts'
import { findService } from '../../src/service/lookup.ts'
import type { Service } from '../../src/service/service.ts'
import { services } from '../../src/services/services.ts'
import { type Incoming, type Outgoing, openConnection } from '../../src/verify/connection.ts'
import { createRedactor } from '../../src/verify/redactor.ts'
import { startOidcProvider } from '../verify/products.ts'

const credentials = { client_id: 'canary-client', client_secret: 'canary-secret' }
const signal = new AbortController().signal
const all: readonly Service[] = services
let server: TokenServer

beforeAll(async () => {
  server = await startTokenServer({ clients: [credentials] })
})
afterAll(() => server.close())

async function matrixOf(
  address: string,
  changed: Partial<MatrixOptions> = {},
): Promise<readonly MatrixCell[]> {
  const options = { url: new URL(address), services: all, credentials, ...changed }
  const { url } = options
  const connection = openConnection({
    ...{ url, timeoutMs: 5000, endsAt: Number.POSITIVE_INFINITY, signal, environment: {} },
    chance: () => 0,
  })
  const redactor = createRedactor(Object.values(credentials))
  const asker = createAsker({ url, send: connection.send, credentials: options.credentials, redactor })
  try {
    return (await tryMatrix(planMatrix(options), { asker, held: () => undefined })).cells
  } finally {
    connection.close()
  }
}

const short: Readonly<Record<string, string>> = {
  'application/x-www-form-urlencoded': 'form',
  'application/json': 'json',
}

/** What is accepted, a row each: grant, form, authentication, spelling, the first of the variants. */
function accepted(cells: readonly MatrixCell[]): readonly string[] {
  return cells
    .filter(({ outcome }) => outcome === 'accepted')
    .map(({ grantType, contentType, authentication, spelling, variants }) =>
      [grantType, short[contentType], authentication, spelling, variants[0]].join(' '),
    )
}

const only = (id: string) => [findService(all, id)]

describe('the matrix', () => {
  test.each<[what: string, path: string, asked: readonly Service[], rows: readonly string[]]>([
    [
      'the baseline',
      '/rfc6749/token',
      only('rfc6749/client_credentials'),
      [
        'client_credentials form client_secret_basic documented rfc6749/client_credentials',
        'client_credentials form client_secret_post documented rfc6749/client_credentials',
      ],
    ],
    [
      'Prove',
      '/prove/token',
      only('prove'),
      [
        'client_credentials json client_secret_post documented prove/typescript-0.3.5',
        'client_credentials form client_secret_post documented prove/java-0.15.0',
        'client_credentials json both documented prove/typescript-0.3.5',
        'client_credentials form both documented prove/java-0.15.0',
      ],
    ],
    [
      'Moov',
      '/moov/oauth2/token',
      only('moov/ruby'),
      ['client_credentials', 'refresh_token'].flatMap((grant) =>
        ['client_secret_basic', 'client_secret_post', 'both'].flatMap((method) =>
          ['form', 'json'].map((type) => `${grant} ${type} ${method} documented moov/ruby`),
        ),
      ),
    ],
  ])('of %s is the grid of what is documented, and little beside', async (_what, path, asked, rows) => {
    expect(accepted(await matrixOf(server.url + path, { services: asked }))).toEqual(rows)
  })

  test('of oidc-provider has both ways of showing a secret, and forms alone', async () => {
    await using product = await startOidcProvider('client_secret_post')
    const cells = await matrixOf(`${product.origin}/token`, {
      credentials: product.credentials,
      services: only('rfc6749/client_credentials'),
    })
    expect(accepted(cells)).toEqual([
      'client_credentials form client_secret_basic documented rfc6749/client_credentials',
      'client_credentials form client_secret_post documented rfc6749/client_credentials',
    ])
  })

  test('has each request once by its bytes, those first that are documented', () => {
    const plan = planMatrix({ services: all, url: new URL('http://127.0.0.1/token'), credentials })
    const sent = plan.filter(({ reason }) => reason === undefined)
    const bytes = sent.map(({ request }) => {
      const { headers, body } = outgoingOf(request, 'http://127.0.0.1')
      return JSON.stringify([headers, String(body)])
    })
    expect(new Set(bytes).size).toBe(bytes.length)
    expect(sent[0]?.isDocumented).toBe(true)
    expect(planMatrix({ services: all, url: new URL('http://127.0.0.1/token'), credentials })).toEqual(plan)
    expect(new Set(plan.map(({ request }) => request.path))).toEqual(new Set(['/token']))
  })

  test('says of every cell that is not sent what it takes, and puts no example in the place of a credential', () => {
    const plan = planMatrix({
      services: all,
      url: new URL('http://127.0.0.1/token'),
      credentials: { client_id: 'a' },
    })
    expect(new Set(plan.map(({ reason }) => reason))).toEqual(
      new Set([
        undefined,
        'needs --client-secret',
        'needs a private key of the client',
        'needs --username and --password',
        'needs --client-secret and --username and --password',
      ]),
    )
    const sent = plan.filter(({ reason }) => reason === undefined)
    expect(new Set(sent.map(({ cell }) => cell.authentication))).toEqual(new Set(['none']))
  })

  test('has neither a credential nor a token in it', async () => {
    const cells = await matrixOf(`${server.url}/moov/oauth2/token`)
    expect(cells.some(({ outcome }) => outcome === 'accepted')).toBe(true)
    expect(JSON.stringify(cells)).not.toMatch(/canary/)
  })
})

describe('the matrix stops', () => {
  const token = { status: 200, headers: {}, body: '{"access_token":"abcdefgh"}' }
  const run = async (
    send: (request: Outgoing) => Promise<Incoming>,
    held: () => string | undefined = () => undefined,
  ) => {
    const url = new URL('http://127.0.0.1/token')
    let sent = 0
    const counting = (request: Outgoing) => {
      sent += 1
      return send(request)
    }
    const asker = createAsker({ url, send: counting, credentials, redactor: createRedactor([]) })
    const { cells } = await tryMatrix(planMatrix({ services: all, url, credentials }), { asker, held })
    return { cells, sent, reasons: new Set(cells.map(({ reason }) => reason)) }
  }

  test('where the service answers 429 twice in a row', async () => {
    const { sent, reasons } = await run(async () => ({ status: 429, headers: {}, body: '' }))
    expect(sent).toBe(2)
    expect(reasons).toContain('the service answered 429 again and again: it wants to be asked less')
  })

  test('where what was accepted is refused by now, and takes back what was refused since', async () => {
    let asked = 0
    const { cells, sent, reasons } = await run(async () => {
      asked += 1
      return asked <= 3 ? token : { status: 401, headers: {}, body: '{"error":"invalid_client"}' }
    })
    expect(sent).toBe(24)
    expect(cells.filter(({ outcome }) => outcome === 'accepted').length).toBe(3)
    expect(cells.filter(({ outcome }) => outcome === 'refused')).toEqual([])
    expect(reasons).toContain(
      'what was accepted before is not accepted any more, with status 401: the service may have locked the client out',
    )
  })

  test('where the run has ended', async () => {
    const { sent, reasons } = await run(
      async () => token,
      () => 'its deadline was over',
    )
    expect(sent).toBe(0)
    expect(reasons).toContain('its deadline was over')
  })
})
