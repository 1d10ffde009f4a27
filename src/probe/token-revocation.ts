// Gives back the tokens that a run was granted, where the service says in its metadata that it takes them. @see RFC 7009, RFC 8414 §2
import type { Credentials } from '../fixture/message.ts'
import { formatBasic } from '../oauth/basic.ts'
import { formatForm } from '../oauth/form.ts'
import { jwtBearerAssertion } from '../oauth/words.ts'
import type { Incoming, Outgoing } from '../verify/connection.ts'
import { membersOf } from '../verify/target.ts'
import { metadataUrlsOf } from './capabilities.ts'

/** What tokens are given back by. */
export interface RevocationOptions {
  /** The token endpoint; nothing is sent to another origin. */
  readonly url: URL
  readonly credentials: Credentials
  /** Signs an assertion of the client. Default: there is no key. */
  readonly clientAssertion?: (() => string) | undefined
  /** @throws {ConnectionFailure} */
  readonly send: (request: Outgoing) => Promise<Incoming>
  /** Why nothing more should be sent; `undefined` while there is no reason. */
  readonly held: () => string | undefined
}

/** Most places that metadata is looked for, and most tokens that are given back. */
const mostPlaces = 6
const mostTokens = 200

/** How many of the tokens the service took back; none where it does not say that it does. It never throws. */
export async function revokeTokens(options: RevocationOptions, tokens: readonly string[]): Promise<number> {
  if (tokens.length === 0) return 0
  const offered = await findRevocation(options)
  if (offered === undefined) return 0
  let revoked = 0
  for (const token of tokens.slice(0, mostTokens)) {
    const reply = await replyTo(options, revocationOf(token, offered, options))
    if (reply === undefined) break
    if (reply.status === 200) revoked += 1
  }
  return revoked
}

interface Offered {
  readonly url: URL
  readonly isByPost: boolean
}

async function findRevocation(options: RevocationOptions): Promise<Offered | undefined> {
  const { url } = options
  for (const place of metadataUrlsOf(url).slice(0, mostPlaces)) {
    const headers = { accept: 'application/json' }
    const reply = await replyTo(options, { url: place.url, method: 'GET', headers, body: Buffer.alloc(0) })
    if (reply === undefined) return undefined
    const members = membersOf(reply.body)
    const tokenUrl = URL.parse(String(members.token_endpoint))
    // Of another endpoint at the same host it says nothing of this one.
    if (reply.status !== 200 || tokenUrl?.pathname !== url.pathname) continue
    return offeredIn(members, url, tokenUrl)
  }
  return undefined
}

/** A service behind a name of its own is asked at the origin of the run. */
function offeredIn(
  members: Readonly<Record<string, unknown>>,
  { origin }: URL,
  tokenUrl: URL,
): Offered | undefined {
  const given = URL.parse(String(members.revocation_endpoint))
  if (given === null || (given.origin !== origin && given.origin !== tokenUrl.origin)) return undefined
  const methods =
    members.revocation_endpoint_auth_methods_supported ?? members.token_endpoint_auth_methods_supported
  const isByPost = Array.isArray(methods) && !methods.includes('client_secret_basic')
  return { url: new URL(given.pathname + given.search, origin), isByPost }
}

function revocationOf(
  token: string,
  { url, isByPost }: Offered,
  { credentials, clientAssertion }: RevocationOptions,
): Outgoing {
  const { client_id = '', client_secret } = credentials
  const isByBasic = client_secret !== undefined && !isByPost
  const assertion = client_secret === undefined ? clientAssertion?.() : undefined
  const inBody = Object.entries({
    client_id: isByBasic ? undefined : client_id,
    client_secret: isByBasic ? undefined : client_secret,
    client_assertion_type: assertion && jwtBearerAssertion,
    client_assertion: assertion,
  }).flatMap(
    ([name, value]): Array<readonly [string, string]> => (value === undefined ? [] : [[name, value]]),
  )
  return {
    url,
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(isByBasic && { authorization: formatBasic({ client_id, client_secret }, 'form') }),
    },
    body: Buffer.from(formatForm([['token', token], ...inBody])),
  }
}

async function replyTo({ send, held }: RevocationOptions, request: Outgoing): Promise<Incoming | undefined> {
  if (held() !== undefined) return undefined
  try {
    return await send(request)
  } catch {
    // What cannot be given back ends by itself.
    return undefined
  }
}
