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

/** What is asked of the flags before anything is verified: a report that cannot be written should cost no run. */
export function requireWritableReports(input: Arguments): void {
  const files = [...formats.map(([flag]) => flag), 'lock-file'].flatMap((flag) => input.one(flag) ?? [])
  const twice = files.find((file, index) => file !== 'true' && files.indexOf(file) !== index)
  if (twice !== undefined)
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected a file for each report, received one file twice',
    )
  for (const [flag, { goes }] of formats) {
    const file = goes === 'file' ? input.one(flag) : undefined
    if (file !== undefined) requireWritable(flag, file)
  }
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

/** Nothing is made: a run that fails leaves no empty report. @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function requireWritable(flag: string, file: string): void {
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
