// What every report of a probe says, whatever its format: the grid of the matrix, scores, findings, reasons, changes. A service
// chooses some of its words, so each text is made visible here.
import type { ProbeChange } from '../probe/lock.ts'
import { documentOf, type JudgedRule, type MatrixCell, type Probe, type Verdict } from '../probe/probed.ts'
import type { Level } from '../probe/rule.ts'
import { visible } from './shown.ts'

/** A probe with what is otherwise than at the last one. */
export interface ReportedProbe extends Probe {
  /** Absent where there was nothing to compare with. */
  readonly changes?: readonly ProbeChange[]
}

/** How much a finding counts: only a MUST that is broken is wrong for sure, and what was just observed is no fault. */
export type Weight = 'broken' | 'warning' | 'note'

const weights: Readonly<Record<Level, Weight>> = {
  MUST: 'broken',
  SHOULD: 'warning',
  MAY: 'note',
  observed: 'note',
}

/** The classes of the style, by which weights have their colours. */
export const weightClasses: Readonly<Record<Weight, string>> = {
  broken: 'broken',
  warning: 'pending',
  note: 'skipped',
}

/** How much it counts that this rule is broken. */
export function weightOf({ level }: Pick<JudgedRule, 'level'>): Weight {
  return weights[level]
}

/** What a broken rule is called: of what no document demands, services merely differ. */
export function brokenWord({ level }: Pick<JudgedRule, 'level'>): string {
  return weights[level] === 'note' ? 'differs' : 'broken'
}

/** Longest request that is shown whole: it is of no use in part. */
const longestRequest = 10_000

/** A request on as many lines as it has, each of them visible; what is only there to be long is counted. */
function shownLines(text: string): string {
  return text
    .replace(/(.)\1{99,}/g, (run, one) => `${one.repeat(8)}…(${run.length} times ${one})`)
    .split('\n')
    .map((line) => visible(line, longestRequest))
    .join('\n')
}

/** A probe whose every text is visible. */
export function shownProbe(probe: ReportedProbe): ReportedProbe {
  const { url, ended, undetermined, rules, matrix, changes } = probe
  return {
    ...probe,
    url: visible(url),
    ...(ended !== undefined && { ended: visible(ended) }),
    ...(undetermined !== undefined && {
      undetermined: Object.fromEntries(
        Object.entries(undetermined).map(([name, why]) => [name, visible(why)]),
      ),
    }),
    rules: rules.map(shownRule),
    matrix: matrix.map(shownCell),
    ...(changes !== undefined && {
      changes: changes.map((change) => ({
        ...change,
        what: visible(change.what),
        before: visible(change.before),
        after: visible(change.after),
      })),
    }),
  }
}

function shownRule(rule: JudgedRule): JudgedRule {
  return {
    ...rule,
    id: visible(rule.id),
    sentence: visible(rule.sentence),
    source: visible(rule.source),
    reason: visible(rule.reason),
    requests: rule.requests.map(({ request, status, error, received }) => ({
      request: shownLines(request),
      status,
      error: error === null ? null : visible(error),
      received: visible(received),
    })),
  }
}

function shownCell(cell: MatrixCell): MatrixCell {
  return {
    ...cell,
    variants: cell.variants.map((variant) => visible(variant)),
    grantType: visible(cell.grantType),
    error: cell.error === null ? null : visible(cell.error),
    reason: visible(cell.reason),
    ...(cell.request !== undefined && { request: shownLines(cell.request) }),
  }
}

// The grid

/** A column of the grid: a media type with a way of authentication. */
export interface GridColumn {
  readonly contentType: string
  readonly authentication: string
}

/** A row of the grid: the requests of one grant in one spelling, for the variants that document it so. */
export interface GridRow {
  readonly grantType: string
  readonly spelling: string
  readonly variants: readonly string[]
  /** By column; `undefined` where these very bytes belong to another row. */
  readonly cells: ReadonlyArray<MatrixCell | undefined>
}

/** The matrix as a grid, without the columns and rows in which nothing was tried. */
export interface Grid {
  readonly columns: readonly GridColumn[]
  readonly rows: readonly GridRow[]
}

const contentTypes: Readonly<Record<string, string>> = {
  'application/x-www-form-urlencoded': 'form',
  'application/json': 'JSON',
}

const authentications: Readonly<Record<string, string>> = {
  client_secret_basic: 'basic',
  client_secret_post: 'post',
  private_key_jwt: 'jwt',
}

/** `form basic` */
export function columnTitle({ contentType, authentication }: GridColumn): string {
  return `${contentTypes[contentType] ?? visible(contentType)} ${authentications[authentication] ?? visible(authentication)}`
}

/** The spelling of a row in words, and the variants in short. */
export function rowTitle({ spelling, variants }: GridRow): readonly [spelling: string, variants: string] {
  const [first = '', ...others] = variants
  return [spelling, others.length === 0 ? first : `${first} and ${others.length} more`]
}

