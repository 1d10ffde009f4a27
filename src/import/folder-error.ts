// What the machine says of a folder, as an error that names the folder and the next step.
import { TokenwrightError } from '../service/error.ts'

/** The error to throw for one that was caught: its own kind stays, and one of the file system is told. */
export function folderErrorOf(folder: string, cause: unknown): unknown {
  const { code, path } = cause as NodeJS.ErrnoException
  if (cause instanceof TokenwrightError || code === undefined) return cause
  const where = path === undefined ? '' : ` at ${path}`
  return new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected ${folder} to be a folder that can be read and written, received ${code}${where}; next: name another with --out`,
    { cause },
  )
}
