// What each format owes to those that read it.
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { reportFormats } from '../../src/report/formats.ts'
import { formatGithub } from '../../src/report/github.ts'
import { formatHtml } from '../../src/report/html.ts'
import { formatJson } from '../../src/report/json.ts'
import { formatJunit } from '../../src/report/junit.ts'
import { formatMarkdown } from '../../src/report/markdown.ts'
import { formatSarif } from '../../src/report/sarif.ts'
import { palettes } from '../../src/report/style.ts'
import { formatTerminal, hasColor } from '../../src/report/terminal.ts'
import { verificationRules } from '../../src/verify/rules.ts'
import type { Verification } from '../../src/verify/verification.ts'
import {
  hostileTexts,
  hostileVerification,
  interactionOf,
  keptAlone,
  sample,
  verificationOf,
} from './sample.ts'
import { sarifSchema } from './sarif-schema.ts'
import { elementsOf, parseXml, textOf, type XmlElement } from './xml.ts'

const empty = verificationOf([])
const verifications: ReadonlyArray<[what: string, verification: Verification]> = [
  ['one of every outcome', sample],
  ['what was kept alone', keptAlone],
  ['nothing', empty],
  ...Object.entries(hostileTexts).map(([name, text]): [string, Verification] => [
    name,
    hostileVerification(text),
  ]),
]

/** A broken interaction of every rule, many times over. */
const broken = (times: number) =>
  Array.from({ length: times }, (_, index) =>
    interactionOf({
      exchange: `password.${index}`,
      verdict: 'broken',
      differences: [{ rule: 'reply-received', where: 'reply', expected: 'a reply', received: 'none' }],
    }),
  )

describe('the formats', () => {
  test.each(Object.entries(reportFormats))('%s ends as its place needs', (_name, { goes, format }) => {
    expect([format(sample).endsWith('\n'), format(sample).endsWith('\n\n')]).toEqual([goes === 'file', false])
  })
})

describe('the text for a terminal', () => {
  test('has what is broken last, before the sum', () => {
    const verdicts = formatTerminal(sample).match(/^(kept|broken|pending|skipped)/gm)
    expect(verdicts).toEqual(['kept', 'skipped', 'skipped', 'pending', 'broken'])
  })

  test('names many skipped interactions by their reason, and a few one by one', () => {
    expect(
      formatTerminal(sample)
        .split('\n')
        .filter((line) => line.startsWith('skipped')),
    ).toEqual([
      'skipped   rfc6749/password, RFC 6749 2012  password.missing_username            the target asks no user',
      'skipped   4 interactions of rfc6749/refresh_token: needs --refresh-token',
    ])
  })

  test('is the sum alone where there is nothing to tell', () => {
    expect(formatTerminal(empty)).toBe(
      'rfc6749 at https://as.example/token, by client_secret_basic: 0 kept, 0 broken, 0 skipped',
    )
  })

  const environments: ReadonlyArray<[isTTY: boolean, environment: Record<string, string>, color: boolean]> = [
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ]

  test.each(environments)('isTTY %s with %j has colours: %s', (isTTY, environment, color) => {
    expect(hasColor({ isTTY }, environment)).toBe(color)
  })
})

describe('JSON', () => {
  test('is the verification, and the rules that it breaks', () => {
    const text = formatJson(sample)
    const {
      'documented-refusal': refusal,
      'rfc6749-5.2-error': error,
      'rfc6749-5.1-no-store': store,
    } = verificationRules
    expect(JSON.parse(text)).toEqual({
      ...sample,
      rules: { 'documented-refusal': refusal, 'rfc6749-5.2-error': error, 'rfc6749-5.1-no-store': store },
    })
    expect(text.split('\n')).toHaveLength(1)
  })
})

