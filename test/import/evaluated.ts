// Written TypeScript, evaluated: Node.js strips the types, and each file is run with what it imports.
import { stripTypeScriptTypes } from 'node:module'
import { runInNewContext } from 'node:vm'
import type { SourceText } from '../../src/import/source-text.ts'

/** The service that a folder's files define. */
export function evaluate(files: readonly SourceText[]): unknown {
  const variants = Object.assign({}, ...files.slice(1).map((file) => exportsOf(file, {})))
  const [service] = Object.values(exportsOf(files[0] as SourceText, variants))
  return JSON.parse(JSON.stringify(service))
}

/** Only the lines of imports and the word `export` are taken away: what else stands there, runs. */
function exportsOf({ text }: SourceText, names: Record<string, unknown>): Record<string, unknown> {
  const plain = stripTypeScriptTypes(text)
    .replace(/^import \{ \w+ \} from ('[^'\n]*'|"[^"\n]*")$/gm, '')
    .replace(/^export const (\w+) = /m, 'exported.$1 = ')
  const exported: Record<string, unknown> = {}
  const define = (value: unknown) => value
  runInNewContext(`'use strict';${plain}`, {
    ...names,
    exported,
    defineService: define,
    defineVariant: define,
  })
  return exported
}
