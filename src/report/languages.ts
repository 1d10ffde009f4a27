// One service in several languages as a page: where its SDKs disagree, then all that each says.
import type { Disagreement, LanguageReport } from '../diff/languages.ts'
import { factTitles, matrixTables } from './matrix.ts'
import { type Cell, code, type Page, type Section } from './page.ts'

/** The page of one or more models. */
export function languagesPage(reports: readonly LanguageReport[]): Page {
  const count = reports.reduce((sum, { disagreements }) => sum + disagreements.length, 0)
  return {
    headline:
      count === 0
        ? 'all languages agree'
        : `the languages disagree in ${count} ${count === 1 ? 'point' : 'points'}`,
    subject: reports
      .map(({ model, columns }) => `${model} in ${columns.map(({ title }) => title).join(', ')}`)
      .join('; '),
    sections: reports.flatMap(sectionOf),
  }
}

function sectionOf({
  model,
  columns,
  matrix,
  disagreements,
  notCompared,
}: LanguageReport): readonly Section[] {
  return [
    {
      title: ['Model ', code(model)],
      blocks: [
        { kind: 'list', items: columns.map(({ title, label }) => [`${title}: `, code(label)]) },
        ...matrixTables(
          matrix,
          columns.map(({ title }) => title),
        ),
        ...(disagreements.length === 0
          ? [{ kind: 'paragraph' as const, text: 'No disagreement.' }]
          : [
              {
                kind: 'table' as const,
                caption: 'Disagreements',
                headings: ['Where', 'About', 'Answers'],
                rows: disagreements.map(rowOf),
              },
            ]),
        ...notCompared.map((text) => ({ kind: 'paragraph' as const, text: `Not compared: ${text}.` })),
      ],
    },
  ]
}

function rowOf({ area, subject, about, answers }: Disagreement): readonly Cell[] {
  const where = area === 'endpoint' ? (factTitles[subject] ?? subject) : [`${area} `, code(subject)]
  return [[where], [about], answers.map(({ answer, columns }) => [`${columns.join(', ')}: `, code(answer)])]
}
