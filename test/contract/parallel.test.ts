// One contract written by many: processes, threads and calls at once, test runners of other kinds, and locks that nobody
// will ever release.
import { execFile, execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { interactionsOf } from '../../src/contract/interaction.ts'
import { type Machine, withLock } from '../../src/contract/lock.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { root } from '../source-files.ts'

const keys = rfc6749.variants.flatMap((variant) =>
  interactionsOf({ service: rfc6749, variant }).map(({ key }) => key),
)

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'contract-parallel-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const urlOf = (file: string) => pathToFileURL(join(root, file)).href

/** Writes the interactions whose turn it is, each by a call of its own, and all at once. */
const writer = `
  import { contractTest } from '${urlOf('src/verify/pact.ts')}'
  import { teamClient } from '${urlOf('test/contract/team-client.ts')}'
  import { workerData } from 'node:worker_threads'
  const [turn, turns] = workerData ?? process.argv.slice(2).map(Number)
  const keys: string[] = ${JSON.stringify(keys)}
  await Promise.all(keys.filter((_key, index) => index % turns === turn).map((key) => {
    const [variant = '', exchange = '', authentication] = key.split('#')
    const options = { consumer: 'web-shop', service: 'rfc6749', variant, exchanges: [exchange], authentication, refusals: 'any' }
    return contractTest(options as never, teamClient())
  }))
`

function write(name: string, program: string): string {
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  const file = join(directory, name)
  writeFileSync(file, program)
  return file
}

function keysIn(file: string): readonly string[] {
  return JSON.parse(readFileSync(file, 'utf8')).interactions.map(({ key }: { key: string }) => key)
}

describe('one contract of many writers has every interaction', () => {
  test('of eight processes at once', async () => {
    const program = write('writer.ts', writer)
    const turns = [0, 1, 2, 3, 4, 5, 6, 7]
    await Promise.all(
      turns.map((turn) =>
        promisify(execFile)(process.execPath, [program, String(turn), '8'], { cwd: directory }),
      ),
    )
    expect(readdirSync(join(directory, 'pacts'))).toEqual(['web-shop-rfc6749.json'])
    expect(keysIn(join(directory, 'pacts/web-shop-rfc6749.json'))).toEqual([...keys].sort())
  })

  test('of four threads at once', async () => {
    const text = writer.replace("refusals: 'any'", `refusals: 'any', directory: ${JSON.stringify(directory)}`)
    const program = write('writer.ts', text)
    await Promise.all(
      [0, 1, 2, 3].map(
        (turn) =>
          new Promise<void>((resolve, reject) => {
            new Worker(program, { workerData: [turn, 4] })
              .on('error', reject)
              .on('exit', (status) => (status === 0 ? resolve() : reject(new Error(`exit ${status}`))))
          }),
      ),
    )
    expect(keysIn(join(directory, 'web-shop-rfc6749.json'))).toEqual([...keys].sort())
  })
})

describe('contractTest() needs no runner of its own kind', () => {
  const body = `contractTest(
    { consumer: 'web-shop', service: 'rfc6749', variant: 'client_credentials', exchanges: ['client_credentials'] },
    teamClient(),
  )`
  const imports = `
    import { contractTest } from '${urlOf('src/verify/pact.ts')}'
    import { teamClient } from '${urlOf('test/contract/team-client.ts')}'
  `
  const key = 'rfc6749/client_credentials#client_credentials#client_secret_basic'
  // The marks of the runner that this test is in would turn the child into a part of it.
  const { NODE_TEST_CONTEXT, ...env } = process.env
  const run = (...args: readonly string[]) =>
    execFileSync(process.execPath, args, { cwd: directory, encoding: 'utf8', env })

  test('in node:test', () => {
    const program = write(
      'contract.test.ts',
      `${imports}import { test } from 'node:test'\ntest('a contract', () => ${body})`,
    )
    expect(run('--test', '--test-reporter=tap', program)).toMatch(/^# pass 1$/m)
    expect(keysIn(join(directory, 'pacts/web-shop-rfc6749.json'))).toEqual([key])
  })

  test('in a function that is given a test, as those of Jest are', () => {
    const program = write(
      'contract.ts',
      `${imports}
      const tests: (() => unknown)[] = []
      const test = (_name: string, body: () => unknown) => tests.push(body)
      test('a contract', async () => { await ${body} })
      for (const each of tests) await each()`,
    )
    run(program)
    expect(keysIn(join(directory, 'pacts/web-shop-rfc6749.json'))).toEqual([key])
  })

  test('in a program, whose end it does not delay when the client never answers', () => {
    const program = write(
      'contract.ts',
      `${imports}
      const call = () => new Promise(() => {})
      await contractTest(
        { consumer: 'web-shop', service: 'rfc6749', variant: 'client_credentials', timeoutMs: 50 },
        call,
      ).catch(({ code }) => console.log(code))`,
    )
    expect(run(program)).toBe('ERR_CONTRACT_CLIENT\n')
  })
})

describe('a lock', () => {
  let waits: number[]
  let time: number
  let lock: string
  let machine: Machine
  beforeEach(() => {
    waits = []
    time = Date.now()
    lock = join(directory, 'lock')
    machine = {
      host: 'here',
      pid: 1,
      isAlive: (pid) => pid === 1,
      now: () => time,
      wait: async (milliseconds) => {
        waits.push(milliseconds)
        time += milliseconds
      },
    }
  })
  const heldBy = (holder: object) => writeFileSync(lock, JSON.stringify(holder))

  test('is held for the action, and let go though it fails', async () => {
    const seen = await withLock(lock, () => readFileSync(lock, 'utf8'), machine)
    expect(seen).toBe('{"host":"here","pid":1}')
    const fail = () => {
      throw new Error('no')
    }
    await expect(withLock(lock, fail, machine)).rejects.toThrow('no')
    expect(readdirSync(directory)).toEqual([])
  })

  test('is waited for, with longer and longer pauses', async () => {
    heldBy({ host: 'here', pid: 1 })
    const wait = async (milliseconds: number) => {
      waits.push(milliseconds)
      if (waits.length === 6) rmSync(lock)
    }
    await withLock(lock, () => {}, { ...machine, wait })
    expect(waits).toEqual([2, 4, 8, 16, 32, 32])
  })

  const stale: ReadonlyArray<[what: string, holder: string, ageMs: number]> = [
    ['a process that is no more', '{"host":"here","pid":2}', 0],
    ['a process of another host, a minute ago', '{"host":"there","pid":1}', 61_000],
    ['a process that runs, a minute ago, as another may have its number', '{"host":"here","pid":1}', 61_000],
    ['nobody, as its holder died before it wrote its name', '', 61_000],
  ]

  test.each(stale)('is taken away from %s', async (_what, holder, ageMs) => {
    writeFileSync(lock, holder)
    const then = new Date(time - ageMs)
    utimesSync(lock, then, then)
    expect(await withLock(lock, () => 'done', machine)).toBe('done')
    expect([waits, readdirSync(directory)]).toEqual([[], []])
  })

  const kept: ReadonlyArray<[who: string, holder: string]> = [
    ['a process that runs', '{"host":"here","pid":1}'],
    ['a process of another host', '{"host":"there","pid":2}'],
    ['somebody who has not yet written its name', ''],
  ]

  test.each(kept)('is left to %s, until patience ends', async (_who, holder) => {
    writeFileSync(lock, holder)
    await expect(withLock(lock, () => 'done', machine)).rejects.toMatchObject({
      code: 'ERR_OPTION_INVALID',
      message: `expected the lock ${lock} within 10000 ms, but another process holds it; next: if none is running, remove it`,
    })
    expect(readFileSync(lock, 'utf8')).toBe(holder)
    expect(waits.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(10_000)
  })

  test('is taken away by one alone, while others wait', async () => {
    heldBy({ host: 'here', pid: 2 })
    mkdirSync(`${lock}.stale`)
    const wait = async (milliseconds: number) => {
      waits.push(milliseconds)
      expect(existsSync(lock)).toBe(true)
      rmSync(`${lock}.stale`, { recursive: true })
    }
    expect(await withLock(lock, () => 'done', { ...machine, wait })).toBe('done')
    expect([waits, readdirSync(directory)]).toEqual([[2], []])
  })
})
