// What a page or an OpenAPI document can choose of a diff's reports is text in every format, whatever it is made of.
import { describe, expect, test } from 'vitest'
import { diffPage } from '../../src/report/diff.ts'
import { historyPage } from '../../src/report/history.ts'
import { toJsonLine } from '../../src/report/json.ts'
import { languagesPage } from '../../src/report/languages.ts'
import type { Page } from '../../src/report/page.ts'
import { formatPageHtml } from '../../src/report/page-html.ts'
import { formatPageMarkdown } from '../../src/report/page-markdown.ts'
import { formatPageTerminal } from '../../src/report/page-terminal.ts'
import { visible } from '../../src/report/shown.ts'
import { forEvery, text as unicode } from '../oauth/properties.ts'
import { comparisonOf, languageReportOf, timelineOf } from './diff-sample.ts'
import { hostileTexts } from './sample.ts'
import { elementsOf, parseXml, textOf, type XmlElement } from './xml.ts'

const pages: Readonly<Record<string, (text: string) => Page>> = {
  diff: (text) => diffPage(comparisonOf(text)),
  history: (text) => historyPage([timelineOf(text)]),
  languages: (text) => languagesPage([languageReportOf(text)]),
}
const formats: Readonly<Record<string, (page: Page) => string>> = {
  terminal: formatPageTerminal,
  markdown: formatPageMarkdown,
  html: formatPageHtml,
}

/** What a terminal acts on, or hides. Line feeds are the report's own. */
const acting = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const cases = Object.entries(hostileTexts).flatMap(([name, text]) =>
  Object.keys(pages).flatMap((page) =>
    Object.keys(formats).map((format) => [name, page, format, text] as const),
  ),
)

/** Checks a claim about every page for the texts that are hostile on purpose, and for any others. */
function forHostile(check: (text: string, pageOf: (text: string) => Page) => void): void {
  for (const pageOf of Object.values(pages)) {
    for (const text of Object.values(hostileTexts)) check(text, pageOf)
    forEvery([unicode], (text) => check(text, pageOf), 50)
  }
}

describe('a hostile text', () => {
  test.each(cases)('of %s is seen in %s as %s', (_name, page, format, text) => {
    expect(formats[format]?.(pages[page]?.(text) as Page).match(acting)).toBeNull()
  })

  test('is text alone in HTML: elements and attributes are the same as for a harmless one', () => {
    const shapeOf = (element: XmlElement): readonly unknown[] => [
      element.name,
      element.attributes,
      element.children.flatMap((child) => (typeof child === 'string' ? [] : [shapeOf(child)])),
    ]
    forHostile((text, pageOf) => {
      const shape = (of: string) => shapeOf(parseXml(formatPageHtml(pageOf(of))))
      expect(shape(text)).toEqual(shape('harmless'))
    })
  })

  test('is the same text when HTML is read back', () => {
    forHostile((text) => {
      const html = parseXml(formatPageHtml(diffPage(comparisonOf(text))))
      const [before, after] = elementsOf(elementsOf(html, 'header')[0] as XmlElement, 'code').map(textOf)
      expect([before, after]).toEqual([visible(text), visible(text)])
    })
  })

  test('adds no column, element, code or link to Markdown', () => {
    const tags = /<!-- -->|<\/?code>|<br>|<!-- tokenwright diff -->|\*\*(?:major|minor|patch|same)\*\*/g
    forHostile((text, pageOf) => {
      const markdown = formatPageMarkdown(pageOf(text))
      const plain = markdown.replaceAll(/^\*\*(?:[^*\\]|\\.)+\*\*$/gm, '').replace(tags, '')
      expect(plain.replaceAll(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[<`*_~@\\[\]]|:\/\//)
      const harmless = formatPageMarkdown(pageOf('harmless'))
      expect(columnsOf(markdown)).toEqual(columnsOf(harmless))
      expect(markdown.split('\n').length).toBe(harmless.split('\n').length)
    })
  })

  test('begins no line of the terminal, and is no command to a runner of CI', () => {
    forHostile((text, pageOf) => {
      const lines = formatPageTerminal(pageOf(text)).split('\n')
      expect(lines.filter((line) => /^::|##(vso)?\[|##teamcity/.test(line))).toEqual([])
      expect(lines.length).toBe(formatPageTerminal(pageOf('harmless')).split('\n').length)
    })
  })

  test('is the same text when JSON is read back, on one line', () => {
    for (const text of Object.values(hostileTexts)) {
      const line = toJsonLine(comparisonOf(text))
      expect(JSON.parse(line)).toEqual(comparisonOf(text))
      expect(line.match(acting) ?? line.match(/##|[\r\n]/)).toBeNull()
    }
  })
})

function columnsOf(markdown: string): readonly number[] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replaceAll(/\\[\\|]/g, '').split('|').length)
}
