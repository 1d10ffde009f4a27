// A request and its reply as the journal keeps them: redacted before anything is stored.
import type { HttpReply } from '../oauth/message.ts'
import type { ClientMetadata } from '../oauth/words.ts'
import { type Service, wireNameOf } from '../service/service.ts'
import type { Hearing } from './hearing.ts'
import type { JournalEntry, RecordedReply, RecordedRequest } from './journal.ts'
import {
  redactHeaders,
  redactMembers,
  redactMethod,
  redactParameters,
  redactPath,
  redactQuery,
  type ShownParameter,
} from './redaction.ts'
import type { Verdict } from './verdict.ts'

const nothingRecognized: ReadonlySet<string> = new Set()
const none: readonly string[] = []
const noNames: ReadonlyMap<string, string> = new Map()
const accessTokenAlone: JournalEntry['issued'] = ['access_token']
const bothTokens: JournalEntry['issued'] = ['access_token', 'refresh_token']

/** Makes the entry of a request. */
export type Recorder = (
  id: number,
  hearing: Hearing,
  verdict: Verdict,
  service: Service | undefined,
  reply: HttpReply,
) => JournalEntry

/** A recorder; `pathParts` are those of every path that is served. */
export function createRecorder(pathParts: ReadonlySet<string>): Recorder {
  const parts: SharedParts = {
    headers: createShare(),
    parameters: createShare(),
    request: createShare(),
    replyHeaders: createShare(),
    members: createShare(),
    reply: createShare(),
  }
  return (id, hearing, verdict, service, reply) => {
    const { request, now: at, place, attempt, outcome } = hearing
    const grant = grantIn(attempt)
    // Member by member: this runs for every request, and an object is spread slowly.
    const entry: Writable<JournalEntry> = {
      id,
      at,
      method: redactMethod(request.method),
      path: place === undefined ? redactPath(request.path, pathParts) : request.path,
      status: reply.status,
      request: recordRequest(hearing, grant, parts),
      reply: recordReply(verdict, reply, attempt?.client, parts),
    }
    if (service !== undefined) entry.service = service.id
    if (attempt?.form.variant !== undefined) entry.variant = attempt.form.variant.id
    if (grant !== undefined) entry.grantType = grant.value
    if (attempt?.client !== undefined) entry.clientId = attempt.client.client_id
    if (attempt?.authentications !== undefined) entry.clientAuthentication = attempt.authentications
    const issued = issuedIn(verdict)
    if (issued !== undefined) entry.issued = issued
    if (outcome !== undefined) entry.outcome = outcome.name
    if (verdict.refused !== undefined) entry.refused = verdict.refused
    return entry
  }
}

/**
 * Gives the record before it when that is equal. A client mostly says the same again, and what the journal holds is what
 * the garbage collector has to copy over and over.
 */
type Share<R extends object> = (record: R) => R

interface SharedParts {
  readonly headers: Share<RecordedRequest['headers']>
  readonly parameters: Share<NonNullable<RecordedRequest['parameters']>>
  readonly request: Share<RecordedRequest>
  readonly replyHeaders: Share<RecordedReply['headers']>
  readonly members: Share<NonNullable<RecordedReply['members']>>
  readonly reply: Share<RecordedReply>
}

function createShare<R extends object>(): Share<R> {
  let last: R | undefined
  return (record) => {
    if (last !== undefined && isEqual(record, last)) return last
    last = record
    return record
  }
}

/** Member by member, in any order; members that are objects must be the same ones. */
function isEqual(one: object, other: object): boolean {
  const [first, second] = [one, other] as ReadonlyArray<Readonly<Record<string, unknown>>>
  if (first === undefined || second === undefined) return false
  let surplus = 0
  for (const name in first) {
    if (first[name] !== second[name]) return false
    surplus += 1
  }
  for (const _name in second) surplus -= 1
  return surplus === 0
}

type Writable<T> = { -readonly [Member in keyof T]: T[Member] }

function recordRequest(
  { request, place, parameters: sent }: Hearing,
  grant: ShownParameter | undefined,
  share: SharedParts,
): RecordedRequest {
  const recognized = place?.mount.open.recognized ?? nothingRecognized
  const query =
    request.query === undefined
      ? none
      : redactQuery(request.query, recognized, place?.mount.open.standardNames ?? noNames)
  const headers = share.headers(redactHeaders(request))
  const bytes = request.body.byteLength
  if (sent === undefined) return share.request({ query, headers, bytes })
  const parameters = share.parameters(redactParameters(sent, recognized, grant))
  return share.request({ query, headers, bytes, parameters })
}

/** The one value that is no secret, because it is a word of the service's own: the grant type, under its wire name. */
function grantIn(attempt: Hearing['attempt']): ShownParameter | undefined {
  if (attempt === undefined) return undefined
  const { form, open, parameters } = attempt
  // The document's own string: what was sent would keep the whole body alive.
  const value = open.grantTypes.find((known) => known === parameters.grant_type)
  if (value === undefined || value === '') return undefined
  return { name: form.variant === undefined ? 'grant_type' : wireNameOf(form.variant, 'grant_type'), value }
}

/** A scope that is not registered may be anything. */
function recordReply(
  { members, text }: Verdict,
  { headers: fields }: HttpReply,
  client: ClientMetadata | undefined,
  share: SharedParts,
): RecordedReply {
  const headers = share.replyHeaders(fields)
  if (members === undefined || text !== undefined) return share.reply({ headers })
  return share.reply({ headers, members: share.members(redactMembers(members, client?.scope !== undefined)) })
}

/** What the client gets to see: a reply that is spoilt or never arrives issues nothing to it. */
function issuedIn({ members, text, delivery, attempt, refused }: Verdict): JournalEntry['issued'] {
  if (refused !== undefined || attempt?.open.endpoint.kind !== 'token') return undefined
  if (text !== undefined || delivery?.ends !== undefined) return undefined
  if (typeof members?.access_token !== 'string') return undefined
  return typeof members?.refresh_token === 'string' ? bothTokens : accessTokenAlone
}
