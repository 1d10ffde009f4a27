// Stub routes behind a bearer token, so that a client's call after its token call has somewhere to go. @see RFC 6750
import type { HttpRequest } from '../oauth/message.ts'
import { isScopeWithin } from '../oauth/scope.ts'
import type { ProtectedRoute } from '../service/config.ts'
import type { Desk } from './desk.ts'

/** A reply of a protected route. */
export interface RouteReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
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

/** What a request is answered, by the access tokens of every service. @see RFC 6750 §3.1 */
export function answerRoute(
  { scope, status = 200, body = {} }: ProtectedRoute,
  { headers }: HttpRequest,
  desks: readonly Desk[],
  now: number,
): RouteReply {
  const field = headers.authorization
  if (field === undefined) return refuse(401, '')
  const [, value = ''] = /^bearer +([\w.~+/-]+=*)$/i.exec(String(field).trim()) ?? []
  if (value === '') return refuse(400, 'invalid_request')
  const issued = desks.map(({ accessTokens }) => accessTokens.find(value, now)).find(Boolean)
  if (issued === undefined) return refuse(401, 'invalid_token')
  if (scope !== undefined && !isScopeWithin(scope, issued.scope))
    return refuse(403, 'insufficient_scope', `, scope="${scope}"`)
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** RFC 6750 §3.1: a request that shows no token at all is told no error code. */
function refuse(status: number, error: string, further = ''): RouteReply {
  const challenge = error === '' ? '' : `, error="${error}"${further}`
  return {
    status,
    headers: { 'content-type': 'application/json', 'www-authenticate': `Bearer realm="api"${challenge}` },
    body: error === '' ? '{}' : JSON.stringify({ error }),
  }
}
