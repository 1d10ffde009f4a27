// The choices that a service's documents leave open, made: the service with the chosen values in it.
import { isJsonObject } from '../oauth/json.ts'
import { TokenwrightError } from './error.ts'
import type { Service, ServicePatch } from './service.ts'

/** By service id and option name, the name of the chosen value. */
export type ChosenOptions = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * The service under the chosen options; an option that is not chosen keeps its default, which is the service as it stands.
 * @throws {TokenwrightError} `ERR_OPTION_INVALID` with the options or values that are known
 */
export function withOptions(service: Service, chosen: Readonly<Record<string, string>>): Service {
  return Object.entries(chosen).reduce((patched, [name, value]) => {
    const known = service.options ?? {}
    const option = Object.hasOwn(known, name) ? known[name] : undefined
    if (option === undefined) throw unknown(`an option of ${service.id}`, name, Object.keys(known))
    const patch = Object.hasOwn(option.values, value) ? option.values[value] : undefined
    if (patch === undefined)
      throw unknown(`a value of ${service.id}.${name}`, value, Object.keys(option.values))
    return merge(patched, patch)
  }, service)
}

/**
 * The services under their options.
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`, also for options of a service that is not among them
 */
export function chooseOptions(services: readonly Service[], chosen: ChosenOptions): readonly Service[] {
  const ids = services.map(({ id }) => id)
  const stray = Object.keys(chosen).find((id) => !ids.includes(id))
  if (stray !== undefined) throw unknown('options of a service that is served', stray, ids)
  return services.map((service) => {
    const own = chosen[service.id]
    return own === undefined ? service : withOptions(service, own)
  })
}

function unknown(expected: string, received: string, known: readonly string[]): TokenwrightError {
  return new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected ${expected}, received "${received}"; known: ${known.join(', ') || 'none'}`,
  )
}

/** A member that is an object takes over the patch's members one by one; any other is replaced. */
function merge(service: Service, patch: ServicePatch): Service {
  const members: Readonly<Record<string, unknown>> = { ...service }
  const patched = Object.entries(patch).map(([name, member]) => {
    const own = members[name]
    return [name, isJsonObject(own) && isJsonObject(member) ? { ...own, ...member } : member]
  })
  return { ...service, ...Object.fromEntries(patched) }
}