/** `yes`, the status of a refusal, or a dash. */
export function cellMark(cell: MatrixCell | undefined): string {
  if (cell === undefined) return ''
  if (cell.outcome === 'accepted') return 'yes'
  return cell.outcome === 'refused' ? String(cell.status ?? 'no') : '–'
}

/** The grid's legend. */
export const legend =
  'yes: accepted; a number: refused with that status; –: not tried; empty: the same bytes as in another row'

/** The grid of what is left after rows and columns without a reply. */
export function gridOf(matrix: readonly MatrixCell[]): Grid {
  const tried = matrix.filter(({ outcome }) => outcome !== 'not_tried')
  const columns = [...new Map(tried.map((cell) => [columnKey(cell), cell])).values()]
    .map(({ contentType, authentication }) => ({ contentType, authentication }))
    .sort((one, other) => rankOf(one) - rankOf(other))
  const numbers = new Map(matrix.map((cell, index) => [cell, index]))
  const rows = variantRows(matrix, columns).filter(({ cells }) =>
    cells.some((cell) => cell !== undefined && cell.outcome !== 'not_tried'),
  )
  // Variants whose requests are the same everywhere share a row.
  const groups = Map.groupBy(rows, ({ cells, grantType, spelling }) =>
    JSON.stringify([
      grantType,
      spelling,
      cells.map((cell) => (cell === undefined ? null : numbers.get(cell))),
    ]),
  )
  const merged = [...groups.values()].flatMap(([first, ...others]): readonly GridRow[] =>
    first === undefined
      ? []
      : [{ ...first, variants: [first, ...others].flatMap(({ variants }) => variants) }],
  )
  return {
    columns,
    rows: merged.toSorted(
      (one, other) =>
        compareTexts(one.grantType, other.grantType) ||
        spellingRank(one.spelling) - spellingRank(other.spelling),
    ),
  }
}

/** A row for each grant of each variant in each spelling. */
function variantRows(matrix: readonly MatrixCell[], columns: readonly GridColumn[]): readonly GridRow[] {
  const rows = new Map<string, { row: Omit<GridRow, 'cells'>; cells: Map<string, MatrixCell> }>()
  for (const cell of matrix) {
    for (const variant of cell.variants) {
      const { grantType, spelling } = cell
      const key = JSON.stringify([grantType, spelling, variant])
      const found = rows.get(key) ?? {
        row: { grantType, spelling, variants: [variant] },
        cells: new Map<string, MatrixCell>(),
      }
      rows.set(key, found)
      const column = columnKey(cell)
      // The same bytes may be another variant's in its own spelling: a cell of one's own stands above it.
      if (!found.cells.has(column) || cell.variants[0] === variant) found.cells.set(column, cell)
    }
  }
  return [...rows.values()].map(({ row, cells }) => ({
    ...row,
    cells: columns.map((column) => cells.get(columnKey(column))),
  }))
}

/** The rows to look at: as documented, or accepted somewhere; and how many others there are. */
export function telling({ columns, rows }: Grid): Grid & { readonly leftOut: number } {
  const some = rows.filter(
    ({ spelling, cells }) => spelling === 'documented' || cells.some((cell) => cell?.outcome === 'accepted'),
  )
  return { columns, rows: some, leftOut: rows.length - some.length }
}

/** What is said of the rows that are left out. */
export function leftOutText(count: number): string {
  return `${count} more ${count === 1 ? 'row' : 'rows'}, of other spellings, without one that is accepted`
}

const spellingOrder = ['documented', 'snake_case', 'camelCase', 'PascalCase']
const spellingRank = (spelling: string) => spellingOrder.indexOf(spelling)

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

const columnKey = ({ contentType, authentication }: GridColumn) => `${contentType} ${authentication}`

const authenticationOrder = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'both', 'none']

function rankOf({ contentType, authentication }: GridColumn): number {
  return Object.keys(contentTypes).indexOf(contentType) * 10 + authenticationOrder.indexOf(authentication)
}

/** `400 invalid_request: …` of a refusal. */
export function refusalOf({ status, error, reason }: MatrixCell): string {
  const words = [status === null ? '' : String(status), error ?? ''].filter((word) => word !== '').join(' ')
  return reason === '' || reason === error ? words : `${words}: ${reason}`
}

/** How often, and what. */
export interface Counted {
  readonly count: number
  readonly text: string
}

/** Equal texts counted, the most frequent first. */
function counted(texts: readonly string[]): readonly Counted[] {
  return [...Map.groupBy(texts, (text) => text)]
    .map(([text, { length }]) => ({ count: length, text }))
    .sort((one, other) => other.count - one.count)
}

/** Why requests of the matrix were refused. */
export function refusalsOf(matrix: readonly MatrixCell[]): readonly Counted[] {
  return counted(matrix.filter(({ outcome }) => outcome === 'refused').map(refusalOf))
}

/** Why requests of the matrix were not tried. */
export function untriedOf(matrix: readonly MatrixCell[]): readonly Counted[] {
  return counted(matrix.filter(({ outcome }) => outcome === 'not_tried').map(({ reason }) => reason))
}

