// The lock file of probes: what is kept, what a change is, and what becomes of a file that is none.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  compareProbes,
  type LockedProbe,
  lockedProbeAt,
  lockedProbeOf,
  readProbeLock,
  updateProbeLock,
} from '../../src/probe/lock.ts'
import type { MatrixCell, Probe } from '../../src/probe/probed.ts'

let folder: string
let file: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenwright-lock-'))
  file = join(folder, 'tokenwright.lock.json')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const cell: MatrixCell = {
  variants: ['acme/login', 'globex/login'],
  grantType: 'client_credentials',
  contentType: 'application/json',
  authentication: 'client_secret_post',
  spelling: 'documented',
  outcome: 'refused',
  status: 400,
  error: 'invalid_request',
  reason: 'canary words of the service at 12:00',
}
const probe = (changed: Partial<Probe> = {}): Probe =>
  ({
    url: 'https://as.example:8443/token?tenant=canary',
    capabilities: { refresh_token: false, form: true },
    rules: [
      {
        id: 'b-rule',
        verdict: 'kept',
        requests: [{ request: 'curl canary', status: 200, error: null, received: '' }],
      },
      { id: 'a-rule', verdict: 'not_tried', requests: [] },
    ],
    scores: [],
    matrix: [cell, { ...cell, spelling: 'camelCase', outcome: 'accepted', status: 200, error: null }],
    sent: 7,
    ...changed,
  }) as unknown as Probe

const name = 'client_credentials application/json client_secret_post'

