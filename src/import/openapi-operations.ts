// Which operations of an OpenAPI document are token requests: those that are named, those that an `oauth2` flow has as its
// token URL, or those whose path ends in "token" and whose body has a `grant_type`.
import { isJsonObject } from '../oauth/json.ts'
import { TokenwrightError } from '../service/error.ts'
import {
  childOf,
  FileWanted,
  follow,
  itemsOf,
  memberOf,
  membersOf,
  type Place,
  provenanceOf,
  requireObject,
} from './openapi-place.ts'
import { alternativesOf, propertiesOf, requiredIn } from './openapi-schema.ts'
import { serversAround } from './openapi-servers.ts'

/** One method of one path. */
export interface Operation {
  /** `operationId`, or method and path. */
  readonly name: string
  /** In capitals. */
  readonly method: string
  readonly path: string
  /** Of the operation object. */
  readonly place: Place
  readonly pathItem: Place
  readonly document: Place
}

/** A flow of an `oauth2` scheme that has a token URL. */
export interface Flow {
  /** The key in `securitySchemes`. */
  readonly scheme: string
  /** `clientCredentials`, `password`, `authorizationCode`. */
  readonly kind: string
  readonly place: Place
  /** `tokenUrl` or `refreshUrl`. */
  readonly url: Place
}

/** The version of the API, as `info` states it. */
export function apiVersionOf(document: Place): string | null {
  const info = memberOf(document, 'info')
  const version = info === null ? null : memberOf(info, 'version')
  if (typeof version?.value === 'string') return version.value
  // A number is told as it stands there: YAML reads 1.0 as 1.
  return typeof version?.value === 'number' ? provenanceOf(version).words : null
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** Every operation of a document, in documented order; a path that cannot be read is one of the failures. */
export function operationsOf(document: Place, failures: TokenwrightError[]): readonly Operation[] {
  const paths = memberOf(document, 'paths')
  if (paths === null) return []
  return membersOf(requireObject(paths, '`paths`')).flatMap(([path, place]) =>
    path.startsWith('/') ? readable(() => operationsAt(document, path, follow(place)), [], failures) : [],
  )
}

function operationsAt(document: Place, path: string, pathItem: Place): readonly Operation[] {
  return methods.flatMap((key) => {
    const place = childOf(pathItem, key)
    if (place === null || !isJsonObject(place.value)) return []
    const method = key.toUpperCase()
    const { operationId } = place.value
    const name = typeof operationId === 'string' && operationId !== '' ? operationId : `${method} ${path}`
    return [{ name, method, path, place, pathItem, document }]
  })
}

/** What can be read; what is broken elsewhere in a document is no reason to refuse its token operation. */
function readable<T>(read: () => T, otherwise: T, failures: TokenwrightError[] = []): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof FileWanted || !(error instanceof TokenwrightError)) throw error
    failures.push(error)
    return otherwise
  }
}

/** The operation that a person names: by `operationId`, `POST /path` or `/path`. @throws `ERR_DOCUMENT_INVALID` */
export function namedOperation(
  document: Place,
  operations: readonly Operation[],
  name: string,
  failures: readonly TokenwrightError[],
): Operation {
  const exact = operations.filter(
    (operation) => operation.name === name || `${operation.method} ${operation.path}` === withMethod(name),
  )
  const onPath = operations.filter(({ path }) => path === name)
  const found =
    exact[0] ??
    onPath.find(({ method }) => method === 'POST') ??
    (onPath.length === 1 ? onPath[0] : undefined)
  if (found !== undefined) return found
  throw new TokenwrightError(
    'ERR_DOCUMENT_INVALID',
    `${document.file.name}:1: expected --operation to name an operation of this document, received ${JSON.stringify(name)}; ` +
      [
        listed(operations),
        ...failures.slice(0, 1).map(({ message }) => `a path cannot be read: ${message}`),
      ].join('\n'),
  )
}

function withMethod(name: string): string {
  const [method = '', ...path] = name.trim().split(/\s+/)
  return `${method.toUpperCase()} ${path.join(' ')}`
}

const maxListed = 20

