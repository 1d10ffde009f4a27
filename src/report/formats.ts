// The formats of a report, as data: the command line derives its flags from them.
import type { Verification } from '../verify/verification.ts'
import { formatGithub } from './github.ts'
import { formatHtml } from './html.ts'
import { formatJson } from './json.ts'
import { formatJunit } from './junit.ts'
import { formatMarkdown } from './markdown.ts'
import { formatSarif } from './sarif.ts'

/** One format. */
export interface ReportFormat {
  /**
   * `file`: a file of its own, whose text ends with a line end. `in_place`: on stdout in place of the text. `beside`: on
   * stdout after the text. Neither of the latter ends with a line end, and an empty one is not printed.
   */
  readonly goes: 'file' | 'in_place' | 'beside'
  readonly sentence: string
  readonly format: (verification: Verification) => string
}

/** Every format but the text for a terminal, by its flag. */
export const reportFormats = {
  json: { goes: 'in_place', sentence: 'Print one line of JSON.', format: formatJson },
  junit: {
    goes: 'file',
    sentence: 'Write JUnit XML, for GitLab, Jenkins and test reporters.',
    format: formatJunit,
  },
  markdown: {
    goes: 'file',
    sentence: 'Write Markdown, such as to "$GITHUB_STEP_SUMMARY".',
    format: formatMarkdown,
  },
  sarif: { goes: 'file', sentence: 'Write SARIF 2.1.0, for code scanning.', format: formatSarif },
  html: { goes: 'file', sentence: 'Write one HTML page, which needs no other file.', format: formatHtml },
  github: {
    goes: 'beside',
    sentence: 'Print annotations of GitHub Actions after the report.',
    format: formatGithub,
  },
} as const satisfies Readonly<Record<string, ReportFormat>>
