// Judging a request: which endpoint it is for, whether it passes the steps, and what the outcome asked for makes of it.
import type { HttpRequest } from '../oauth/message.ts'
import type { ContentType } from '../oauth/words.ts'
import type { ProtectedRoute } from '../service/config.ts'
import { type Attempt, createAttempt, type Trial } from './attempt.ts'
import { mediaTypeOf, type Parameters, readBody, toStandardNames } from './body.ts'
import { type AssertedClient, verifyClientAssertion } from './client-assertion.ts'
import type { AcceptedForm, Desk, OpenEndpoint } from './desk.ts'
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
import type { Refused } from './refused.ts'
import { refusalOf, refuse } from './reply.ts'
import { spoil, type Verdict } from './verdict.ts'

/** What every request is judged with. */
export interface Court {
  readonly desks: readonly Desk[]
  readonly mounts: Mounts
  readonly outcomes: OutcomeControl
  readonly protect: readonly ProtectedRoute[]
  readonly issuing: Omit<Issuing, 'outcome'>
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
  const decide = (assertion?: AssertedClient): Verdict | Promise<Verdict> => {
    const trial = {
      desk,
      open,
      request,
      issuer: issuerOf(place, request),
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
  const issuer = issuerOf(place, request)
  const audiences = [issuer, `${issuer}${tokenPathOf(desk)}`, `${issuer}${open.endpoint.path}`]
  return verifyClientAssertion(desk, assertion, audiences, now).then(decide)
}

/** Those of the client, or those without one where clients do not authenticate; an unknown client has none. */
function revokeAllOf({ desk, client, form }: Attempt): void {
  if (client === undefined && form.clientAuthentication.methods.length > 0) return
  desk.accessTokens.removeAllOf(client?.client_id)
  desk.refreshTokens.removeAllOf(client?.client_id)
}

/** Counts a token request within its second. */
function requireRate({ mount: { desk, open } }: Place, now: number): Refused | undefined {
  const { requestsPerSecond } = desk.service.limits
  if (requestsPerSecond === undefined || open.endpoint.kind !== 'token') return undefined
  const second = Math.floor(now / 1000)
  if (desk.rate.second !== second) Object.assign(desk.rate, { second, requests: 0 })
  desk.rate.requests += 1
  if (desk.rate.requests <= requestsPerSecond) return undefined
  return {
    rule: 'request-rate',
    detail: `expected at most ${requestsPerSecond} requests in a second, received more`,
  }
}

/** Everything that is said of a request before it is tried against the documented forms. */
function readRequest(
  { mount: { desk, open } }: Place,
  { method, headers, body }: HttpRequest,
): { readonly parameters: Parameters; readonly contentType: ContentType } | { readonly refused: Refused } {
  if (method !== 'POST')
    return { refused: { rule: 'rfc6749-3.2-post', detail: 'expected POST, received another method' } }
  const { maxBodyBytes } = desk.service.limits
  if (body.byteLength > maxBodyBytes)
    return { refused: { rule: 'body-size', detail: `expected at most ${maxBodyBytes} bytes, received more` } }
  const mediaType = mediaTypeOf(headers['content-type'])
  const contentType = open.contentTypes.find((known) => known === mediaType)
  if (contentType === undefined) return { refused: undocumentedContentType(open, mediaType) }
  const read = readBody(body, contentType, open.recognized)
  return 'refused' in read ? read : { ...read, contentType }
}

function undocumentedContentType({ contentTypes }: OpenEndpoint, mediaType: string): Refused {
  const received = mediaType === '' ? 'none' : 'another'
  return {
    rule: 'documented-content-type',
    detail: `expected ${contentTypes.join(' or ')}, received ${received}`,
  }
}

/** The forms of a media type that have the grant asked for; all of that media type when none does. */
function formsFor(
  { formsByContentType }: OpenEndpoint,
  { contentType, parameters }: { readonly contentType: ContentType; readonly parameters: Parameters },
): readonly AcceptedForm[] {
  const readable = formsByContentType.get(contentType) ?? []
  const matching = readable.filter(({ grants, wireNames }) => {
    const { grant_type } = toStandardNames(parameters, wireNames)
    return typeof grant_type === 'string' && grants.has(grant_type)
  })
  return matching.length > 0 ? matching : readable
}

/** The first form that passes every step, or the one that got furthest with its refusal. */
function runSteps(
  trial: Trial,
  forms: readonly AcceptedForm[],
  steps: PostEndpoint['steps'],
): readonly [attempt: Attempt, refused: Refused | undefined] {
  let furthest = -1
  let result: readonly [Attempt, Refused | undefined] | undefined
  for (const form of forms) {
    const attempt = createAttempt(trial, form)
    const { index, reason } = runUntilRefused(attempt, steps)
    if (reason === undefined) return [attempt, undefined]
    if (index > furthest) {
      furthest = index
      result = [attempt, reason]
    }
  }
  if (result === undefined) throw new Error('an endpoint with a media type has a form of it')
  return result
}

function runUntilRefused(
  attempt: Attempt,
  steps: PostEndpoint['steps'],
): { readonly index: number; readonly reason?: Refused } {
  for (let index = 0; index < steps.length; index += 1) {
    const reason = steps[index]?.(attempt)
    if (reason !== undefined) return { index, reason }
  }
  return { index: steps.length }
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
  if (refused !== undefined) return spoilt(refuse(place, refused, hearing))
  const granted = grant(attempt as Attempt, { ...issuing, outcome })
  const verdictOf = (kept: Awaited<typeof granted>) => spoilt({ ...kept, ...(attempt && { attempt }) })
  return granted instanceof Promise ? granted.then(verdictOf) : verdictOf(granted)
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