describe('the lock file', () => {
  test('has a line for each thing, sorted, and neither words of the service nor what was sent', async () => {
    expect(await updateProbeLock(file, probe())).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe(`{
  "lockVersion": 1,
  "targets": {
    "https://as.example:8443/token": {
      "capabilities": {
        "form": true,
        "refresh_token": false
      },
      "rules": {
        "a-rule": "not_tried",
        "b-rule": "kept"
      },
      "matrix": {
        "${name} camelCase acme/login": "accepted 200",
        "${name} documented acme/login": "refused 400 invalid_request"
      }
    }
  }
}
`)
  })

  test('is the same after the same probe, and keeps other targets', async () => {
    const before = readFileSync(file, 'utf8')
    await updateProbeLock(file, probe())
    expect(readFileSync(file, 'utf8')).toBe(before)
    await updateProbeLock(file, probe({ url: 'https://an.example/token' }))
    expect(Object.keys(readProbeLock(file).targets)).toEqual([
      'https://an.example/token',
      'https://as.example:8443/token',
    ])
    expect(lockedProbeAt(readProbeLock(file), 'https://as.example:8443/token?x=1')).toEqual(
      lockedProbeOf(probe()),
    )
    expect(lockedProbeAt(readProbeLock(file), 'https://as.example/constructor')).toBe(undefined)
  })

  test('has nothing of a probe that ended before its end', async () => {
    const before = readFileSync(file, 'utf8')
    expect(await updateProbeLock(file, probe({ rules: [], ended: 'it was interrupted' }))).toBe(false)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  test('has prose of a service no more than its secrets', () => {
    const { matrix } = lockedProbeOf(probe({ matrix: [{ ...cell, error: 'no such client: canary' }] }))
    expect(matrix).toEqual({ [`${name} documented acme/login`]: 'refused 400' })
  })

  test('keeps, of a part, what the part did not look at, but for rules that are no more', () => {
    const before: LockedProbe = {
      capabilities: { form: false },
      rules: { 'rfc6749-5.1-json': 'broken', 'rfc6749-5.1-token-type': 'kept', 'was-a-rule': 'kept' },
      matrix: { [`${name} documented acme/login`]: 'accepted 200', other: 'accepted 200' },
    }
    const rules = [{ id: 'rfc6749-5.1-json', verdict: 'kept' }] as unknown as Probe['rules']
    const found = probe({ rules, matrix: [cell] })
    const cells = { [`${name} documented acme/login`]: 'refused 400 invalid_request' }
    const capabilities = { form: true, refresh_token: false }
    expect([lockedProbeOf(found, before, 'part'), lockedProbeOf(found, before)]).toEqual([
      {
        capabilities,
        rules: { 'rfc6749-5.1-json': 'kept', 'rfc6749-5.1-token-type': 'kept' },
        matrix: { ...cells, other: 'accepted 200' },
      },
      { capabilities, rules: { 'rfc6749-5.1-json': 'kept' }, matrix: cells },
    ])
  })

  test('has every one of the probes that end at once', async () => {
    const shared = join(folder, 'shared.json')
    const urls = Array.from({ length: 8 }, (_, index) => `https://as.example/${index}`)
    await Promise.all(urls.map((url) => updateProbeLock(shared, probe({ url }))))
    expect(Object.keys(readProbeLock(shared).targets)).toEqual(urls)
    expect(readdirSync(folder)).not.toContain('shared.json.lock')
  })

  test('that is missing is an empty one', () => {
    expect(readProbeLock(join(folder, 'none.json'))).toEqual({ lockVersion: 1, targets: {} })
  })

  test('of another version has the parts that are known', () => {
    const other = join(folder, 'other.json')
    writeFileSync(other, '{"targets":{"https://a.example/":{"rules":{"x":"kept"},"colours":[1]}}}')
    expect(readProbeLock(other)).toEqual({
      lockVersion: 1,
      targets: { 'https://a.example/': { rules: { x: 'kept' } } },
    })
  })

  test.each([
    ['no JSON', '{"lockVersion":1,"targ', 'received what is no JSON; nothing was sent or changed'],
    ['other JSON', '[]', 'received other JSON; nothing was sent or changed'],
    ['a target that is none', '{"targets":{"a":1}}', 'received other JSON; nothing was sent or changed'],
    [
      'a verdict that is none',
      '{"targets":{"a":{"rules":{"x":1}}}}',
      'received other JSON; nothing was sent or changed',
    ],
    [
      'a version to come',
      '{"lockVersion":2,"targets":{}}',
      'received 2, which a newer tokenwright has written',
    ],
    ['a version that never was', '{"lockVersion":0,"targets":{}}', 'of lockVersion 1, received another one'],
    ['a version that is no number', '{"lockVersion":"1","targets":{}}', 'received another one'],
  ])('of %s is an error, and stays as it is', async (_what, content, problem) => {
    const broken = join(folder, 'broken.json')
    writeFileSync(broken, content)
    const isInvalid = expect.objectContaining({
      code: 'ERR_LOCK_INVALID',
      message: expect.stringContaining(problem),
    })
    await expect(updateProbeLock(broken, probe())).rejects.toThrow(isInvalid)
    expect(readFileSync(broken, 'utf8')).toBe(content)
  })
})

describe('from one probe to the next', async () => {
  const rules = (verdict: string): LockedProbe => ({ rules: { x: verdict } })
  const asked = (outcome: string): LockedProbe => ({ matrix: { x: outcome } })
  const offered = (isOffered: boolean): LockedProbe => ({ capabilities: { x: isOffered } })
  test.each<[what: string, before: LockedProbe, after: LockedProbe, changes: readonly unknown[]]>([
    ['nothing changes where all is equal', rules('kept'), rules('kept'), []],
    ['nothing is known of what one of them did not look at', {}, rules('broken'), []],
    [
      'a rule that is broken by now is worse',
      rules('kept'),
      rules('broken'),
      [['rule x', 'kept', 'broken', true]],
    ],
    [
      'a rule that is kept by now is not',
      rules('broken'),
      rules('kept'),
      [['rule x', 'broken', 'kept', false]],
    ],
    [
      'a rule that was not tried is not',
      rules('kept'),
      rules('not_tried'),
      [['rule x', 'kept', 'not_tried', false]],
    ],
    ['a new rule is not', { rules: {} }, rules('broken'), [['rule x', 'none', 'broken', false]]],
    [
      'a cell that is refused by now is worse',
      asked('accepted 200'),
      asked('refused 401'),
      [['x', 'accepted 200', 'refused 401', true]],
    ],
    [
      'a cell that is refused otherwise is not',
      asked('refused 400'),
      asked('refused 401'),
      [['x', 'refused 400', 'refused 401', false]],
    ],
    [
      'a cell that is gone is not',
      asked('accepted 200'),
      { matrix: {} },
      [['x', 'accepted 200', 'none', false]],
    ],
    [
      'what is offered no more is worse',
      offered(true),
      offered(false),
      [['capability x', 'offered', 'not offered', true]],
    ],
    [
      'what is offered by now is not',
      offered(false),
      offered(true),
      [['capability x', 'not offered', 'offered', false]],
    ],
    [
      'what comes of requests at once, another thing each time',
      { rules: { 'rfc9700-4.14-one-winner': 'kept', 'rfc9700-4.14.2-used-once': 'kept' } },
      { rules: { 'rfc9700-4.14-one-winner': 'broken', 'rfc9700-4.14.2-used-once': 'broken' } },
      [['rule rfc9700-4.14.2-used-once', 'kept', 'broken', true]],
    ],
  ])('%s', (_what, before, after, changes) => {
    const found = compareProbes(before, after)
    expect(found.map((change) => [change.what, change.before, change.after, change.isWorse])).toEqual(changes)
  })
})
