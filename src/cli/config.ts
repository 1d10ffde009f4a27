// The configuration: the file found, its environment variables filled in, checked, and its services loaded, before
// anything is started.
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { configSchema } from '../schema/config.ts'
import { validatorOf } from '../schema/validator.ts'
import type { Config } from '../service/config.ts'
import { TokenwrightError } from '../service/error.ts'
import { selectServices } from '../service/lookup.ts'
import type { Service } from '../service/service.ts'
import { explainUnread, type OnRead, readOwnFile } from './own-file.ts'
import { isPath, loadOwnService, requireSound } from './own-service.ts'

const fileNames = ['ts', 'mts', 'js', 'mjs', 'json'].map((extension) => `tokenwright.config.${extension}`)

/** Where a configuration comes from. */
export interface ConfigSources {
  /** Default: the first of the usual names that is in `directory`. */
  readonly file?: string | undefined
  /** What `file`, and the paths among `services`, are relative to. */
  readonly directory: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Services that stand above those of the file: ids, also of the file's own services, and paths. */
  readonly services?: readonly string[]
  /** The keys of the file that are looked at. Default: all. */
  readonly keys?: ReadonlyArray<keyof Config>
  readonly onRead?: OnRead
}

/**
 * The configuration of a file, or of the one in `directory` when none is named; empty when there is none. Paths of
 * services have become the services.
 *
 * @throws {TokenwrightError} `ERR_CONFIG_INVALID`, `ERR_SERVICE_INVALID`
 */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  const { directory, services: named = [], onRead = () => {} } = sources
  const file = sources.file ?? findFile(directory, onRead)
  const path = resolve(directory, file ?? '')
  const config = file === undefined ? {} : await readConfig(file, path, sources, onRead)
  const ofFile = config.services && (await loadServices(config.services, file ?? '', dirname(path), onRead))
  if (named.length === 0) return ofFile === undefined ? config : { ...config, services: ofFile }
  const own = (ofFile ?? []).filter((service) => typeof service !== 'string')
  return { ...config, services: selectOwn(own, await loadServices(named, '', directory, onRead)) }
}

function findFile(directory: string, onRead: OnRead): string | undefined {
  return fileNames.find((name) => {
    onRead(resolve(directory, name))
    return existsSync(resolve(directory, name))
  })
}

async function readConfig(
  file: string,
  path: string,
  { environment, keys }: ConfigSources,
  onRead: OnRead,
): Promise<Config> {
  const exported = await readOwnFile(path, onRead).catch((cause: unknown) => {
    const message = `cannot read ${file}: ${explainUnread(path, cause)}`
    throw new TokenwrightError('ERR_CONFIG_INVALID', message, { cause })
  })
  const whole = await exported.default
  requireExport(file, exported, whole)
  const value = fillIn(keys === undefined ? whole : pick(whole, keys), file, environment)
  requireConfig(file, value)
  return value
}

/** A module without an export would be an empty configuration, and serve everything. */
function requireExport(file: string, exported: Readonly<Record<string, unknown>>, value: unknown): void {
  const isNothing = value === undefined || ('module.exports' in exported && isEmptyObject(value))
  if (!isNothing) return
  throw new TokenwrightError(
    'ERR_CONFIG_INVALID',
    `${file}: expected a configuration as its default export, received none; next: export default defineConfig({ … })`,
  )
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function pick(value: unknown, keys: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)))
}

/** The ids as they are, and the services of the paths, one after the other. */
async function loadServices(
  given: ReadonlyArray<string | Service>,
  file: string,
  directory: string,
  onRead: OnRead,
): Promise<ReadonlyArray<string | Service>> {
  const loaded: Array<string | Service> = []
  for (const entry of given) {
    if (typeof entry !== 'string') loaded.push(requireSound(file, entry))
    else loaded.push(isPath(entry) ? await loadOwnService(entry, directory, onRead) : entry)
  }
  return loaded
}

/** The ids of own services and of their variants replaced by the services. */
function selectOwn(
  own: readonly Service[],
  named: ReadonlyArray<string | Service>,
): ReadonlyArray<string | Service> {
  const ids = new Set(own.flatMap(({ id, variants }) => [id, ...variants.map((variant) => variant.id)]))
  const ofOwn = named.filter((name) => typeof name === 'string').filter((name) => ids.has(name))
  const others = named.filter((name) => typeof name !== 'string' || !ids.has(name))
  return [...others, ...selectServices(own, ofOwn)]
}

/** Replaces `${NAME}` in every string outside a service of one's own. */
function fillIn(
  value: unknown,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_match, name: string) => {
      const filled = environment[name]
      if (filled !== undefined && filled !== '') return filled
      throw new TokenwrightError(
        'ERR_CONFIG_INVALID',
        `${file}: expected the environment variable ${name} to be set`,
      )
    })
  }
  if (Array.isArray(value)) return value.map((item) => fillIn(item, file, environment))
  if (typeof value !== 'object' || value === null || 'variants' in value) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fillIn(item, file, environment)]),
  )
}

function requireConfig(file: string, value: unknown): asserts value is Config {
  const [violation] = validatorOf(configSchema)(value)
  if (violation === undefined) return
  const { pointer, keyword, expected, received } = violation
  const problem =
    keyword === 'additionalProperties'
      ? `unknown key ${pointer}; known keys: ${keysAt(configSchema, pointer).join(', ')}`
      : `expected ${expected} at ${pointer || '/'}, received ${received}`
  throw new TokenwrightError('ERR_CONFIG_INVALID', `${file}: ${problem}`)
}

/** The keys that a schema knows at the parent of a pointer. */
function keysAt(schema: object, pointer: string): readonly string[] {
  let at = schema as { properties?: Record<string, object>; items?: object }
  for (const token of pointer.split('/').slice(1, -1))
    at = /^\d+$/.test(token) ? (at.items ?? {}) : (at.properties?.[token] ?? {})
  return Object.keys(at.properties ?? {})
}
