// What is found of clients that cope, and of clients that do not, each with one weakness.
import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import {
  type ToleranceOptions,
  type ToleranceTarget,
  toleranceCases,
  toleranceTest,
} from '../../src/probe/tolerate.ts'
import { parseSequence } from '../../src/service/outcomes.ts'
import { services } from '../../src/services/services.ts'
import { askForToken, carefulClient, inBatches, persistently } from './tolerance-clients.ts'

type Client = (target: ToleranceTarget) => Promise<unknown>

const clientCredentials = { grant_type: 'client_credentials' }

/** What came of one case. */
async function caseOf(id: string, client: Client, options: ToleranceOptions = {}) {
  const { cases } = await toleranceTest({ ...options, cases: [id] }, client)
  const [first] = cases
  if (first === undefined || cases.length > 1) throw new Error('expected one case')
  return first
}

async function callApi({ apiUrl }: ToleranceTarget, token: unknown): Promise<void> {
  const { ok, status } = await fetch(apiUrl, { headers: { authorization: `Bearer ${token}` } })
  if (!ok) throw new Error(`the API answers ${status}`)
}

/** With credentials that the mock does not know. */
function asAnother(target: ToleranceTarget): ToleranceTarget {
  const credentials = { ...target.credentials, client_id: 'another-client', client_secret: 'another-secret' }
  return { ...target, credentials }
}

/** Without a second try, nor anything else. */
async function plainClient(target: ToleranceTarget): Promise<void> {
  const { access_token } = await askForToken(target, clientCredentials)
  await inBatches(target.calls, target.concurrency, () => callApi(target, access_token))
}

