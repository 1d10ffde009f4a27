// Which client is calling, and whether it has shown so. @see RFC 6749 §2.3, §3.2.1
import { parseBasic } from '../oauth/basic.ts'
import { type ClientAuthenticationMethod, type ClientMetadata, jwtBearerAssertion } from '../oauth/words.ts'
import type { RuleId } from '../service/rules.ts'
import type { Attempt } from './attempt.ts'
import type { Refused } from './refused.ts'
import { isSameSecret } from './secrets.ts'

/** Credentials that a request shows. */
interface Presented {
  readonly method: ClientAuthenticationMethod
  readonly client_id: string
  /** Empty when none is shown. */
  readonly client_secret: string
}

/** Leaves the client in the attempt; refuses unless every credential shown is right. */
export function requireClientAuthentication(attempt: Attempt): Refused | undefined {
  const { methods, several } = attempt.form.clientAuthentication
  if (methods.length === 0) return requireKnownClient(attempt)
  attempt.authentications = shownBy(attempt)
  const header = inHeader(attempt)
  if (header !== undefined && 'rule' in header) return header
  const assertion = inAssertion(attempt)
  if (assertion !== undefined && 'rule' in assertion) return assertion
  const body = inBody(attempt)
  const credentials = [header, assertion, body].filter((presented) => presented !== undefined)
  const proofs = credentials.filter(({ method }) => method !== 'none')
  const [first = body] = proofs
  if (first !== undefined) callClient(attempt, first.client_id)
  if (credentials.some(({ client_id }) => client_id !== first?.client_id))
    return refuse('rfc6749-2.3-one-client-authentication', 'expected one client, received two client ids')
  if (proofs.length > 1 && several === 'refused') {
    const ways = proofs.map(({ method }) => waysInWords[method]).join(' and ')
    return refuse('rfc6749-2.3-one-client-authentication', `expected one way, received ${ways}`)
  }
  return requireRightCredentials(attempt, proofs.length > 0 ? proofs : credentials)
}

/** Every way in which the client showed itself, whether or not the service knows it or the client used it well. */
function shownBy({ request, parameters, assertion }: Attempt): readonly ClientAuthenticationMethod[] {
  const isBasic = /^\s*basic(\s|$)/i.test(String(request.headers.authorization ?? ''))
  const isPost = parameters.client_secret !== undefined
  if (isBasic && !isPost && assertion === undefined) return alone.client_secret_basic
  if (isPost && !isBasic && assertion === undefined) return alone.client_secret_post
  const ways = {
    client_secret_basic: isBasic,
    private_key_jwt: assertion !== undefined,
    client_secret_post: isPost,
  }
  return Object.entries(ways).flatMap(([method, isShown]) =>
    isShown ? [method as ClientAuthenticationMethod] : [],
  )
}

/** Lists of one, made once: the journal keeps a thousand of them. */
const alone = {
  client_secret_basic: ['client_secret_basic'],
  client_secret_post: ['client_secret_post'],
} as const satisfies Readonly<Record<string, readonly ClientAuthenticationMethod[]>>

const waysInWords: Readonly<Record<ClientAuthenticationMethod, string>> = {
  client_secret_basic: 'HTTP Basic',
  client_secret_post: 'body credentials',
  private_key_jwt: 'a client assertion',
  none: 'none',
}

/** An endpoint that authenticates no client still knows which ones there are. */
function requireKnownClient(attempt: Attempt): Refused | undefined {
  const id = stringOf(attempt, 'client_id')
  if (id === undefined) return undefined
  callClient(attempt, id)
  return attempt.client === undefined ? unknownClient(id) : undefined
}

function callClient(attempt: Attempt, id: string): void {
  const { client, sequence } = attempt.desk.findClient(id) ?? {}
  if (client !== undefined) attempt.client = client
  if (sequence !== undefined) attempt.sequence = sequence
}

/** What stands behind a dot may be meant as an outcome, and is told so; the id itself is not repeated. */
function unknownClient(id: string): Refused {
  const received = id.includes('.') ? 'another, or one with an unknown outcome behind it' : 'another'
  return refuse('rfc6749-2.3.1-client-secret', `expected a known client_id, received ${received}`)
}

function requireRightCredentials(attempt: Attempt, shown: readonly Presented[]): Refused | undefined {
  if (shown.length === 0) {
    const expected = attempt.form.clientAuthentication.methods.join(' or ')
    return refuse(
      'rfc6749-3.2.1-client-authentication',
      `expected ${expected}, received no client credentials`,
    )
  }
  for (const presented of shown) {
    const refused = requireRightProof(attempt, presented)
    if (refused !== undefined) return refused
  }
  const registered = attempt.client?.token_endpoint_auth_method
  if (registered === undefined || shown.some(({ method }) => method === registered)) return undefined
  const received = shown.map(({ method }) => method).join(' and ')
  return refuse('rfc7591-2-token-endpoint-auth-method', `expected ${registered}, received ${received}`)
}

function requireRightProof({ form, client, assertion }: Attempt, presented: Presented): Refused | undefined {
  const { method, client_id, client_secret } = presented
  const { methods } = form.clientAuthentication
  const { client_secret: registeredSecret } = client ?? {}
  // An unknown client and one without a secret take as long as any other.
  const isRight = isSameSecret(client_secret, registeredSecret ?? '') && registeredSecret !== undefined
  if (method === 'private_key_jwt' && assertion?.fault !== undefined)
    return refuse('rfc7523-3-client-assertion', assertion.fault)
  if (client === undefined) return unknownClient(client_id)
  if (method === 'none' && (isConfidential(client) || !methods.includes('none')))
    return refuse('rfc6749-3.2.1-client-authentication', 'expected a client_secret, received client_id alone')
  if ((method === 'client_secret_basic' || method === 'client_secret_post') && !isRight)
    return refuse('rfc6749-2.3.1-client-secret', "expected the client's own secret, received another")
  return undefined
}

function isConfidential({ client_secret, jwks }: ClientMetadata): boolean {
  return client_secret !== undefined || jwks !== undefined
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

/** What the assertion is worth has been found out before the steps, as that takes waiting. */
function inAssertion({ form, parameters, assertion }: Attempt): Presented | Refused | undefined {
  if (!form.clientAuthentication.methods.includes('private_key_jwt') || assertion === undefined)
    return undefined
  if (parameters.client_assertion_type !== jwtBearerAssertion) {
    return refuse(
      'rfc7521-4.2-client-assertion-type',
      `"client_assertion_type": expected "${jwtBearerAssertion}", received ${parameters.client_assertion_type === undefined ? 'nothing' : 'another value'}`,
    )
  }
  if (assertion.client_id === undefined)
    return refuse('rfc7523-3-client-assertion', assertion.fault ?? 'expected a subject, received none')
  return { method: 'private_key_jwt', client_id: assertion.client_id, client_secret: '' }
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
