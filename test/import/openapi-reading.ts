// What an OpenAPI document says, in the form that tests compare: provenance apart, and what is not said left out.
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImportedDocument } from '../../src/import/imported.ts'
import { type OpenApiOptions, readOpenApi } from '../../src/import/openapi.ts'
import { TokenwrightError } from '../../src/service/error.ts'

/** A path under test/import/openapi/, as a person in the repository's root would name it. */
export function sample(name: string): string {
  return relative(process.cwd(), fileURLToPath(new URL(`openapi/${name}`, import.meta.url)))
}

/** Reads a file. */
export function readSample(file: string, options?: OpenApiOptions): Promise<readonly ImportedDocument[]> {
  return readOpenApi({ file, text: readFileSync(file, 'utf8') }, options)
}

/** The message with which a text is refused, or what was read instead. */
export async function refusalOf(text: string, options?: OpenApiOptions, file = 'api.yaml'): Promise<unknown> {
  try {
    return await readOpenApi({ file, text }, options)
  } catch (error) {
    return error instanceof TokenwrightError && error.code === 'ERR_DOCUMENT_INVALID' ? error.message : error
  }
}

const unsaid = new Set(['confidence', 'file', 'format', 'language', 'wireName', 'provenance', 'version'])

/** A value without provenance, and without members that are `null`, `false` or empty. */
export function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told)
  if (typeof value !== 'object' || value === null) return value
  if ('value' in value && 'provenance' in value) return told(value.value)
  const members = Object.entries(value)
    .filter(([name]) => !unsaid.has(name))
    .map(([name, member]) => [name, told(member)] as const)
    .filter(([name, member]) => (name === 'required' && member !== null) || !isNothing(member))
  return Object.fromEntries(members)
}

function isNothing(value: unknown): boolean {
  if (value === null || value === false) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
