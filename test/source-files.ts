// The project's own source files, as the tests about its structure read them.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

export interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly path: string
  readonly text: string
  /** What it imports: relative files resolved against the repository, packages as they are named. */
  readonly imports: readonly string[]
  /** The same for imports of types alone, which are gone when the file runs. */
  readonly typeImports: readonly string[]
}

/** Every `.ts` file below a folder of the repository. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const text = readFileSync(file, 'utf8')
      const importsOf = (isType: boolean) =>
        importStatements(text)
          .filter((statement) => statement.isType === isType)
          .map(({ target }) =>
            target.startsWith('.') ? posix(relative(root, join(entry.parentPath, target))) : target,
          )
      return {
        path: posix(relative(root, file)),
        text,
        imports: importsOf(false),
        typeImports: importsOf(true),
      }
    })
    .sort((one, other) => one.path.localeCompare(other.path))
}

function importStatements(text: string): ReadonlyArray<{ isType: boolean; target: string }> {
  const statements = [...text.matchAll(/^(?:import|export)( type)?\s[^'"]*?from '([^']+)'/gm)]
  const calls = [...text.matchAll(/(typeof )?import\('([^']+)'\)/g)]
  return [...statements, ...calls].map(([, type, target = '']) => ({ isType: type !== undefined, target }))
}

function posix(path: string): string {
  return path.split(sep).join('/')
}