describe('JUnit XML', () => {
  test.each(verifications)('of %s counts what it holds', (_what, verification) => {
    const suites = parseXml(formatJunit(verification))
    for (const each of [suites, ...elementsOf(suites, 'testsuite')]) {
      const { name = '', tests, failures, errors, skipped, ...rest } = each.attributes
      const counted = ['testcase', 'failure', 'error', 'skipped'].map(
        (child) => `${elementsOf(each, child).length}`,
      )
      expect([[tests, failures, errors, skipped], name === '', rest]).toEqual([counted, false, { time: '0' }])
    }
    expect(elementsOf(suites, 'testcase')).toHaveLength(
      verification.interactions.length + (verification.ended === undefined ? 0 : 1),
    )
  })

  test('has a suite for each contract, and a case of a name of its own for each interaction', () => {
    const suites = elementsOf(parseXml(formatJunit(sample)), 'testsuite')
    expect(suites.map(({ attributes }) => attributes.name)).toEqual([
      'rfc6749/password, RFC 6749 2012',
      'rfc6749/password, checkout',
      'rfc6749/refresh_token',
      'the run',
    ])
    const names = suites.flatMap((suite) =>
      elementsOf(suite, 'testcase').map(({ attributes: { classname, name } }) => `${classname} ${name}`),
    )
    expect([new Set(names).size, names[1]]).toEqual([
      9,
      'rfc6749/password, RFC 6749 2012 password.wrong_password, by client_secret_basic',
    ])
  })
})

const headings: ReadonlyArray<[what: string, verification: Verification, heading: string]> = [
  ['what is broken', sample, 'The contract is broken'],
  ['what was kept alone', keptAlone, 'The contract is kept'],
  ['a run that ended early', { ...keptAlone, ended: 'aborted' }, 'The contract was not verified to the end'],
  ['nothing', empty, 'Nothing was verified'],
]

describe('Markdown', () => {
  test.each(headings)('of %s says so first, as HTML does', (_what, verification, heading) => {
    expect(formatMarkdown(verification).split('\n')[0]).toBe(`## ${heading}`)
    expect(elementsOf(parseXml(formatHtml(verification)), 'h1').map(textOf)).toEqual([heading])
  })

  test.each(verifications)('of %s fits a job summary', (_what, verification) => {
    expect(Buffer.byteLength(formatMarkdown(verification))).toBeLessThan(2 ** 20)
  })

  test('of too many findings has those that fit, and says how many do not', () => {
    const long = verificationOf(broken(5000))
    const markdown = formatMarkdown(long)
    const shown = markdown.match(/^<details open>$/gm)?.length ?? 0
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(1_000_000)
    expect(shown).toBeGreaterThan(1000)
    expect(markdown.trimEnd().split('\n').at(-1)).toBe(
      `${5000 - shown} more parts do not fit a job summary; the JSON and HTML reports have them all.`,
    )
    expect(markdown).toContain('| <code>rfc6749/password</code> | 0 | 5000 | 0 | 0 |')
  })
})

describe('SARIF', () => {
  const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(sarifSchema)

  test.each(verifications)('of %s is valid', (_what, verification) => {
    expect([validate(JSON.parse(formatSarif(verification))), validate.errors]).toEqual([true, null])
  })

  test('has every rule, and tells findings apart by their fingerprints', () => {
    const [{ tool, results, invocations }] = JSON.parse(formatSarif(sample)).runs
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(Object.keys(verificationRules))
    type Result = Record<'ruleId' | 'ruleIndex' | 'level', string> & {
      partialFingerprints: Record<string, string>
    }
    expect(
      results.map(({ ruleId, ruleIndex, level }: Result) => [ruleId, tool.driver.rules[ruleIndex].id, level]),
    ).toEqual([
      ['documented-refusal', 'documented-refusal', 'error'],
      ['rfc6749-5.2-error', 'rfc6749-5.2-error', 'error'],
      ['rfc6749-5.2-error', 'rfc6749-5.2-error', 'error'],
      ['rfc6749-5.1-no-store', 'rfc6749-5.1-no-store', 'note'],
    ])
    const fingerprints = results.map(
      ({ partialFingerprints }: Result) => partialFingerprints.primaryLocationLineHash,
    )
    expect(new Set(fingerprints).size).toBe(4)
    expect(invocations[0].executionSuccessful).toBe(false)
  })

  test('has the same fingerprint for a finding in every run', () => {
    const fingerprintOf = (received: string) => {
      const [one] = broken(1).map((each) => ({
        ...each,
        differences: each.differences.map((difference) => ({ ...difference, received })),
      }))
      const [{ results }] = JSON.parse(formatSarif(verificationOf(one === undefined ? [] : [one]))).runs
      return results[0].partialFingerprints
    }
    expect(fingerprintOf('none')).toEqual(fingerprintOf('a part'))
  })
})

