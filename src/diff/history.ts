// A series of versions: what changed from each to the next, and every parameter in each of them.
import type { Change, Difference, Layer, SemanticVersion } from './change.ts'
import { compare } from './compare.ts'
import { type Matrix, matrixOf, type Renames } from './matrix.ts'
import type { Side, SideSubject } from './side.ts'
import { originOf } from './sides.ts'
import type { Subject } from './subject.ts'
import { compareVersions, highestVerdict } from './version-order.ts'

/** One version in a series. */
export interface Point {
  readonly label: string
  /** `null`: it is told apart by its label alone. */
  readonly version: string | null
}

/** A series, the oldest first. */
export interface Timeline {
  /** The models and the languages that it goes through. */
  readonly title: string
  readonly points: readonly Point[]
  /** From each point to the next. */
  readonly steps: readonly Difference[]
  readonly matrix: Matrix
  /** The highest of all steps; `null` where nothing ever changed. */
  readonly verdict: SemanticVersion | null
}

/**
 * The timelines of sides. Where each side is one model, they are one series in the order given. Otherwise there is a
 * series for each model and language; a side's own subjects stand in the order of their versions.
 */
export function historyOf(sides: readonly Side[]): readonly Timeline[] {
  if (sides.every(({ subjects }) => subjects.length === 1))
    return [timelineOf(sides.flatMap(({ subjects }) => subjects))]
  const all = sides.flatMap(({ subjects }) =>
    subjects.toSorted((a, b) => compareVersions(a.subject.version, b.subject.version)),
  )
  return [...Map.groupBy(all, seriesOf).values()].map(timelineOf)
}

function seriesOf({ subject: { language, model } }: SideSubject): string {
  return JSON.stringify([language, model])
}

function timelineOf(members: readonly SideSubject[]): Timeline {
  const subjects = members.map(({ subject }) => subject)
  const known = knownOf(subjects)
  const steps = subjects.slice(1).map((after, index) => compare(known[index] as Subject, after))
  return {
    title: titleOf(subjects),
    points: subjects.map(({ label, version }) => ({ label, version })),
    steps,
    matrix: matrixOf(subjects, [noRenames, ...steps.map(renamesOf)]),
    verdict: highestVerdict(steps.map(({ verdict }) => verdict)),
  }
}

/** Each point with what it does not say as the last point before it said it: silence in between hides no change. */
function knownOf(subjects: readonly Subject[]): readonly Subject[] {
  let last: Subject | undefined
  return subjects.map((subject) => {
    last = last === undefined ? subject : filled(subject, last)
    return last
  })
}

function filled(subject: Subject, last: Subject): Subject {
  const { path, isPathRelative = false } = subject.path === null ? last : subject
  // An operation lists its replies: what it does not list is gone.
  const answers = originOf(subject) === 'openapi' ? subject : last
  return {
    ...subject,
    method: subject.method ?? last.method,
    path,
    isPathRelative,
    contentTypes: subject.contentTypes ?? last.contentTypes,
    clientAuthentication: subject.clientAuthentication ?? last.clientAuthentication,
    request: subject.request.length > 0 ? subject.request : last.request,
    requestHeaders: subject.requestHeaders ?? last.requestHeaders ?? null,
    replyStatus: subject.replyStatus ?? answers.replyStatus ?? null,
    replyContentTypes: subject.replyContentTypes ?? answers.replyContentTypes ?? null,
    reply: subject.reply ?? answers.reply,
    headers: subject.headers ?? answers.headers ?? null,
    refusals: subject.refusals ?? answers.refusals,
  }
}

function titleOf(subjects: readonly Subject[]): string {
  const models = new Set(subjects.map(({ model }) => model))
  const languages = new Set(subjects.flatMap(({ language }) => language ?? []))
  return [[...models].join(', '), [...languages].join(', ')].filter((part) => part !== '').join(' in ')
}

/** What each field of a difference was called before. */
export function renamesOf({ changes }: Difference): Renames {
  const renamed = (rule: string) =>
    new Map(
      changes
        .filter((change) => change.rule === rule)
        .map(({ before, after }) => [String(after), String(before)] as const),
    )
  return { request: renamed('request-parameter-renamed'), reply: renamed('reply-member-renamed') }
}

const noRenames: Renames = { request: new Map(), reply: new Map() }

/** How many changes of a step each layer has. */
export function countsOf({ changes }: Difference): Readonly<Record<Layer, number>> {
  const count = (layer: Layer) => changes.filter((change) => change.layer === layer).length
  return { wire: count('wire'), sdk: count('sdk'), words: count('words') }
}

/** The changes of a step that its verdict comes from, those on the wire before others. */
export function mostSevereOf({ changes, verdict }: Difference): readonly Change[] {
  const severe = changes.filter((change) => change.verdict === verdict)
  const onTheWire = severe.filter(({ layer }) => layer === 'wire')
  return onTheWire.length > 0 ? onTheWire : severe
}
