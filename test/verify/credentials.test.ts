// Credentials on the command line: the name of where they are, never they themselves.
import { describe, expect, test } from 'vitest'
import { readCredential } from '../../src/verify/credentials.ts'

const environment = { SECRET: 'the real secret', EMPTY: '', _x9: 'another' }
const unset = 'expected the environment variable NAME of --client-secret to be set, received nothing'
const plain =
  "expected --client-secret env:NAME, received something else; a credential on the command line can be read by every process and in the shell's history: put it into an environment variable and name that"

const refused: ReadonlyArray<[given: string, reference: string, message: string]> = [
  ['a variable that is unset', 'env:UNSET', unset.replace('NAME', 'UNSET')],
  ['a variable that is empty', 'env:EMPTY', unset.replace('NAME', 'EMPTY')],
  ['a secret in plain', 'the real secret', plain],
  ['no name', 'env:', plain],
  ['what cannot be a name', 'env:9 secrets', plain],
  ['a name with a line break', 'env:SECRET\n', plain],
  ['another source', 'file:/run/secret', plain],
]

describe('a credential', () => {
  test('is read from the variable that is named', () => {
    expect(readCredential('client-secret', 'env:SECRET', environment)).toBe('the real secret')
    expect(readCredential('username', 'env:_x9', environment)).toBe('another')
  })

  test.each(refused)('is not read from %s', (_given, reference, message) => {
    expect(() => readCredential('client-secret', reference, environment)).toThrow(
      expect.objectContaining({ code: 'ERR_CREDENTIAL_MISSING', message }),
    )
  })
})