// The rules

const levels: readonly Level[] = ['MUST', 'SHOULD', 'MAY', 'observed']

/** What is broken, what counts most last or first. */
export function findingsOf({ rules }: Probe, order: 'worst_first' | 'worst_last'): readonly JudgedRule[] {
  const sign = order === 'worst_first' ? 1 : -1
  return rules
    .filter(({ verdict }) => verdict === 'broken')
    .toSorted((one, other) => sign * (levels.indexOf(one.level) - levels.indexOf(other.level)))
}

/** Rules of one verdict by the reason that they share. */
export interface Unjudged {
  readonly reason: string
  readonly rules: readonly JudgedRule[]
}

/** Rules that have no verdict but a reason. */
export function unjudgedOf({ rules }: Probe, verdict: Verdict): readonly Unjudged[] {
  const groups = Map.groupBy(
    rules.filter((rule) => rule.verdict === verdict),
    ({ reason }) => reason,
  )
  return [...groups]
    .map(([reason, some]) => ({ reason, rules: some }))
    .sort((one, other) => other.rules.length - one.rules.length)
}

/** The scores of one document. */
export interface ScoreRow {
  readonly of: string
  /** By level, `kept/judged`; a dash where none could be judged, empty where there is no such rule. */
  readonly scores: readonly string[]
}

/** The headings of {@link scoreRowsOf}. */
export const scoreHeadings: readonly string[] = ['', ...levels]

/** A row of scores for each document, all of them together last. */
export function scoreRowsOf({ scores }: Probe): readonly ScoreRow[] {
  const documents = [...new Set(scores.map(({ of }) => of))]
  return [...documents.filter((of) => of !== 'all'), ...documents.filter((of) => of === 'all')].map((of) => ({
    of,
    scores: levels.map((level) => {
      const score = scores.find((each) => each.of === of && each.level === level)
      if (score === undefined) return ''
      return score.judged === 0 ? '–' : `${score.kept}/${score.judged}`
    }),
  }))
}

/** How many MUST are kept of those that were judged. */
export function mustOf({ scores }: Probe): { readonly kept: number; readonly judged: number } {
  const score = scores.find(({ of, level }) => of === 'all' && level === 'MUST')
  return { kept: score?.kept ?? 0, judged: score?.judged ?? 0 }
}

/** `97 %`; never 100 where one is broken. */
export function percentOf({ kept, judged }: { readonly kept: number; readonly judged: number }): string {
  return judged === 0 ? 'none judged' : `${Math.floor((100 * kept) / judged)} %`
}

/** The rules of each document, in their order. */
export function rulesByDocument({ rules }: Probe): ReadonlyMap<string, readonly JudgedRule[]> {
  return Map.groupBy(rules, documentOf)
}

/** `every MUST that was judged is kept` or how many are broken. */
export function headlineOf(probe: Probe): string {
  const { kept, judged } = mustOf(probe)
  if (judged === 0) return 'no MUST could be judged'
  if (kept === judged) return 'every MUST that could be judged is kept'
  return `${judged - kept} MUST ${judged - kept === 1 ? 'is' : 'are'} broken`
}

/** `MUST 58/60 kept (96 %), 12 of 126 forms accepted, 312 requests sent` */
export function sumOf(probe: Probe): string {
  const { matrix, sent } = probe
  const must = mustOf(probe)
  const accepted = matrix.filter(({ outcome }) => outcome === 'accepted').length
  const tried = matrix.filter(({ outcome }) => outcome !== 'not_tried').length
  return [
    `MUST ${must.kept}/${must.judged} kept (${percentOf(must)})`,
    ...(matrix.length === 0 ? [] : [`${accepted} of ${tried} documented forms accepted`]),
    `${sent} ${sent === 1 ? 'request' : 'requests'} sent`,
  ].join(', ')
}

/** What the service offers, and what it does not, or what could not be seen. */
export function capabilitiesOf({ capabilities, undetermined = {} }: Probe): {
  readonly offered: readonly string[]
  readonly missing: readonly string[]
  /** What could not be found out. */
  readonly unknown: readonly string[]
} {
  const names = Object.entries(capabilities).filter(([name]) => !Object.hasOwn(undetermined, name))
  const of = (isOffered: boolean) => names.filter(([, value]) => value === isOffered).map(([name]) => name)
  return { offered: of(true), missing: of(false), unknown: Object.keys(undetermined) }
}

/** What changed since the last probe, in one line. */
export function changeText({ what, before, after }: ProbeChange): string {
  return `${what}: ${before} → ${after}`
}

/** How many changes there are. */
export function changesHeadline(changes: readonly ProbeChange[]): string {
  if (changes.length === 0) return 'nothing has changed since the last probe'
  const worse = changes.filter(({ isWorse }) => isWorse).length
  const words = changes.length === 1 ? '1 change' : `${changes.length} changes`
  return `${words} since the last probe, ${worse} for the worse`
}
