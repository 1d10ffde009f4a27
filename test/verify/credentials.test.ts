// Credentials on the command line: the name of where they are, never they themselves.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CommandResult,
  type CredentialSources,
  readCredential,
  readCredentials,
  readVariable,
} from '../../src/verify/credentials.ts'
import { machineSources, readBeginning, runInShell } from '../../src/verify/machine-sources.ts'

const environment = { SECRET: 'the real secret', EMPTY: '', _x9: 'another', LINES: ' two\nlines\n' }
const expected = 'env:NAME, file:PATH, cmd:COMMAND or prompt'
const plain = (forms: string) =>
  `expected --client-secret ${forms}, received something else; a credential on the command line can be read by every process and in the shell's history: put it into an environment variable and name that`
const utf8 = (text: string) => new TextEncoder().encode(text)

/** Sources of which each gives one value, and what was asked of them. */
function sourcesOf(bytes: Uint8Array, result: Partial<CommandResult> = {}) {
  const asked: string[] = []
  const sources: CredentialSources = {
    environment,
    readFile: async (path, mostBytes) => {
      asked.push(`file ${path}`)
      return { bytes: bytes.subarray(0, mostBytes), isShared: path.startsWith('shared') }
    },
    runCommand: async (command, mostBytes) => {
      asked.push(`command ${command}`)
      return { stdout: bytes.subarray(0, mostBytes), ...result }
    },
    prompt: async (label) => {
      asked.push(`prompt ${label}`)
      return `typed for ${label}`
    },
    warn: (message) => asked.push(`warning: ${message}`),
  }
  return { sources, asked }
}

const read: ReadonlyArray<[from: string, reference: string, bytes: Uint8Array, value: string]> = [
  ['a variable', 'env:SECRET', utf8(''), 'the real secret'],
  ['a variable that begins with an underscore', 'env:_x9', utf8(''), 'another'],
  ['a variable as it is, with its line ends and spaces', 'env:LINES', utf8(''), ' two\nlines\n'],
  ['a file', 'file:a', utf8('the secret'), 'the secret'],
  ['a file whose name has spaces and colons', 'file:a b:c', utf8('the secret'), 'the secret'],
  ['a file without its last line end', 'file:a', utf8('the secret\n'), 'the secret'],
  ['a file of Windows', 'file:a', utf8('\ufeffthe secret\r\n'), 'the secret'],
  ['a file with its spaces and tabs', 'file:a', utf8(' the\tsecret \n'), ' the\tsecret '],
  ['a file that says what a reference is', 'file:a', utf8('env:SECRET'), 'env:SECRET'],
  ['a command', 'cmd:op read "op://a/b"', utf8('clé €\n'), 'clé €'],
  ['a person', 'prompt', utf8(''), 'typed for client-secret'],
  ['a file of the greatest length', 'file:a', utf8('x'.repeat(65_536)), 'x'.repeat(65_536)],
]

const refused: ReadonlyArray<[given: string, reference: string, bytes: Uint8Array, message: string]> = [
  [
    'a variable that is unset',
    'env:UNSET',
    utf8(''),
    'expected the environment variable UNSET of --client-secret to be set, received nothing',
  ],
  [
    'a variable that is empty',
    'env:EMPTY',
    utf8(''),
    'expected the environment variable EMPTY of --client-secret to be set, received nothing',
  ],
  ...[
    'the real secret',
    'env:',
    'env:9 secrets',
    'env:SECRET\n',
    'ENV:SECRET',
    'file:',
    'file:a\0b',
    'cmd:',
    'cmd: \t',
    'prompt:',
    'Prompt',
  ].map((reference): [string, string, Uint8Array, string] => [
    `a secret in plain: ${JSON.stringify(reference)}`,
    reference,
    utf8('the secret'),
    plain(expected),
  ]),
  [
    'an empty file',
    'file:a',
    utf8(''),
    'expected a credential in the file a of --client-secret, received nothing',
  ],
  [
    'a file with a line end alone',
    'file:a',
    utf8('\r\n'),
    'expected a credential in the file a of --client-secret, received nothing',
  ],
  [
    'a file of several lines',
    'file:a',
    utf8('the secret\n\n'),
    'expected the file a of --client-secret to have the credential alone, received several lines',
  ],
  [
    'a file that is too long',
    'file:a',
    utf8('x'.repeat(65_537)),
    'expected the file a of --client-secret to have at most 65536 bytes, received more',
  ],
  [
    'a file with a zero byte',
    'file:a',
    utf8('the\0secret'),
    'expected the file a of --client-secret to be text in UTF-8, received something else',
  ],
  [
    'a file in UTF-16',
    'file:a',
    Buffer.from('\ufeffsecret', 'utf16le'),
    'expected the file a of --client-secret to be text in UTF-8, received something else',
  ],
  [
    'a command that prints nothing',
    'cmd:true',
    utf8('\n'),
    'expected a credential in the command of --client-secret, received nothing',
  ],
  [
    'a command that prints several lines',
    'cmd:pass show the-secret',
    utf8('the secret\nuser: a'),
    'expected the command of --client-secret to have the credential alone, received several lines',
  ],
]

