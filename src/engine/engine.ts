// The engine: a request in, the vendor's reply out. It knows neither node:http nor MSW, neither the time nor chance.
import type { HttpReply, HttpRequest } from '../oauth/message.ts'
import type { ClientMetadata, ContentType, User } from '../oauth/words.ts'
import type { Service } from '../service/service.ts'
import type { Attempt, Step } from './attempt.ts'
import { mediaTypeOf, type Parameters, readBody, toStandardNames } from './body.ts'
import type { Clock } from './clock.ts'
import { type AcceptedForm, type Desk, type OpenEndpoint, openDesk } from './desk.ts'
import { explain, findRule, formatExplanation, type Received } from './explanation.ts'
import { issueToken, revokeToken } from './issue.ts'
import { createJournal, type Explanation, type Journal } from './journal.ts'
import { createMounts, type Mount, type Mounts } from './mounts.ts'
import { createRandomStrings, type RandomSource, type RandomStrings } from './random.ts'
import type { Refused } from './refused.ts'
import { revocationSteps, tokenSteps } from './steps.ts'

/** What an engine is made of. */
export interface EngineOptions {
  readonly services: readonly Service[]
  /** Known to every service, beside its documented example. */
  readonly clients: readonly ClientMetadata[]
  readonly users: readonly User[]
  readonly clock: Clock
  readonly random: RandomSource
}

/** Services that answer. */
export interface Engine {
  /** Never throws for anything a client can send. */
  readonly answer: (request: HttpRequest) => HttpReply
  readonly journal: Journal
  readonly mounts: Mounts
  /** The largest body that any service reads; a host need not pass more than one byte beyond. */
  readonly maxBodyBytes: number
}

/** The reply before it is a message. */
interface Verdict {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly service?: Service
  readonly variant?: string
  readonly grantType?: string
  readonly refused?: Explanation
}

const journalCapacity = 1000

/** Makes an engine of services. */
export function createEngine({ services, clients, users, clock, random }: EngineOptions): Engine {
  const desks = services.map((service) => openDesk(service, clients, users))
  const mounts = createMounts(desks)
  const journal = createJournal(journalCapacity)
  const strings = createRandomStrings(random)
  return {
    answer: (request) => {
      const now = clock.now()
      const verdict = judge(mounts, request, now, strings)
      const { status, service, variant, grantType, refused } = verdict
      journal.add({
        at: now,
        method: request.method,
        path: request.path,
        status,
        ...(service && { service: service.id }),
        ...(variant !== undefined && { variant }),
        ...(grantType !== undefined && { grantType }),
        ...(refused && { refused }),
      })
      return formatReply(verdict, strings)
    },
    journal,
    mounts,
    maxBodyBytes: Math.max(0, ...services.map(({ limits }) => limits.maxBodyBytes)),
  }
}

function judge(mounts: Mounts, request: HttpRequest, now: number, strings: RandomStrings): Verdict {
  const mount = mounts.find(request.path)
  if (mount === undefined) return judgeUnknownPath(mounts, request)
  const { desk, open } = mount
  const mediaType = mediaTypeOf(request.headers['content-type'])
  const received = { path: open.endpoint.path, mediaType }
  const unreadable = requireReadable(mount, request)
  if (unreadable !== undefined) return refusal(desk, unreadable, received)
  const contentType = open.contentTypes.find((known) => known === mediaType)
  if (contentType === undefined) return refusal(desk, undocumentedContentType(open, mediaType), received)
  const read = readBody(request.body, contentType, open.recognized)
  if ('refused' in read) return refusal(desk, read.refused, received)
  const attempts = formsFor(open, contentType, read.parameters).map((form): Attempt => {
    const parameters = toStandardNames(read.parameters, form.wireNames)
    return {
      desk,
      open,
      form,
      request,
      sent: read.parameters,
      parameters,
      now,
      grantType: '',
      accepted: {},
      scope: '',
    }
  })
  const steps = open.endpoint.kind === 'token' ? tokenSteps : revocationSteps
  const granted = runSteps(attempts, steps)
  if ('refused' in granted)
    return refusal(desk, granted.refused, { ...received, parameters: read.parameters })
  if (open.endpoint.kind === 'revocation') {
    revokeToken(granted)
    return { status: open.endpoint.status, service: desk.service }
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: issueToken(granted, strings),
    service: desk.service,
    grantType: granted.grantType,
    ...(granted.form.variant && { variant: granted.form.variant.id }),
  }
}

