// Pacts from a broker, and their results back to it.
import { describe, expect, test } from 'vitest'
import { type Broker, createBroker } from '../../src/broker/hal.ts'
import {
  defaultSelectors,
  type FetchedPact,
  fetchPacts,
  parseSelector,
  requireDate,
} from '../../src/broker/pacts.ts'
import { publishResults } from '../../src/broker/results.ts'
import { faults } from './faults.ts'
import { type BrokerStandIn, type Fault, startBroker } from './stand-in.ts'
import { contractOf, ofFetched, verificationOf, verified } from './verifications.ts'

const options = { providerVersion: '2026-01', version: '0.1.0' }
const kept = verified('client_credentials', 'kept')

describe('pacts to verify', () => {
  test('are those of the main branch and of what is deployed, by default', async () => {
    await using standIn = await startBroker()
    const broker = createBroker({ url: standIn.url })
    await publish(standIn, contractOf(['client_credentials']), '1', 'main')
    await publish(standIn, contractOf(['refresh_token']), '2', 'feat')
    const [fetched, ...others] = await fetchPacts(broker, { provider: 'acme' })
    expect(others).toEqual([])
    expect(fetched).toEqual({
      pact: {
        ...contractOf(['client_credentials']),
        interactions: [{ _id: expect.any(String), ...contractOf(['client_credentials']).interactions[0] }],
      },
      url: expect.stringMatching(
        `^${standIn.url}/pacts/provider/acme/consumer/web/pact-version/[0-9a-f]{40}$`,
      ),
      name: 'Pact between web (1) and acme',
      pending: false,
      notices: ['The pact at 1 is verified.'],
      publishUrl: expect.stringMatching(`^${standIn.url}/pacts/.*/verification-results$`),
    })
    expect(standIn.queries).toEqual([
      { consumerVersionSelectors: defaultSelectors, includePendingStatus: false },
    ])
  })

  test('are those that selectors, pending and work in progress say', async () => {
    await using standIn = await startBroker()
    const broker = createBroker({ url: standIn.url })
    await publish(standIn, contractOf(['client_credentials']), '1', 'feat')
    await publish(standIn, contractOf(['refresh_token']), '2', 'other')
    const fetched = await fetchPacts(broker, {
      provider: 'acme',
      consumerVersionSelectors: [{ branch: 'feat' }],
      providerVersionBranch: 'main',
      includeWipPactsSince: '2026-01-01',
    })
    expect(fetched.map(({ name, pending }) => [name, pending])).toEqual([
      ['Pact between web (1) and acme', true],
      ['Pact between web (2) and acme', true],
    ])
    expect(standIn.queries).toEqual([
      {
        consumerVersionSelectors: [{ branch: 'feat' }],
        providerVersionBranch: 'main',
        includePendingStatus: true,
        includeWipPactsSince: '2026-01-01',
      },
    ])
  })

  test('are none where nobody published any', async () => {
    await using standIn = await startBroker()
    expect(await fetchPacts(createBroker({ url: standIn.url }), { provider: 'no one/else' })).toEqual([])
    expect(standIn.asked.at(-1)?.path).toBe('/pacts/provider/no%20one%2Felse/for-verification')
  })

  test.each(faults.filter(([does]) => does !== 'sends other JSON'))(
    'of a broker that later %s are one clear error',
    async (_does, answer, code) => {
      await using standIn = await startBroker({ fault: later(answer) })
      const broker = createBroker({
        url: standIn.url,
        credentials: { token: 'canary-token' },
        timeoutMs: 200,
        longestReplyBytes: 100_000,
      })
      const error = await fetchPacts(broker, { provider: 'acme' }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code })
      expect(String((error as Error).stack)).not.toContain('canary-token')
    },
  )

  test('are not asked for where a link leads elsewhere', async () => {
    await using other = await startBroker()
    await using standIn = await startBroker({ linkBase: other.url })
    await expect(fetchPacts(createBroker({ url: standIn.url }), { provider: 'acme' })).rejects.toMatchObject({
      code: 'ERR_BROKER_INVALID',
    })
    expect(other.asked).toEqual([])
  })

  test('are pacts', async () => {
    await using standIn = await startBroker()
    await publish(standIn, { ...contractOf([]), interactions: [] }, '1', 'main')
    const broker = createBroker({ url: standIn.url })
    Object.assign(standIn.pacts[0]?.content ?? {}, { consumer: 'web' })
    await expect(fetchPacts(broker, { provider: 'acme' })).rejects.toThrow(
      /^expected a pact at http.*, received other JSON/,
    )
  })
})

