// A service of one's own by the path of its folder or file: found, read, and checked, with errors that name the file.
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { requireSoundService } from '../schema/sound-service.ts'
import { TokenwrightError } from '../service/error.ts'
import type { Service } from '../service/service.ts'
import { services as builtIn } from '../services/services.ts'
import { explainUnread, type OnRead, readOwnFile } from './own-file.ts'

/** What a service's folder holds, the first that is there. */
const fileNames = ['service.ts', 'service.js', 'service.json']

/** Whether the name of a service is a path, which no id is. */
export function isPath(name: string): boolean {
  return name.startsWith('.') || name.startsWith('/')
}

/**
 * The service of a folder or a file.
 *
 * @throws {TokenwrightError} `ERR_SERVICE_INVALID`
 */
export async function loadOwnService(name: string, directory: string, onRead: OnRead): Promise<Service> {
  const file = findFile(name, directory, onRead)
  const path = resolve(directory, file)
  const exported = await readOwnFile(path, onRead).catch((cause: unknown) => {
    throw invalid(`cannot read ${file}: ${explainUnread(path, cause)}`, cause)
  })
  return requireSound(file, path.endsWith('.json') ? exported.default : serviceIn(file, exported))
}

/**
 * The service, when it is sound or built in.
 *
 * @throws {TokenwrightError} `ERR_SERVICE_INVALID`, with the file that it stands in
 */
export function requireSound(file: string, service: unknown): Service {
  const known = builtIn.find((each) => each === service)
  if (known !== undefined) return known
  try {
    return requireSoundService(service as Service)
  } catch (cause) {
    throw invalid(`${file}: ${(cause as Error).message}`, cause)
  }
}

/** The path of the service's file, relative to `directory` as `name` is. */
function findFile(name: string, directory: string, onRead: OnRead): string {
  const found = statSync(resolve(directory, name), { throwIfNoEntry: false })
  if (found === undefined) {
    onRead(resolve(directory, name))
    throw invalid(`expected a folder or a file at ${name}, found none in ${directory}`)
  }
  if (!found.isDirectory()) return name
  for (const fileName of fileNames) {
    const path = resolve(directory, name, fileName)
    onRead(path)
    if (existsSync(path)) return `${name.replace(/\/+$/, '')}/${fileName}`
  }
  throw invalid(`expected ${fileNames.join(', ')} in the folder ${name}, found none of them`)
}

/** The default export, or the only one that looks like a service. */
function serviceIn(file: string, exported: Readonly<Record<string, unknown>>): unknown {
  if (looksLikeService(exported.default)) return exported.default
  const candidates = [...new Set(Object.values(exported).filter(looksLikeService))]
  if (candidates.length === 1) return candidates[0]
  const received = candidates.length === 0 ? 'none' : `${candidates.length} under other names`
  throw invalid(`${file}: expected a service as the default export or as the only one, received ${received}`)
}

function looksLikeService(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'variants' in value
}

function invalid(message: string, cause?: unknown): TokenwrightError {
  return new TokenwrightError('ERR_SERVICE_INVALID', message, { cause })
}
