// The lock file: what stands in it, what it answers, and that nothing is lost.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contractVersions } from '../../src/broker/contracts.ts'
import { askLock, entriesOf, readLock, updateLock } from '../../src/broker/lock.ts'
import { forEvery } from '../oauth/properties.ts'
import { contractOf, verificationOf, verified } from './verifications.ts'

const day = new Date('2026-02-01T12:00:00.000Z')
const laterDay = new Date('2026-03-01T12:00:00.000Z')
const exchanges = ['client_credentials', 'client_credentials.wrong_secret']
const contract = contractOf(exchanges)
const whole = verificationOf(exchanges.map((exchange) => verified(exchange, 'kept')))
const sha256 = contractVersions([contract])[0]?.sha256 ?? ''
let directory: string
let file: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lock-'))
  file = join(directory, 'verification.lock.json')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('a lock file', () => {
  test('says what was kept, broken and skipped, where and when', () => {
    const verification = verificationOf(
      [
        verified('client_credentials', 'kept'),
        verified('client_credentials.wrong_secret', 'broken'),
        verified('refresh_token', 'skipped'),
      ],
      { profile: 'keycloak', client_authentication: 'client_secret_basic' },
    )
    const three = contractOf([...exchanges, 'refresh_token'])
    expect(updateLock(file, verification, [three], day, '24.1')).toEqual([
      { consumer: 'web', variant: 'acme/login' },
    ])
    expect(readFileSync(file, 'utf8')).toBe(`{
  "lockVersion": 1,
  "services": {
    "acme": {
      "https://acme.example/token": {
        "web": {
          "acme/login": {
            "broken": [
              {
                "client_authentication": "client_secret_basic",
                "exchange": "client_credentials.wrong_secret",
                "rules": [
                  "rfc6749-5.2-error",
                  "rfc6749-5.2-status"
                ]
              }
            ],
            "client_authentication": "client_secret_basic",
            "kept": 1,
            "profile": "keycloak",
            "providerVersion": "24.1",
            "sha256": "${contractVersions([three])[0]?.sha256}",
            "skipped": [
              {
                "client_authentication": "client_secret_basic",
                "exchange": "refresh_token",
                "reason": "needs --refresh-token"
              }
            ],
            "verifiedAt": "2026-02-01T12:00:00.000Z"
          }
        }
      }
    }
  }
}
`)
    expect(readdirSync(directory)).toEqual(['verification.lock.json'])
  })

  test('keeps the entries of other endpoints, consumers and variants, and replaces its own', () => {
    const app = contractOf(exchanges, { consumer: 'app' })
    const ofApp = verificationOf(whole.interactions.map((each) => ({ ...each, consumer: 'app' })))
    updateLock(file, whole, [contract], day)
    updateLock(file, { ...whole, url: 'https://staging.example/token?secret=1' }, [contract], day)
    updateLock(file, ofApp, [app], day)
    updateLock(file, whole, [contract], laterDay)
    expect(
      entriesOf(readLock(file)).map(({ url, consumer, entry }) => [url, consumer, entry.verifiedAt]),
    ).toEqual([
      ['https://acme.example/token', 'app', day.toISOString()],
      ['https://acme.example/token', 'web', laterDay.toISOString()],
      ['https://staging.example/token', 'web', day.toISOString()],
    ])
  })

  test('is the same whatever the order in which it was written', () => {
    const names = ['web', 'app', '__proto__', 'constructor', '10', '9']
    const write = (order: readonly string[]) => {
      rmSync(file, { force: true })
      for (const consumer of order) {
        const interactions = whole.interactions.map((each) => ({ ...each, consumer }))
        updateLock(file, verificationOf(interactions), [contractOf(exchanges, { consumer })], day)
      }
      return readFileSync(file, 'utf8')
    }
    const first = write(names)
    expect(
      entriesOf(readLock(file))
        .map(({ consumer }) => consumer)
        .sort(),
    ).toEqual([...names].sort())
    forEvery([fc.shuffledSubarray(names, { minLength: names.length })], (order) => {
      expect(write(order)).toBe(first)
    })
  })

  test.each([
    [
      'a run that ended before its end',
      { ...whole, ended: 'interrupted' },
      'the run ended before its end: interrupted',
    ],
    [
      'a run of some exchanges',
      verificationOf([verified('client_credentials', 'kept')]),
      'left out: client_credentials.wrong_secret',
    ],
    [
      'a run of another consumer',
      verificationOf([{ ...verified(exchanges[0] ?? '', 'kept'), consumer: 'app' }]),
      'no part of the run',
    ],
  ])('has no entry of %s', (_of, verification, reason) => {
    expect(updateLock(file, verification, [contract], day)).toEqual([
      { consumer: 'web', variant: 'acme/login', reason },
    ])
    expect(readdirSync(directory)).toEqual([])
  })

  test.each([
    ['no JSON', '<<<<<<< HEAD\n{}', 'what is no JSON'],
    ['another version', '{"lockVersion":2,"services":{}}', 'other JSON'],
    ['no services', '{"lockVersion":1}', 'other JSON'],
    ['a list', '[]', 'other JSON'],
    ['null', 'null', 'other JSON'],
    [
      'entries that are none',
      '{"lockVersion":1,"services":{"acme":{"u":{"web":{"v":{"sha256":"x"}}}}}}',
      'other JSON',
    ],
    ['nothing', '', 'what is no JSON'],
  ])('of %s is an error, and stays as it is', (_of, text, received) => {
    writeFileSync(file, text)
    expect(() => updateLock(file, whole, [contract], day)).toThrow(
      expect.objectContaining({
        code: 'ERR_LOCK_INVALID',
        message: `expected ${file} to be a lock file that tokenwright verify has written, received ${received}; nothing was changed; next: take the file from version control, or remove it and verify again`,
      }),
    )
    expect([readFileSync(file, 'utf8'), readdirSync(directory)]).toEqual([text, ['verification.lock.json']])
  })

  test('that cannot be written is an error', () => {
    writeFileSync(join(directory, 'taken'), '')
    expect(() => updateLock(join(directory, 'taken', 'lock.json'), whole, [contract], day)).toThrow(
      expect.objectContaining({ code: 'ERR_LOCK_INVALID' }),
    )
  })
})

