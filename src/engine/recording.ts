// A request and its reply as the journal keeps them: redacted before anything is stored.
import type { HttpReply } from '../oauth/message.ts'
import type { ClientMetadata } from '../oauth/words.ts'
import type { Service } from '../service/service.ts'
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
const accessTokenAlone: JournalEntry['issued'] = ['access_token']
const bothTokens: JournalEntry['issued'] = ['access_token', 'refresh_token']

/** The entry of a request; `pathParts` are those of every path that is served. */
export function entryOf(
  id: number,
  hearing: Hearing,
  verdict: Verdict,
  service: Service | undefined,
  reply: HttpReply,
  pathParts: ReadonlySet<string>,
): JournalEntry {
  const { request, now: at, place, attempt, outcome } = hearing
  // Member by member: this runs for every request, and an object is spread slowly.
  const entry: Writable<JournalEntry> = {
    id,
    at,
    method: redactMethod(request.method),
    path: place === undefined ? redactPath(request.path, pathParts) : request.path,
    status: reply.status,
    request: recordRequest(hearing),
    reply: recordReply(verdict, reply, attempt?.client),
  }
  if (service !== undefined) entry.service = service.id
  if (verdict.attempt?.form.variant !== undefined) entry.variant = verdict.attempt.form.variant.id
  if (attempt?.grant !== undefined && attempt.grantType !== '') entry.grantType = attempt.grantType
  if (attempt?.client !== undefined) entry.clientId = attempt.client.client_id
  if (attempt?.authentications !== undefined) entry.clientAuthentication = attempt.authentications
  const issued = issuedIn(verdict)
  if (issued !== undefined) entry.issued = issued
  if (outcome !== undefined) entry.outcome = outcome.name
  if (verdict.refused !== undefined) entry.refused = verdict.refused
  return entry
}

type Writable<T> = { -readonly [Member in keyof T]: T[Member] }

function recordRequest({ request, place, parameters, attempt }: Hearing): RecordedRequest {
  const recognized = place?.mount.open.recognized ?? nothingRecognized
  const query = request.query === undefined ? none : redactQuery(request.query, recognized)
  const headers = redactHeaders(request)
  const bytes = request.body.byteLength
  if (parameters === undefined) return { query, headers, bytes }
  return { query, headers, bytes, parameters: redactParameters(parameters, recognized, grantIn(attempt)) }
}

/** The one value that is no secret, because it is a word of the service's own: the grant type, under its wire name. */
function grantIn(attempt: Hearing['attempt']): ShownParameter | undefined {
  if (attempt?.grant === undefined || attempt.grantType === '') return undefined
  const own = attempt.form.wireNames.find(([standard]) => standard === 'grant_type')
  return { name: own?.[1] ?? 'grant_type', value: attempt.grantType }
}

/** A scope that is not registered may be anything. */
function recordReply(
  { members, text }: Verdict,
  { headers }: HttpReply,
  client: ClientMetadata | undefined,
): RecordedReply {
  if (members === undefined || text !== undefined) return { headers }
  return { headers, members: redactMembers(members, client?.scope !== undefined) }
}

function issuedIn({ members, attempt, refused }: Verdict): JournalEntry['issued'] {
  if (refused !== undefined || attempt?.open.endpoint.kind !== 'token') return undefined
  return typeof members?.refresh_token === 'string' ? bothTokens : accessTokenAlone
}