describe('the cases', () => {
  test('are each of an id and a sentence of their own, with a source', () => {
    const ids = toleranceCases.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(toleranceCases.map(({ sentence }) => sentence)).size).toBe(ids.length)
    expect(toleranceCases.filter(({ source }) => source === '')).toEqual([])
    expect(toleranceCases.filter(({ sentence }) => !/^[\w"].+\.$/.test(sentence))).toEqual([])
  })

  test('ask for outcomes that every service has', () => {
    const unknown = services.flatMap((service) =>
      toleranceCases
        .filter(({ outcomes }) => outcomes !== undefined && parseSequence(outcomes, service) === undefined)
        .map(({ id }) => `${service.id} ${id}`),
    )
    expect(unknown).toEqual([])
  })
})

describe.concurrent('a client that tries again, refreshes, and asks once for all', () => {
  test.for(toleranceCases)('survives: $sentence', async (given, { expect }) => {
    const { verdict, reason, lastWords } = await caseOf(given.id, carefulClient)
    const isDone = given.survivedWhen === 'fails' ? lastWords.length > 0 : lastWords.length === 0
    expect([verdict, reason, isDone]).toEqual(['survived', '', true])
  })

  test('waits as long as Retry-After says, and is seen to', async ({ expect }) => {
    const { retried, heededRetryAfter, tokenCalls } = await caseOf('429', carefulClient)
    expect([retried, heededRetryAfter, tokenCalls]).toEqual([true, true, 2])
  })
})

/** Clients that end well whatever comes, each in a way of its own. */
const careless: ReadonlyArray<readonly [how: string, client: Client]> = [
  ['asks once and calls no API', (target) => askCarelessly(target, clientCredentials)],
  [
    'asks twice and calls no API',
    async (target) => {
      await askCarelessly(target, clientCredentials)
      await askCarelessly(target, clientCredentials)
    },
  ],
  [
    'refreshes after its calls of the API',
    async (target) => {
      const { username, password } = target.credentials
      const granted = await askCarelessly(target, { grant_type: 'password', username, password })
      if (granted === undefined) return
      await inBatches(target.calls, target.concurrency, () => callApi(target, granted.access_token)).catch(
        () => {},
      )
      const refresh_token = String(granted.refresh_token)
      await askCarelessly(target, { grant_type: 'refresh_token', refresh_token })
      await askCarelessly(target, { grant_type: 'refresh_token', refresh_token })
    },
  ],
]

function askCarelessly(target: ToleranceTarget, parameters: Readonly<Record<string, string>>) {
  return askForToken(target, parameters).catch(() => undefined)
}

/** Where the API takes the token of the reply as it came: that shows that the client found it. */
const shownByApi = toleranceCases
  .filter(({ fails, survivedWhen, refreshes }) => fails === undefined && !survivedWhen && !refreshes)
  .map(({ id }) => id)

describe.concurrent('a client that ends well whatever comes, and', () => {
  test.for(careless)('%s, survives no case by that', async ([how, client], { expect }) => {
    const { cases } = await toleranceTest({}, client)
    const survived = cases.filter(({ verdict }) => verdict === 'survived').map(({ id }) => id)
    // The old refresh token is the one to be used where no other is sent.
    expect(survived).toEqual(how.includes('no API') ? [] : [...shownByApi, 'no_refresh_token'])
  })

  const failing = toleranceCases.filter(({ fails }) => fails === 'token_call').map(({ id }) => id)
  test.for(failing)('calls no API, fails %s, as it was granted no token', async (id, { expect }) => {
    const { verdict, reason } = await caseOf(id, (target) => askCarelessly(target, clientCredentials))
    expect([verdict, reason]).toEqual([
      'failed',
      'it ended as if all were well, and was granted no token, after 1 token call and 0 calls of the API',
    ])
  })
})

/** A weakness, the case that finds it, and what is said. */
type Weakness = readonly [weakness: string, id: string, client: Client, reason: string]

let calls = 0

const weaknesses: readonly Weakness[] = [
  [
    'wants an exact "Bearer"',
    'lowercase_bearer',
    async (target) => {
      const { access_token, token_type } = (await askForToken(target, clientCredentials)) as {
        readonly access_token: string
        readonly token_type?: string
      }
      if (token_type !== 'Bearer') throw new Error('unexpected token type')
      await callApi(target, access_token)
    },
    'it failed with status 1, after 1 token call and 0 calls of the API',
  ],
  ['tries once', '502', plainClient, 'it failed with status 1, after 1 token call and 0 calls of the API'],
  [
    'swallows what fails',
    '500',
    (target) => plainClient(target).catch(() => {}),
    'it ended as if all were well, and the API answered none of its calls, after 1 token call and 0 calls of the API',
  ],
  [
    'swallows a call of the API that is refused',
    'revoked_midway',
    async (target) => {
      const { access_token } = await askForToken(target, clientCredentials)
      await inBatches(target.calls, 1, () => callApi(target, access_token).catch(() => {}))
    },
    'it ended as if all were well, and the API answered 1 of its 2 calls',
  ],
  [
    'leaves out a call that is refused, and makes others',
    'revoked_midway',
    async (target) => {
      let { access_token } = await askForToken(target, clientCredentials)
      await inBatches(target.calls * 2, 1, async () => {
        calls += 1
        const apiUrl = `${target.apiUrl}/${calls}`
        await callApi({ ...target, apiUrl }, access_token).catch(async () => {
          ;({ access_token } = await askForToken(target, clientCredentials))
        })
      })
    },
    'it ended as if all were well, and the API answered 3 of its 4 calls',
  ],
  [
    'goes on to the API with what is no token',
    'no_access_token',
    async (target) => {
      const granted = await askForToken(target, clientCredentials).catch(() => undefined)
      await callApi(target, granted?.access_token)
    },
    'it called the API without a token once',
  ],
  [
    'asks as often as it is refused',
    'client_refused_400',
    async (target) => {
      for (let attempt = 1; ; attempt += 1) {
        const granted = await askForToken(target, clientCredentials).catch(() => undefined)
        if (granted !== undefined) return
        if (attempt === 5) throw new Error('five times')
      }
    },
    'it made 5 token calls, more than 3',
  ],
  [
    'says nothing of a client that is refused',
    'client_refused_400',
    (target) => askForToken(target, clientCredentials).catch(() => {}),
    'it ended as if all were well',
  ],
  [
    'forgets the refresh token that is not sent again',
    'no_refresh_token',
    async (target) => {
      const { username, password } = target.credentials
      let { access_token, refresh_token } = await askForToken(target, {
        grant_type: 'password',
        username,
        password,
      })
      await callApi(target, access_token)
      for (let call = 2; call <= target.calls; call += 1) {
        const refresh = { grant_type: 'refresh_token', refresh_token: String(refresh_token) }
        ;({ access_token, refresh_token } = await askForToken(target, refresh))
        await callApi(target, access_token)
      }
    },
    'it failed with status 1, after 3 token calls and 2 calls of the API',
  ],
  [
    'is granted one token of two, and calls no API',
    '503',
    async (target) => {
      await askCarelessly(target, clientCredentials)
      await askCarelessly(target, clientCredentials)
    },
    'it ended as if all were well, and was granted 1 token of 2, after 2 token calls and 0 calls of the API',
  ],
  [
    'does not mind that its refresh token is refused',
    'rotated_refresh_token',
    async (target) => {
      const { username, password } = target.credentials
      const granted = await askForToken(target, { grant_type: 'password', username, password })
      await inBatches(target.calls, 1, () => callApi(target, granted.access_token))
      const refresh = { grant_type: 'refresh_token', refresh_token: String(granted.refresh_token) }
      // Where nothing is in its way, it does not refresh.
      if (target.calls === 1) return
      await askForToken(target, refresh)
      await askCarelessly(target, refresh)
    },
    'it ended as if all were well, and got no other token when its refresh was refused, after 3 token calls and 3 calls of the API',
  ],
  [
    'refreshes for each call that waits',
    'concurrent_refresh',
    async (target) => {
      const { username, password } = target.credentials
      let { access_token, refresh_token } = await askForToken(target, {
        grant_type: 'password',
        username,
        password,
      })
      let isFirst = true
      await inBatches(target.calls, target.concurrency, async () => {
        if (isFirst) {
          isFirst = false
          await callApi(target, access_token)
          return
        }
        const refresh = { grant_type: 'refresh_token', refresh_token: String(refresh_token) }
        ;({ access_token, refresh_token } = await askForToken(target, refresh))
        await callApi(target, access_token)
      })
    },
    'it failed with status 1',
  ],
]

describe.concurrent('a client that', () => {
  test.for(weaknesses)('%s is found by %s', async ([_weakness, id, client, reason], { expect }) => {
    const found = await caseOf(id, client)
    expect([found.verdict, found.reason.slice(0, reason.length)]).toEqual(['failed', reason])
  })

  const untried: readonly Weakness[] = [
    ['calls no API', 'revoked', (target) => askForToken(target, clientCredentials), 'it calls no API'],
    [
      'makes one call, however many it is asked for',
      'short',
      (target) => plainClient({ ...target, calls: 1 }),
      'it called the API once of 2: let it make TOKENWRIGHT_CALLS calls',
    ],
    [
      'hides behind a token of another client',
      '502',
      async (target) => {
        const { url } = target
        if (target.case === 'baseline') return await plainClient(target)
        const credentials = {
          ...target.credentials,
          client_id: 'example-client',
          client_secret: 'example-secret',
        }
        await plainClient({ ...target, url, credentials })
      },
      'none of its token calls came to the outcome',
    ],
    [
      'makes one call after the other, however many it is asked for at once',
      'concurrent_calls',
      (target) => plainClient({ ...target, concurrency: 1 }),
      'it made its calls one after the other: let it make TOKENWRIGHT_CONCURRENCY at once',
    ],
    [
      'calls no API, and ends well whatever comes',
      'wrong_content_type',
      (target) => askCarelessly(target, clientCredentials),
      'it calls no API, and ends well without a token, too: let it end with another status',
    ],
    ['has no refresh token', 'rotated_refresh_token', plainClient, 'it uses no refresh token'],
    [
      'keeps its token between runs',
      'charset',
      async (target) => {
        if (target.case === 'baseline') await plainClient(target)
      },
      'it made no token call: does it keep tokens between runs?',
    ],
  ]
  test.for(untried)('%s is not tried by %s', async ([_weakness, id, client, reason], { expect }) => {
    const found = await caseOf(id, client)
    expect([found.verdict, found.reason]).toEqual(['not_tried', reason])
  })
})

describe('a client that', () => {
  test('never ends is ended, and said not to', async () => {
    const found = await caseOf('reset', (target) => plainClient(target).catch(() => new Promise(() => {})), {
      timeoutMs: 300,
    })
    expect([found.verdict, found.reason, found.timedOut, found.exitStatus]).toEqual([
      'failed',
      'it did not end in its time',
      true,
      null,
    ])
  })

  test('asks without an end is ended, and every one of its calls was counted', async () => {
    const found = await caseOf(
      'client_refused_400',
      async (target) => {
        if (target.case === 'baseline') return await plainClient(target)
        while (!target.signal.aborted) await askForToken(target, clientCredentials).catch(() => {})
      },
      { timeoutMs: 1500 },
    )
    expect([found.verdict, found.reason, found.tokenCalls > 3]).toEqual([
      'failed',
      'it did not end in its time',
      true,
    ])
  })
})

describe('a secret in a URL', () => {
  const leaks: ReadonlyArray<[what: string, client: Client, where: readonly string[]]> = [
    [
      'the client secret, as a parameter of the token request',
      async ({ tokenEndpoint, credentials, ...target }) => {
        const query = new URLSearchParams({ client_secret: credentials.client_secret })
        await plainClient({ ...target, credentials, tokenEndpoint: `${tokenEndpoint}?${query}` })
      },
      ['POST /token'],
    ],
    [
      'the token, as a parameter of any name',
      async (target) => {
        const { access_token } = await askForToken(target, clientCredentials)
        await callApi({ ...target, apiUrl: `${target.apiUrl}/orders?t=${access_token}` }, access_token)
      },
      ['GET /api/orders'],
    ],
    [
      'a token that nobody issued, as access_token',
      async (target) => {
        await plainClient({ ...target, apiUrl: `${target.apiUrl}?access_token=made-up` })
      },
      ['GET /api'],
    ],
    [
      'the client secret, in the path and in Base64',
      async (target) => {
        const secret = Buffer.from(target.credentials.client_secret).toString('base64url')
        await plainClient({ ...target, apiUrl: `${target.apiUrl}/${secret}` })
      },
      ['GET ****'],
    ],
    [
      'the client secret, in the path and in hexadecimal',
      async (target) => {
        const secret = Buffer.from(target.credentials.client_secret).toString('hex')
        await plainClient({ ...target, apiUrl: `${target.apiUrl}/${secret}` })
      },
      ['GET /api/****'],
    ],
    [
      'the token, as a parameter of any name and in hexadecimal of capitals',
      async (target) => {
        const { access_token } = await askForToken(target, clientCredentials)
        const digits = Buffer.from(access_token).toString('hex').toUpperCase()
        await callApi({ ...target, apiUrl: `${target.apiUrl}/orders?t=${digits}` }, access_token)
      },
      ['GET /api/orders'],
    ],
    [
      'a token that was issued and never shown to the API, such as a refresh token',
      async (target) => {
        const { username, password } = target.credentials
        const granted = await askForToken(target, { grant_type: 'password', username, password })
        await callApi(
          { ...target, apiUrl: `${target.apiUrl}?r=${granted.refresh_token}` },
          granted.access_token,
        )
      },
      ['GET /api'],
    ],
    [
      'the client secret, behind thousands of characters',
      async (target) => {
        const { client_secret } = target.credentials
        await plainClient({
          ...target,
          apiUrl: `${target.apiUrl}?x=${'x'.repeat(10_000)}&y=${client_secret}`,
        })
      },
      ['GET /api'],
    ],
    ...['clientSecret', 'accessToken', 'token', 'user[client_secret]', 'auth.Client-Secret'].map(
      (name): [string, Client, readonly string[]] => [
        `a value of ${name}`,
        (target) =>
          plainClient({ ...target, apiUrl: `${target.apiUrl}?${new URLSearchParams({ [name]: 'x' })}` }),
        ['GET /api'],
      ],
    ),
    [
      'the client secret, in Referer',
      async (target) => {
        const { access_token } = await askForToken(target, clientCredentials)
        const referer = `https://shop.example/?key=${target.credentials.client_secret}`
        await fetch(target.apiUrl, { headers: { authorization: `Bearer ${access_token}`, referer } })
      },
      ['GET /api (Referer)'],
    ],
    [
      'the client secret, in a target with its origin, as a proxy is sent it',
      async (target) => {
        await plainClient(target)
        const { hostname, port, host } = new URL(target.url)
        const path = `${target.url}/api?key=${target.credentials.client_secret}`
        await new Promise((resolve, reject) => {
          const sent = request({ hostname, port, path, headers: { host } }, (response) =>
            response.resume().on('end', resolve),
          )
          sent.on('error', reject).end()
        })
      },
      ['GET /api'],
    ],
    [
      'none, but a page and a state',
      (target) => plainClient({ ...target, apiUrl: `${target.apiUrl}?page=2&state=x&token_type=bearer` }),
      [],
    ],
    [
      'none, but the client id',
      (target) => plainClient({ ...target, apiUrl: `${target.apiUrl}/${target.credentials.client_id}` }),
      [],
    ],
  ]

  test.each(leaks)('is seen: %s', async (_what, client, where) => {
    const found = await toleranceTest({ cases: ['charset'] }, client)
    expect([found.baseline.secretsInUrls, found.cases[0]?.secretsInUrls, found.leaking]).toEqual([
      where,
      where,
      where.length * 2,
    ])
    expect(JSON.stringify(found)).not.toContain('example-tolerance-secret')
  })
})

describe('what the client says', () => {
  test('is kept without its secrets, its tokens and the port of the mock', async () => {
    const { lastWords } = await caseOf('charset', async (target) => {
      const { access_token } = await askForToken(target, clientCredentials)
      if (target.case === 'baseline') return
      const { client_secret } = target.credentials
      throw new Error(`no luck at ${target.url}\n  with ${client_secret}`, {
        cause: `token ${access_token}\u001b[2J\u0007\u202e`,
      })
    })
    expect(lastWords).toEqual(['Error: no luck at http://127.0.0.1:{port} with ****', 'token ****'])
  })
})

describe('what the client says in hexadecimal', () => {
  test('is kept without its secrets, and without its tokens', async () => {
    const { lastWords } = await caseOf('charset', async (target) => {
      const { access_token } = await askForToken(target, clientCredentials)
      if (target.case === 'baseline') return
      const { client_secret, password } = target.credentials
      const [secret, user, token] = [client_secret, password, access_token].map((each) =>
        Buffer.from(each).toString('hex'),
      )
      throw new Error(`sent ${secret}, 0x${user?.toUpperCase()}`, { cause: `got ${token}` })
    })
    expect(lastWords).toEqual(['Error: sent ****, 0x****', 'got ****'])
  })

  test('is kept where a secret is so short that its digits may be any number', async () => {
    const credentials = { client_secret: 'ab' }
    const { lastWords } = await caseOf(
      'charset',
      async (target) => {
        await plainClient(target)
        if (target.case !== 'baseline') throw new Error('order 616263 of ab')
      },
      { credentials },
    )
    expect(lastWords).toEqual(['Error: order 616263 of ****'])
  })
})

describe('what the client says of a token', () => {
  test.each([
    ['the whole reply, which broke off', (body: string) => body],
    ['a part of the reply', (body: string) => body.slice(0, 30)],
    ['the reply within JSON', (body: string) => JSON.stringify({ body })],
    [
      'the beginning of the token alone',
      (body: string) => (/"access_token":"([^"]*)/.exec(body)?.[1] ?? '').slice(0, 9),
    ],
  ])('is the same in each run, and without any of it: %s', async (_what, part) => {
    const bodies: string[] = []
    const run = () =>
      caseOf('malformed_json', async (target) => {
        const { client_id, client_secret } = target.credentials
        const body = new URLSearchParams({ ...clientCredentials, client_id, client_secret })
        const text = await (await fetch(target.tokenEndpoint, { method: 'POST', body })).text()
        if (target.case === 'baseline') return
        bodies.push(text)
        throw new Error(`no JSON: ${part(text)}`)
      })
    const [one, other] = [await run(), await run()]
    expect(one.lastWords).toEqual(other.lastWords)
    expect(one.lastWords.join()).toMatch(/^Error: no JSON: .*\*\*\*\*/)
    for (const body of bodies) {
      const token = /"access_token":"([^"]*)/.exec(body)?.[1] ?? ''
      expect(token.length).toBeGreaterThan(9)
      expect(one.lastWords.join() + other.lastWords.join()).not.toContain(token.slice(0, 6))
    }
  })

  test('is a sentence where what was thrown has no text', async () => {
    const { lastWords } = await caseOf('charset', async (target) => {
      await plainClient(target)
      if (target.case !== 'baseline') throw Object.create(null)
    })
    expect(lastWords).toEqual(['an object without a text'])
  })
})

