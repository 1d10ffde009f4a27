// What the command says of itself, and what the documents say of it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { canIDeploy } from '../../src/cli/can-i-deploy.ts'
import { contracts } from '../../src/cli/contracts.ts'
import { diff } from '../../src/cli/diff.ts'
import { explain } from '../../src/cli/explain.ts'
import { fixtures } from '../../src/cli/fixtures.ts'
import { formatVerb, listOf, parseFlags, type Verb, variableOf } from '../../src/cli/flags.ts'
import { importVerb } from '../../src/cli/import.ts'
import { mock } from '../../src/cli/mock.ts'
import { probe } from '../../src/cli/probe.ts'
import { publish } from '../../src/cli/publish.ts'
import { recordDeploymentVerb } from '../../src/cli/record-deployment.ts'
import { tolerate } from '../../src/cli/tolerate.ts'
import { verify } from '../../src/cli/verify.ts'
import { root } from '../source-files.ts'
import { runCommand } from './command.ts'

const verbs: readonly Verb[] = [
  mock,
  fixtures,
  contracts,
  verify,
  publish,
  canIDeploy,
  recordDeploymentVerb,
  importVerb,
  diff,
  probe,
  explain,
  tolerate,
]
const documents = [
  'README.md',
  'docs/broker.md',
  'docs/import.md',
  'docs/diff.md',
  'docs/probe.md',
  'docs/tolerance.md',
]
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('')

describe('the flags', () => {
  test('are those of the README and of the guides, in their order, with their values', () => {
    const documented = [...documents.matchAll(/^\| `(--(?:[^`|]|\\\|)+)` \|/gm)].map(([, flag = '']) =>
      flag.replaceAll('\\|', '|'),
    )
    const known = verbs.flatMap(({ flags }) =>
      Object.entries(flags).map(([name, { value }]) =>
        value === undefined ? `--${name}` : `--${name} ${value}`,
      ),
    )
    expect(documented).toEqual(known)
  })

  test.each(verbs.map((verb): [string, Verb] => [verb.name, verb]))('of %s are in its help', (name, verb) => {
    const help = formatVerb(verb)
    expect(help).toContain(verb.summary)
    expect(help.startsWith(`tokenwright ${name} `)).toBe(true)
    for (const [flag, { sentence }] of Object.entries(verb.flags)) {
      expect(help).toMatch(new RegExp(`^  --${flag}\\b.* ${sentence.replace(/[.|?*+()$]/g, '\\$&')}$`, 'm'))
    }
  })

  test('take lists with commas, and repeated ones', () => {
    const input = parseFlags(mock, ['--service', 'prove, moov', '--service=rfc6749,', '--json'])
    expect(listOf(input.all('service'))).toEqual(['prove', 'moov', 'rfc6749'])
    expect([input.has('json'), input.has('verbose'), input.one('port')]).toEqual([true, false, undefined])
  })

  test.each(
    Object.entries(mock.flags).map(([flag, { value }]): [string, boolean] => [flag, value === undefined]),
  )('of mock are variables, too, and stand above them: --%s', (flag, isSwitch) => {
    const variable = variableOf(flag)
    expect(variable).toBe(`TOKENWRIGHT_${flag.toUpperCase().replaceAll('-', '_')}`)
    const given = isSwitch ? '1' : '7'
    const ofVariable = parseFlags(mock, [], { [variable]: given })
    expect([ofVariable.all(flag), ofVariable.nameOf(flag)]).toEqual([[given], variable])
    const ofArgv = parseFlags(mock, isSwitch ? [`--${flag}`] : [`--${flag}`, '8'], { [variable]: given })
    expect([ofArgv.all(flag), ofArgv.nameOf(flag)]).toEqual([[isSwitch ? 'true' : '8'], `--${flag}`])
    expect(parseFlags(mock, [], { [variable]: '' }).all(flag)).toEqual([])
  })

  test.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
    ['', false],
  ])('of a switch that is a variable of value "%s" are %s', (value, isOn) => {
    expect(parseFlags(mock, [], { TOKENWRIGHT_JSON: value }).has('json')).toBe(isOn)
  })

  test('of other verbs are no variables', () => {
    expect(
      parseFlags(contracts, [], { TOKENWRIGHT_SERVICE: 'prove', TOKENWRIGHT_JSON: '1' }).all('service'),
    ).toEqual([])
  })

  const optional: ReadonlyArray<[argv: readonly string[], html: readonly string[], positionals: number]> = [
    [['a', '--html'], ['-'], 1],
    [['a', '--html', '--json'], ['-'], 1],
    [['--html', 'page.html', 'a', 'b'], ['page.html'], 2],
    [['a', '--html=page.html'], ['page.html'], 1],
    [['a', '--html', '-'], ['-'], 1],
    [['--html', '--', '--html'], ['-'], 1],
  ]

  test.each(optional)('may go without a value where the table says so: %j', (argv, html, positionals) => {
    const verb = {
      ...contracts,
      positionals: ['X…'],
      flags: { ...contracts.flags, html: { value: '[FILE]', sentence: 'A page.' } },
    }
    const input = parseFlags(verb, argv)
    expect([input.all('html'), input.positionals.length]).toEqual([html, positionals])
  })

  test('leave one or more arguments to a name that ends in an ellipsis', () => {
    const verb = { ...contracts, positionals: ['A', 'X…'] }
    expect(parseFlags(verb, ['a', 'b', 'c']).positionals).toEqual(['a', 'b', 'c'])
    expect(() => parseFlags(verb, ['a'])).toThrow('expected <A> <X…>, received 1')
  })

  test('are not looked for after two dashes', () => {
    expect(parseFlags(fixtures, ['--', '--seed']).positionals).toEqual(['--seed'])
  })
})

describe('the command', () => {
  test('says its version, which is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    for (const flag of ['--version', '-v']) {
      expect(await runCommand([flag])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
    }
  })

  test('has all of these verbs and no other', async () => {
    const { stdout } = await runCommand(['help'])
    expect([...stdout.matchAll(/^ {2}([\w-]+) /gm)].map(([, name]) => name)).toEqual(
      verbs.map(({ name }) => name),
    )
  })
})
