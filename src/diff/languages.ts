// One service as its SDKs document it in several languages: what each says, and where they disagree.
import { compare } from './compare.ts'
import { renamesOf } from './history.ts'
import {
  type Cell,
  type FactRow,
  type FieldCell,
  type FieldRow,
  type Matrix,
  matrixOf,
  type Renames,
} from './matrix.ts'
import type { Side, SideSubject } from './side.ts'
import { originOf } from './sides.ts'
import type { Origin, Requirement, Subject } from './subject.ts'
import { newestOf } from './version-order.ts'

/** A language, or what has none. */
export interface LanguageColumn {
  /** `Go 0.9.0`. */
  readonly title: string
  readonly language: string | null
  readonly label: string
}

/** What the columns say differently. */
export interface Disagreement {
  readonly area: 'endpoint' | 'request' | 'reply'
  /** The wire name of the parameter, or the fact. */
  readonly subject: string
  readonly about: 'value' | 'presence' | 'wire name' | 'required' | 'type' | 'allowed values' | 'support'
  /** What is said, each with the titles of the columns that say it. */
  readonly answers: ReadonlyArray<{ readonly answer: string; readonly columns: readonly string[] }>
}

/** A model in several languages. */
export interface LanguageReport {
  readonly model: string
  readonly columns: readonly LanguageColumn[]
  readonly matrix: Matrix
  readonly disagreements: readonly Disagreement[]
  /** Sentences on what the columns were not asked for. */
  readonly notCompared: readonly string[]
}

/**
 * A report for each model that stands in several columns; where every side is one model, they are one report. Of a side
 * with several versions of a language the newest is taken, and none where that language was given by itself.
 */
export function languagesOf(sides: readonly Side[]): readonly LanguageReport[] {
  const given = sides.filter(({ subjects }) => subjects.length === 1).flatMap(({ subjects }) => subjects)
  const others = sides.filter(({ subjects }) => subjects.length !== 1).flatMap(({ subjects }) => subjects)
  const models = others.length === 0 ? [given] : [...Map.groupBy([...given, ...others], modelOf).values()]
  return models
    .map((members) => chosenOf(members, new Set(given)))
    .filter((members) => members.length > 1)
    .map(reportOf)
}

function modelOf({ subject }: SideSubject): string {
  return subject.model
}

/** Those that were given, and of each other language the newest. */
function chosenOf(members: readonly SideSubject[], given: ReadonlySet<SideSubject>): readonly SideSubject[] {
  // What has no language is a column of its own where it was given.
  const byLanguage = Map.groupBy(members, (each) => {
    return each.subject.language ?? (given.has(each) ? each.subject.label : '')
  })
  return [...byLanguage.values()].flatMap((all) => {
    const named = all.filter((each) => given.has(each))
    return named.length > 0 ? named : [newestOf(all) ?? []].flat()
  })
}

const notCompared: readonly string[] = [
  'refusals, header fields, nullability, patterns, lengths, examples and prose; a diff of two sides compares them',
]

function reportOf(members: readonly SideSubject[]): LanguageReport {
  const subjects = members.map(({ subject }) => subject)
  const columns = columnsOf(subjects)
  const titles = columns.map(({ title }) => title)
  const matrix = matrixOf(
    subjects,
    subjects.map((_each, column) => renamesBefore(subjects, column)),
  )
  return {
    model: [...new Set(subjects.map(({ model }) => model))].join(', '),
    columns,
    matrix,
    notCompared,
    disagreements: [
      ...matrix.facts.flatMap((row) => factDisagreements(row, titles)),
      ...matrix.fields.flatMap((row) => fieldDisagreements(row, titles, subjects.map(originOf))),
    ],
  }
}

/** What a column's fields are called in the columns before it; of several, in the nearest. */
function renamesBefore(subjects: readonly Subject[], column: number): Renames {
  const own = subjects[column]
  const each =
    own === undefined ? [] : subjects.slice(0, column).map((before) => renamesOf(compare(before, own)))
  return {
    request: new Map(each.flatMap(({ request }) => [...request])),
    reply: new Map(each.flatMap(({ reply }) => [...reply])),
  }
}

/** Those that would be called alike are called by their labels. */
function columnsOf(subjects: readonly Subject[]): readonly LanguageColumn[] {
  const titles = subjects.map(({ language, version, label }) =>
    language === null ? label : [language, version].filter((part) => part !== null).join(' '),
  )
  return subjects.map(({ language, label }, index) => {
    const title = titles[index] ?? label
    const isAlone = titles.indexOf(title) === titles.lastIndexOf(title)
    return { title: isAlone ? title : label, language, label }
  })
}

function factDisagreements({ fact, values }: FactRow, titles: readonly string[]): readonly Disagreement[] {
  const answers = answersOf(
    titles,
    values.map((each) => (each === null ? null : each.join(', ') || 'none')),
  )
  return answers.length > 1 ? [{ area: 'endpoint', subject: fact, about: 'value', answers }] : []
}

/** What is asked of a field; `null`: nothing is said. */
const questions: ReadonlyArray<
  [about: Disagreement['about'], answer: (cell: FieldCell, origin: Origin) => string | null]
> = [
  ['wire name', ({ wireName }) => wireName],
  ['required', ({ required }) => (required === null ? null : requirementWords(required))],
  ['type', ({ type }) => (type === 'unknown' ? null : type)],
  // A schema that lists no values allows any, and a page may only not list them.
  [
    'allowed values',
    ({ allowedValues }, origin) => allowedValues?.join(', ') ?? (origin === 'page' ? null : 'any'),
  ],
  ['support', ({ notSupported }) => (notSupported ? 'not supported' : 'supported')],
]

function fieldDisagreements(
  { area, wireName, cells }: FieldRow,
  titles: readonly string[],
  origins: readonly Origin[],
): readonly Disagreement[] {
  const presence = answersOf(titles, cells.map(presenceOf))
  const asked = questions.map(([about, answer]) => {
    const answers = cells.map((cell, column) =>
      typeof cell === 'object' ? answer(cell, origins[column] ?? 'page') : null,
    )
    return { about, answers: answersOf(titles, answers) }
  })
  return [{ about: 'presence' as const, answers: presence }, ...asked]
    .filter(({ answers }) => answers.length > 1)
    .map(({ about, answers }) => ({ area, subject: wireName, about, answers }))
}

function presenceOf(cell: Cell): string | null {
  if (cell === 'unsaid') return null
  return cell === 'absent' ? 'not there' : 'there'
}

/** `required`, `optional`, or the grants that it is required for. */
export function requirementWords(required: Requirement): string {
  if (required === 'always') return 'required'
  if (required === 'never') return 'optional'
  return 'parameter' in required
    ? `required when ${required.parameter} is ${required.value}`
    : `required for ${required.grantTypes.join(', ')}`
}

function answersOf(
  titles: readonly string[],
  answers: ReadonlyArray<string | null>,
): Disagreement['answers'] {
  const said = titles.flatMap((title, index) => {
    const answer = answers[index] ?? null
    return answer === null ? [] : [{ title, answer }]
  })
  return [...Map.groupBy(said, ({ answer }) => answer)].map(([answer, those]) => ({
    answer,
    columns: those.map(({ title }) => title),
  }))
}