describe('a client that calls no API', () => {
  test('survives what it took, if it fails where it gets no token', async () => {
    const runs: string[] = []
    const { cases } = await toleranceTest(
      { cases: ['charset', 'reordered', '500', 'client_refused_400'] },
      (target) => {
        runs.push(target.case)
        return persistently(() => askForToken(target, clientCredentials))
      },
    )
    expect(cases.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['reordered', 'survived'],
      ['charset', 'survived'],
      ['500', 'survived'],
      ['client_refused_400', 'survived'],
    ])
    // That it fails is found out once.
    expect(runs).toEqual(['baseline', 'reordered', 'client_refused_400', 'charset', '500'])
  })
})

describe('whether a client tries again', () => {
  test('is told by more calls than it makes anyway', async () => {
    const twice: Client = async (target) => {
      await askForToken(target, clientCredentials).catch(() => {})
      await plainClient(target)
    }
    const { retried, tokenCalls } = await caseOf('500', twice)
    expect([retried, tokenCalls]).toEqual([false, 2])
  })
})

describe('a client that is of no use', () => {
  const failures: ReadonlyArray<[what: string, client: Client, message: string]> = [
    [
      'fails by itself',
      () => Promise.reject(new Error('no configuration')),
      'expected client to get a token with nothing in its way, but it failed with status 1; its last words: Error: no configuration',
    ],
    [
      'asks nobody',
      async () => {},
      'expected client to get a token with nothing in its way, but it never called the token endpoint; next: let it take its URLs from what it is given, a command from TOKENWRIGHT_TOKEN_ENDPOINT',
    ],
    [
      'asks for another path',
      async ({ url }) => {
        await fetch(`${url}/v9/token`, { method: 'POST' })
      },
      'expected client to get a token with nothing in its way, but it never called the token endpoint; it asked for 1 path that the mock does not have; next: let it take its URLs from what it is given, a command from TOKENWRIGHT_TOKEN_ENDPOINT',
    ],
    [
      'never ends',
      () => new Promise(() => {}),
      'expected client to get a token with nothing in its way, but it did not end in its time',
    ],
    [
      'is refused its token, and does not mind',
      async (target) => {
        await askForToken(asAnother(target), clientCredentials).catch(() => {})
      },
      'expected client to get a token with nothing in its way, but its token call was refused with 401 by rfc6749-2.3.1-client-secret: expected a known client_id, received another; The client is known and the secret is its own (RFC 6749 §2.3.1, §5.2); next: let it ask with what it is given, a command with TOKENWRIGHT_CLIENT_ID and TOKENWRIGHT_CLIENT_SECRET',
    ],
    [
      'is refused its token, more than once, and fails',
      async (target) => {
        await askForToken(target, { grant_type: 'coupon' }).catch(() => {})
        await askForToken(target, { grant_type: 'coupon' })
      },
      'expected client to get a token with nothing in its way, but it failed with status 1; none of its 2 token calls was granted, the last refused with 400 by rfc6749-5.2-unsupported-grant-type: "grant_type": expected "client_credentials" or "password" or "refresh_token", received another value; grant_type is one that the service supports (RFC 6749 §5.2); its last words: Error: the token endpoint answers 400',
    ],
    [
      'asks for a reply without a token',
      async ({ tokenEndpoint, credentials: { client_id, client_secret } }) => {
        const body = new URLSearchParams({ ...clientCredentials, client_id, client_secret })
        await fetch(tokenEndpoint, { method: 'POST', body, headers: { prefer: 'outcome=empty' } })
      },
      'expected client to get a token with nothing in its way, but its token call was answered without a token; next: let it ask with what it is given, a command with TOKENWRIGHT_CLIENT_ID and TOKENWRIGHT_CLIENT_SECRET',
    ],
    [
      'asks the API without a token, and does not mind',
      async (target) => {
        await askForToken(target, clientCredentials)
        await fetch(target.apiUrl)
      },
      'expected client to get a token with nothing in its way, but the API answered none of its calls, 1 in all',
    ],
    [
      'shows its token in the URL alone',
      async (target) => {
        const { access_token } = await askForToken(target, clientCredentials)
        await fetch(`${target.apiUrl}?access_token=${access_token}`)
      },
      'expected client to get a token with nothing in its way, but the API answered none of its calls, 1 in all; no secret should stand in a URL, and there was a token as access_token in that of GET /api',
    ],
    [
      'has all that is secret in its URLs, and fails',
      async (target) => {
        const { client_secret, password } = target.credentials
        const { access_token } = await askForToken(target, clientCredentials)
        await fetch(`${target.apiUrl}/orders?userPassword=${password}&key=${client_secret}&t=${access_token}`)
        await fetch(`${target.apiUrl}?auth[clientSecret]=made-up`)
        await fetch(target.apiUrl, { headers: { referer: `https://shop.example/${password}` } })
        throw new Error('no orders')
      },
      'expected client to get a token with nothing in its way, but it failed with status 1; no secret should stand in a URL, and there was a value of client_secret in that of GET /api, the password in that of GET /api (Referer), the client secret and the password and a token in that of GET /api/orders; its last words: Error: no orders',
    ],
  ]
  test.each(failures)('%s', async (what, client, message) => {
    const timeoutMs = what === 'never ends' ? 200 : 10_000
    const failed = toleranceTest({ timeoutMs }, (target) => client(target))
    await expect(failed).rejects.toMatchObject({ code: 'ERR_CLIENT_FAILED', message })
  })

  const next = 'next: toleranceTest({}, async ({ tokenEndpoint, apiUrl, credentials }) => { … })'
  const others: ReadonlyArray<[what: string, given: readonly unknown[], message: string]> = [
    ['no client', [{}, undefined], 'expected the client to be a function, received undefined'],
    ['a client that is none', [{}, 'curl'], 'expected the client to be a function, received string'],
    ['no options', [undefined, plainClient], 'expected options to be an object, received undefined'],
    ['null for options', [null, plainClient], 'expected options to be an object, received null'],
    ['a client for options', [plainClient], 'expected options to be an object, received function'],
  ]
  test.each(others)('is %s', async (_what, given, message) => {
    const failed: Promise<unknown> = Reflect.apply(toleranceTest, undefined, given)
    await expect(failed).rejects.toMatchObject({ code: 'ERR_OPTION_INVALID', message: `${message}; ${next}` })
  })

  test('is told apart from one that is refused at first, and finds its way', async () => {
    const { baseline, survived } = await toleranceTest({ cases: ['charset'] }, async (target) => {
      await askForToken(asAnother(target), clientCredentials).catch(() => {})
      await plainClient(target)
    })
    expect([baseline.tokenCalls, baseline.apiCallsAnswered, survived]).toEqual([2, 1, 1])
  })

  const wrong: ReadonlyArray<[what: string, options: ToleranceOptions, code: string, message: RegExp]> = [
    [
      'a case',
      { cases: ['502', 'coupon'] },
      'ERR_OPTION_INVALID',
      /^expected the id of a case, received "coupon"; known: lowercase_bearer, /,
    ],
    ['a service', { service: 'acme' }, 'ERR_SERVICE_UNKNOWN', /"acme"/],
    [
      'a time',
      { timeoutMs: 0 },
      'ERR_OPTION_INVALID',
      /^expected timeoutMs to be a whole number from 1 to 600000, received 0$/,
    ],
    ['a route', { protect: ['nowhere'] }, 'ERR_OPTION_INVALID', /protect/],
  ]
  test.each(wrong)('is not run for %s that is none', async (_what, options, code, message) => {
    const failed = toleranceTest(options, plainClient)
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })
})