describe("a contract's version", () => {
  const version = (more: object) => contractVersions([contractOf(exchanges, { more })])[0]?.sha256

  test.each([
    ["the broker's id of an interaction", { _id: 'abc' }],
    ['the order of members', { response: { status: 200 }, request: { path: '/token', method: 'POST' } }],
  ])('does not follow from %s', (_what, more) => {
    expect(version(more)).toBe(sha256)
  })

  test.each([
    ['the request', { request: { method: 'POST', path: '/oauth/token' } }],
    ['the reply', { response: { status: 201 } }],
    ['the provider states', { providerStates: [{ name: 'a registered client' }] }],
  ])('follows from %s', (_what, more) => {
    expect(version(more)).not.toBe(sha256)
  })

  test('does not follow from the order of interactions, nor from how they are spread over files', () => {
    const [one = '', other = ''] = exchanges
    for (const contracts of [[contractOf([other, one])], [contractOf([one]), contractOf([other])]]) {
      expect(contractVersions(contracts)).toEqual([
        { consumer: 'web', service: 'acme', variant: 'acme/login', sha256, exchanges },
      ])
    }
  })
})

describe('the answer of a lock file', () => {
  const about = { service: 'acme', consumer: 'web', variant: 'acme/login' }
  const url = 'https://acme.example/token'
  const ask = (question: Partial<Parameters<typeof askLock>[1]> = {}) =>
    askLock(readLock(file), { contracts: [contract], now: laterDay, ...question })

  test('is yes for a contract that was kept', () => {
    updateLock(file, whole, [contract], day)
    expect(ask()).toEqual([{ ...about, url }])
    expect(ask({ url, maxAgeMs: 28 * 86_400_000 })).toEqual([{ ...about, url }])
  })

  test.each([
    ['never verified', {}, 'never verified'],
    ['verified elsewhere', { url: 'https://other.example/token' }, 'never verified'],
  ])('is no for a contract that was %s', (_was, question, reason) => {
    if ('url' in question) updateLock(file, whole, [contract], day)
    expect(ask(question)).toEqual([{ ...about, reason }])
  })

  test('is no for a contract that has changed', () => {
    updateLock(file, whole, [contract], day)
    const contracts = [contractOf([...exchanges, 'refresh_token'])]
    expect(ask({ contracts })).toEqual([
      { ...about, url, reason: 'the contract has changed since it was verified on 2026-02-01' },
    ])
  })

  test('is no for a contract that was verified too long ago', () => {
    updateLock(file, whole, [contract], day)
    expect(ask({ maxAgeMs: 27 * 86_400_000 })).toEqual([
      { ...about, url, reason: 'verified on 2026-02-01, which is too long ago' },
    ])
  })

  test.each([
    ['broken', 'kept', 'broken', 'broken on 2026-02-01: client_credentials.wrong_secret'],
    [
      'skipped whole',
      'skipped',
      'skipped',
      'nothing of it was replayed on 2026-02-01: needs --refresh-token',
    ],
  ] as const)('is no for a contract that was %s', (_was, first, second, reason) => {
    const [one = '', other = ''] = exchanges
    updateLock(file, verificationOf([verified(one, first), verified(other, second)]), [contract], day)
    expect(ask()).toEqual([{ ...about, url, reason }])
  })

  test('is yes for a contract of which something was skipped', () => {
    const [one = '', other = ''] = exchanges
    updateLock(file, verificationOf([verified(one, 'kept'), verified(other, 'skipped')]), [contract], day)
    expect(ask()).toEqual([{ ...about, url }])
  })

  test('is no where one of two endpoints broke it, and says nothing of one that skipped it', () => {
    const [one = '', other = ''] = exchanges
    const at = (address: string, verdict: 'kept' | 'broken' | 'skipped') => {
      const interactions = [verified(one, verdict), verified(other, verdict)]
      updateLock(file, verificationOf(interactions, { url: address }), [contract], day)
    }
    at('https://a.example/token', 'kept')
    at('https://b.example/token', 'skipped')
    expect(ask()).toEqual([{ ...about, url: 'https://a.example/token' }])
    at('https://b.example/token', 'broken')
    expect(ask().map(({ reason }) => reason)).toEqual([
      undefined,
      'broken on 2026-02-01: client_credentials, client_credentials.wrong_secret',
    ])
  })

  test('is no for a pact that tokenwright has no part in', () => {
    updateLock(file, whole, [contract], day)
    const foreign = { ...contract, interactions: [{}] }
    expect(ask({ contracts: [foreign] })).toEqual([
      { service: 'acme', consumer: 'web', variant: '', reason: 'never verified' },
    ])
  })
})
