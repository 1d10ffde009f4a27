// The Vitest entry, used as its users do: the fixture's life, and what each matcher holds for and says.
import { describe, expect, test as plain } from 'vitest'
import { createTest, type JournalQuery, type TokenServer, test } from '../../src/testing/vitest.ts'

const withOptions = createTest({ services: ['rfc6749'], now: () => 0 })
const urls = new Set<string>()
let earlier: TokenServer | undefined

describe('the fixture', () => {
  test.beforeAll(({ tokenServer }) => {
    urls.add(tokenServer.url)
  })
  test.beforeEach(async ({ tokenServer }) => {
    await ask(tokenServer)
  })

  test('is a server of every service', ({ tokenServer }) => {
    earlier = tokenServer
    urls.add(tokenServer.url)
    expect(tokenServer.services.map(({ id }) => id)).toEqual(['prove', 'moov', 'rfc6749'])
    expect(tokenServer.journal.entries()).toHaveLength(1)
    tokenServer.respondNext('503')
    tokenServer.clock.set(0)
  })

  test('is one server for the file, reset before each test and what stands before it', ({ tokenServer }) => {
    expect([tokenServer === earlier, urls.size]).toEqual([true, 1])
    expect(tokenServer.journal.entries().map(({ status }) => status)).toEqual([200])
    expect(tokenServer.clock.now()).toBeGreaterThan(Date.UTC(2020, 0))
  })

  withOptions('takes options, and is then a server of its own', ({ tokenServer }) => {
    expect(urls.has(tokenServer.url)).toBe(false)
    expect([tokenServer.services.map(({ id }) => id), tokenServer.clock.now()]).toEqual([['rfc6749'], 0])
  })
})

describe('the matchers', () => {
  test('hold for what has happened', async ({ tokenServer }) => {
    expect(tokenServer).toHaveIssuedNothing()
    expect(tokenServer).toHaveBeenAsked(0)
    expect(tokenServer).toHaveNoSecretInUrl()
    await ask(tokenServer)
    await ask(tokenServer)
    expect(tokenServer).toHaveIssued(2)
    expect(tokenServer).toHaveIssued(2, { grant: 'client_credentials', service: 'rfc6749' })
    expect(tokenServer).toHaveIssuedOnce({ since: firstIdIn(tokenServer) })
    expect(tokenServer).toHaveIssuedNothing({ grant: 'refresh_token' })
    expect(tokenServer).toHaveUsedOneClientAuthentication()
    await ask(tokenServer, { client_secret: 'wrong' })
    expect(tokenServer).toHaveIssued(2)
    expect(tokenServer).toHaveBeenAsked(3)
    expect(tokenServer).toHaveBeenAsked(1, { status: 401 })
    expect(tokenServer).toHaveRefused()
    expect(tokenServer).toHaveRefused({ rule: 'rfc6749-2.3.1-client-secret', status: 401 })
    expect(tokenServer).toHaveNoSecretInUrl()
  })

  test('hold not for what has not', async ({ tokenServer }) => {
    expect(tokenServer).not.toHaveIssuedOnce()
    expect(tokenServer).not.toHaveRefused()
    expect(tokenServer).not.toHaveUsedOneClientAuthentication()
    await ask(tokenServer)
    expect(tokenServer).not.toHaveIssued(2)
    expect(tokenServer).not.toHaveIssuedNothing()
    expect(tokenServer).not.toHaveBeenAsked(0)
    await ask(tokenServer, {}, `Basic ${btoa('example-client:example-secret')}`)
    expect(tokenServer).not.toHaveUsedOneClientAuthentication()
    await fetch(`${tokenServer.url}/rfc6749/token?clientSecret=a`)
    expect(tokenServer).not.toHaveNoSecretInUrl()
  })

  test('take the journal for the server, and wait where they are polled', async ({ tokenServer }) => {
    const asked = ask(tokenServer)
    await expect.poll(() => tokenServer.journal).toHaveIssuedOnce()
    await asked
    expect(tokenServer.journal).toHaveIssuedOnce()
  })

  test('see each method of client authentication', async ({ tokenServer }) => {
    await ask(
      tokenServer,
      { client_id: '', client_secret: '' },
      `Basic ${btoa('example-client:example-secret')}`,
    )
    expect(tokenServer).toHaveUsedOneClientAuthentication()
    await ask(tokenServer)
    expect(tokenServer).not.toHaveUsedOneClientAuthentication()
    expect(tokenServer).toHaveUsedOneClientAuthentication({ since: firstIdIn(tokenServer) })
  })

  const secrets = [
    'client_secret',
    'clientSecret',
    'access_token',
    'password',
    'token',
    'api_key',
    'CLIENT%5fSECRET',
  ]
  test.for(secrets)('see a secret in a URL: %s', async (name, { tokenServer }) => {
    await fetch(`${tokenServer.url}/rfc6749/token?${name}=a`)
    expect(tokenServer).not.toHaveNoSecretInUrl()
  })

  test.for(['scope', 'state', 'client_id', 'x'])(
    'see no secret in a URL with %s',
    async (name, { tokenServer }) => {
      await fetch(`${tokenServer.url}/rfc6749/token?${name}=a`)
      expect(tokenServer).toHaveNoSecretInUrl()
    },
  )
})

