// Whether a URL has something in it that must not stand in one: it ends up in logs, histories and Referer fields.
// @see RFC 6750 §2.3, §5.3; RFC 6749 §2.3.1
import { foldName } from '../schema/request.ts'
import type { Redactor } from '../verify/redactor.ts'
import type { Arrival } from './arrivals.ts'

/** Parameters whose values are secret, whatever they are and however they are spelled. */
const secretParameters: ReadonlyMap<string, string> = new Map(
  [
    ...['access_token', 'refresh_token', 'id_token', 'token', 'assertion', 'client_assertion'],
    ...['client_secret', 'secret', 'password'],
  ].map((name) => [foldName(name), name]),
)

/** A request with a secret in its URL. */
export interface Leak {
  /** In words: what the secret is, not its value. */
  readonly what: string
  /** Method and path, as `GET /api`; a path that is secret itself is masked. */
  readonly request: string
}

/** What a secret is called, and who finds it. */
export type NamedSecret = readonly [what: string, redactor: Redactor]

/** The redactor learns the tokens that the client showed. */
export function learnShownTokens(redactor: Redactor, arrivals: readonly Arrival[]): void {
  for (const { authorization = '' } of arrivals) {
    const [, token] = /^\s*bearer\s+(\S+)/i.exec(authorization) ?? []
    if (token !== undefined && token.length > shortestToken) redactor.add(token)
  }
}

/** `undefined`, or `null` in place of a token, is none. */
const shortestToken = 16

/** The requests with a secret in their URL, or in that of Referer, each once; what has no name of its own is a token. */
export function leaksIn(
  arrivals: readonly Arrival[],
  redactor: Redactor,
  named: readonly NamedSecret[],
): readonly Leak[] {
  const known = new Map<string, string | undefined>()
  const leakOf = (target: string, request: string): readonly Leak[] => {
    if (!known.has(target)) known.set(target, secretIn(target, redactor, named))
    const what = known.get(target)
    return what === undefined ? [] : [{ what, request }]
  }
  const found = arrivals.flatMap(({ method, target, referer }) => {
    const request = `${method} ${redactor.redact(pathOf(target))}`
    return [
      ...leakOf(target, request),
      ...(referer === undefined ? [] : leakOf(referer, `${request} (Referer)`)),
    ]
  })
  const each = new Map(found.map((leak) => [`${leak.request}\n${leak.what}`, leak]))
  return [...each].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, leak]) => leak)
}

/** The path of a target, also of one with its origin, as proxies are sent it. @see RFC 9112 §3.2.2 */
export function pathOf(target: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) return URL.parse(target)?.pathname ?? target
  return target.split('?', 1)[0] ?? ''
}

function secretIn(target: string, redactor: Redactor, named: readonly NamedSecret[]): string | undefined {
  const secrets = redactor.isClean(target) ? [] : secretsIn(target, redactor, named)
  const parameters = secretParametersIn(target).join(' and ')
  if (secrets.length === 0) return parameters === '' ? undefined : `a value of ${parameters}`
  return `${secrets.join(' and ')}${parameters === '' ? '' : ` as ${parameters}`}`
}

function secretsIn(target: string, redactor: Redactor, named: readonly NamedSecret[]): readonly string[] {
  const found = named.filter(([, { isClean }]) => !isClean(target))
  const rest = found.reduce((text, [, { redact }]) => redact(text), target)
  return [...found.map(([what]) => what), ...(redactor.isClean(rest) ? [] : ['a token'])]
}

/** By the names of the list: a client's own spelling may be anything. */
function secretParametersIn(target: string): readonly string[] {
  const query = new URLSearchParams(target.split(/[?#]/).slice(1).join('&'))
  const found = [...query].flatMap(([name, value]) => (value === '' ? [] : namesIn(name)))
  return [...new Set(found.flatMap((each) => secretParameters.get(each) ?? []))]
}

/** `user[client_secret]` and `auth.token` end with the name that counts. */
function namesIn(name: string): readonly string[] {
  return [name, ...name.split(/[[\].]+/)].map(foldName)
}
