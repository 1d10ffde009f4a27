// The formats of a report on tolerance, as data: the command line derives its flags from them.
import type { Tolerance } from '../probe/tolerance.ts'
import { formatToleranceHtml } from './tolerance-html.ts'
import { formatToleranceJunit } from './tolerance-junit.ts'
import { formatToleranceMarkdown } from './tolerance-markdown.ts'

/** One format, which goes to a file of its own. */
export interface ToleranceFormat {
  readonly sentence: string
  readonly format: (tolerance: Tolerance) => string
}

/** Every format that goes to a file, by its flag. */
export const toleranceFormats: Readonly<Record<string, ToleranceFormat>> = {
  markdown: {
    sentence: 'Write Markdown, such as to "$GITHUB_STEP_SUMMARY".',
    format: formatToleranceMarkdown,
  },
  junit: {
    sentence: 'Write JUnit XML, for GitLab, Jenkins and test reporters.',
    format: formatToleranceJunit,
  },
  html: {
    sentence: 'Write one HTML page, which needs no other file.',
    format: formatToleranceHtml,
  },
}
