// A request before it is tried: how often the service is asked, and what can be read of the body.
import type { HttpRequest } from '../oauth/message.ts'
import type { ContentType } from '../oauth/words.ts'
import { mediaTypeOf, type Parameters, readBody, toStandardNames } from './body.ts'
import type { AcceptedForm, OpenEndpoint } from './desk.ts'
import type { Place } from './mounts.ts'
import type { Refused } from './refused.ts'

/** A request whose body has been read. */
export interface ReadRequest {
  readonly parameters: Parameters
  readonly contentType: ContentType
}

/** Counts a token request within its second. */
export function requireRate({ mount: { desk, open } }: Place, now: number): Refused | undefined {
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
export function readRequest(
  { mount: { desk, open } }: Place,
  { method, headers, body }: HttpRequest,
): ReadRequest | { readonly refused: Refused } {
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
export function formsFor(
  { formsByContentType }: OpenEndpoint,
  { contentType, parameters }: ReadRequest,
): readonly AcceptedForm[] {
  const readable = formsByContentType.get(contentType) ?? []
  const matching = readable.filter(({ grants, wireNames }) => {
    const { grant_type } = toStandardNames(parameters, wireNames)
    return typeof grant_type === 'string' && grants.has(grant_type)
  })
  return matching.length > 0 ? matching : readable
}
