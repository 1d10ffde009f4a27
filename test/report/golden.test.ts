// Golden files: what each format gives for one verification, to be looked at as a diff. `npx vitest run test/report --update` writes them.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatGithub } from '../../src/report/github.ts'
import { formatHtml } from '../../src/report/html.ts'
import { formatJson } from '../../src/report/json.ts'
import { formatJunit } from '../../src/report/junit.ts'
import { formatMarkdown } from '../../src/report/markdown.ts'
import { formatSarif } from '../../src/report/sarif.ts'
import { formatTerminal } from '../../src/report/terminal.ts'
import { root } from '../source-files.ts'
import { sample } from './sample.ts'

const files: ReadonlyArray<[file: string, text: string]> = [
  ['terminal.txt', formatTerminal(sample)],
  ['terminal-color.txt', formatTerminal(sample, { hasColor: true })],
  ['report.json', formatJson(sample)],
  ['junit.xml', formatJunit(sample)],
  ['summary.md', formatMarkdown(sample)],
  ['report.sarif', formatSarif(sample)],
  ['report.html', formatHtml(sample)],
  ['annotations.txt', formatGithub(sample)],
]

describe('a report of one of every outcome', () => {
  test.each(files)('is test/report/golden/%s', async (file, text) => {
    await expect(text).toMatchFileSnapshot(join(root, 'test/report/golden', file))
  })
})
