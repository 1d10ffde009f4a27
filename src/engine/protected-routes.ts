// Stub routes behind a bearer token, so that a client's call after its token call has somewhere to go. @see RFC 6750
import type { HttpRequest } from '../oauth/message.ts'
import { isScopeWithin } from '../oauth/scope.ts'
import type { ProtectedRoute } from '../service/config.ts'
import { type RuleId, rules } from '../service/rules.ts'
import type { Service } from '../service/service.ts'
import type { Desk } from './desk.ts'
import { explain } from './explanation.ts'
import { requireRegisteredOrigin } from './origins.ts'
import type { Refused } from './refused.ts'
import { findRefusal } from './reply.ts'
import type { Verdict } from './verdict.ts'

/** A request to a protected route. */
export interface Call {
  readonly request: HttpRequest
  /** The services whose access tokens are taken. */
  readonly desks: readonly Desk[]
  /** The service whose API the path most likely belongs to: what is refused is refused in its words. */
  readonly owner: Service | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The route of a path; a service's own name may stand before it. */
export function findRoute(
  routes: readonly ProtectedRoute[],
  path: string,
  desks: readonly Desk[],
): ProtectedRoute | undefined {
  if (routes.length === 0) return undefined
  const owner = desks.find(({ service }) => path.startsWith(`/${service.id}/`))
  const bare = owner === undefined ? path : path.slice(owner.service.id.length + 1)
  return routes.find((route) => matches(route.path, path) || matches(route.path, bare))
}

/** Whether a path matches a pattern, in a time that grows with the path alone: each part is looked for once, in order. */
function matches(pattern: string, path: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return path === first
  if (!path.startsWith(first) || path.length < first.length + last.length) return false
  let from = first.length
  for (const part of rest) {
    const at = path.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return from <= path.length - last.length && path.endsWith(last)
}

/** Replies that have no content. @see Fetch standard, null body status */
const withoutContent: ReadonlySet<number> = new Set([204, 205, 304])

/** What a request is answered, by the access tokens of every service. */
export function judgeRoute(route: ProtectedRoute, call: Call): Verdict {
  const refused = requireAccessToken(route, call)
  if (refused !== undefined) return refuse(route, call, refused)
  const { status = 200, body = {} } = route
  if (withoutContent.has(status)) return { status }
  return { status, headers: { 'content-type': 'application/json' }, text: JSON.stringify(body) }
}

/** @see RFC 6750 §2.1, §3 */
function requireAccessToken({ scope }: ProtectedRoute, { request, desks, now }: Call): Refused | undefined {
  const [, scheme = '', credentials = ''] =
    /^\s*(\S*)\s*(.*?)\s*$/s.exec(String(request.headers.authorization ?? '')) ?? []
  if (scheme.toLowerCase() !== 'bearer') {
    const received = scheme === '' ? 'none' : 'another scheme'
    return { rule: 'rfc6750-2-bearer-token', detail: `expected a bearer token, received ${received}` }
  }
  if (!/^[\w.~+/-]+=*$/.test(credentials))
    return { rule: 'rfc6750-2.1-bearer-syntax', detail: 'expected "Bearer" and one token, received another' }
  const [found] = desks.flatMap((desk) => {
    const issued = desk.accessTokens.find(credentials, now)
    return issued === undefined ? [] : [{ desk, issued }]
  })
  if (found === undefined)
    return { rule: 'rfc6750-3.1-live-token', detail: 'expected a live access token, received another' }
  const { desk, issued } = found
  if (scope !== undefined && !isScopeWithin(scope, issued.scope))
    return { rule: 'rfc6750-3.1-scope', detail: `expected a token for ${scope}, received one for less` }
  return requireRegisteredOrigin(desk.service, desk.findClient(issued.client_id ?? '')?.client, request)
}

/** RFC 6750 §3.1: a request that shows no token at all is told no error code. */
const errorCodes: Readonly<Partial<Record<RuleId, string>>> = {
  'rfc6750-2-bearer-token': '',
  'rfc6750-2.1-bearer-syntax': ', error="invalid_request"',
  'rfc6750-3.1-live-token': ', error="invalid_token"',
  'rfc6750-3.1-scope': ', error="insufficient_scope"',
}

function refuse({ scope }: ProtectedRoute, { owner, request }: Call, refused: Refused): Verdict {
  const rule = refused.rule as RuleId
  const { status, headers, body } = findRefusal(owner, rules[rule].refusal) ?? { status: 401 }
  const error = errorCodes[rule]
  const wanted = rule === 'rfc6750-3.1-scope' ? `, scope="${scope}"` : ''
  return {
    status,
    headers: {
      ...headers,
      ...(error !== undefined && { 'www-authenticate': `Bearer realm="api"${error}${wanted}` }),
    },
    ...(body && { members: body }),
    refused: explain(undefined, refused, { path: request.path, mediaType: '' }),
  }
}
