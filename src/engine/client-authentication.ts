// Which client is calling, and whether it has shown so. @see RFC 6749 §2.3, §3.2.1
import { parseBasic } from '../oauth/basic.ts'
import type { ClientAuthenticationMethod, ClientMetadata } from '../oauth/words.ts'
import type { RuleId } from '../service/rules.ts'
import type { Attempt } from './attempt.ts'
import type { Refused } from './refused.ts'
import { isSameSecret } from './secrets.ts'

/** Credentials that a request shows. */
interface Presented {
  readonly method: ClientAuthenticationMethod
  readonly client_id: string
  readonly client_secret: string
}

/** Leaves the client in the attempt when every credential shown is right. */
export function requireClientAuthentication(attempt: Attempt): Refused | undefined {
  const { methods, several } = attempt.form.clientAuthentication
  if (methods.length === 0) return requireKnownClient(attempt)
  const header = inHeader(attempt)
  if (header !== undefined && 'rule' in header) return header
  const body = inBody(attempt)
  if (header !== undefined && body !== undefined) {
    if (body.client_id !== header.client_id) {
      return refuse('rfc6749-2.3-one-client-authentication', 'expected one client, received two client ids')
    }
    if (body.method !== 'none' && several === 'refused') {
      return refuse(
        'rfc6749-2.3-one-client-authentication',
        'expected one way, received HTTP Basic and body credentials',
      )
    }
  }
  const shown = [header, body?.method === 'none' && header !== undefined ? undefined : body]
  return requireRightCredentials(
    attempt,
    shown.filter((presented) => presented !== undefined),
  )
}

/** An endpoint that authenticates no client still knows which ones there are. */
function requireKnownClient(attempt: Attempt): Refused | undefined {
  const id = stringOf(attempt, 'client_id')
  if (id === undefined) return undefined
  const client = attempt.desk.clients.get(id)
  if (client === undefined)
    return refuse('rfc6749-2.3.1-client-secret', 'expected a known client_id, received another')
  attempt.client = client
  return undefined
}

function requireRightCredentials(attempt: Attempt, shown: readonly Presented[]): Refused | undefined {
  const [first] = shown
  if (first === undefined) {
    const expected = attempt.form.clientAuthentication.methods.join(' or ')
    return refuse(
      'rfc6749-3.2.1-client-authentication',
      `expected ${expected}, received no client credentials`,
    )
  }
  const client = attempt.desk.clients.get(first.client_id)
  for (const presented of shown) {
    const refused = requireRightSecret(attempt, client, presented)
    if (refused !== undefined) return refused
  }
  if (client !== undefined) attempt.client = client
  return undefined
}

function requireRightSecret(
  { form }: Attempt,
  client: ClientMetadata | undefined,
  presented: Presented,
): Refused | undefined {
  const { methods } = form.clientAuthentication
  const { client_secret, token_endpoint_auth_method: registered } = client ?? {}
  // An unknown client and one without a secret take as long as any other.
  const isRight = isSameSecret(presented.client_secret, client_secret ?? '') && client_secret !== undefined
  if (client === undefined) {
    return refuse('rfc6749-2.3.1-client-secret', 'expected a known client_id, received another')
  }
  if (presented.method === 'none' && (client_secret !== undefined || !methods.includes('none'))) {
    return refuse('rfc6749-3.2.1-client-authentication', 'expected a client_secret, received client_id alone')
  }
  if (presented.method !== 'none' && !isRight)
    return refuse('rfc6749-2.3.1-client-secret', "expected the client's own secret, received another")
  if (registered !== undefined && registered !== presented.method) {
    return refuse(
      'rfc7591-2-token-endpoint-auth-method',
      `expected ${registered}, received ${presented.method}`,
    )
  }
  return undefined
}

function inHeader({ form, request }: Attempt): Presented | Refused | undefined {
  const { methods, otherSchemes, basicSpelling } = form.clientAuthentication
  const field = request.headers.authorization
  if (field === undefined) return undefined
  const [, scheme = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(String(field)) ?? []
  if (scheme.toLowerCase() === 'basic' && methods.includes('client_secret_basic')) {
    const basic = parseBasic(rest, basicSpelling)
    if (basic !== undefined) return { method: 'client_secret_basic', ...basic }
    const spelling = basicSpelling === 'form' ? 'form-encoded id:secret' : 'id:secret'
    return refuse('rfc6749-2.3.1-basic-syntax', `expected Base64 of ${spelling}, received something else`)
  }
  if (otherSchemes === 'ignored') return undefined
  return refuse('rfc6749-5.2-authorization-scheme', 'expected a supported scheme, received another')
}

function inBody(attempt: Attempt): Presented | undefined {
  const { methods } = attempt.form.clientAuthentication
  const client_id = stringOf(attempt, 'client_id')
  const client_secret = stringOf(attempt, 'client_secret')
  if (client_id === undefined) return undefined
  if (client_secret !== undefined && methods.includes('client_secret_post')) {
    return { method: 'client_secret_post', client_id, client_secret }
  }
  return { method: 'none', client_id, client_secret: '' }
}

function stringOf({ parameters }: Attempt, name: string): string | undefined {
  const value = parameters[name]
  return typeof value === 'string' ? value : undefined
}

function refuse(rule: RuleId, detail: string): Refused {
  return { rule, detail }
}
