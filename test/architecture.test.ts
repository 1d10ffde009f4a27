// The invariants of ARCHITECTURE.md, each as a test.
import { describe, expect, test } from 'vitest'
import { services } from '../src/services/services.ts'
import { sourceFiles } from './source-files.ts'

/** A stage imports from stages above it alone. */
const stages = [
  'oauth',
  'service',
  'services',
  'schema',
  'fixture',
  'engine',
  'host',
  'testing',
  'contract',
  'verify',
  'broker',
  'import',
  'diff',
  'probe',
  'report',
  'cli',
]

const source = sourceFiles('src')
const stageOf = (path: string) => /^src\/([a-z]+)\//.exec(path)?.[1]

describe('the architecture', () => {
  test('every folder of src is a stage', () => {
    const folders = new Set(source.map(({ path }) => stageOf(path)).filter((stage) => stage !== undefined))
    expect([...folders].sort()).toEqual([...stages].sort())
  })

  test.each(stages)('%s imports from no stage below it', (stage) => {
    const below = stages.slice(stages.indexOf(stage) + 1)
    const downward = source
      .filter(({ path }) => stageOf(path) === stage)
      .flatMap(({ path, imports, typeImports }) =>
        [...imports, ...typeImports].map((target) => ({ path, target })),
      )
      .filter(({ target }) => below.includes(stageOf(target) ?? ''))
    expect(downward).toEqual([])
  })

  test('no file imports itself by way of others', () => {
    const importsOf = new Map(
      source.map(({ path, imports }) => [path, imports.filter((target) => target.startsWith('src/'))]),
    )
    const reaches = (from: string, goal: string, seen: Set<string>): boolean =>
      (importsOf.get(from) ?? []).some((target) => {
        if (target === goal) return true
        if (seen.has(target)) return false
        seen.add(target)
        return reaches(target, goal, seen)
      })
    expect([...importsOf.keys()].filter((path) => reaches(path, path, new Set()))).toEqual([])
  })

  test('nobody inside imports a public entry', () => {
    const entries = [
      'src/tokenwright.ts',
      'src/testing/vitest.ts',
      'src/verify/pact.ts',
      'src/import/import.ts',
      'src/diff/diff.ts',
      'src/probe/probe.ts',
    ]
    const importers = source.filter(({ imports }) => imports.some((target) => entries.includes(target)))
    expect(importers.map(({ path }) => path)).toEqual([])
  })

  test('services are data: no file has a function, no value is one', () => {
    const withFunctions = source
      .filter(({ path }) => stageOf(path) === 'services')
      .filter(({ text }) => /=>|\bfunction\b/.test(text))
    expect(withFunctions.map(({ path }) => path)).toEqual([])
    expect(functionsIn(services, 'services')).toEqual([])
  })

  test('the engine knows neither a host nor a Node.js module', () => {
    const engine = ['oauth', 'service', 'services', 'schema', 'engine']
    const foreign = source
      .filter(({ path }) => engine.includes(stageOf(path) ?? ''))
      .flatMap(({ path, imports }) => imports.map((target) => `${path} imports ${target}`))
      .filter((line) => /imports (node:|msw|@pact)/.test(line))
    expect(foreign).toEqual([])
  })

  test('time and chance enter in one place', () => {
    const ambient =
      /Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|getRandomValues|randomUUID|randomBytes/
    expect(source.filter(({ text }) => ambient.test(text)).map(({ path }) => path)).toEqual([
      'src/host/ambient.ts',
    ])
  })

  test('only contracts, verification, the broker and probes open connections', () => {
    const outgoing = /\bfetch\(|\bconnect\(|\bhttps?\.request\(/
    const stagesWithConnections = source
      .filter(({ text }) => outgoing.test(text))
      .map(({ path }) => stageOf(path))
    expect([...new Set(stagesWithConnections)].sort()).toEqual(['broker', 'contract', 'probe', 'verify'])
  })

  test('the optional peers are loaded only where they are used', () => {
    const importersOf = (name: RegExp) =>
      [...source, ...sourceFiles('mocks')]
        .filter(({ imports }) => imports.some((target) => name.test(target)))
        .map(({ path }) => path)
    expect(importersOf(/^msw(\/|$)/)).toEqual(['src/host/msw.ts', 'mocks/browser.ts', 'mocks/node.ts'])
    expect(importersOf(/^@pact-foundation\//)).toEqual([])
    expect(importersOf(/^vitest(\/|$)/)).toEqual(['src/testing/vitest.ts'])
    expect(importersOf(/^selfsigned$/)).toEqual(['src/host/certificate.ts'])
    expect(importersOf(/^@prove-identity\//)).toEqual(['src/contract/clients/prove-api.ts'])
  })

  test('every export has a doc comment', () => {
    const bare = [...source, ...sourceFiles('mocks')].flatMap(({ path, text }) => {
      const lines = text.split('\n')
      return lines
        .filter(
          (line, index) =>
            /^export (async )?(function|const|class|interface|type) \w/.test(line) &&
            !isDocumented(lines, index),
        )
        .map((line) => `${path}: ${line}`)
    })
    expect(bare).toEqual([])
  })

  test('every file says at its head what it is for', () => {
    const silent = [
      ...source,
      ...sourceFiles('mocks'),
      ...sourceFiles('tools'),
      ...sourceFiles('bench'),
    ].filter(({ text }) => !text.startsWith('// '))
    expect(silent.map(({ path }) => path)).toEqual([])
  })
})

function functionsIn(value: unknown, at: string): readonly string[] {
  if (typeof value === 'function') return [at]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => functionsIn(item, `${at}.${key}`))
}

function isDocumented(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? ''
  // Data that is named after its folder, a CLI verb and an overload's implementation are told by their file's head.
  if (
    /^export const \w+(: Verb)? = (defineService|defineVariant)?\(?\{?/.test(line) &&
    /: Verb|define(Service|Variant)\(/.test(line)
  )
    return true
  if (
    /^export function (\w+)/.test(line) &&
    lines.slice(0, index).some((earlier) => earlier.startsWith(line.split('(')[0]?.split('<')[0] ?? ''))
  )
    return true
  return (lines[index - 1] ?? '').trimEnd().endsWith('*/')
}