describe('a failure', () => {
  const line =
    '#1 POST /rfc6749/token 200, rfc6749/client_credentials, client example-client, client_credentials, by client_secret_post, issued access_token'
  const failures: ReadonlyArray<[expected: string, assert: (server: TokenServer) => void, message: unknown]> =
    [
      [
        'a count',
        (server) => expect(server).toHaveIssued(2),
        [
          'expected the server to have issued an access token 2 times, received once',
          '  the requests that count:',
          `    ${line}`,
        ],
      ],
      [
        'a query',
        (server) => expect(server).toHaveIssuedOnce({ grant: 'refresh_token', status: 200 }),
        [
          'expected the server to have issued an access token once for grant "refresh_token", status 200, received 0 times',
          '  no request counts; those that came:',
          `    ${line}`,
          expect.stringMatching(
            /^ {4}#2 POST \/rfc6749\/token\?\(undocumented\) 401, rfc6749\/client_credentials, client example-client, client_credentials, by client_secret_post, refused by rfc6749-2\.3\.1-client-secret: expected the client's own secret, received another$/,
          ),
        ],
      ],
      [
        'the contrary',
        (server) => expect(server).not.toHaveBeenAsked(1, { status: 200 }),
        [
          'expected the server not to have been asked once for status 200, received once',
          '  the requests that count:',
          `    ${line}`,
        ],
      ],
      [
        'a refusal',
        (server) => expect(server).toHaveRefused({ status: 400, path: '/a' }),
        expect.arrayContaining([
          'expected the server to have refused a request for status 400, path "/a", received no refusal',
        ]),
      ],
    ]

  test.for(failures)(
    'of %s says what was expected and received, and of which requests',
    async ([, assert, message], { tokenServer }) => {
      await ask(tokenServer)
      await ask(tokenServer, { client_secret: 'hunter2' }, undefined, '?hunter2')
      const said = messageOf(tokenServer, () => assert(tokenServer))
      expect(said.split('\n')).toEqual(message)
      expect(said).not.toContain('hunter2')
    },
  )

  test('names the secrets in the URL, and the ways of client authentication', async ({ tokenServer }) => {
    await fetch(`${tokenServer.url}/rfc6749/token?client_secret=a&access_token=b&scope=c`)
    expect(messageOf(tokenServer, () => expect(tokenServer).toHaveNoSecretInUrl()).split('\n')).toEqual([
      'expected the server to have been sent no secret in a URL, received client_secret, access_token',
      '  the requests that count:',
      expect.stringMatching(
        /^ {4}#1 GET \/rfc6749\/token\?client_secret&access_token&scope 4\d\d, rfc6749, refused by /,
      ),
    ])
    const basic = `Basic ${btoa('example-client:example-secret')}`
    await ask(tokenServer, {}, basic)
    expect(
      messageOf(tokenServer, () => expect(tokenServer).toHaveUsedOneClientAuthentication()).split('\n')[0],
    ).toBe(
      'expected the server to have been shown one client authentication method, once in each request, received client_secret_basic and client_secret_post',
    )
  })

  test('shows the last five requests, and says so', async ({ tokenServer }) => {
    for (let count = 0; count < 8; count += 1) await ask(tokenServer)
    const [, heading, ...lines] = messageOf(tokenServer, () => expect(tokenServer).toHaveIssuedOnce()).split(
      '\n',
    )
    expect([heading, lines.map((each) => each.slice(4, 6))]).toEqual([
      '  the requests that count, without 3 earlier ones:',
      ['#4', '#5', '#6', '#7', '#8'],
    ])
  })

  test('says that no request has come', ({ tokenServer }) => {
    expect(messageOf(tokenServer, () => expect(tokenServer).toHaveBeenAsked(1))).toBe(
      'expected the server to have been asked once, received 0 times\n  no request has come',
    )
  })

  const wrongUse: ReadonlyArray<[given: string, assert: (server: TokenServer) => void, message: RegExp]> = [
    [
      'an unknown name',
      (server) => expect(server).toHaveIssuedOnce({ grant_type: 'a' } as JournalQuery),
      /^query of the journal: expected one of service, .*, received another name$/,
    ],
    [
      'an unknown name, with .not',
      (server) => expect(server).not.toHaveRefused({ grantType: 'a' } as JournalQuery),
      /^query of the journal: expected one of /,
    ],
    [
      'a status as text',
      (server) => expect(server).toHaveRefused({ status: '400' } as unknown as JournalQuery),
      /^query of the journal: "status": expected an integer, /,
    ],
    [
      'a query for a count',
      (server) => expect(server).toHaveIssued({} as number),
      /^expected a count from 0 on, got /,
    ],
    [
      'a count below 0',
      (server) => expect(server).toHaveBeenAsked(-1),
      /^expected a count from 0 on, got -1$/,
    ],
    [
      'a URL for a server',
      ({ url }) => expect(url).toHaveIssuedOnce(),
      /^expected a server of startTokenServer or its journal, received another string$/,
    ],
    [
      'entries for a journal',
      ({ journal }) => expect(journal.entries()).not.toHaveIssuedOnce(),
      /, received another object$/,
    ],
    ['nothing', () => expect(undefined).not.toHaveIssuedOnce(), /, received another undefined$/],
    ['null', () => expect(null).toHaveNoSecretInUrl(), /, received null$/],
  ]

  test.for(wrongUse)('is what comes of %s', ([, assert, message], { tokenServer }) => {
    expect(messageOf(tokenServer, () => assert(tokenServer))).toMatch(message)
  })
})

plain('the fixture is no part of the test that it extends', (context) => {
  expect('tokenServer' in context).toBe(false)
})

async function ask(
  { url }: TokenServer,
  parameters: Readonly<Record<string, string>> = {},
  authorization?: string,
  search = '',
): Promise<void> {
  const all = {
    grant_type: 'client_credentials',
    client_id: 'example-client',
    client_secret: 'example-secret',
  }
  const body = new URLSearchParams({ ...all, ...parameters })
  const headers = authorization === undefined ? {} : { authorization }
  await (await fetch(`${url}/rfc6749/token${search}`, { method: 'POST', headers, body })).arrayBuffer()
}

function firstIdIn({ journal }: TokenServer): number {
  return journal.entries()[0]?.id ?? 0
}

/** What a failing assertion says, with the ids as if they began with 1: a reset does not set them back. */
function messageOf(server: TokenServer, assert: () => void): string {
  const before = firstIdIn(server) - 1
  try {
    assert()
  } catch (error) {
    return (error as Error).message.replace(/#(\d+)/g, (_whole, id) => `#${Number(id) - before}`)
  }
  return ''
}
