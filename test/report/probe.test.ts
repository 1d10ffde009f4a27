// A probe in every format. `npx vitest run test/report --update` writes the golden files.
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { gridOf, type ReportedProbe } from '../../src/report/probe.ts'
import { formatProbeBadge } from '../../src/report/probe-badge.ts'
import { formatProbeJson, probeFormats } from '../../src/report/probe-formats.ts'
import { formatProbeHtml } from '../../src/report/probe-html.ts'
import { formatProbeJunit } from '../../src/report/probe-junit.ts'
import { formatProbeMarkdown } from '../../src/report/probe-markdown.ts'
import { formatProbeSarif } from '../../src/report/probe-sarif.ts'
import { formatProbeTerminal } from '../../src/report/probe-terminal.ts'
import { root } from '../source-files.ts'
import { cellOf, hostileProbe, ruleOf, sample } from './probe-sample.ts'
import { hostileTexts } from './sample.ts'
import { sarifSchema } from './sarif-schema.ts'
import { elementsOf, parseXml, textOf } from './xml.ts'

const files: ReadonlyArray<[file: string, text: string]> = [
  ['probe.txt', formatProbeTerminal(sample)],
  ['probe-color.txt', formatProbeTerminal(sample, { hasColor: true })],
  ['probe.json', formatProbeJson(sample)],
  ['probe.md', formatProbeMarkdown(sample)],
  ['probe.html', formatProbeHtml(sample)],
  ['probe.xml', formatProbeJunit(sample)],
  ['probe.sarif', formatProbeSarif(sample)],
  ['probe-badge.json', formatProbeBadge(sample)],
]
const hostile = Object.entries(hostileTexts)
const isSarif = new Ajv2020({ strict: false }).compile(sarifSchema)

describe('a report of one of every verdict', () => {
  test.each(files)('is test/report/golden/%s', async (file, text) => {
    await expect(text).toMatchFileSnapshot(join(root, 'test/report/golden', file))
  })

  test.each(Object.entries(probeFormats))('as a file ends with one line end: %s', (_name, { format }) => {
    expect(format(sample)).toMatch(/[^\n]\n$/)
  })

  test('says the same without colours', () => {
    expect(stripVTControlCharacters(formatProbeTerminal(sample, { hasColor: true }))).toBe(
      formatProbeTerminal(sample),
    )
  })

  test('has the probe itself as JSON, and null where there was nothing to compare with', () => {
    expect(JSON.parse(formatProbeJson(sample))).toEqual(sample)
    const { changes: _changes, ...alone } = sample
    expect(JSON.parse(formatProbeJson(alone))).toEqual({ ...alone, changes: null })
  })

  test('says that nothing has changed, where nothing has', () => {
    expect(formatProbeTerminal({ ...sample, changes: [] })).toContain(
      '\n\nnothing has changed since the last probe\n\n',
    )
  })

  test('fails in JUnit for a MUST alone, and for an early end', () => {
    const counts = (probe: ReportedProbe) => parseXml(formatProbeJunit(probe)).attributes
    expect(counts(sample)).toMatchObject({ tests: '6', failures: '1', errors: '0', skipped: '4' })
    expect(counts({ ...sample, ended: 'it was interrupted' })).toMatchObject({ tests: '7', errors: '1' })
  })

  test('is no document of another schema than that of SARIF', () => {
    expect(isSarif(JSON.parse(formatProbeSarif(sample)))).toBe(true)
  })
})

