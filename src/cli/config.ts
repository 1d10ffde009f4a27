// The configuration file: found, read, its environment variables filled in, and checked before anything is started.
import { existsSync, readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { configSchema } from '../schema/config.ts'
import { validatorOf } from '../schema/validator.ts'
import type { Config } from '../service/config.ts'
import { TokenwrightError } from '../service/error.ts'

const fileNames = ['tokenwright.config.ts', 'tokenwright.config.js', 'tokenwright.config.json']

/**
 * The configuration of a file, or of the one in `directory` when none is named; empty when there is none.
 *
 * @throws {TokenwrightError} `ERR_CONFIG_INVALID`
 */
export async function loadConfig(
  file: string | undefined,
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Config> {
  const found = file ?? fileNames.find((name) => existsSync(resolve(directory, name)))
  if (found === undefined) return {}
  const value = fillIn(await readConfig(resolve(directory, found), found), found, environment)
  requireConfig(found, value)
  return value
}

async function readConfig(path: string, name: string): Promise<unknown> {
  try {
    if (extname(path) === '.json') return parseJson(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
    return ((await import(pathToFileURL(path).href)) as { default: unknown }).default
  } catch (cause) {
    throw new TokenwrightError('ERR_CONFIG_INVALID', `cannot read ${name}: ${(cause as Error).message}`, {
      cause,
    })
  }
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