describe('a selector', () => {
  test.each([
    ['{"mainBranch":true}', { mainBranch: true }],
    ['{"branch":"feat","consumer":"web"}', { branch: 'feat', consumer: 'web' }],
  ])('is read from %s', (text, selector) => {
    expect(parseSelector(text)).toEqual(selector)
  })

  test.each([
    ['no JSON', 'main', 'something else'],
    ['a list', '[{"mainBranch":true}]', '"0" in it'],
    ['nothing', '{}', 'something else'],
    ['null', 'null', 'something else'],
    ['an unknown member', '{"mainbranch":true}', '"mainbranch" in it'],
    ['a member of another type', '{"mainBranch":"true"}', '"mainBranch" in it'],
    ['a member of every object', '{"toString":true}', '"toString" in it'],
  ])('is not %s', (_what, text, received) => {
    expect(() => parseSelector(text)).toThrow(
      `such as {"mainBranch":true}, received ${received}; known members: mainBranch (boolean)`,
    )
  })

  test.each(['yesterday', '2026-13-01', '2026-1-1', ''])('has no date like "%s" beside it', (text) => {
    expect(() => requireDate(text)).toThrow('expected --include-wip-pacts-since to be a date')
    expect(requireDate('2026-01-31')).toBe('2026-01-31')
  })
})