describe('a credential', () => {
  test.each(read)('is read from %s', async (_from, reference, bytes, value) => {
    expect(await readCredential('client-secret', reference, sourcesOf(bytes).sources)).toBe(value)
  })

  test.each(refused)('is not read from %s', async (_given, reference, bytes, message) => {
    await expect(readCredential('client-secret', reference, sourcesOf(bytes).sources)).rejects.toMatchObject({
      code: 'ERR_CREDENTIAL_MISSING',
      message,
    })
  })

  test('is not read from a command that fails, nor is what it printed told', async () => {
    const { sources } = sourcesOf(utf8('half a secret'), { failure: 'with status 3' })
    await expect(readCredential('client-secret', 'cmd:vault -p hunter2', sources)).rejects.toMatchObject({
      code: 'ERR_CREDENTIAL_MISSING',
      message:
        'expected the command of --client-secret to print it, received no success: it ended with status 3; what it said is not shown, as that may be a secret; next: run it by itself',
    })
  })

  test('is not read from a person who enters nothing', async () => {
    const sources = { ...sourcesOf(utf8('')).sources, prompt: async () => '' }
    await expect(readCredential('password', 'prompt', sources)).rejects.toThrow(
      'expected --password to be entered, received nothing',
    )
  })

  test('is read from a file that others may read, with a warning', async () => {
    const { sources, asked } = sourcesOf(utf8('a'))
    expect(await readCredential('password', 'file:shared/a', sources)).toBe('a')
    expect(asked).toEqual([
      'file shared/a',
      'warning: the file shared/a of --password can be read by others than its owner; next: chmod 600, or keep it where others have no access',
    ])
  })

  test('of a variable alone is read at once', () => {
    expect(readVariable('admin-token', 'env:SECRET', environment)).toBe('the real secret')
    for (const reference of ['the real secret', 'file:a', 'cmd:a', 'prompt', 'env:', 'env:a b'])
      expect(() => readVariable('client-secret', reference, environment)).toThrow(plain('env:NAME'))
  })
})

describe('several credentials', () => {
  test('are read one after the other, and the same place once; a person is asked for each', async () => {
    const { sources, asked } = sourcesOf(utf8('a'))
    const references = new Map([
      ['client-id', 'cmd:op'],
      ['client-secret', 'prompt'],
      ['username', 'cmd:op'],
      ['password', 'prompt'],
      ['refresh-token', 'cmd:op '],
    ])
    expect(await readCredentials(references, sources)).toEqual(
      new Map([
        ['client-id', 'a'],
        ['client-secret', 'typed for client-secret'],
        ['username', 'a'],
        ['password', 'typed for password'],
        ['refresh-token', 'a'],
      ]),
    )
    expect(asked).toEqual(['command op', 'prompt client-secret', 'prompt password', 'command op '])
  })

  test('are refused before anybody is asked', async () => {
    const { sources, asked } = sourcesOf(utf8('a'))
    const references = new Map([
      ['client-id', 'prompt'],
      ['client-secret', 'in plain'],
    ])
    await expect(readCredentials(references, sources)).rejects.toThrow(plain(expected))
    expect(asked).toEqual([])
  })
})

describe('on this machine', () => {
  let folder: string
  const sources = machineSources(environment, () => {})
  const fileWith = (name: string, content: string | Uint8Array, mode = 0o600) => {
    writeFileSync(join(folder, name), content)
    chmodSync(join(folder, name), mode)
    return join(folder, name)
  }
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'credentials-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('a file is read, up to so many bytes', async () => {
    const { bytes, isShared } = await readBeginning(fileWith('own', 'abcdef'), 4)
    expect([Buffer.from(bytes).toString(), isShared]).toEqual(['abcd', false])
    expect(Buffer.from((await readBeginning(fileWith('short', 'ab'), 4)).bytes).toString()).toBe('ab')
  })

  test.skipIf(process.platform === 'win32').each([0o640, 0o604, 0o644])(
    'a file of mode %o is one that others may read',
    async (mode) => {
      expect((await readBeginning(fileWith(`mode-${mode}`, 'a', mode), 4)).isShared).toBe(true)
    },
  )

  const absent: ReadonlyArray<[what: string, path: () => string, received: string]> = [
    ['a file that is missing', () => join(folder, 'missing'), 'there is none'],
    ['a file below a file', () => join(fileWith('file', 'a'), 'below'), 'there is none'],
    ['a folder', () => folder, 'it is a folder'],
  ]
  test.each(absent)('%s is a clear error', async (_what, path, received) => {
    await expect(readCredential('password', `file:${path()}`, sources)).rejects.toThrow(
      `expected the file ${path()} of --password, received nothing: ${received}`,
    )
  })

  test.skipIf(process.platform === 'win32')(
    'a pipe is read, and a device that has no end is not',
    async () => {
      const command = `cmd:printf 'a "b"' | tr a-z A-Z; printf %s "$(printf '\\n')"`
      expect(await readCredential('password', command, sources)).toBe('A "B"')
      await expect(readCredential('password', 'file:/dev/zero', sources)).rejects.toThrow(
        'at most 65536 bytes',
      )
      await expect(readCredential('password', 'cmd:exec cat /dev/zero', sources)).rejects.toThrow(
        'at most 65536 bytes',
      )
    },
  )

  const commands: ReadonlyArray<[what: string, command: string, result: object]> = [
    ['succeeds', 'printf secret', { stdout: 'secret' }],
    ['fails', 'printf secret; exit 3', { stdout: 'secret', failure: 'with status 3' }],
    ['is not known', 'tokenwright-is-not-this', { stdout: '', failure: 'with status 127' }],
    ['is ended', 'kill -TERM $$', { stdout: '', failure: 'by SIGTERM' }],
    ['never ends', 'exec sleep 600', { stdout: '', failure: 'by force, after 300 ms' }],
  ]
  test.skipIf(process.platform === 'win32').each(commands)(
    'a command that %s',
    async (_what, command, result) => {
      const { stdout, ...rest } = await runInShell(command, 100, 300)
      expect({ stdout: Buffer.from(stdout).toString(), ...rest }).toEqual(result)
    },
  )
})
