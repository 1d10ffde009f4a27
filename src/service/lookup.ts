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
 * The service of that id, with the variants that it is served with; given a variant's id, with that variant alone.
 * @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`
 */
export function findService(services: readonly Service[], id: string): Service {
  const whole = services.find((service) => service.id === id)
  if (whole !== undefined) return servedOf(whole)
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
 * The services that the ids name, with the variants that each is served with and those that are named one by one, in
 * their own order.
 * @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`
 */
export function selectServices(services: readonly Service[], ids: readonly string[]): readonly Service[] {
  const owners = new Set(ids.map((id) => findService(services, id).id))
  return services
    .filter(({ id }) => owners.has(id))
    .map((service) => {
      const isWhole = ids.includes(service.id)
      return withVariants(service, (variant) => {
        return ids.includes(variant.id) || (isWhole && isServedWithService(variant))
      })
    })
}

/** The service with the variants that it is served with; with all of them when each has to be named. */
export function servedOf(service: Service): Service {
  return withVariants(service, isServedWithService)
}

function isServedWithService({ serving = 'with_service' }: Variant): boolean {
  return serving === 'with_service'
}

/** The very service when it loses no variant, or would lose every one. */
function withVariants(service: Service, isChosen: (variant: Variant) => boolean): Service {
  const [first, ...others] = service.variants.filter(isChosen)
  if (first === undefined || others.length + 1 === service.variants.length) return service
  return { ...service, variants: [first, ...others] }
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
