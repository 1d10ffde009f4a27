// The engine as MSW request handlers, for MSW 2 and 3 alike.
import { type HttpHandler, http } from 'msw'
import type { Mount } from '../engine/mounts.ts'
import { TokenwrightError } from '../service/error.ts'
import { controlsOf, type MockControls } from './controls.ts'
import { answerRequest } from './fetch.ts'
import { engineFor, type MockOptions, type TimedEngine } from './options.ts'

/** Options of {@link tokenHandlers}. */
export interface TokenHandlersOptions extends MockOptions {
  /**
   * A base URL, laid out as the mock server is: every service under its own name, and at the root
   * where paths do not clash. Default: none; each service is intercepted at its documented servers.
   */
  readonly url?: string
}

/**
 * Handlers that answer as the mock server does. Requests to other paths of a vendor's server are left to other handlers;
 * under `<url>/<service>/` an unknown path is refused as the vendor does.
 *
 * @throws {TokenwrightError} `ERR_SERVICE_UNKNOWN`, `ERR_OPTION_INVALID`
 */
export function tokenHandlers(options: TokenHandlersOptions = {}): TokenHandlers {
  const timed = engineFor(options)
  return Object.assign(
    handlersFor(timed, options),
    controlsOf(() => timed),
  )
}

/** Handlers, with the controls of their mock: `handlers.journal`, `handlers.respondNext('429')`. */
export type TokenHandlers = HttpHandler[] & MockControls

function handlersFor(timed: TimedEngine, options: TokenHandlersOptions): HttpHandler[] {
  const { mounts } = timed.engine
  const routes = (options.protect ?? []).map((route) => (typeof route === 'string' ? route : route.path))
  const url = options.url === undefined ? undefined : requireBaseUrl(options.url)
  const services = new Map(mounts.all.map(({ desk }) => [desk.service.id, desk.service]))
  if (url === undefined) {
    return [
      ...mounts.all.flatMap((mount) => handlersAtServers(timed, mount)),
      ...[...services.values()].flatMap(({ id, servers }) =>
        servers.flatMap((server) => routes.map((path) => routeAt(timed, server, path, `/${id}`))),
      ),
    ]
  }
  return [
    ...mounts.all.flatMap(({ rootPath }) =>
      rootPath === undefined ? [] : [handlerAt(timed, url, rootPath, '')],
    ),
    ...[...services.keys()].map((id) => handlerAt(timed, url, `/${id}/*`, '')),
    ...mounts.all.flatMap((mount) => [
      ...(mount.rootPath === undefined ? [] : handlersBehindWellKnown(timed, mount, url)),
      ...handlersBehindWellKnown(timed, mount, `${url}/${mount.desk.service.id}`),
    ]),
    ...routes.map((path) => routeAt(timed, url, path, '')),
  ]
}

/** Without a final slash; MSW would match nothing with one, and say nothing. */
function requireBaseUrl(url: string): string {
  const { protocol, search, hash } = URL.parse(url) ?? {}
  if ((protocol === 'http:' || protocol === 'https:') && search === '' && hash === '')
    return url.replace(/\/$/, '')
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    'expected url to be an http or https URL without query and fragment',
  )
}

function handlersAtServers(timed: TimedEngine, mount: Mount): HttpHandler[] {
  const { servers, id } = mount.desk.service
  return servers.flatMap((server) => [
    handlerAt(timed, server, mount.open.endpoint.path, `/${id}`),
    ...handlersBehindWellKnown(timed, mount, server),
  ])
}

/** RFC 8414 §3.1: the path of an issuer, if it has one, stands behind the well-known path of its metadata. */
function handlersBehindWellKnown(timed: TimedEngine, { open, path }: Mount, issuer: string): HttpHandler[] {
  const { origin, pathname } = new URL(issuer)
  if (open.endpoint.kind !== 'metadata' || pathname === '/') return []
  return [
    http.all(`${origin}${open.endpoint.path}${pathname.replace(/\/$/, '')}`, ({ request }) =>
      answerRequest(timed, request, { path, origin, issuer: issuer.replace(/\/$/, '') }),
    ),
  ]
}

/** `prefix` turns a path below `base` into one of the engine's; with one, `base` is the service's own. */
function handlerAt(
  timed: TimedEngine,
  base: string,
  path: string,
  prefix: string,
  pattern: string | RegExp = `${base}${path}`,
): HttpHandler {
  const beginning = new URL(base).pathname.replace(/\/$/, '').length
  const origin = base.replace(/\/$/, '')
  return http.all(pattern, ({ request }) =>
    answerRequest(timed, request, {
      path: prefix + new URL(request.url).pathname.slice(beginning),
      origin,
      ...(prefix !== '' && { issuer: origin }),
    }),
  )
}

/** A protected route: every character but `*` is itself, where MSW would see a parameter in a colon or a group in a bracket. */
function routeAt(timed: TimedEngine, base: string, path: string, prefix: string): HttpHandler {
  const literals = (new URL(base).href.replace(/\/$/, '') + path)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\/]/g, '\\$&'))
  return handlerAt(timed, base, path, prefix, new RegExp(`^${literals.join('.*')}$`))
}