describe('the grid', () => {
  const variants = ['a/one', 'a/two']

  test('has one row for variants that are the same on the wire, and one for each that is not', () => {
    const shared = cellOf({ variants })
    const apart = variants.map((variant) => cellOf({ variants: [variant], authentication: 'both' }))
    expect(gridOf([shared]).rows.map((row) => row.variants)).toEqual([variants])
    expect(gridOf([shared, ...apart]).rows).toEqual([
      {
        grantType: 'client_credentials',
        spelling: 'documented',
        variants: ['a/one'],
        cells: [shared, apart[0]],
      },
      {
        grantType: 'client_credentials',
        spelling: 'documented',
        variants: ['a/two'],
        cells: [shared, apart[1]],
      },
    ])
  })

  test('leaves out columns and rows in which nothing was tried', () => {
    const untried = { outcome: 'not_tried', status: null, reason: 'needs' } as const
    const accepted = cellOf({})
    expect(
      gridOf([
        accepted,
        cellOf({ authentication: 'both', ...untried }),
        cellOf({ grantType: 'password', ...untried }),
      ]),
    ).toEqual({
      columns: [{ contentType: 'application/x-www-form-urlencoded', authentication: 'client_secret_basic' }],
      rows: [
        {
          grantType: 'client_credentials',
          spelling: 'documented',
          variants: ['rfc6749/client_credentials'],
          cells: [accepted],
        },
      ],
    })
  })

  test('opens each of its cells in HTML, with the request', () => {
    const [grid] = elementsOf(parseXml(formatProbeHtml(sample)), 'section').filter(
      ({ attributes }) => attributes.class === 'grid',
    )
    const opened = grid === undefined ? [] : elementsOf(grid, 'td').flatMap((cell) => elementsOf(cell, 'pre'))
    expect(opened.map(textOf)).toEqual(Array.from({ length: opened.length }, () => cellOf({}).request))
    expect(opened.length).toBe(7)
  })
})

describe('a badge', () => {
  const scored = (kept: number, judged: number, said: Partial<ReportedProbe> = {}): ReportedProbe => ({
    ...sample,
    scores: [{ of: 'all', level: 'MUST', kept, judged }],
    ...said,
  })
  const badges: ReadonlyArray<[what: string, probe: ReportedProbe, message: string, color: string]> = [
    ['all', scored(92, 92), '100 % (92/92)', 'brightgreen'],
    ['all but one of many', scored(999, 1000), '99 % (999/1000)', 'yellow'],
    ['half', scored(1, 2), '50 % (1/2)', 'red'],
    ['nothing', scored(0, 0), 'unknown', 'lightgrey'],
    ['what an interrupt left', scored(5, 5, { ended: 'it was interrupted' }), 'unknown', 'lightgrey'],
  ]

  test.each(badges)('of %s', (_what, probe, message, color) => {
    expect(JSON.parse(formatProbeBadge(probe))).toEqual({
      schemaVersion: 1,
      label: 'OAuth MUST kept',
      message,
      color,
    })
  })
})

describe('a hostile text', () => {
  /** What a terminal acts on, or hides. Line feeds are the report's own. */
  const acting = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
  const names = (html: string) => {
    const found = new Set<string>()
    const visit = (element: ReturnType<typeof parseXml>) => {
      found.add(element.name)
      for (const child of element.children) if (typeof child !== 'string') visit(child)
    }
    visit(parseXml(html))
    return found
  }

  test.each(hostile)('of %s is seen in every format', (_name, text) => {
    const probe = hostileProbe(text)
    const texts = [
      formatProbeTerminal(probe),
      formatProbeJson(probe),
      ...Object.values(probeFormats).map(({ format }) => format(probe)),
    ]
    expect(texts.filter((each) => acting.test(each))).toEqual([])
  })

  test.each(hostile)('of %s is no element of HTML or XML, no command and no link', (_name, text) => {
    const probe = hostileProbe(text)
    expect(names(formatProbeHtml(probe))).toEqual(names(formatProbeHtml(hostileProbe('harmless'))))
    expect(names(formatProbeJunit(probe))).toEqual(names(formatProbeJunit(hostileProbe('harmless'))))
    expect(formatProbeTerminal(probe)).not.toMatch(/##vso\[|##teamcity\[/)
    expect(formatProbeMarkdown(probe).replace(/^(`{3,})console\n[\s\S]*?^\1$/gm, '')).not.toMatch(
      /<script|<img/,
    )
    expect(isSarif(JSON.parse(formatProbeSarif(probe)))).toBe(true)
    expect(JSON.parse(formatProbeJson(probe))).toEqual(probe)
  })

  test('ends no fence of Markdown', () => {
    const requests = [{ request: '```\n# b', status: 200, error: null, received: '' }]
    const report = formatProbeMarkdown({ ...sample, rules: [ruleOf({ verdict: 'broken', requests })] })
    expect(report).toContain('````console\n```\n# b\n→ \n````')
  })
})
