// What a service or a contract can choose of a report is text in every format, whatever it is made of.
import { describe, expect, test } from 'vitest'
import { formatGithub } from '../../src/report/github.ts'
import { formatHtml } from '../../src/report/html.ts'
import { formatJson } from '../../src/report/json.ts'
import { formatJunit } from '../../src/report/junit.ts'
import { formatMarkdown } from '../../src/report/markdown.ts'
import { formatSarif } from '../../src/report/sarif.ts'
import { visible } from '../../src/report/shown.ts'
import { formatTerminal } from '../../src/report/terminal.ts'
import type { Verification } from '../../src/verify/verification.ts'
import { forEvery, text as unicode } from '../oauth/properties.ts'
import { hostileTexts, hostileVerification } from './sample.ts'
import { elementsOf, parseXml, textOf, type XmlElement } from './xml.ts'

const formats: Readonly<Record<string, (verification: Verification) => string>> = {
  terminal: formatTerminal,
  json: formatJson,
  junit: formatJunit,
  markdown: formatMarkdown,
  sarif: formatSarif,
  html: formatHtml,
  github: formatGithub,
}

/** What a terminal acts on, or hides. Line feeds are the report's own. */
const acting = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const table = Object.entries(hostileTexts)
const pairs = table.flatMap(([name, text]) =>
  Object.keys(formats).map((format) => [name, format, text] as const),
)

/** Checks a claim for the texts that are hostile on purpose, and for any others. */
function forHostile(check: (text: string) => void): void {
  for (const [, text] of table) check(text)
  forEvery([unicode], check, 100)
}

describe('a hostile text', () => {
  test.each(pairs)('of %s is seen in %s', (_name, format, text) => {
    expect(formats[format]?.(hostileVerification(text)).match(acting)).toBeNull()
  })

  test('is on one line, and no longer than can be read', () => {
    forHostile((text) => expect(visible(text)).toMatch(/^[^\r\n\u0085\u2028\u2029]{0,6100}$/u))
    expect(visible(`${'a'.repeat(999)}\u{1f600}b`)).toBe(`${'a'.repeat(999)}… (3 more characters)`)
    expect(visible('a\n\u0000\u202e\ud800\u{e0041}é€😀')).toBe('a\\n\\u0000\\u202e\\ud800\\u{e0041}é€😀')
  })

  test('is the same text when JSON is read back', () => {
    forHostile((text) => {
      const verification = hostileVerification(text)
      const { rules, ...rest } = JSON.parse(formatJson(verification))
      expect([rest, Object.keys(rules)]).toEqual([verification, ['rfc6749-5.2-status', 'rfc6749-5.2-error']])
    })
  })

  test('is the same text when JUnit XML is read back', () => {
    forHostile((text) => {
      const shown = visible(text)
      const suites = parseXml(formatJunit(hostileVerification(text)))
      const [suite] = elementsOf(suites, 'testsuite')
      const [failure] = elementsOf(suites, 'failure')
      const [skipped] = elementsOf(suites, 'skipped').slice(-1)
      expect([suite?.attributes.name, skipped?.attributes.message]).toEqual([shown, shown])
      const sentence = `${shown}: expected ${shown}, received ${shown}`
      expect(failure?.attributes).toEqual({ message: `${sentence}, and 1 more`, type: 'rfc6749-5.2-error' })
      expect(textOf(failure as XmlElement).split('\n')[0]).toBe(sentence)
    })
  })

  test('is the same text when SARIF is read back, and no link', () => {
    forHostile((text) => {
      const shown = visible(text)
      const [run] = JSON.parse(formatSarif(hostileVerification(text))).runs
      const { properties, message } = run.results[0]
      expect([properties.where, properties.expected, properties.received]).toEqual([shown, shown, shown])
      expect(message.text).not.toMatch(/[^\\]\]\(/)
    })
  })

  test('is text alone in HTML: elements are the same as for a harmless one', () => {
    const namesOf = (text: string) => {
      const html = parseXml(formatHtml(hostileVerification(text)))
      return [
        ...new Set(
          html.children.flatMap(function names(child): readonly string[] {
            return typeof child === 'string' ? [] : [child.name, ...child.children.flatMap(names)]
          }),
        ),
      ]
    }
    forHostile((text) => expect(namesOf(text)).toEqual(namesOf('harmless')))
  })

  test('is the same text when HTML is read back', () => {
    forHostile((text) => {
      const [article] = elementsOf(parseXml(formatHtml(hostileVerification(text))), 'article')
      const cells = elementsOf(article as XmlElement, 'td').map(textOf)
      expect(cells).toEqual(Array.from({ length: 4 }, () => visible(text)))
    })
  })

  test('begins no annotation, and ends none', () => {
    forHostile((text) => {
      const lines = formatGithub(hostileVerification(text)).split('\n')
      expect(lines.map((line) => /^::(error|warning) title=[^:,\r]*::[^\r]*$/.exec(line)?.[1])).toEqual([
        'error',
        'error',
        'warning',
      ])
      const [, title, message] = /title=([^:]*)::(.*)/.exec(lines[1] ?? '') ?? []
      const shown = visible(text)
      expect(unescaped(title ?? '')).toBe(`${shown} ${shown}, by ${shown}`)
      expect(unescaped(message ?? '').split('\n')[0]).toBe(`${shown}: expected ${shown}, received ${shown}`)
    })
  })

  test('begins no line of the terminal, and is no command to a runner of CI', () => {
    forHostile((text) => {
      const lines = formatTerminal(hostileVerification(text)).split('\n')
      expect(lines.filter((line) => /^::|##(vso)?\[|##teamcity/.test(line))).toEqual([])
      expect(
        lines.filter((line) => !/^($|kept |broken |skipped |pending | {10}|ended early: )/.test(line)),
      ).toEqual([lines.at(-1)])
    })
  })

  test('is no command to a runner of CI in JSON', () => {
    forHostile((text) => expect(formatJson(hostileVerification(text))).not.toMatch(/##|[\r\n]/))
  })

  test('adds no column, element, code or link to Markdown', () => {
    const tags = /<!-- -->|<\/?(?:details|summary|b|code)>|<details open>|<br>|> \[!WARNING\]/g
    forHostile((text) => {
      const { outside, summaries, fences } = partsOf(formatMarkdown(hostileVerification(text)))
      expect(outside.replace(tags, '').replaceAll(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[<`*_~@\\[\]]|:\/\//)
      expect(summaries.join('').replace(tags, '')).not.toMatch(/<|&(?![a-z]{2,4};|#39;)/)
      const columns = outside
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) => line.replaceAll(/\\[\\|]/g, '').split('|').length - 2)
      expect(columns.filter((count) => ![3, 4, 5].includes(count))).toEqual([])
      expect(fences).toEqual([visible(text, 10_000), visible(text, 10_000)])
    })
  })
})

/** The reverse of the runner's escaping. */
function unescaped(text: string): string {
  return text.replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

/** What is Markdown, what is HTML, and what is code. */
function partsOf(markdown: string) {
  const [summaries, fences]: [string[], string[]] = [[], []]
  const outside = markdown
    .replace(/^<summary>(.*)<\/summary>$/gm, (_summary, content) => `${summaries.push(content)}`)
    .replace(/^(`{3,})bash\n(.*)\n\1$/gm, (_fence, _ticks, content) => `${fences.push(content)}`)
  return { outside, summaries, fences }
}
