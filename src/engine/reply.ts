// Verdicts to messages: the service's documented reply to a refusal, and the fields that every reply has.
import type { HttpReply } from '../oauth/message.ts'
import { defaultRefusals } from '../service/rules.ts'
import type { Refusal, Service } from '../service/service.ts'
import { mediaTypeOf } from './body.ts'
import { explain, findRule, formatExplanation, type Received } from './explanation.ts'
import type { Hearing } from './hearing.ts'
import type { Place } from './mounts.ts'
import type { RandomStrings } from './random.ts'
import type { Refused } from './refused.ts'
import type { Verdict } from './verdict.ts'

/** The reply of a service to a request that breaks a rule, or under another name. */
export function refuse(
  { mount }: Place,
  refused: Refused,
  { parameters, request }: Hearing,
  name?: string,
): Verdict {
  const { service } = mount.desk
  const received = {
    path: mount.open.endpoint.path,
    mediaType: mediaTypeOf(request.headers['content-type']),
    ...(parameters && { parameters }),
  }
  return refusalOf(service, refused, received, name)
}

/** The same where no endpoint was found. */
export function refusalOf(service: Service, refused: Refused, received: Received, name?: string): Verdict {
  const { status, headers, body } = replyOf(service, name ?? findRule(service, refused.rule).refusal)
  return {
    status,
    ...(headers && { headers }),
    ...(body && { members: body }),
    refused: explain(service, refused, received),
  }
}

function replyOf(service: Service, name: string): Refusal {
  return findRefusal(service, name) ?? service.refusals.invalid_request
}

/** The refusal of that name: the service's own, or the one that every service has; `undefined` when there is neither. */
export function findRefusal(service: Service | undefined, name: string): Refusal | undefined {
  const general: Readonly<Record<string, Refusal>> = defaultRefusals
  return service?.refusals[name] ?? general[name]
}

/** The message of a verdict, under the reply headers of the service. */
export function formatReply(
  { request }: Hearing,
  verdict: Verdict,
  service: Service | undefined,
  random: RandomStrings,
): HttpReply {
  const { status, headers, members, text, delivery, refused } = verdict
  const body = text ?? (members === undefined ? '' : JSON.stringify(members))
  const fields: Record<string, string> = { ...service?.replyHeaders }
  for (const name in fields) if (fields[name] === '{uuid}') fields[name] = random.uuid()
  if (members !== undefined && body !== '') fields['content-type'] = 'application/json'
  if (headers !== undefined) Object.assign(fields, headers)
  if (service?.cors === true && request.headers.origin !== undefined) {
    fields['access-control-allow-origin'] = '*'
    fields['access-control-expose-headers'] = 'retry-after, tokenwright-reason, www-authenticate'
  }
  if (refused !== undefined) fields['tokenwright-reason'] = formatExplanation(refused)
  return { status, headers: fields, body, ...(delivery && { delivery }) }
}
