// Judging a request: which endpoint it is for, whether it passes the steps, and what the outcome asked for makes of it.
import type { HttpRequest } from '../oauth/message.ts'
import type { ProtectedRoute } from '../service/config.ts'
import type { Attempt } from './attempt.ts'
import { mediaTypeOf } from './body.ts'
import { type AssertedClient, verifyClientAssertion } from './client-assertion.ts'
import type { Desk } from './desk.ts'
import type { GetEndpoint, PostEndpoint } from './endpoints/endpoint.ts'
import { introspection } from './endpoints/introspection.ts'
import { jwks } from './endpoints/jwks.ts'
import { metadata } from './endpoints/metadata.ts'
import { revocation } from './endpoints/revocation.ts'
import { token } from './endpoints/token.ts'
import { explain } from './explanation.ts'
import type { Hearing } from './hearing.ts'
import type { Issuing } from './issuing.ts'
import { issuerOf, type Mounts, type Place } from './mounts.ts'
import type { NamedOutcome, OutcomeControl } from './outcome-control.ts'
import { findRoute, judgeRoute } from './protected-routes.ts'
import { formsFor, readRequest, requireRate } from './reading.ts'
import type { Refused } from './refused.ts'
import { refusalOf, refuse } from './reply.ts'
import { runSteps } from './trial.ts'
import { spoil, type Verdict } from './verdict.ts'

/** What every request is judged with. */
export interface Court {
  readonly desks: readonly Desk[]
  readonly mounts: Mounts
  readonly outcomes: OutcomeControl
  readonly protect: readonly ProtectedRoute[]
  readonly issuing: Issuing
}

const postEndpoints: Readonly<Record<string, PostEndpoint>> = { token, revocation, introspection }
const getEndpoints: Readonly<Record<string, GetEndpoint>> = { metadata, jwks }

/** The verdict on a request, whose hearing keeps what was found out. */
export function judge(court: Court, hearing: Hearing): Verdict | Promise<Verdict> {
  const { place } = hearing
  if (place === undefined) return judgeElsewhere(court, hearing)
  const { request } = hearing
  const { kind } = place.mount.open.endpoint
  const get = getEndpoints[kind]
  const post = postEndpoints[kind]
  if (request.method === 'OPTIONS' && isPreflight(place, request)) return preflight
  if (get !== undefined) return judgeGet(court, hearing, place, get)
  return post === undefined ? judgeElsewhere(court, hearing) : judgePost(court, hearing, place, post)
}

function judgeGet(
  court: Court,
  hearing: Hearing,
  place: Place,
  { read }: GetEndpoint,
): Verdict | Promise<Verdict> {
  const { request } = hearing
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const refused: Refused = { rule: 'rfc9110-9.3.1-get', detail: 'expected GET, received another method' }
  return settle(court, hearing, place, isRead ? undefined : refused, (issuing) =>
    read(place, request, issuing),
  )
}

function judgePost(
  court: Court,
  hearing: Hearing,
  place: Place,
  { steps, grant }: PostEndpoint,
): Verdict | Promise<Verdict> {
  const { request, now } = hearing
  const { open, desk } = place.mount
  const tooOften = requireRate(place, now)
  const read = tooOften === undefined ? readRequest(place, request) : { refused: tooOften }
  if ('refused' in read) return settle(court, hearing, place, read.refused)
  hearing.parameters = read.parameters
  const issuer = issuerOf(place, request)
  const decide = (assertion?: AssertedClient): Verdict | Promise<Verdict> => {
    const trial = {
      desk,
      open,
      request,
      issuer,
      sent: read.parameters,
      now,
      assertion,
    }
    const run = () => runSteps(trial, formsFor(open, read), steps)
    const [attempt, refused] = run()
    hearing.attempt = attempt
    const outcome = takeOutcome(court, hearing, place, attempt)
    if (outcome !== undefined && 'rule' in outcome) return refuse(place, outcome, hearing)
    hearing.outcome = outcome
    if (outcome?.outcome.revokesAll !== true) return conclude(court, hearing, place, attempt, refused, grant)
    revokeAllOf(attempt)
    return conclude(court, hearing, place, ...run(), grant)
  }
  const { client_assertion: assertion } = read.parameters
  if (typeof assertion !== 'string' || !open.recognized.has('client_assertion')) return decide()
  const audiences = [issuer, `${issuer}${tokenPathOf(desk)}`, `${issuer}${open.endpoint.path}`]
  return verifyClientAssertion(desk, assertion, audiences, now).then(decide)
}

