// Which path belongs to which endpoint: every service under its own name, and at the root where paths do not clash.
import type { HttpRequest } from '../oauth/message.ts'
import type { Desk, OpenEndpoint } from './desk.ts'

/** An endpoint of a service, with the paths it answers at. */
export interface Mount {
  readonly desk: Desk
  readonly open: OpenEndpoint
  /** The path under the service's name, always there. */
  readonly path: string
  /** The documented path itself, when it is this service's at the root. */
  readonly rootPath?: string
}

/** An endpoint as it was found, with what stands before its documented path: empty, or the service's own name. */
export interface Place {
  readonly mount: Mount
  readonly base: string
  /** Asked last: every token has an issuer, and nearly all have the same string. */
  readonly last: { readonly origin: string; readonly issuer: string }
}

/** The paths of a set of services. */
export interface Mounts {
  readonly all: readonly Mount[]
  readonly find: (path: string) => Place | undefined
  /** The service that an unknown path most likely meant: the one it is under, or one with the same first segment. */
  readonly ownerOf: (path: string) => Desk | undefined
}

/** The issuer that a request is for: what stands before the documented path of the endpoint that it asks. @see RFC 8414 §2 */
export function issuerOf({ base, last }: Place, { origin, issuer }: HttpRequest): string {
  if (issuer !== undefined) return issuer
  if (last.origin !== origin) Object.assign(last, { origin, issuer: `${origin}${base}` })
  return last.issuer
}

/** Lays out the services; two services with one documented path leave the root to neither. */
export function createMounts(desks: readonly Desk[]): Mounts {
  const atRoot = desks.filter(({ service }) => service.root === 'always' || desks.length === 1)
  const claims = new Map<string, number>()
  for (const { endpoints } of atRoot) {
    for (const { endpoint } of endpoints) claims.set(endpoint.path, (claims.get(endpoint.path) ?? 0) + 1)
  }
  const all = desks.flatMap((desk) =>
    desk.endpoints.map((open): Mount => {
      const { path } = open.endpoint
      const isAtRoot = atRoot.includes(desk) && claims.get(path) === 1
      return { desk, open, path: `/${desk.service.id}${path}`, ...(isAtRoot && { rootPath: path }) }
    }),
  )
  const places = new Map(all.flatMap(placesOf))
  return { all, find: (path) => places.get(path), ownerOf: (path) => ownerOf(desks, all, path) }
}

function placesOf(mount: Mount): ReadonlyArray<readonly [path: string, place: Place]> {
  const { path, rootPath, open, desk } = mount
  const base = `/${desk.service.id}`
  const nobody = { origin: '', issuer: '' }
  const under: Place = { mount, base, last: { ...nobody } }
  const places: Array<readonly [string, Place]> = [[path, under]]
  if (rootPath !== undefined) places.push([rootPath, { mount, base: '', last: { ...nobody } }])
  // RFC 8414 §3.1 puts the path of the issuer behind the well-known one.
  if (open.endpoint.kind === 'metadata') places.push([`${open.endpoint.path}${base}`, under])
  return places
}

function ownerOf(desks: readonly Desk[], all: readonly Mount[], path: string): Desk | undefined {
  const segment = firstSegment(path)
  return (
    desks.find(({ service }) => service.id === segment) ??
    all.find(({ rootPath }) => rootPath !== undefined && firstSegment(rootPath) === segment)?.desk ??
    (desks.length === 1 ? desks[0] : undefined)
  )
}

function firstSegment(path: string): string {
  return path.split('/', 2)[1] ?? ''
}
