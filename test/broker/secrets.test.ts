// Secrets: a broker that repeats what it was sent, in every way of failing, at every log level; nothing of it is left.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatBase64 } from '../../src/oauth/base64.ts'
import { encodeFormValue } from '../../src/oauth/form.ts'
import { runCommand } from '../cli/command.ts'
import { root } from '../source-files.ts'
import { faults } from './faults.ts'
import { type Fault, startBroker } from './stand-in.ts'

const TOKEN = 'canary-Tok3n.~+/=_9'
const PASSWORD = 'canary pass"wörd\\%41&'
const secrets = [TOKEN, PASSWORD, `ci:${PASSWORD}`]

const ways: ReadonlyArray<
  readonly [by: string, flags: readonly string[], environment: Readonly<Record<string, string>>]
> = [
  ['a token', ['--broker-token', 'env:TOKEN'], { TOKEN }],
  [
    'a password',
    ['--broker-username', 'env:NAME', '--broker-password', 'env:PASSWORD'],
    { NAME: 'ci', PASSWORD },
  ],
]
const verbs: ReadonlyArray<readonly [verb: string, args: readonly string[]]> = [
  ['publish', ['--version', '1', '--branch', 'main', '--contracts', join(root, 'contracts', 'rfc6749')]],
  ['can-i-deploy', ['--pacticipant', 'web', '--version', '1', '--to-environment', 'test']],
  ['record-deployment', ['--pacticipant', 'web', '--version', '1', '--environment', 'test']],
]
const levels: ReadonlyArray<readonly [level: string, flags: readonly string[]]> = [
  ['with no log', []],
  ['with the whole log', ['--verbose']],
]

/** A version as a broker has it, of which nothing can be recorded but to this very broker. */
const version: Fault = ({ url, headers }, response) => {
  if (url !== '/pacticipants/web/versions/1') return false
  response.writeHead(200, { 'content-type': 'application/hal+json' })
  const href = `http://${headers.host}/recorded`
  response.end(JSON.stringify({ _links: { 'pb:record-deployment': [{ name: 'test', href }] } }))
  return true
}

/** What Pact's own program meets, the index being sound. */
const later = faults.map(([does, answer]): [does: string, fault: Fault] => [
  `later ${does}`,
  (request, response) => {
    if (request.url === '/') return false
    if (version(request, response)) return true
    answer(request, response)
    return true
  },
])
const kinds: ReadonlyArray<readonly [does: string, fault: Fault]> = [
  ['works', version],
  ...faults.slice(0, 3).map(([does, answer]): [does: string, fault: Fault] => [
    does,
    (request, response) => {
      answer(request, response)
      return true
    },
  ]),
  ...later,
]
const runs = kinds.flatMap(([does, fault]) =>
  verbs.flatMap(([verb, args]) =>
    ways.flatMap(([by, credentials, environment]) =>
      levels
        .filter(([level]) => by === 'a token' || level !== 'with no log')
        .map(([level, flags]): [string, string, string, string, readonly string[], object, Fault] => [
          by,
          verb,
          level,
          does,
          [verb, ...args, ...credentials, ...flags],
          environment,
          fault,
        ]),
    ),
  ),
)
let scratch: string

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'broker-secrets-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('nothing is left', () => {
  test.concurrent.each(runs)(
    'of %s, by %s %s and a broker that %s',
    async (_by, _verb, level, _does, args, environment, fault) => {
      const directory = mkdtempSync(join(scratch, 'run-'))
      await using standIn = await startBroker({ fault })
      const surroundings = {
        TMPDIR: directory,
        HOME: directory,
        // What other programs of Pact would log by.
        LOG_LEVEL: 'trace',
        RUST_LOG: 'trace',
        ...environment,
      }
      const { status, stdout, stderr } = await runCommand(
        [...args, '--broker', standIn.url, '--timeout', '1500'],
        { environment: surroundings, directory },
      )
      expect([0, 1, 2]).toContain(status)
      expect(secretsIn(stdout + stderr)).toEqual([])
      expect(filesIn(directory).flatMap(secretsIn)).toEqual([])
      if (level === 'with no log') expect(stderr).toMatch(/^(tokenwright: .*\n)?$/)
      // The broker did learn it.
      expect(standIn.asked.every(({ authorization }) => authorization !== undefined)).toBe(true)
    },
    60_000,
  )

  test('because there is something to find', () => {
    for (const secret of secrets) {
      const escaped = JSON.stringify(secret)
      for (const form of [
        secret,
        escaped,
        JSON.stringify(escaped),
        encodeURIComponent(secret),
        encodeFormValue(secret),
        formatBase64(secret),
      ])
        expect(secretsIn(`a ${form} b`)).toContain(secret)
    }
  })
})

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
}

function secretsIn(text: string): readonly string[] {
  return secrets.filter((secret) => {
    const escaped = JSON.stringify(secret).slice(1, -1)
    const encoded = encodeURIComponent(secret)
    const base64 = formatBase64(secret).replaceAll('=', '')
    const forms = [secret, escaped, JSON.stringify(escaped).slice(1, -1), encoded, encoded.toLowerCase()]
    return [...forms, encodeFormValue(secret), base64].some((form) => text.includes(form))
  })
}
