// Golden files of diffs: what each format gives for built-in variants. `npx vitest run test/report --update` writes them.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compareSides } from '../../src/diff/comparison.ts'
import { historyOf } from '../../src/diff/history.ts'
import { languagesOf } from '../../src/diff/languages.ts'
import { diffPage } from '../../src/report/diff.ts'
import { historyPage } from '../../src/report/history.ts'
import { toJsonLine } from '../../src/report/json.ts'
import { languagesPage } from '../../src/report/languages.ts'
import type { Page } from '../../src/report/page.ts'
import { formatPageHtml } from '../../src/report/page-html.ts'
import { formatPageMarkdown } from '../../src/report/page-markdown.ts'
import { formatPageTerminal } from '../../src/report/page-terminal.ts'
import { serviceSide, variantSide } from '../diff/sides.ts'
import { root } from '../source-files.ts'
import { elementsOf, parseXml, type XmlElement } from './xml.ts'

/** Prove's shapes from A to F, the first in Go and the others in TypeScript. */
const shapes = [
  'go-0.2.1',
  'typescript-0.3.1',
  'typescript-0.3.5',
  'typescript-0.4.0',
  'typescript-0.9.6',
  'typescript-0.13.0',
]

const comparison = compareSides(variantSide('prove/go-0.2.1'), variantSide('prove/typescript-0.3.5'))
const same = compareSides(variantSide('prove/go-0.9.0'), variantSide('prove/go-0.9.0'))
const services = compareSides(serviceSide('prove', 'C#'), serviceSide('prove', 'Go'))
const timelines = historyOf(shapes.map((name) => variantSide(`prove/${name}`)))
const languages = languagesOf([variantSide('prove/go-0.11.0'), serviceSide('prove'), serviceSide('moov')])

const reports: ReadonlyArray<[name: string, value: unknown, page: Page]> = [
  ['diff', comparison, diffPage(comparison)],
  ['diff-same', same, diffPage(same)],
  ['diff-services', services, diffPage(services)],
  ['history', { timelines }, historyPage(timelines)],
  ['languages', { reports: languages }, languagesPage(languages)],
]

const files = reports.flatMap(
  ([name, value, page]): ReadonlyArray<[file: string, text: string]> => [
    [`${name}.txt`, formatPageTerminal(page)],
    [`${name}-color.txt`, formatPageTerminal(page, { hasColor: true })],
    [`${name}.json`, toJsonLine(value)],
    [`${name}.md`, formatPageMarkdown(page)],
    [`${name}.html`, formatPageHtml(page)],
  ],
)

const pages = reports.map(([name, , page]): [string, XmlElement] => [name, parseXml(formatPageHtml(page))])

describe('an HTML page of a diff', () => {
  test.each(pages)('of %s is well-formed, runs nothing and fetches nothing', (_name, page) => {
    const names = ['script', 'link', 'img', 'iframe', 'object', 'form', 'base', 'svg', 'a']
    expect(names.flatMap((name) => elementsOf(page, name))).toEqual([])
    const [policy] = elementsOf(page, 'meta').filter(({ attributes }) => 'http-equiv' in attributes)
    expect(policy?.attributes.content).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/,
    )
  })

  test.each(pages)(
    'of %s has one heading of the first level, and tables with captions and headings',
    (_name, page) => {
      expect(elementsOf(page, 'h1').length).toBe(1)
      for (const table of elementsOf(page, 'table')) {
        const scopes = elementsOf(table, 'th').map(({ attributes }) => attributes.scope)
        const rows = elementsOf(table, 'tr').length - 1
        const columns = scopes.filter((scope) => scope === 'col').length
        expect([elementsOf(table, 'caption').length, scopes.length - columns]).toEqual([1, rows])
        expect(elementsOf(table, 'td')).toHaveLength(rows * (columns - 1))
      }
    },
  )
})

describe('a report of built-in variants', () => {
  test.each(files)('is test/report/golden/%s', async (file, text) => {
    await expect(text).toMatchFileSnapshot(join(root, 'test/report/golden', file))
  })
})
