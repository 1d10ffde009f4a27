// A service made ready to answer: its data indexed for look-up, and the state that its replies create.
import type { ClientMetadata, ContentType, TokenMember, User } from '../oauth/words.ts'
import { type Validator, validatorOf } from '../schema/validator.ts'
import {
  type ClientAuthentication,
  clientAuthenticationOf,
  type Endpoint,
  grantTypeOf,
  type IntrospectionEndpoint,
  type RevocationEndpoint,
  type Service,
  type Variant,
} from '../service/service.ts'
import { createIssuedTokens, type IssuedTokens } from './tokens.ts'

/** One documented form of a request that an endpoint accepts. */
export interface AcceptedForm {
  readonly contentTypes: readonly ContentType[]
  readonly clientAuthentication: ClientAuthentication
  /** Absent at an endpoint that the variants do not describe. */
  readonly variant?: Variant
  /** Standard parameters that the form spells in its own way, with that spelling. */
  readonly wireNames: ReadonlyArray<readonly [standard: string, wire: string]>
  readonly grants: ReadonlyMap<string, AcceptedGrant>
}

/** One grant of a form; at an endpoint without grants, the only entry, under the empty name. */
export interface AcceptedGrant {
  readonly grantType: string
  readonly parameters: readonly string[]
  readonly validate: Validator
  readonly members: readonly TokenMember[]
}

/** An endpoint with the forms it accepts; a document's endpoint has none. */
export interface OpenEndpoint {
  readonly endpoint: Endpoint
  readonly forms: readonly AcceptedForm[]
  readonly formsByContentType: ReadonlyMap<string, readonly AcceptedForm[]>
  /** Every media type that some form has. */
  readonly contentTypes: readonly ContentType[]
  /** Every parameter name that some form documents. */
  readonly recognized: ReadonlySet<string>
  /** The standard names of parameters that some form spells in its own way. */
  readonly standardNames: ReadonlyMap<string, string>
  /** Every grant that some form has. */
  readonly grantTypes: readonly string[]
}

/** A client, with the outcomes that its id asks for behind its own name. */
export interface CalledClient {
  readonly client: ClientMetadata
  readonly sequence?: string
}

/** A header field that a rule of the service is about. */
export interface HeaderRule {
  readonly id: string
  readonly name: string
  readonly pattern: RegExp
}

/** What outlives a change of configuration. */
export interface DeskState {
  readonly accessTokens: IssuedTokens
  readonly refreshTokens: IssuedTokens
  /** Token requests in the second that began last. */
  readonly rate: { second: number; requests: number }
}

/** A service with its clients, users, endpoints and issued tokens. */
export interface Desk extends DeskState {
  readonly service: Service
  /** By id, or by an id with a sequence of outcomes behind it: `customer_id.429x2`. */
  readonly findClient: (id: string) => CalledClient | undefined
  readonly users: ReadonlyMap<string, User>
  readonly endpoints: readonly OpenEndpoint[]
  /** Whether anybody can ask about an access token: by introspection, or at a protected route. */
  readonly keepsAccessTokens: boolean
  readonly headerRules: readonly HeaderRule[]
}

/** What a desk is opened with, beside the service's own. */
export interface DeskOptions {
  readonly clients: readonly ClientMetadata[]
  readonly users: readonly User[]
  readonly isSequence: (sequence: string, service: Service) => boolean
  /** Whether there are protected routes. */
  readonly isProtecting: boolean
  /** Default: none is issued yet. */
  readonly state?: DeskState | undefined
}

/** Of each kind. The oldest make room for new ones. */
const tokenCapacity = 50_000

/** Opens a service for the given clients and users beside the documented ones; of equal names the given one counts. */
export function openDesk(
  service: Service,
  { clients, users, isSequence, isProtecting, state }: DeskOptions,
): Desk {
  const byId = new Map([...service.clients, ...clients].map((client) => [client.client_id, client]))
  const longest = Math.max(...[...byId.keys()].map((id) => id.length), 0)
  return {
    service,
    findClient: (id) => findClient(byId, longest, id, (sequence) => isSequence(sequence, service)),
    users: new Map([...service.users, ...users].map((user) => [user.username, user])),
    endpoints: Object.entries(service.endpoints)
      .map(([name, endpoint]) => openEndpoint(service, name, endpoint))
      .filter(({ endpoint, forms }) => endpoint.kind !== 'token' || forms.length > 0),
    keepsAccessTokens:
      isProtecting || Object.values<Endpoint>(service.endpoints).some(({ kind }) => kind === 'introspection'),
    headerRules: Object.entries(service.rules).flatMap(([id, { whenHeader }]) =>
      whenHeader === undefined
        ? []
        : [{ id, name: whenHeader.name, pattern: new RegExp(whenHeader.pattern) }],
    ),
    rate: state?.rate ?? { second: 0, requests: 0 },
    accessTokens: state?.accessTokens ?? createIssuedTokens(tokenCapacity),
    refreshTokens: state?.refreshTokens ?? createIssuedTokens(tokenCapacity),
  }
}

