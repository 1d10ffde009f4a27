// The services that fixtures, contracts and verification can be asked for: one's own, and the built-in ones.
import { findService } from '../service/lookup.ts'
import type { Service } from '../service/service.ts'
import { services } from '../services/services.ts'
import { loadConfig } from './config.ts'
import type { Arguments, Flag } from './flags.ts'
import { isPath, loadOwnService } from './own-service.ts'

/** The flag of every verb that knows the services of a configuration. */
export const configFlag: Flag = {
  value: 'FILE',
  sentence: 'Configuration whose services are known, too. Default: as for the mock.',
}

/** Services by their names. */
export interface KnownServices {
  /** Those that the configuration names; all built-in ones where it names none. */
  readonly byDefault: readonly Service[]
  /** One's own, then the built-in ones whose id is not taken. */
  readonly all: readonly Service[]
}

const builtIn: readonly Service[] = services

/** @throws {TokenwrightError} `ERR_CONFIG_INVALID`, `ERR_SERVICE_INVALID`, `ERR_SERVICE_UNKNOWN` */
export async function knownServices(input: Arguments): Promise<KnownServices> {
  const { services: named } = await loadConfig({
    file: input.one('config'),
    directory: process.cwd(),
    environment: process.env,
    keys: ['services'],
  })
  const own = (named ?? []).filter((service) => typeof service !== 'string')
  const taken = new Set(own.map(({ id }) => id))
  return {
    byDefault:
      named?.map((each) => (typeof each === 'string' ? findService(builtIn, each) : each)) ?? builtIn,
    all: [...own, ...builtIn.filter(({ id }) => !taken.has(id))],
  }
}

/** The service of an id, its variant alone for that of a variant, or the service of a path. */
export async function findNamed({ all }: KnownServices, name: string): Promise<Service> {
  return isPath(name) ? await loadOwnService(name, process.cwd(), () => {}) : findService(all, name)
}

/** Whether the package holds the contracts of the service: one of one's own may consist of built-in variants. */
export function isDocumentedHere({ variants: [variant] }: Service): boolean {
  return builtIn.some(({ variants }) => variants.includes(variant))
}
