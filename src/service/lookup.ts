// Services and variants by their ids, with errors that list what is known.
import { TokenwrightError } from './error.ts'
import { type Exchange, exchangesOf } from './exchanges.ts'
import type { Service, Variant } from './service.ts'

/** A variant together with the service it belongs to. */
export interface LocatedVariant {
  readonly service: Service
  readonly variant: Variant
}

/** @throws {TokenwrightError} `ERR_VARIANT_UNKNOWN` */
export function findVariant(services: readonly Service[], id: string): LocatedVariant {
  for (const service of services) {
    const variant = service.variants.find((candidate) => candidate.id === id)
    if (variant !== undefined) return { service, variant }
  }
  const known = services.flatMap((service) => service.variants.map((variant) => variant.id))
  throw new TokenwrightError(
    'ERR_VARIANT_UNKNOWN',
    `expected a variant id, got "${id}"; known ids: ${known.join(', ')}`,
  )
}

/**
 * The service of that id; given a variant's id, the service with that variant alone.
 * @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`
 */
export function findService(services: readonly Service[], id: string): Service {
  const whole = services.find((service) => service.id === id)
  if (whole !== undefined) return whole
  for (const service of services) {
    const variant = service.variants.find((candidate) => candidate.id === id)
    if (variant !== undefined) return { ...service, variants: [variant] }
  }
  const known = services.flatMap((service) => [service.id, ...service.variants.map((variant) => variant.id)])
  throw new TokenwrightError(
    'ERR_SERVICE_UNKNOWN',
    `expected the id of a service or of one of its variants, got "${id}"; known ids: ${known.join(', ')}`,
  )
}

/**
 * The services that the ids name, whole or with the variants that are named one by one, in their own order.
 * @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`
 */
export function selectServices(services: readonly Service[], ids: readonly string[]): readonly Service[] {
  const named = new Set(ids.map((id) => findService(services, id).id))
  return services
    .filter(({ id }) => named.has(id))
    .map((service) => {
      if (ids.includes(service.id)) return service
      const [first, ...others] = service.variants.filter(({ id }) => ids.includes(id))
      return first === undefined ? service : { ...service, variants: [first, ...others] }
    })
}

/** @throws {TokenwrightError} `ERR_EXCHANGE_UNKNOWN` */
export function findExchange({ service, variant }: LocatedVariant, id: string): Exchange {
  const exchanges = exchangesOf(service, variant)
  const exchange = exchanges.find((candidate) => candidate.id === id)
  if (exchange !== undefined) return exchange
  throw new TokenwrightError(
    'ERR_EXCHANGE_UNKNOWN',
    `expected an exchange of ${variant.id}, got "${id}"; known ids: ${exchanges.map(({ id }) => id).join(', ')}`,
  )
}
