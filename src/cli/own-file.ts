// A file of one's own, read as it stands: JSON, or a module that Node.js imports without a build step.
import { readFileSync } from 'node:fs'
import module, { type ResolveHookSync } from 'node:module'
import { dirname, extname, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Is told the path of every file before it is read or found missing. */
export type OnRead = (path: string) => void

/**
 * What a file exports, by name; what a JSON file holds is its default. Throws what reading it throws.
 */
export async function readOwnFile(path: string, onRead: OnRead): Promise<Readonly<Record<string, unknown>>> {
  onRead(path)
  if (extname(path) === '.json')
    return { default: parseJson(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')) }
  const hooks = module.registerHooks({ resolve: resolverFor(onRead) })
  try {
    return await import(pathToFileURL(path).href)
  } finally {
    hooks.deregister()
  }
}

/** Why a file could not be read, and the module that it imports where that is to blame. */
export function explainUnread(path: string, cause: unknown): string {
  const { stack = '' } = (cause ?? {}) as Partial<Error>
  const message = messageOf(cause)
  // Node.js puts the place above a syntax error of TypeScript, then a line of the file, which may hold a secret.
  const [, file = path, line] = /^(\/.+):(\d+)\n/.exec(stack) ?? []
  return file === path ? message : `${message}, in ${relative(dirname(path), file)}:${line}`
}

/** Node.js quotes the place of an error, which may hold a secret that was written without its quotation marks. */
function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'it throws what is no error'
  const { name, message } = cause
  if (/import statement outside a module|Unexpected token 'export'/.test(message))
    return 'it is taken for CommonJS; next: put "type": "module" into package.json, or call the file .mts or .mjs'
  if (name === 'SyntaxError')
    return message.includes('JSON') ? 'a JSON file of it is malformed' : 'its syntax is broken'
  return name === 'ReferenceError' ? 'it uses a name that is not defined' : message
}

/** `JSON.parse` without its message, which quotes the text around the error and with it a secret. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const [place = ''] = / \(line \d+ column \d+\)/.exec((error as Error).message) ?? []
    throw new Error(`it is not JSON${place}`)
  }
}

/** Resolves as Node.js does, and `tokenwright` to this very package where none is installed beside the file. */
function resolverFor(onRead: OnRead): ResolveHookSync {
  return (specifier, context, nextResolve) => {
    try {
      const found = nextResolve(specifier, context)
      if (found.url.startsWith('file:')) onRead(fileURLToPath(found.url))
      return found
    } catch (error) {
      if (/^tokenwright(\/|$)/.test(specifier))
        return nextResolve(specifier, { ...context, parentURL: import.meta.url })
      if (specifier.startsWith('.')) onRead(fileURLToPath(new URL(specifier, context.parentURL)))
      throw error
    }
  }
}