describe('HTML', () => {
  test.each(verifications)(
    'of %s is well-formed, runs nothing and fetches nothing',
    (_what, verification) => {
      const page = parseXml(formatHtml(verification))
      const names = ['script', 'link', 'img', 'iframe', 'object', 'form', 'base', 'svg']
      expect(names.flatMap((name) => elementsOf(page, name))).toEqual([])
      const attributes = everyElement(page).flatMap((each) => Object.entries(each.attributes))
      expect(attributes.filter(([name]) => /^(on|src|style$|action|data)/.test(name))).toEqual([])
      const targets = attributes.filter(([name]) => name === 'href').map(([, value]) => value)
      expect(targets.filter((target) => !target.startsWith('https://www.rfc-editor.org/'))).toEqual([])
      expect(
        elementsOf(page, 'style')
          .map(textOf)
          .join()
          .match(/url\(|@import|@font-face/),
      ).toBeNull()
    },
  )

  test('allows its own style, by its digest, and nothing else', async () => {
    const page = parseXml(formatHtml(sample))
    const [style] = elementsOf(page, 'style')
    const bytes = new TextEncoder().encode(textOf(style as XmlElement))
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('base64')
    const [policy] = elementsOf(page, 'meta').filter(({ attributes }) => 'http-equiv' in attributes)
    expect(policy?.attributes).toEqual({
      'http-equiv': 'Content-Security-Policy',
      content: `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
    })
  })

  test('has a language, one heading of the first level, and tables with captions and headings', () => {
    const page = parseXml(formatHtml(sample))
    expect([page.attributes, elementsOf(page, 'h1').map(textOf), elementsOf(page, 'title').length]).toEqual([
      { lang: 'en' },
      ['The contract is broken'],
      1,
    ])
    for (const table of elementsOf(page, 'table')) {
      const scopes = elementsOf(table, 'th').map(({ attributes }) => attributes.scope)
      const rows = elementsOf(table, 'tr').length - 1
      const columns = scopes.filter((scope) => scope === 'col').length
      expect([elementsOf(table, 'caption').length, scopes.filter((scope) => scope === 'row').length]).toEqual(
        [1, rows],
      )
      expect(elementsOf(table, 'td')).toHaveLength(rows * (columns - 1))
    }
    expect(elementsOf(page, 'details').map((each) => elementsOf(each, 'summary').length)).toEqual([1, 1, 1])
  })

  test.each(Object.entries(palettes))(
    'can be read in %s: every text has a contrast of 4.5',
    (_name, palette) => {
      const { background, inset, line: _line, ...texts } = palette
      const contrasts = Object.values(texts).flatMap((color) => [
        contrast(color, background),
        contrast(color, inset),
      ])
      expect(Math.min(...contrasts)).toBeGreaterThan(4.5)
    },
  )
})

describe('GitHub annotations', () => {
  test('are none where nothing is broken', () => {
    expect(formatGithub(keptAlone)).toBe('')
  })

  test('of more findings than GitHub shows end with how many there are', () => {
    const lines = formatGithub(verificationOf(broken(150))).split('\n')
    expect([lines.length, lines.at(-1)]).toEqual([
      10,
      '::error title=141 more findings::rfc6749 at https://as.example/token, by client_secret_basic: 0 kept, 150 broken, 0 skipped',
    ])
  })
})

function everyElement(element: XmlElement): readonly XmlElement[] {
  return [
    element,
    ...element.children.flatMap((child) => (typeof child === 'string' ? [] : everyElement(child))),
  ]
}

/** @see WCAG 2.2, contrast ratio */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
