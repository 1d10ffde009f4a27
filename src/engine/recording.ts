// A request and its reply as the journal keeps them: redacted before anything is stored.
import type { HttpReply } from '../oauth/message.ts'
import type { Service } from '../service/service.ts'
import type { Hearing } from './hearing.ts'
import type { JournalEntry, RecordedReply, RecordedRequest } from './journal.ts'
import { redactHeaders, redactMembers, redactParameters, redactQuery } from './redaction.ts'
import type { Verdict } from './verdict.ts'

const nothingRecognized: ReadonlySet<string> = new Set()
const none: readonly string[] = []

/** The entry of a request, without its id. */
export function entryOf(
  hearing: Hearing,
  verdict: Verdict,
  service: Service | undefined,
  reply: HttpReply,
): Omit<JournalEntry, 'id'> {
  const { request, now, attempt, outcome } = hearing
  const { refused, attempt: granted } = verdict
  const issued = issuedIn(verdict)
  return {
    at: now,
    method: request.method,
    path: request.path,
    status: reply.status,
    ...(service && { service: service.id }),
    ...(granted?.form.variant && { variant: granted.form.variant.id }),
    ...(attempt?.grant && attempt.grantType !== '' && { grantType: attempt.grantType }),
    ...(attempt?.client && { clientId: attempt.client.client_id }),
    ...(attempt?.authentications && { clientAuthentication: attempt.authentications }),
    ...(issued && { issued }),
    ...(outcome && { outcome: outcome.name }),
    ...(refused && { refused }),
    request: recordRequest(hearing),
    // A scope that is not registered may be anything.
    reply: recordReply(verdict, reply, attempt?.client?.scope !== undefined),
  }
}

function recordRequest({ request, place, parameters, attempt }: Hearing): RecordedRequest {
  const recognized = place?.mount.open.recognized ?? nothingRecognized
  return {
    query: request.query === undefined ? none : redactQuery(request.query, recognized),
    headers: redactHeaders(request),
    bytes: request.body.byteLength,
    ...(parameters && { parameters: redactParameters(parameters, recognized, shownOf(attempt)) }),
  }
}

/** Values that are no secret, because they are the service's own words. */
function shownOf(attempt: Hearing['attempt']): Readonly<Record<string, string>> {
  if (attempt?.grant === undefined || attempt.grantType === '') return {}
  const { wireNames } = attempt.form
  const name = wireNames.find(([standard]) => standard === 'grant_type')?.[1] ?? 'grant_type'
  return { [name]: attempt.grantType }
}

function recordReply(
  { members, text }: Verdict,
  { headers }: HttpReply,
  isScopeShown: boolean,
): RecordedReply {
  return { headers, ...(members && text === undefined && { members: redactMembers(members, isScopeShown) }) }
}

function issuedIn({ members, attempt, refused }: Verdict): JournalEntry['issued'] {
  if (refused !== undefined || attempt?.open.endpoint.kind !== 'token') return undefined
  return typeof members?.refresh_token === 'string' ? ['access_token', 'refresh_token'] : ['access_token']
}
