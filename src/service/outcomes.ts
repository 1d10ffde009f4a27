// What a token service can answer besides the truth: outcomes by name, as data, and the sequences made of them.
import type { Delivery } from '../oauth/message.ts'
import type { TokenMember } from '../oauth/words.ts'
import { parseDuration } from './duration.ts'
import type { Refusal, Service } from './service.ts'

/** One way in which a request ends otherwise than it would. */
export interface Outcome {
  readonly sentence: string
  /** Answers in place of any judgment: a refusal of the service, by name. */
  readonly refusal?: string
  /** Answers in place of any judgment. */
  readonly reply?: SpoiltReply
  /** Members of a token reply that have another value; `undefined` leaves the member out. */
  readonly members?: Readonly<Partial<Record<TokenMember, string | number | null | undefined>>>
  /** A change to the members of a token reply that depends on them. */
  readonly change?:
    | 'expires_in_as_string'
    | 'expires_in_less_one'
    | 'first_scope'
    | 'reversed'
    | 'further_members'
  /** What is done to the finished body of a reply. */
  readonly body?: 'none' | 'malformed' | 'form' | 'html'
  /** The Content-Type of the reply in place of its own. */
  readonly contentType?: string
  /** The access token is issued as one that has this long to live already behind it, or is dead at once. */
  readonly issued?: 'expired' | 'revoked'
  /** Revokes every token of the client before the request is judged. */
  readonly revokesAll?: boolean
  readonly delivery?: Delivery
}

/** A reply that no service documents. */
export interface SpoiltReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Default: no content. */
  readonly body?: string
}

/** An outcome with the number of requests that it answers. */
export interface Turn {
  readonly name: string
  readonly outcome: Outcome
  /** `Infinity` for every request from its turn on. */
  readonly requests: number
}

const html = { 'content-type': 'text/html' } as const
const text = { 'content-type': 'text/plain' } as const
const page = (title: string) =>
  `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`

/** Every outcome that has a name of its own. Names are public: added, deprecated, never renamed. */
export const outcomes = {
  granted: { sentence: 'The request is judged as usual.' },
  expired: { sentence: 'The access token has expired when it arrives.', issued: 'expired' },
  revoked: { sentence: 'The access token has been revoked when it arrives.', issued: 'revoked' },
  revoke_all: {
    sentence: 'Every token of the client is revoked first: refresh tokens are refused, APIs answer 401.',
    revokesAll: true,
  },
  short: { sentence: 'expires_in is 1.', members: { expires_in: 1 } },
  one_second_short: { sentence: 'expires_in is one second less than usual.', change: 'expires_in_less_one' },
  zero_expires_in: { sentence: 'expires_in is 0.', members: { expires_in: 0 } },
  string_expires_in: { sentence: 'expires_in is a string.', change: 'expires_in_as_string' },
  null_expires_in: { sentence: 'expires_in is null.', members: { expires_in: null } },
  no_expires_in: { sentence: 'expires_in is missing.', members: { expires_in: undefined } },
  lowercase_bearer: { sentence: 'token_type is "bearer".', members: { token_type: 'bearer' } },
  no_token_type: { sentence: 'token_type is missing.', members: { token_type: undefined } },
  no_access_token: { sentence: 'access_token is missing.', members: { access_token: undefined } },
  no_refresh_token: { sentence: 'refresh_token is missing.', members: { refresh_token: undefined } },
  null_refresh_token: { sentence: 'refresh_token is null.', members: { refresh_token: null } },
  no_scope: { sentence: 'scope is missing.', members: { scope: undefined } },
  empty_scope: { sentence: 'scope is empty.', members: { scope: '' } },
  narrow_scope: { sentence: 'scope holds its first token alone.', change: 'first_scope' },
  reordered: { sentence: 'The members come in another order.', change: 'reversed' },
  further_members: { sentence: 'The reply has members that no RFC knows.', change: 'further_members' },
  charset: {
    sentence: 'Content-Type has a charset parameter.',
    contentType: 'application/json; charset=utf-8',
  },
  charset_uppercase: {
    sentence: 'Content-Type has a charset parameter in capitals, without a space.',
    contentType: 'application/json;charset=UTF-8',
  },
  wrong_content_type: { sentence: 'The JSON comes as text/plain.', contentType: 'text/plain' },
  form_encoded: {
    sentence: 'The reply is a form.',
    body: 'form',
    contentType: 'application/x-www-form-urlencoded',
  },
  html: {
    sentence: 'A page of HTML comes with the status of the reply.',
    body: 'html',
    contentType: 'text/html',
  },
  empty: { sentence: 'The reply has no content.', body: 'none' },
  malformed_json: { sentence: 'The JSON breaks off, and the message is whole.', body: 'malformed' },
  truncated: {
    sentence: 'The connection closes in the middle of the body.',
    delivery: { ends: 'truncated' },
  },
  drip: { sentence: 'The body comes in ten pieces, 100 ms apart.', delivery: { pieces: 10, pauseMs: 100 } },
  reset: { sentence: 'The connection is reset without a reply.', delivery: { ends: 'reset' } },
  closed: { sentence: 'The connection is closed without a reply.', delivery: { ends: 'closed' } },
  client_refused_400: {
    sentence: 'invalid_client comes with status 400.',
    reply: {
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: '{"error":"invalid_client"}',
    },
  },
  client_refused_403_empty: {
    sentence: 'The client is refused with 403 and no content.',
    reply: { status: 403 },
  },
  client_refused_401_text: {
    sentence: 'The client is refused with 401 and a text that is no JSON.',
    reply: { status: 401, headers: text, body: 'Unauthorized' },
  },
  client_refused_400_prose: {
    sentence: 'The client is refused with 400 and prose.',
    reply: { status: 400, headers: text, body: 'The client credentials are not valid.' },
  },
  oauth_error: {
    sentence: 'The refusal is in the form of RFC 6749 section 5.2, whatever the service documents.',
    reply: {
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: '{"error":"invalid_request","error_description":"The request is not valid."}',
    },
  },
  unregistered_error: {
    sentence: 'The refusal has an error code that no RFC knows.',
    reply: {
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: '{"error":"unknown_scope"}',
    },
  },
  refused_400_empty: { sentence: 'The request is refused with 400 and no content.', reply: { status: 400 } },
  refused_413_html: {
    sentence: 'The body is refused as too large, in HTML.',
    reply: { status: 413, headers: html, body: page('413 Request Entity Too Large') },
  },
  '429': {
    sentence: 'Too many requests, with Retry-After.',
    reply: { status: 429, headers: { 'retry-after': '1' } },
  },
  '500': {
    sentence: 'An internal error.',
    reply: { status: 500, headers: { 'content-type': 'application/json' }, body: '{"error":"server_error"}' },
  },
  '501': { sentence: 'Not implemented.', reply: { status: 501 } },
  '502': {
    sentence: 'A gateway answers with a page of HTML.',
    reply: { status: 502, headers: html, body: page('502 Bad Gateway') },
  },
  '503': {
    sentence: 'The service is unavailable, with Retry-After.',
    reply: { status: 503, headers: { 'retry-after': '1' } },
  },
  '504': {
    sentence: 'A gateway answers with a page of HTML after its time is up.',
    reply: { status: 504, headers: html, body: page('504 Gateway Timeout') },
  },
} as const satisfies Readonly<Record<string, Outcome>>

