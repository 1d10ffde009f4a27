// A client's tolerance in every format.
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { ClientRun, Tolerance, ToleratedCase } from '../../src/probe/tolerance.ts'
import { toJsonLine } from '../../src/report/json.ts'
import { formatToleranceHtml } from '../../src/report/tolerance-html.ts'
import { formatToleranceJunit } from '../../src/report/tolerance-junit.ts'
import { formatToleranceMarkdown } from '../../src/report/tolerance-markdown.ts'
import { formatToleranceTerminal } from '../../src/report/tolerance-terminal.ts'
import { parseXml } from './xml.ts'

const run: ClientRun = {
  tokenCalls: 1,
  refreshCalls: 0,
  apiCalls: 1,
  apiCallsAnswered: 1,
  strayCalls: 0,
  clientAuthentication: ['client_secret_post'],
  secretsInUrls: [],
  exitStatus: 0,
  timedOut: false,
  lastWords: [],
}

const survived: ToleratedCase = {
  ...run,
  id: '429',
  sentence: 'The first token call is answered 429.',
  source: 'RFC 6585 §4',
  verdict: 'survived',
  reason: '',
  tokenCalls: 2,
  retried: true,
  heededRetryAfter: true,
}

const failed: ToleratedCase = {
  ...run,
  id: 'revoked',
  sentence: 'The API answers the first token with 401.',
  source: 'RFC 6750 §3.1',
  verdict: 'failed',
  reason: 'it failed with status 1',
  apiCallsAnswered: 0,
  exitStatus: 1,
  secretsInUrls: ['GET /api'],
  lastWords: ['Error: 401'],
  retried: false,
  heededRetryAfter: null,
}

const notTried: ToleratedCase = {
  ...run,
  id: 'short',
  sentence: 'expires_in is 1.',
  source: 'RFC 6749 §5.1',
  verdict: 'not_tried',
  reason: 'it calls no API',
  retried: null,
  heededRetryAfter: null,
}

const sample: Tolerance = {
  service: 'rfc6749',
  client: 'node',
  baseline: run,
  cases: [survived, failed, notTried],
  survived: 1,
  failed: 1,
  notTried: 1,
  leaking: 1,
}

const text = `\
Case     Verdict    Token calls  API calls      Tries again               Why
429      survived   2            1              yes, as Retry-After says
revoked  failed     1            1, 0 answered  no                        it failed with status 1
short    not tried  1            1                                        it calls no API

revoked
  The API answers the first token with 401. (RFC 6750 §3.1)
  it failed with status 1
  a secret stands in the URL of GET /api
  its last words:
    Error: 401

the client shows itself by client_secret_post
a secret stood in a URL, in 1 of 4 runs: GET /api
node at rfc6749: 1 survived, 1 failed, 1 not tried`

const markdown = `\
## The client does not survive all

node at rfc6749\\: 1 survived, 1 failed, 1 not tried

- the client shows itself by client\\_secret\\_post
- a secret stood in a URL, in 1 of 4 runs\\: GET /api

| Case | Verdict | Token calls | API calls | Tries again | Why |
| --- | --- | --- | --- | --- | --- |
| <code>429</code> | survived | 2 | 1 | yes, as Retry-After says |  |
| <code>revoked</code> | failed | 1 | 1, 0 answered | no | it failed with status 1 |
| <code>short</code> | not tried | 1 | 1 |  | it calls no API |

### <code>revoked</code>

The API answers the first token with 401. \\(RFC 6750 §3.1\\)

<code>it failed with status 1</code><br><code>a secret stands in the URL of GET /api</code><br><code>its last words\\:</code><br><code>Error\\: 401</code>
`

