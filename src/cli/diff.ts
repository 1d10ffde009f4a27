// `tokenwright diff`: what changed between two sides, through a series, or between languages, and whom it breaks.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SemanticVersion } from '../diff/change.ts'
import { compareSides } from '../diff/comparison.ts'
import { historyOf } from '../diff/history.ts'
import { languagesOf } from '../diff/languages.ts'
import type { Side } from '../diff/side.ts'
import { highestVerdict } from '../diff/version-order.ts'
import { diffPage } from '../report/diff.ts'
import { historyPage } from '../report/history.ts'
import { toJsonLine } from '../report/json.ts'
import { languagesPage } from '../report/languages.ts'
import type { Page } from '../report/page.ts'
import { formatPageHtml, htmlMark } from '../report/page-html.ts'
import { formatPageMarkdown, markdownMark } from '../report/page-markdown.ts'
import { formatPageTerminal } from '../report/page-terminal.ts'
import { hasColor } from '../report/terminal.ts'
import { TokenwrightError } from '../service/error.ts'
import { readOperand } from './diff-operand.ts'
import type { Arguments, Verb } from './flags.ts'
import { configFlag, knownServices } from './known-services.ts'
import { requireWritableFiles, writeReport } from './report-files.ts'

/** What came of it, in any of the three ways. */
interface Result {
  /** What `--json` prints. */
  readonly value: unknown
  readonly page: Page
  /** `null`: nothing changed. */
  readonly verdict: SemanticVersion | null
}

/** The reports that go to a file, or with `-` to stdout in place of the text. */
const files = {
  markdown: { format: formatPageMarkdown, mark: markdownMark },
  html: { format: formatPageHtml, mark: htmlMark },
} as const

/** Whether a verdict fails the run, by the value of `--fail-on`. */
const failing: Readonly<Record<string, (verdict: SemanticVersion | null) => boolean>> = {
  breaking: (verdict) => verdict === 'major',
  any: (verdict) => verdict !== null,
  none: () => false,
}

export const diff: Verb = {
  name: 'diff',
  summary:
    'Says what changed between two variants, pages, OpenAPI documents or services, and whom it breaks.',
  positionals: ['X…'],
  flags: {
    history: { sentence: 'Draw a timeline through any number of them.' },
    languages: { sentence: 'Say where the SDKs of one service disagree, each by its newest variant.' },
    model: { value: 'NAME', sentence: 'Of several models or variants, those of this name.' },
    language: {
      value: 'NAME',
      sentence: 'Of several languages this one, such as Go; it is that of a page, too.',
    },
    operation: { value: 'ID', sentence: 'The token operation of an OpenAPI document. Default: it is found.' },
    fetch: { sentence: 'Follow references of OpenAPI documents to other hosts.' },
    'fail-on': {
      value: 'KIND',
      sentence: 'Exit with 1 on: breaking, any or none. Default: breaking for two sides, none otherwise.',
    },
    config: configFlag,
    json: { sentence: 'Print one line of JSON.' },
    markdown: {
      value: '[FILE]',
      sentence: 'Write Markdown, such as to "$GITHUB_STEP_SUMMARY". Without FILE: print it.',
    },
    html: {
      value: '[FILE]',
      sentence: 'Write one HTML page, which needs no other file. Without FILE: print it.',
    },
  },
  run: async (input) => {
    const hasFailed = failOnOf(input)
    requireOneWay(input)
    requireReports(input)
    const { value, page, verdict } = await resultOf(input)
    print(input, value, page)
    return hasFailed(verdict) ? 1 : 0
  },
}

function failOnOf(input: Arguments): (verdict: SemanticVersion | null) => boolean {
  const isSeries = input.has('history') || input.has('languages')
  const kind = input.one('fail-on') ?? (isSeries ? 'none' : 'breaking')
  const found = Object.hasOwn(failing, kind) ? failing[kind] : undefined
  if (found !== undefined) return found
  throw wrongUse(
    `expected --fail-on to be ${Object.keys(failing).join(', ')}, received ${JSON.stringify(kind)}`,
  )
}

function requireOneWay(input: Arguments): void {
  if (input.has('history') && input.has('languages'))
    throw wrongUse('expected --history or --languages, received both')
  const count = input.positionals.length
  if (input.has('history') || input.has('languages') || count === 2) return
  throw wrongUse(
    `expected two to compare, received ${count}; next: a second one, or --history or --languages, which take any number`,
  )
}

