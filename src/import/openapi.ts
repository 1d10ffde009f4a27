// An OpenAPI 3.0 or 3.1 document to what it says of its token endpoint.
import { isJsonObject } from '../oauth/json.ts'
import { TokenwrightError } from '../service/error.ts'
import type { ImportedDocument, SourceFile } from './imported.ts'
import { openFile, readWithFiles } from './openapi-files.ts'
import { documentOfFlow } from './openapi-flows.ts'
import { documentsOf } from './openapi-messages.ts'
import {
  flowsOf,
  listed,
  namedOperation,
  type Operation,
  operationsByName,
  operationsOf,
  operationsOfFlow,
} from './openapi-operations.ts'
import {
  childOf,
  type OpenApiFile,
  type Place,
  quoted,
  refuse,
  requireObject,
  topOf,
} from './openapi-place.ts'
import { withContradictions } from './openapi-prose.ts'

/** What to read of a document, and what may be asked for it. */
export interface OpenApiOptions {
  /** `operationId`, `POST /path` or `/path`. Default: every token operation that is found. */
  readonly operation?: string | undefined
  /** Whether `$ref`s to other hosts are fetched. Default: no. */
  readonly fetch?: boolean | undefined
}

/** Whether a text is an OpenAPI document, of any version, by its top level; it may still be broken. */
export function isOpenApi(text: string): boolean {
  const start = text.replace(/^\uFEFF/, '').trimStart()
  if (start.startsWith('{')) return /["'{,\s](openapi|swagger)["']?\s*:/.test(start)
  // Of a page with front matter, what follows is no YAML.
  const [first = '', second] = start.replace(/^(?:[#%][^\n]*\n|\s)*---\s*?\n/, '').split(/^---\s*$/m)
  if (second !== undefined && start.startsWith('---') && !isYamlMap(second)) return false
  return isYamlMap(first) && /^(["']?)(openapi|swagger)\1[ \t]*:/m.test(first.split(/^```/m, 1)[0] ?? '')
}

/** Whether the first line that says something is a key with its colon. */
function isYamlMap(text: string): boolean {
  const line = text.split('\n').find((candidate) => /\S/.test(candidate) && !/^\s*[#%]/.test(candidate))
  return line !== undefined && /^(["']?)[\w$.-]+\1[ \t]*:(\s|$)/.test(line)
}

/**
 * Reads the token operations of a document: for each its requests, replies and refusals.
 * @throws `ERR_DOCUMENT_INVALID`
 */
export async function readOpenApi(
  source: SourceFile,
  options: OpenApiOptions = {},
): Promise<readonly ImportedDocument[]> {
  const entry = openFile(source, options.fetch ?? false)
  requireOpenApi(entry)
  const documents = await readWithFiles(entry, () => documentsIn(topOf(entry), options.operation))
  return documents.map(withContradictions)
}

function documentsIn(document: Place, named: string | undefined): readonly ImportedDocument[] {
  const failures: TokenwrightError[] = []
  const operations = operationsOf(document, failures)
  if (named !== undefined) return documentsOf(namedOperation(document, operations, named, failures))
  const flows = flowsOf(document)
  const ofFlows = distinct(flows.flatMap((flow) => operationsOfFlow(operations, flow)))
  const found = ofFlows.length > 0 ? ofFlows : operationsByName(operations, failures)
  if (found.length > 0) return found.flatMap(documentsOf)
  if (flows.length > 0) return flows.map((flow) => documentOfFlow(document, flow))
  requirePaths(document)
  // What could not be read may be what is looked for.
  const [failure] = failures
  if (failure !== undefined) throw failure
  throw new TokenwrightError(
    'ERR_DOCUMENT_INVALID',
    `${document.file.name}:1: expected an operation that a token is asked for: one that is the token URL of an oauth2 flow, ` +
      `or a POST whose path ends in "token" and whose body has grant_type; name it with --operation; ${listed(operations)}`,
  )
}

function distinct(operations: readonly Operation[]): readonly Operation[] {
  const seen = new Map(operations.map((operation) => [`${operation.method} ${operation.path}`, operation]))
  return [...seen.values()]
}

function requirePaths(document: Place): void {
  const paths = childOf(document, 'paths')
  if (paths === null) refuse(document, 'expected `paths`, of which the document has none')
  requireObject(paths, '`paths`')
}

/** Refuses what is no OpenAPI 3.0 or 3.1. */
function requireOpenApi(entry: OpenApiFile): void {
  const top = topOf(entry)
  if (!isJsonObject(top.value))
    refuse(top, 'expected an OpenAPI document, whose top has `openapi: 3.0.…` or `openapi: 3.1.…`')
  const swagger = childOf(top, 'swagger')
  if (swagger !== null)
    refuse(
      swagger,
      `expected OpenAPI 3.0 or 3.1, received Swagger ${shownVersion(swagger.value)}; ` +
        'convert it first, for example with `npx swagger2openapi FILE --outfile openapi.yaml`',
    )
  const version = childOf(top, 'openapi')
  entry.files.version = versionOf(top, version)
}

function versionOf(top: Place, version: Place | null): '3.0' | '3.1' {
  if (version === null) return refuse(top, 'expected `openapi: 3.0.…` or `openapi: 3.1.…` at the top')
  const shown = shownVersion(version.value)
  const [, known] = /^(3\.[01])(?:\.|-|$)/.exec(shown) ?? []
  if (known === undefined) return refuse(version, `expected OpenAPI 3.0 or 3.1, received ${quoted(shown)}`)
  return known === '3.1' ? '3.1' : '3.0'
}

/** YAML reads `3.0` as a number. */
function shownVersion(value: unknown): string {
  return typeof value === 'number' ? value.toFixed(1) : String(value)
}