/** What can be said before the body is read. */
function requireReadable({ desk }: Mount, request: HttpRequest): Refused | undefined {
  if (request.method !== 'POST')
    return { rule: 'rfc6749-3.2-post', detail: 'expected POST, received another method' }
  const { maxBodyBytes } = desk.service.limits
  if (request.body.byteLength <= maxBodyBytes) return undefined
  return { rule: 'body-size', detail: `expected at most ${maxBodyBytes} bytes, received more` }
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
  { forms }: OpenEndpoint,
  contentType: ContentType,
  sent: Parameters,
): readonly AcceptedForm[] {
  const readable = forms.filter(({ contentTypes }) => contentTypes.includes(contentType))
  const matching = readable.filter(({ grants, wireNames }) => {
    const { grant_type } = toStandardNames(sent, wireNames)
    return typeof grant_type === 'string' && grants.has(grant_type)
  })
  return matching.length > 0 ? matching : readable
}

/** The first attempt that passes every step, or the refusal of the one that got furthest. */
function runSteps(
  attempts: readonly Attempt[],
  steps: readonly Step[],
): Attempt | { readonly refused: Refused } {
  let furthest = -1
  let refused: Refused = { rule: 'documented-content-type', detail: 'no documented form has this media type' }
  for (const attempt of attempts) {
    const { index, reason } = runUntilRefused(attempt, steps)
    if (reason === undefined) return attempt
    if (index > furthest) {
      furthest = index
      refused = reason
    }
  }
  return { refused }
}

function runUntilRefused(attempt: Attempt, steps: readonly Step[]): { index: number; reason?: Refused } {
  for (const [index, step] of steps.entries()) {
    const reason = step(attempt)
    if (reason !== undefined) return { index, reason }
  }
  return { index: steps.length }
}

function refusal(desk: Desk, refused: Refused, received: Received): Verdict {
  const { service } = desk
  const name = findRule(service, refused.rule).refusal
  const reply = service.refusals[name] ?? service.refusals.invalid_request
  const isJson = reply.body !== undefined
  return {
    status: reply.status,
    headers: { ...(isJson && { 'content-type': 'application/json' }), ...reply.headers },
    ...(isJson && { body: JSON.stringify(reply.body) }),
    service,
    refused: explain(service, refused, received),
  }
}

function judgeUnknownPath(mounts: Mounts, request: HttpRequest): Verdict {
  const owner = mounts.ownerOf(request.path)
  const known = mounts.all.filter(({ desk }) => owner === undefined || desk === owner)
  const paths = known.map(({ path, rootPath }) => rootPath ?? path).join(' or ')
  const refused = { rule: 'documented-path', detail: `expected ${paths}, received another path` } as const
  const received = { path: request.path, mediaType: mediaTypeOf(request.headers['content-type']) }
  if (owner !== undefined) return refusal(owner, refused, received)
  return {
    status: 404,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify({ message: `No token service is here: ${refused.detail}.` }),
    refused: explain(undefined, refused, received),
  }
}

function formatReply(
  { status, headers, body = '', service, refused }: Verdict,
  strings: RandomStrings,
): HttpReply {
  const fields: Record<string, string> = { ...service?.replyHeaders, ...headers }
  for (const [name, value] of Object.entries(fields)) {
    if (value === '{uuid}') fields[name] = strings.uuid()
  }
  if (refused !== undefined) fields['tokenwright-reason'] = formatExplanation(refused)
  return { status, headers: fields, body }
}