/** The first operations of a document, for a person to choose from. */
export function listed(operations: readonly Operation[]): string {
  if (operations.length === 0) return 'it has no operations'
  const lines = operations
    .slice(0, maxListed)
    .map(
      ({ name, method, path }) => `\n  ${method} ${path}${name === `${method} ${path}` ? '' : `  ${name}`}`,
    )
  const more = operations.length - maxListed
  return `it has${lines.join('')}${more > 0 ? `\n  and ${more} more` : ''}`
}

/** Every flow with a token URL; a scheme that cannot be read is passed over. */
export function flowsOf(document: Place): readonly Flow[] {
  const components = memberOf(document, 'components')
  const schemes = components === null ? null : memberOf(components, 'securitySchemes')
  return (schemes === null ? [] : membersOf(schemes)).flatMap(([scheme, place]) =>
    readable(() => flowsOfScheme(scheme, follow(place)), []),
  )
}

function flowsOfScheme(scheme: string, place: Place): readonly Flow[] {
  const flows = childOf(place, 'flows')
  if (childOf(place, 'type')?.value !== 'oauth2' || flows === null) return []
  return membersOf(flows).flatMap(([kind, flow]) =>
    ['tokenUrl', 'refreshUrl'].flatMap((key) => {
      const url = childOf(flow, key)
      return url === null || typeof url.value !== 'string' || url.value === ''
        ? []
        : [{ scheme, kind, place: flow, url }]
    }),
  )
}

/** The operations whose address is that of a flow's token URL. */
export function operationsOfFlow(operations: readonly Operation[], { url }: Flow): readonly Operation[] {
  const wanted = pathOfUrl(String(url.value))
  return operations.filter(
    (operation) =>
      operation.method === 'POST' &&
      addressesOf(operation).some((address) => matches(segmentsOf(address), segmentsOf(wanted))),
  )
}

/** The paths under which a host has an operation: by its servers, and as it is written. */
function addressesOf(operation: Operation): readonly string[] {
  const servers = readable(() => serversAround(operation), null)
  const bases = (servers?.value ?? []).map((server) => pathOfUrl(server).replace(/\/$/, ''))
  return [operation.path, ...bases.map((base) => `${base}${operation.path}`)]
}

/** The path of a URL that may be relative, and may have variables in braces. */
export function pathOfUrl(url: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  return path.startsWith('/') ? path : `/${path}`
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '')
}

function matches(segments: readonly string[], wanted: readonly string[]): boolean {
  return (
    segments.length === wanted.length &&
    segments.every(
      (segment, index) => segment === wanted[index] || isVariable(segment) || isVariable(wanted[index] ?? ''),
    )
  )
}

function isVariable(segment: string): boolean {
  return /^\{.*\}$/.test(segment)
}

/** The operations whose path and body are those of a token request. */
export function operationsByName(
  operations: readonly Operation[],
  failures: TokenwrightError[],
): readonly Operation[] {
  return operations.filter(
    ({ method, path, place }) =>
      method === 'POST' &&
      /token$/i.test(segmentsOf(path).at(-1) ?? '') &&
      readable(() => asksForGrant(place), false, failures),
  )
}

function asksForGrant(operation: Place): boolean {
  return (
    bodySchemasOf(operation).some((schema) =>
      alternativesOf(schema).some(
        ({ layers, discriminated }) =>
          propertiesOf(layers).has('grant_type') ||
          requiredIn(layers).has('grant_type') ||
          discriminated?.property === 'grant_type',
      ),
    ) || parametersOf(operation).some((parameter) => childOf(parameter, 'name')?.value === 'grant_type')
  )
}

function bodySchemasOf(operation: Place): readonly Place[] {
  const body = memberOf(operation, 'requestBody')
  const content = body === null ? null : childOf(body, 'content')
  return (content === null ? [] : membersOf(content)).flatMap(
    ([, media]) => childOf(follow(media), 'schema') ?? [],
  )
}

function parametersOf(operation: Place): readonly Place[] {
  const parameters = childOf(operation, 'parameters')
  return parameters === null ? [] : itemsOf(parameters).map((parameter) => follow(parameter))
}
