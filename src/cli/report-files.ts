// The reports of a verification, each where its flag says: on stdout, or in a file.
import { accessSync, appendFileSync, constants, existsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type ReportFormat, reportFormats } from '../report/formats.ts'
import { formatTerminal, hasColor } from '../report/terminal.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Verification } from '../verify/verification.ts'
import type { Arguments, Flag } from './flags.ts'

const formats: ReadonlyArray<readonly [flag: string, format: ReportFormat]> = Object.entries(reportFormats)

/** A flag for each format. */
export const reportFlags: Readonly<Record<string, Flag>> = Object.fromEntries(
  formats.map(([flag, { goes, sentence }]) => [
    flag,
    { ...(goes === 'file' && { value: 'FILE' }), sentence },
  ]),
)

/** A file that something will be written to, and the flag that says so. */
export interface NamedFile {
  readonly flag: string
  readonly file: string
}

/** The files that some flags name. */
export function filesAt(input: Arguments, flags: readonly string[]): readonly NamedFile[] {
  return flags.flatMap((flag) => {
    const file = input.one(flag)
    return file === undefined ? [] : [{ flag, file }]
  })
}

/** A report that cannot be written should cost no run. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function requireWritableFiles(files: readonly NamedFile[]): void {
  requireFilesApart(files)
  for (const { flag, file } of files) requireWritable(flag, file)
}

function requireFilesApart(files: readonly NamedFile[]): void {
  const groups = [...Map.groupBy(files, ({ file }) => resolve(file)).values()]
  const same = groups.find(({ length }) => length > 1)
  if (same !== undefined)
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected a file for each report, received one file for ${same.map(({ flag }) => `--${flag}`).join(' and ')}`,
    )
}

/** Writes each report in a file of its own that a flag names. */
export function writeEach<Found>(
  input: Arguments,
  formats: Readonly<Record<string, { readonly format: (found: Found) => string }>>,
  found: Found,
): void {
  for (const { flag, file } of filesAt(input, Object.keys(formats)))
    writeReport(flag, file, formats[flag]?.format(found) ?? '', process.env)
}

/** What is asked of the flags before anything is verified. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function requireWritableReports(input: Arguments): void {
  const reports = filesAt(
    input,
    formats.flatMap(([flag, { goes }]) => (goes === 'file' ? [flag] : [])),
  )
  requireWritableFiles(reports)
  requireFilesApart([...reports, ...filesAt(input, ['lock-file'])])
}

/** Prints the report, and writes the files that were asked for; the summary of a job is added to. */
export function writeReports(
  input: Arguments,
  verification: Verification,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const inPlace = formats.find(([flag, { goes }]) => goes === 'in_place' && input.has(flag))?.[1]
  const text =
    inPlace?.format(verification) ??
    formatTerminal(verification, { hasColor: hasColor(process.stdout, environment) })
  process.stdout.write(`${text}\n`)
  for (const [flag, { goes, format }] of formats) {
    const file = goes === 'file' ? input.one(flag) : undefined
    if (file !== undefined) writeReport(flag, file, format(verification), environment)
    const beside = goes === 'beside' && input.has(flag) ? format(verification) : ''
    if (beside !== '') process.stdout.write(`${beside}\n`)
  }
}

/** Nothing is made: a run that fails leaves no empty report. */
function requireWritable(flag: string, file: string): void {
  write(flag, () => {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK)
    if (existsSync(file) && statSync(file).isDirectory()) throw new Error('it is a folder')
  })
}

/** Writes a report in place of what was there; the summary of a job is added to. */
export function writeReport(
  flag: string,
  file: string,
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const summary = environment.GITHUB_STEP_SUMMARY
  const isSummary = summary !== undefined && resolve(file) === resolve(summary)
  write(flag, () => (isSummary ? appendFileSync : writeFileSync)(file, text))
}

function write(flag: string, writing: () => void): void {
  try {
    writing()
  } catch (cause) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected --${flag} to be a file that can be written: ${(cause as Error).message}`,
      { cause },
    )
  }
}