/** A report that cannot be written should cost no run, and none takes the place of what is no report. */
function requireReports(input: Arguments): void {
  const inPlace = ['json', ...Object.keys(files)].filter((flag) =>
    ['-', 'true'].includes(input.one(flag) ?? ''),
  )
  if (inPlace.length > 1)
    throw wrongUse(
      `expected one report to print, received ${inPlace.map((flag) => `--${flag}`).join(' and ')}; next: a file for the others`,
    )
  const named = Object.entries(files).flatMap(([flag, { mark }]) => {
    const file = fileOf(input, flag)
    return file === undefined ? [] : [{ flag, file, mark }]
  })
  requireWritableFiles(named)
  for (const { flag, file, mark } of named) {
    // `--html a.md b.md` would take a side for the report's file.
    const content =
      existsSync(file) && !isSameFile(file, process.env.GITHUB_STEP_SUMMARY) ? readFileSync(file, 'utf8') : ''
    if (content.trim() !== '' && !content.includes(mark))
      throw wrongUse(
        `expected --${flag} to be a new file or an earlier report, received ${file}, which is neither`,
      )
  }
}

function isSameFile(one: string, other: string | undefined): boolean {
  return other !== undefined && resolve(one) === resolve(other)
}

function fileOf(input: Arguments, flag: string): string | undefined {
  const file = input.one(flag)
  return file === '-' ? undefined : file
}

async function resultOf(input: Arguments): Promise<Result> {
  const sides = await readSides(input)
  if (input.has('history')) return historyResult(sides)
  if (input.has('languages')) return languagesResult(sides)
  const [before, after] = sides as [Side, Side]
  const comparison = compareSides(before, after)
  return { value: comparison, page: diffPage(comparison), verdict: comparison.verdict }
}

async function readSides(input: Arguments): Promise<readonly Side[]> {
  const known = await knownServices(input)
  const [model, language, operation] = [input.one('model'), input.one('language'), input.one('operation')]
  const options = {
    known,
    directory: process.cwd(),
    ...(model !== undefined && { model }),
    ...(language !== undefined && { language }),
    ...(operation !== undefined && { operation }),
    ...(input.has('fetch') && { fetch: true }),
  }
  const sides: Side[] = []
  // One by one: modules at a revision are found by a hook that is the whole process's.
  for (const operand of input.positionals) sides.push(await readOperand(operand, options))
  return sides
}

function historyResult(sides: readonly Side[]): Result {
  const timelines = historyOf(sides)
  if (timelines.every(({ steps }) => steps.length === 0))
    throw nothingToCompare('expected two versions of a model or more, received one of each')
  return {
    value: { timelines },
    page: historyPage(timelines),
    verdict: highestVerdict(timelines.map(({ verdict }) => verdict)),
  }
}

function languagesResult(sides: readonly Side[]): Result {
  const reports = languagesOf(sides)
  if (reports.length === 0)
    throw nothingToCompare('expected a model in two languages or more, received each in one')
  const isSame = reports.every(({ disagreements }) => disagreements.length === 0)
  return { value: { reports }, page: languagesPage(reports), verdict: isSame ? null : 'minor' }
}

function print(input: Arguments, value: unknown, page: Page): void {
  const inPlace = Object.entries(files).find(([flag]) => input.one(flag) === '-')?.[1]
  if (input.has('json')) process.stdout.write(`${toJsonLine(value)}\n`)
  else if (inPlace !== undefined) process.stdout.write(inPlace.format(page))
  else
    process.stdout.write(`${formatPageTerminal(page, { hasColor: hasColor(process.stdout, process.env) })}\n`)
  for (const [flag, { format }] of Object.entries(files)) {
    const file = fileOf(input, flag)
    if (file !== undefined) writeReport(flag, file, format(page), process.env)
  }
}

function wrongUse(message: string): TokenwrightError {
  return new TokenwrightError('ERR_OPTION_INVALID', `${message}; tokenwright diff --help lists the flags`)
}

function nothingToCompare(message: string): TokenwrightError {
  return new TokenwrightError('ERR_DIFF_INVALID', message)
}
