// The baseline service does what the OAuth specifications demand: the whole table, on every host.
import { beforeAll, describe, expect, test } from 'vitest'
import { startTokenServer } from '../../src/host/server.ts'
import { type Host, hosts } from '../host/hosts.ts'
import { exchangeBytes, parseRawReply } from '../host/raw-socket.ts'
import type { Reply } from '../host/token-request.ts'
import { type ClientKeys, type Conversation, contentsOf, converse, createClientKeys } from './conversation.ts'
import { type EveryReply, features, type Requirement } from './requirement.ts'
import { clientsWith, requirements } from './requirements.ts'

type With<K extends string> = Extract<Requirement, { readonly [key in K]: unknown }>

const withExchanges = requirements.filter((one): one is With<'exchanges'> => 'exchanges' in one)
const ofEveryReply = requirements.filter((one): one is With<'every'> => 'every' in one)
const withBytes = requirements.filter((one): one is With<'bytes'> => 'bytes' in one)
const notTouched = requirements.filter((one): one is With<'notTouched'> => 'notTouched' in one)
const served = { services: ['rfc6749'], users: [] }

let keys: ClientKeys
beforeAll(async () => {
  keys = await createClientKeys()
})

describe.each(hosts)('on $name', (host) => {
  const hear = rememberingEach((requirement: With<'exchanges'>) => hearOn(host, requirement))

  test.each(withExchanges)('$row $id: $sentence', async (requirement) => {
    const { heard, kept } = await hear(requirement)
    const contents = heard.map(contentsOf)
    expect(contents.map(({ actual }) => actual)).toEqual(contents.map(({ wanted }) => wanted))
    for (const pair of requirement.differ ?? []) {
      const [one, other] = pair.map((name) => {
        const [reply = '', member = ''] = name.split('.')
        return kept.get(reply)?.[member]
      })
      expect(one).not.toBe(other)
    }
  })

  test.each(ofEveryReply)('$row $id: $sentence', async ({ every }) => {
    const replies: Reply[] = []
    for (const requirement of withExchanges)
      replies.push(...(await hear(requirement)).heard.map(({ reply }) => reply))
    expectOfEvery(replies.filter(kinds[every.of]), every)
  })
})

describe('over sockets', () => {
  test.each(withBytes)('$row $id: $sentence', async ({ bytes, options }) => {
    await using server = await startTokenServer({ ...served, ...options })
    for (const { sent, received } of bytes) {
      const reply = await exchangeBytes(server.url, sent.join('\r\n'))
      if (received === '') {
        expect(reply).toBe('')
        continue
      }
      const { interim, ...expected } = received
      const { status, body } = parseRawReply(reply)
      expect({ status, body: JSON.parse(body) }).toEqual(expected)
      expect(reply.split('\r\n', 1)).toEqual([interim ?? expect.stringMatching(`^HTTP/1.1 ${status} `)])
    }
  })
})

describe('the table', () => {
  test('has every row once, in order, and each under an id of its own', () => {
    expect(requirements.map(({ row }) => row)).toEqual(Array.from({ length: 121 }, (_, index) => index + 1))
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length)
    expect(requirements.filter(({ id }) => !/^(rfc\d+|oauth2\.1)-[\da-c.]+-[a-z\d-]+$/.test(id))).toEqual([])
  })

  test.each(notTouched)('$row $id: $notTouched is not announced', async ({ notTouched }) => {
    await using server = await startTokenServer(served)
    const reply = await fetch(`${server.url}/.well-known/oauth-authorization-server`)
    const metadata = (await reply.json()) as Readonly<Record<string, unknown>>
    const announced = features[notTouched].filter(([member, value]: readonly string[]) => {
      const offered = metadata[member ?? '']
      return value === undefined ? offered !== undefined : [offered].flat().includes(value)
    })
    expect(announced).toEqual([])
  })
})

const kinds: Readonly<Record<EveryReply['of'], (reply: Reply) => boolean>> = {
  reply: () => true,
  'token reply': ({ body }) => body.includes('"access_token"'),
  // Documents have no request to refuse, and no error to tell.
  refusal: ({ status, headers }) => status >= 400 && headers.get('allow') !== 'GET, HEAD',
  '401': ({ status }) => status === 401,
}

function expectOfEvery(replies: readonly Reply[], every: EveryReply): void {
  const bodies = replies.map(({ body }) => (body === '' ? {} : JSON.parse(body)) as Record<string, unknown>)
  const membersNamed = (name: string) => bodies.map((body) => JSON.stringify(body[name]))
  expect(replies.length).toBeGreaterThan(20)
  if (every.statuses) {
    expect([...new Set(replies.map(({ status }) => status))].sort()).toEqual(every.statuses)
  }
  for (const [name, pattern] of Object.entries(every.headers ?? {}))
    for (const { headers } of replies) expect(headers.get(name)).toMatch(pattern)
  for (const [name, pattern] of Object.entries(every.members ?? {}))
    for (const member of membersNamed(name)) expect(member).toMatch(pattern)
  for (const [name, pattern] of Object.entries(every.membersOfSome ?? {})) {
    const some = membersNamed(name).filter((member) => member !== undefined)
    expect(some).not.toEqual([])
    for (const member of some) expect(member).toMatch(pattern)
  }
  for (const name of every.withoutMembers ?? [])
    expect(bodies.filter((body) => Object.hasOwn(body, name))).toEqual([])
  const whole = replies.map(({ headers, body }) => JSON.stringify([...headers, body]))
  for (const text of every.withoutText ?? [])
    expect(whole.filter((reply) => reply.includes(text))).toEqual([])
}

/** On a host of its own, so that no requirement depends on another. */
async function hearOn(host: Host, { exchanges, options }: With<'exchanges'>): Promise<Conversation> {
  const clients = clientsWith(keys.published)
  await using running = await host.start({ ...served, clients, ...options })
  return await converse(running, exchanges, keys)
}

function rememberingEach<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>()
  return (key) => {
    const value = made.get(key) ?? make(key)
    made.set(key, value)
    return value
  }
}