/** Those of the client, or those without one where clients do not authenticate; an unknown client has none. */
function revokeAllOf({ desk, client, form }: Attempt): void {
  if (client === undefined && form.clientAuthentication.methods.length > 0) return
  desk.accessTokens.removeAllOf(client?.client_id)
  desk.refreshTokens.removeAllOf(client?.client_id)
}

function takeOutcome(
  { outcomes }: Court,
  { request }: Hearing,
  { mount }: Place,
  attempt?: Attempt,
): NamedOutcome | Refused | undefined {
  const { prefer } = request.headers
  return outcomes.take({
    service: mount.desk.service,
    prefer: prefer === undefined ? undefined : String(prefer),
    client_id: attempt?.client?.client_id,
    sequence: attempt?.sequence,
  })
}

/** The verdict on a request that has no client: refused already, or a document. */
function settle(
  court: Court,
  hearing: Hearing,
  place: Place,
  refused: Refused | undefined,
  read?: (issuing: Issuing) => ReturnType<GetEndpoint['read']>,
): Verdict | Promise<Verdict> {
  const outcome = takeOutcome(court, hearing, place)
  if (outcome !== undefined && 'rule' in outcome) return refuse(place, outcome, hearing)
  hearing.outcome = outcome
  return conclude(
    court,
    hearing,
    place,
    undefined,
    refused,
    (_attempt, issuing) => read?.(issuing) ?? { status: 200 },
  )
}

/** What is answered in the end: the outcome in place of a judgment, the refusal, or what is granted. */
function conclude(
  { issuing }: Court,
  hearing: Hearing,
  place: Place,
  attempt: Attempt | undefined,
  refused: Refused | undefined,
  grant: (attempt: Attempt, issuing: Issuing) => ReturnType<PostEndpoint['grant']>,
): Verdict | Promise<Verdict> {
  const { outcome, name } = hearing.outcome ?? {}
  const spoilt = (verdict: Verdict) => (outcome === undefined ? verdict : spoil(verdict, outcome))
  if (outcome?.refusal !== undefined || outcome?.reply !== undefined)
    return spoilt(answerInstead(place, hearing, outcome.refusal, outcome.reply, name ?? ''))
  if (refused !== undefined) {
    if (refused.revokes !== undefined) refused.revokes.isRevoked = true
    return spoilt(refuse(place, refused, hearing))
  }
  const granted = grant(attempt as Attempt, outcome === undefined ? issuing : { ...issuing, outcome })
  return granted instanceof Promise
    ? granted.then((kept) => spoilt({ ...kept, attempt }))
    : spoilt({ ...granted, attempt })
}

function answerInstead(
  place: Place,
  hearing: Hearing,
  refusal: string | undefined,
  reply:
    | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
    | undefined,
  name: string,
): Verdict {
  const refused = {
    rule: 'outcome-on-demand',
    detail: `expected the outcome "${name}", received a request for it`,
  } as const
  const instead = refuse(place, refused, hearing, refusal)
  if (reply === undefined) return instead
  const { status, headers = {}, body = '' } = reply
  return { status, headers, text: body, ...(instead.refused && { refused: instead.refused }) }
}

/** A path that no endpoint has: a protected route, or an unknown one. */
function judgeElsewhere({ desks, mounts, protect }: Court, { request, now }: Hearing): Verdict {
  const route = findRoute(protect, request.path, desks)
  const owner = mounts.ownerOf(request.path)
  if (route !== undefined) return judgeRoute(route, { request, desks, owner: owner?.service, now })
  const known = mounts.all.filter(({ desk }) => owner === undefined || desk === owner)
  const paths = known.map(({ path, rootPath }) => rootPath ?? path).join(' or ')
  const refused = { rule: 'documented-path', detail: `expected ${paths}, received another path` } as const
  const received = { path: request.path, mediaType: mediaTypeOf(request.headers['content-type']) }
  if (owner !== undefined) return refusalOf(owner.service, refused, received)
  return {
    status: 404,
    headers: { 'cache-control': 'no-store' },
    members: { message: `No token service is here: ${refused.detail}.` },
    refused: explain(undefined, refused, received),
  }
}

function tokenPathOf({ endpoints }: Desk): string {
  return endpoints.find(({ endpoint }) => endpoint.kind === 'token')?.endpoint.path ?? ''
}

/** @see Fetch standard, CORS-preflight request */
function isPreflight({ mount }: Place, { headers }: HttpRequest): boolean {
  return mount.desk.service.cors === true && headers['access-control-request-method'] !== undefined
}

const preflight: Verdict = {
  status: 204,
  headers: {
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-allow-headers': 'authorization, content-type, prefer',
    'access-control-max-age': '600',
  },
}