describe('a run', () => {
  test('gives the same again', async () => {
    const cases = ['500', 'truncated', 'clock_ahead', 'concurrent_calls', 'no_access_token', 'revoked']
    const run = () => toleranceTest({ cases }, (target) => persistently(() => plainClient({ ...target })))
    expect(await run()).toEqual(await run())
  })

  test('that is interrupted tells what was done', async () => {
    const interrupt = new AbortController()
    const found = await toleranceTest(
      { cases: ['charset', 'reordered', 'no_scope'], signal: interrupt.signal },
      async (target) => {
        if (target.case !== 'no_scope') return await plainClient(target)
        interrupt.abort()
        await new Promise(() => {})
      },
    )
    expect([found.cases.map(({ id, verdict }) => [id, verdict]), found.ended]).toEqual([
      [['reordered', 'survived']],
      'it was interrupted',
    ])
  })

  test('that was interrupted before it began runs no client, and ends', async () => {
    let isRun = false
    const found = await toleranceTest({ cases: ['charset'], signal: AbortSignal.abort() }, async () => {
      isRun = true
      await new Promise(() => {})
    })
    expect([isRun, found.cases, found.ended]).toEqual([false, [], 'it was interrupted'])
  })

  test('against a service without refresh tokens does not try to refresh', async () => {
    const [rfc6749] = services.filter(({ id }) => id === 'rfc6749')
    if (rfc6749 === undefined) throw new Error('expected rfc6749')
    const service = { ...rfc6749, tokens: { ...rfc6749.tokens, refreshTokens: 'none' as const } }
    const found = await caseOf('no_refresh_token', plainClient, { service })
    expect([found.verdict, found.reason, found.tokenCalls]).toEqual([
      'not_tried',
      'the service issues no refresh tokens',
      0,
    ])
  })

  test('leaves the process as it was: no server listens on', async () => {
    const urls: string[] = []
    await toleranceTest({ cases: ['reset'] }, async (target) => {
      urls.push(target.url)
      await persistently(() => plainClient(target))
    })
    expect(urls.length).toBe(2)
    for (const url of urls) await expect(fetch(url)).rejects.toThrow('fetch failed')
  })
})