/** Sequences that have a name; a configuration adds its own. */
export const scenarios = {
  flaky: '429x2.granted',
  outage: '503x2.granted',
  revoked_midway: 'granted.revoke_allx1.granted',
} as const satisfies Readonly<Record<string, string>>

/** The longest wait that an outcome may ask for, in milliseconds. */
const longestDelayMs = 600_000
const longestSequence = 32

/** The refusals and statuses of a service, and the delays, are outcomes too. */
export const outcomeGrammar =
  'a name, a refusal of the service, a status from 400 to 599, slow<duration> such as slow2s; x<count> limits it, a dot goes on to the next'

/**
 * The turns of a sequence, `undefined` when it is none: outcomes divided by dots, each with the number of requests that
 * it answers (`429x2`). One without a number answers one request, the last one every request from then on.
 */
export function parseSequence(
  sequence: string,
  service: Service | undefined,
  named: Readonly<Record<string, string>> = scenarios,
): readonly Turn[] | undefined {
  const spelled = Object.hasOwn(named, sequence) ? named[sequence] : sequence
  const items = (spelled ?? '').split('.')
  if (items.length > longestSequence) return undefined
  const turns = items.map((item, index) => parseTurn(item, service, index === items.length - 1))
  return turns.every((turn) => turn !== undefined) ? turns : undefined
}

function parseTurn(item: string, service: Service | undefined, isLast: boolean): Turn | undefined {
  const [, counted, count] = /^(.+?)x([1-9]\d{0,5})$/.exec(item) ?? []
  const name = counted ?? item
  const outcome = findOutcome(name, service)
  if (outcome === undefined) return undefined
  return { name, outcome, requests: count === undefined ? (isLast ? Infinity : 1) : Number(count) }
}

/** The outcome of that name at a service; `undefined` when there is none. A documented reply stands before a general one. */
export function findOutcome(name: string, service: Service | undefined): Outcome | undefined {
  const refusals: Readonly<Record<string, Refusal>> = service?.refusals ?? {}
  if (Object.hasOwn(refusals, name)) return { sentence: `The service refuses: ${name}.`, refusal: name }
  if (/^[45]\d\d$/.test(name)) return statusOutcome(Number(name), refusals)
  const known: Readonly<Record<string, Outcome>> = outcomes
  if (Object.hasOwn(known, name)) return known[name]
  const delayMs = name.startsWith('slow') ? parseDuration(name.slice('slow'.length)) : undefined
  if (delayMs === undefined || delayMs > longestDelayMs) return undefined
  return { sentence: `The reply takes ${name.slice('slow'.length)}.`, delivery: { delayMs } }
}

function statusOutcome(status: number, refusals: Readonly<Record<string, Refusal>>): Outcome {
  const documented = Object.keys(refusals).find((name) => refusals[name]?.status === status)
  if (documented !== undefined)
    return { sentence: `The service refuses: ${documented}.`, refusal: documented }
  const known: Readonly<Record<string, Outcome>> = outcomes
  return known[status] ?? { sentence: `The status is ${status}.`, reply: { status } }
}