describe('a report of tolerance', () => {
  test('is a grid for a terminal, and what failed below it', () => {
    expect(formatToleranceTerminal(sample)).toBe(text)
  })

  test('says the same in colours', () => {
    const colored = formatToleranceTerminal(sample, { hasColor: true })
    expect(colored).toContain('\u001b[32msurvived')
    expect(stripVTControlCharacters(colored)).toBe(text)
  })

  test('is a table in Markdown', () => {
    expect(formatToleranceMarkdown(sample)).toBe(markdown)
  })

  test('is a page of HTML with a row for each case, and the one that failed open', () => {
    const html = formatToleranceHtml(sample)
    expect(parseXml(html).name).toBe('html')
    expect(html.match(/<tr><th scope="row">.*/g)).toEqual([
      '<tr><th scope="row"><code>429</code></th><td><b class="kept">survived</b></td><td>2</td><td>1</td><td>yes, as Retry-After says</td><td></td></tr>',
      '<tr><th scope="row"><code>revoked</code></th><td><b class="broken">failed</b></td><td>1</td><td>1, 0 answered</td><td>no</td><td>it failed with status 1</td></tr>',
      '<tr><th scope="row"><code>short</code></th><td><b class="skipped">not tried</b></td><td>1</td><td>1</td><td></td><td>it calls no API</td></tr>',
    ])
    expect(html.match(/<details open="">\n.*/g)).toEqual([
      '<details open="">\n<summary><code>revoked</code></summary>',
    ])
  })

  test('is a suite in JUnit, with a failure for each case that failed', () => {
    const { attributes, children } = parseXml(formatToleranceJunit(sample))
    expect(attributes).toEqual({
      name: 'node at rfc6749: 1 survived, 1 failed, 1 not tried',
      tests: '3',
      failures: '1',
      errors: '0',
      skipped: '1',
      time: '0',
    })
    const elements = (within: typeof children) => within.filter((child) => typeof child !== 'string')
    const [suite] = elements(children)
    expect(
      elements(suite?.children ?? []).map((each) => [
        each.attributes.name,
        elements(each.children).map(({ name, attributes: { message } }) => [name, message]),
      ]),
    ).toEqual([
      ['429: The first token call is answered 429.', []],
      ['revoked: The API answers the first token with 401.', [['failure', 'it failed with status 1']]],
      ['short: expires_in is 1.', [['skipped', 'it calls no API']]],
    ])
  })

  test('fails in JUnit for a secret in a URL, also where the client survived, and for an early end', () => {
    const leaking = { ...run, secretsInUrls: ['POST /token'] }
    const xml = formatToleranceJunit({
      ...sample,
      baseline: leaking,
      cases: [{ ...survived, ...leaking }],
      failed: 0,
      notTried: 0,
      ended: 'it was interrupted',
    })
    expect(parseXml(xml).attributes).toMatchObject({ tests: '3', failures: '3', skipped: '0' })
  })

  test('says when it ended early', () => {
    const ended = { ...sample, ended: 'it was interrupted' }
    expect(formatToleranceTerminal(ended)).toContain('\nended early: it was interrupted\n')
    expect(formatToleranceMarkdown(ended)).toContain('- ended early\\: it was interrupted\n')
  })

  test('says that nothing was tried, and fails for it in JUnit', () => {
    const untried = { ...sample, cases: [notTried], survived: 0, failed: 0, leaking: 0 }
    const remark = 'no case was tried: nothing is known to be survived'
    expect(formatToleranceTerminal(untried)).toContain(`\n${remark}\nnode at rfc6749: 0 survived`)
    expect(formatToleranceMarkdown(untried)).toMatch(/^## No case was tried\n/)
    expect(parseXml(formatToleranceJunit(untried)).attributes).toMatchObject({
      tests: '2',
      failures: '1',
      skipped: '1',
    })
  })

  test('says that a client with no case failed survives', () => {
    const cases = [survived]
    expect(formatToleranceMarkdown({ ...sample, cases, failed: 0, leaking: 0 })).toMatch(
      /^## The client survives\n[\s\S]*no secret stood in a URL/,
    )
  })
})

describe('what a client says', () => {
  const hostile = '\u001b[2J</code><script>alert(1)</script> | **b** ##vso[task.complete] \u202e "\' &'
  const shown: Tolerance = {
    ...sample,
    client: hostile,
    cases: [{ ...failed, reason: hostile, lastWords: [hostile], secretsInUrls: [`GET /${hostile}`] }],
  }
  const formats: ReadonlyArray<[name: string, report: string]> = [
    ['the text', formatToleranceTerminal(shown)],
    ['the JSON', toJsonLine(shown)],
    ['the Markdown', formatToleranceMarkdown(shown)],
    ['the JUnit XML', formatToleranceJunit(shown)],
    ['the HTML', formatToleranceHtml(shown)],
  ]

  test.each(formats)('reaches no terminal, page or runner by %s', (name, report) => {
    expect(report).not.toMatch(/[^\P{Cc}\n]|\u202e/u)
    if (name === 'the text' || name === 'the JSON') expect(report).not.toContain('##vso[')
    if (name === 'the Markdown') expect(report).not.toMatch(/<script|\*\*b/)
    if (name === 'the JUnit XML') expect(parseXml(report).name).toBe('testsuites')
    if (name === 'the HTML') expect(parseXml(report).name).toBe('html')
  })
})
