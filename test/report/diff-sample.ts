// Comparisons, timelines and reports of languages whose every word is a given text.
import type { Change } from '../../src/diff/change.ts'
import type { Comparison } from '../../src/diff/comparison.ts'
import type { Timeline } from '../../src/diff/history.ts'
import type { LanguageReport } from '../../src/diff/languages.ts'
import type { Matrix } from '../../src/diff/matrix.ts'

/** A change in which each word that data can choose is the text. */
function changeOf(text: string, said: Partial<Change> = {}): Change {
  const provenance = { file: text, line: 3, pointer: text, words: text }
  return {
    rule: 'request-parameter-renamed',
    area: 'request',
    layer: 'wire',
    verdict: 'major',
    subject: text,
    before: text,
    after: text,
    sentence: text,
    reason: text,
    provenance: { before: provenance, after: provenance },
    ...said,
  }
}

/** One change of each kind, models on one side alone, and what was not compared. */
export function comparisonOf(text: string): Comparison {
  const changes = [
    changeOf(text),
    changeOf(text, { layer: 'sdk' }),
    changeOf(text, { verdict: 'minor', before: null, provenance: { before: null, after: null } }),
    changeOf(text, { layer: 'words', verdict: 'patch', after: null }),
  ]
  return {
    before: text,
    after: text,
    differences: [{ before: text, after: text, changes, verdict: 'major', notCompared: [text] }],
    removed: [text],
    added: [text],
    verdict: 'major',
  }
}

function matrixOf(text: string): Matrix {
  const cell = {
    wireName: text,
    sdkName: text,
    required: { grantTypes: [text] },
    type: 'string',
    allowedValues: [text],
    notSupported: true,
  } as const
  return {
    facts: [{ fact: 'path', values: [[text], null] }],
    fields: [
      { area: 'request', wireName: `${text} `, cells: [cell, 'absent'] },
      { area: 'reply', wireName: text, cells: ['unsaid', cell] },
    ],
  }
}

/** Two versions, and the step between them. */
export function timelineOf(text: string): Timeline {
  return {
    title: text,
    points: [
      { label: text, version: null },
      { label: 'x', version: text },
    ],
    steps: comparisonOf(text).differences,
    matrix: matrixOf(text),
    verdict: 'major',
  }
}

/** Two languages that disagree. */
export function languageReportOf(text: string): LanguageReport {
  return {
    model: text,
    columns: [
      { title: text, language: text, label: text },
      { title: text, language: null, label: text },
    ],
    matrix: matrixOf(text),
    notCompared: [text],
    disagreements: [
      {
        area: 'request',
        subject: text,
        about: 'required',
        answers: [
          { answer: text, columns: [text] },
          { answer: text, columns: [text, text] },
        ],
      },
    ],
  }
}