describe('a result', () => {
  const exchanges = ['client_credentials', 'client_credentials.wrong_secret']
  const broken = verified('client_credentials.wrong_secret', 'broken')

  test('that was kept is published with its version, branch, tags and build', async () => {
    const { standIn, broker, fetched } = await brokerWith(exchanges)
    await using _ = standIn
    const verification = verificationOf([kept, verified('client_credentials.wrong_secret', 'kept')])
    const published = await publishResults(broker, fetched, ofFetched(fetched, verification), {
      ...options,
      branch: 'feat/x',
      tags: ['prod'],
      buildUrl: 'https://ci/7',
    })
    expect(published).toEqual([{ name: 'Pact between web (1) and acme', success: true }])
    expect(standIn.results.map(({ body }) => body)).toEqual([
      {
        success: true,
        providerApplicationVersion: '2026-01',
        buildUrl: 'https://ci/7',
        verifiedBy: { implementation: 'tokenwright', version: '0.1.0' },
        testResults: exchanges.map((exchange) => ({
          interactionId: expect.stringMatching(/^[0-9a-f]{8}-\d$/),
          interactionDescription: `${exchange}, by client_secret_basic`,
          success: true,
        })),
      },
    ])
    expect(standIn.branches.get('acme 2026-01')).toEqual(new Set(['feat/x']))
    expect(standIn.tags.get('acme 2026-01')).toEqual(new Set(['prod']))
  })

  test('that was broken says which rules, and no value of a reply', async () => {
    const { standIn, broker, fetched } = await brokerWith(exchanges)
    await using _ = standIn
    const published = await publishResults(
      broker,
      fetched,
      ofFetched(fetched, verificationOf([kept, broken])),
      options,
    )
    expect(published).toEqual([{ name: 'Pact between web (1) and acme', success: false }])
    const [result] = standIn.results
    expect(result?.body).toMatchObject({
      success: false,
      testResults: [
        { success: true },
        {
          success: false,
          mismatches: [
            { attribute: 'status', description: 'rfc6749-5.2-status: expected 401, received 400' },
            {
              attribute: 'body',
              identifier: '$.error',
              description: 'rfc6749-5.2-error: expected "invalid_client", received a string',
            },
          ],
        },
      ],
    })
    expect([...standIn.branches.keys(), ...standIn.tags.keys()]).toEqual(['web 1'])
  })

  test('without a reply is an exception', async () => {
    const { standIn, broker, fetched } = await brokerWith(['client_credentials'])
    await using _ = standIn
    const unanswered = verified('client_credentials', 'broken', {
      differences: [
        { rule: 'reply-received', where: 'reply', expected: 'a reply', received: 'none within 9 ms' },
      ],
    })
    await publishResults(broker, fetched, ofFetched(fetched, verificationOf([unanswered])), options)
    expect(standIn.results[0]?.body).toMatchObject({
      testResults: [
        {
          success: false,
          exceptions: [{ message: 'reply-received: expected a reply, received none within 9 ms' }],
        },
      ],
    })
  })

  test.each([
    ['a pending one that was broken', [kept, { ...broken, pending: true as const }], {}, { success: false }],
    [
      'one with a skipped interaction',
      [kept, verified('client_credentials.wrong_secret', 'skipped')],
      {},
      { success: true },
    ],
    [
      'one of which all was skipped',
      [verified('client_credentials', 'skipped')],
      {},
      { reason: 'none of its interactions was replayed' },
    ],
    [
      'one of another consumer',
      [{ ...kept, consumer: 'app' }],
      {},
      { reason: 'none of its interactions was replayed' },
    ],
    [
      'one whose run ended before its end',
      [kept],
      { ended: 'the deadline of 9 ms' },
      { reason: 'the run ended before its end: the deadline of 9 ms' },
    ],
    [
      'a broken one whose run ended before its end',
      [broken],
      { ended: 'the deadline of 9 ms' },
      { success: false },
    ],
  ])('of %s is told as it is', async (_of, interactions, more, expected) => {
    const { standIn, broker, fetched } = await brokerWith(exchanges)
    await using _ = standIn
    const published = await publishResults(
      broker,
      fetched,
      ofFetched(fetched, verificationOf(interactions, more)),
      options,
    )
    expect(published).toEqual([{ name: 'Pact between web (1) and acme', ...expected }])
    expect(standIn.results.map(({ body }) => body.success)).toEqual(
      'success' in expected ? [expected.success] : [],
    )
  })

  test('is not published where the broker takes none', async () => {
    const { standIn, broker, fetched } = await brokerWith(exchanges)
    await using _ = standIn
    const closed = fetched.map(({ publishUrl: _publishUrl, ...each }) => each)
    expect(await publishResults(broker, closed, ofFetched(closed, verificationOf([kept])), options)).toEqual([
      { name: 'Pact between web (1) and acme', reason: 'the broker takes no result of it' },
    ])
  })
})

interface Published {
  readonly standIn: BrokerStandIn
  readonly broker: Broker
  readonly fetched: readonly FetchedPact[]
}

async function brokerWith(exchanges: readonly string[]): Promise<Published> {
  const standIn = await startBroker()
  await publish(standIn, contractOf(exchanges), '1', 'main')
  const broker = createBroker({ url: standIn.url })
  return { standIn, broker, fetched: await fetchPacts(broker, { provider: 'acme' }) }
}

async function publish(
  standIn: BrokerStandIn,
  contract: object,
  version: string,
  branch: string,
): Promise<void> {
  const content = Buffer.from(JSON.stringify(contract)).toString('base64')
  const contracts = [{ consumerName: 'web', providerName: 'acme', content }]
  const body = { pacticipantName: 'web', pacticipantVersionNumber: version, branch, contracts }
  const { status } = await fetch(`${standIn.url}/contracts/publish`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  expect(status).toBe(200)
}

/** A fault of everything but the index. */
function later(answer: (...args: Parameters<Fault>) => void): Fault {
  return (request, response) => {
    if (request.url === '/') return false
    answer(request, response)
    return true
  }
}
