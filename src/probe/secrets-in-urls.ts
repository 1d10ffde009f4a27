// Whether a URL has something in it that must not stand in one: it ends up in logs, histories and Referer fields.
// @see RFC 6750 §2.3, §5.3; RFC 6749 §2.3.1
import { foldName } from '../schema/request.ts'
import type { Redactor } from '../verify/redactor.ts'
import type { Arrival } from './arrivals.ts'

/** Parameters whose values are secret, whatever they are and however they are spelled. */
const secretParameters: ReadonlySet<string> = new Set(
  [
    ...['access_token', 'refresh_token', 'id_token', 'token', 'assertion', 'client_assertion'],
    ...['client_secret', 'secret', 'password'],
  ].map(foldName),
)

/** The redactor learns the tokens that the client showed. */
export function learnShownTokens(redactor: Redactor, arrivals: readonly Arrival[]): void {
  for (const { authorization = '' } of arrivals) {
    const [, token] = /^\s*bearer\s+(\S+)/i.exec(authorization) ?? []
    if (token !== undefined && token.length > shortestToken) redactor.add(token)
  }
}

/** `undefined`, or `null` in place of a token, is none. */
const shortestToken = 16

/** The requests with a secret in their URL, or in that of Referer, each once, as method and path; a path that is secret itself is masked. */
export function secretsInUrls(redactor: Redactor, arrivals: readonly Arrival[]): readonly string[] {
  const known = new Map<string, boolean>()
  const isLeaking = (target: string) => {
    const found = known.get(target) ?? hasSecret(redactor, target)
    known.set(target, found)
    return found
  }
  const found = arrivals.flatMap(({ method, target, referer }) => {
    const request = `${method} ${redactor.redact(pathOf(target))}`
    return [
      ...(isLeaking(target) ? [request] : []),
      ...(referer !== undefined && isLeaking(referer) ? [`${request} (Referer)`] : []),
    ]
  })
  return [...new Set(found)].sort()
}

/** The path of a target, also of one with its origin, as proxies are sent it. @see RFC 9112 §3.2.2 */
export function pathOf(target: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) return URL.parse(target)?.pathname ?? target
  return target.split('?', 1)[0] ?? ''
}

function hasSecret(redactor: Redactor, target: string): boolean {
  if (!redactor.isClean(target)) return true
  const query = new URLSearchParams(target.split(/[?#]/).slice(1).join('&'))
  return [...query].some(
    ([name, value]) => value !== '' && namesIn(name).some((each) => secretParameters.has(each)),
  )
}

/** `user[client_secret]` and `auth.token` end with the name that counts. */
function namesIn(name: string): readonly string[] {
  return [name, ...name.split(/[[\].]+/)].map(foldName)
}
