// Whether a URL has something in it that must not stand in one: it ends up in logs, histories and Referer fields.
// @see RFC 6750 §2.3, §5.3; RFC 6749 §2.3.1
import type { Redactor } from '../verify/redactor.ts'
import type { Arrival } from './arrivals.ts'

/** Parameters whose values are secret, whatever they are. */
const secretParameters: ReadonlySet<string> = new Set([
  'access_token',
  'assertion',
  'client_assertion',
  'client_secret',
  'password',
  'refresh_token',
])

/** The redactor learns the tokens that the client showed. */
export function learnShownTokens(redactor: Redactor, arrivals: readonly Arrival[]): void {
  for (const { authorization = '' } of arrivals) {
    const [, token] = /^\s*bearer\s+(\S+)/i.exec(authorization) ?? []
    if (token !== undefined && token.length > shortestToken) redactor.add(token)
  }
}

/** `undefined`, or `null` in place of a token, is none. */
const shortestToken = 16

/** The requests with a secret in their URL, each once, as method and path; a path that is secret itself is masked. */
export function secretsInUrls(redactor: Redactor, arrivals: readonly Arrival[]): readonly string[] {
  const targets = [...new Set(arrivals.map(({ target }) => target))]
  const leaking = new Set(targets.filter((target) => hasSecret(redactor, target)))
  const found = arrivals
    .filter(({ target }) => leaking.has(target))
    .map(({ method, target }) => `${method} ${redactor.redact(target.split('?', 1)[0] ?? '')}`)
  return [...new Set(found)].sort()
}

function hasSecret(redactor: Redactor, target: string): boolean {
  if (!redactor.isClean(target)) return true
  const query = new URLSearchParams(target.split('?').slice(1).join('?'))
  return [...query].some(([name, value]) => secretParameters.has(name.toLowerCase()) && value !== '')
}
