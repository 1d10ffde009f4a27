// Timelines as a page: each series drawn step by step, then every parameter in every version.
import type { Difference } from '../diff/change.ts'
import { countsOf, mostSevereOf, type Point, type Timeline } from '../diff/history.ts'
import { highestVerdict } from '../diff/version-order.ts'
import { notComparedTitle } from './diff.ts'
import { matrixTables } from './matrix.ts'
import { type Block, code, type DrawnStep, type Page, type Section, type Text } from './page.ts'

/** The page of one or more series. */
export function historyPage(timelines: readonly Timeline[]): Page {
  const steps = timelines.flatMap((each) => each.steps)
  const breaking = steps.filter(({ verdict }) => verdict === 'major').length
  const versions = timelines.reduce((sum, { points }) => sum + points.length, 0)
  const isSame = highestVerdict(timelines.map(({ verdict }) => verdict)) === null
  return {
    headline: isSame
      ? 'no change'
      : `${breaking} of ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} ${breaking === 1 ? 'breaks' : 'break'} clients`,
    subject: `${versions} versions of ${timelines.map(({ title }) => title).join('; ')}`,
    sections: timelines.flatMap(sectionOf),
  }
}

function sectionOf({ title, points, steps, matrix, verdict }: Timeline): readonly Section[] {
  return [
    {
      title: [{ verdict }, ` ${title}`],
      blocks: [
        { kind: 'timeline', points: points.map(pointText), steps: steps.map(stepOf) },
        ...matrixTables(matrix, namesOf(points), true),
        ...notCompared(steps),
      ],
    },
  ]
}

function pointText({ label, version }: Point): Text {
  return version === null || label.includes(version) ? [code(label)] : [code(label), ` ${version}`]
}

/** By version, or by label where a version stands there twice. */
function namesOf(points: readonly Point[]): readonly string[] {
  const versions = points.map(({ version }) => version)
  return points.map(({ label, version }) => {
    const isAlone = versions.indexOf(version) === versions.lastIndexOf(version)
    return version !== null && isAlone ? version : label
  })
}

/** Of all steps, each sentence once. */
function notCompared(steps: readonly Difference[]): readonly Block[] {
  const items = [...new Set(steps.flatMap((step) => step.notCompared))]
  if (items.length === 0) return []
  return [
    { kind: 'paragraph', text: notComparedTitle },
    { kind: 'list', items },
  ]
}

function stepOf(difference: Difference): DrawnStep {
  const { wire, sdk, words } = countsOf(difference)
  return {
    verdict: difference.verdict,
    counts: difference.verdict === null ? 'no change' : `wire ${wire}, SDK ${sdk}, words ${words}`,
    sentences: mostSevereOf(difference).map(({ sentence }) => sentence),
  }
}