/**
 * An id as it is registered stands before one with a sequence, and the longest such id before shorter ones. Dots beyond
 * the longest id that is registered are not looked at: a client may send tens of thousands.
 */
function findClient(
  clients: ReadonlyMap<string, ClientMetadata>,
  longest: number,
  id: string,
  isSequence: (sequence: string) => boolean,
): CalledClient | undefined {
  const registered = clients.get(id)
  if (registered !== undefined) return { client: registered }
  for (let dot = id.lastIndexOf('.', longest); dot > 0; dot = id.lastIndexOf('.', dot - 1)) {
    const client = clients.get(id.slice(0, dot))
    if (client === undefined) continue
    const sequence = id.slice(dot + 1)
    return isSequence(sequence) ? { client, sequence } : undefined
  }
  return undefined
}

function openEndpoint(service: Service, name: string, endpoint: Endpoint): OpenEndpoint {
  const forms = formsOf(service, name, endpoint)
  const contentTypes = [...new Set(forms.flatMap((form) => form.contentTypes))]
  return {
    endpoint,
    forms,
    formsByContentType: new Map(
      contentTypes.map((type) => [type, forms.filter((form) => form.contentTypes.includes(type))]),
    ),
    contentTypes,
    recognized: new Set(forms.flatMap(recognizedBy)),
    standardNames: new Map(
      forms.flatMap(({ wireNames }) => wireNames.map(([standard, wire]) => [wire, standard])),
    ),
    grantTypes: [...new Set(forms.flatMap(({ grants }) => [...grants.keys()]))],
  }
}

function recognizedBy({ grants, clientAuthentication }: AcceptedForm): readonly string[] {
  const documented = [...grants.values()].flatMap(({ parameters }) => parameters)
  const isAsserted = clientAuthentication.methods.includes('private_key_jwt')
  return isAsserted ? [...documented, 'client_assertion', 'client_assertion_type'] : documented
}

function formsOf(service: Service, name: string, endpoint: Endpoint): readonly AcceptedForm[] {
  if (endpoint.kind === 'token') return tokenForms(service, name)
  return 'request' in endpoint ? [tokenTakingForm(service, endpoint)] : []
}

function tokenForms(service: Service, endpointName: string): readonly AcceptedForm[] {
  return service.variants
    .filter((variant) => variant.endpoint === endpointName && grantsOf(service, variant).length > 0)
    .map((variant) => ({
      contentTypes: variant.contentTypes,
      clientAuthentication: clientAuthenticationOf(service, variant),
      variant,
      wireNames: Object.entries(variant.wireNames ?? {}),
      grants: new Map(
        grantsOf(service, variant).map((grant) => [
          grantTypeOf(variant, grant),
          {
            grantType: grantTypeOf(variant, grant),
            parameters: Object.keys(grant.properties),
            validate: validatorOf(grant),
            members: variant.reply.members[grantTypeOf(variant, grant)] ?? [],
          },
        ]),
      ),
    }))
}

/** A service that issues no refresh tokens has no grant for them. */
function grantsOf({ tokens }: Service, variant: Variant): Variant['request']['oneOf'][number][] {
  return variant.request.oneOf.filter(
    (grant) => tokens.refreshTokens !== 'none' || grantTypeOf(variant, grant) !== 'refresh_token',
  )
}

function tokenTakingForm(
  service: Service,
  endpoint: RevocationEndpoint | IntrospectionEndpoint,
): AcceptedForm {
  const { contentTypes, request, clientAuthentication = service.clientAuthentication } = endpoint
  const grant = {
    grantType: '',
    parameters: Object.keys(request.properties),
    validate: validatorOf(request),
    members: [],
  }
  return { contentTypes, clientAuthentication, wireNames: [], grants: new Map([['', grant]]) }
}
