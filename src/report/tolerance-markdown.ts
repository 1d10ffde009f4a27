// A client's tolerance as Markdown, for the summary of a job.
import type { Tolerance, ToleratedCase } from '../probe/tolerance.ts'
import { fitting, markdownCode, markdownProse, markdownTable } from './markdown-text.ts'
import {
  cellsOf,
  tellingCases,
  toleranceDetails,
  toleranceHeadings,
  toleranceHeadline,
  toleranceRemarks,
  toleranceSum,
} from './tolerance.ts'

/** The sum, a row for each case, and what is to be told of those that failed. */
export function formatToleranceMarkdown(tolerance: Tolerance): string {
  const blocks = [
    `## ${toleranceHeadline(tolerance)}\n\n${markdownProse(toleranceSum(tolerance))}`,
    toleranceRemarks(tolerance)
      .map((remark) => `- ${markdownProse(remark)}`)
      .join('\n'),
    markdownTable(toleranceHeadings, tolerance.cases.map(rowOf)),
    ...tellingCases(tolerance).map(detailBlock),
  ]
  return `${fitting(blocks).join('\n\n')}\n`
}

function rowOf(tolerated: ToleratedCase): readonly string[] {
  const [id = '', ...others] = cellsOf(tolerated)
  return [markdownCode(id), ...others.map(markdownProse)]
}

function detailBlock(tolerated: ToleratedCase): string {
  const [sentence = '', ...others] = toleranceDetails(tolerated)
  const lines = others.map((line) => markdownCode(line.trim())).join('<br>')
  return [
    `### ${markdownCode(tolerated.id)}`,
    markdownProse(sentence),
    ...(lines === '' ? [] : [lines]),
  ].join('\n\n')
}
