// A service made ready to answer: its data indexed for look-up, and the state that its replies create.
import type { ClientMetadata, ContentType, TokenMember, User } from '../oauth/words.ts'
import { type Validator, validatorOf } from '../schema/validator.ts'
import {
  type ClientAuthentication,
  clientAuthenticationOf,
  type Endpoint,
  grantTypeOf,
  type Service,
  type Variant,
} from '../service/service.ts'
import { createRefreshTokens, type RefreshTokens } from './refresh-tokens.ts'

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
  readonly parameters: readonly string[]
  readonly validate: Validator
  readonly members: readonly TokenMember[]
}

/** An endpoint with the forms it accepts. */
export interface OpenEndpoint {
  readonly endpoint: Endpoint
  readonly forms: readonly AcceptedForm[]
  /** Every media type that some form has. */
  readonly contentTypes: readonly ContentType[]
  /** Every parameter name that some form documents. */
  readonly recognized: ReadonlySet<string>
  /** Every grant that some form has. */
  readonly grantTypes: readonly string[]
}

/** A service with its clients, users, endpoints and issued refresh tokens. */
export interface Desk {
  readonly service: Service
  readonly clients: ReadonlyMap<string, ClientMetadata>
  readonly users: ReadonlyMap<string, User>
  readonly endpoints: readonly OpenEndpoint[]
  readonly refreshTokens: RefreshTokens
}

const refreshTokenCapacity = 100_000

/** Opens a service for the given clients and users beside the documented ones; of equal names the given one counts. */
export function openDesk(service: Service, clients: readonly ClientMetadata[], users: readonly User[]): Desk {
  return {
    service,
    clients: new Map([...service.clients, ...clients].map((client) => [client.client_id, client])),
    users: new Map([...service.users, ...users].map((user) => [user.username, user])),
    endpoints: Object.entries(service.endpoints)
      .map(([name, endpoint]) => openEndpoint(service, name, endpoint))
      .filter(({ forms }) => forms.length > 0),
    refreshTokens: createRefreshTokens(refreshTokenCapacity),
  }
}

function openEndpoint(service: Service, name: string, endpoint: Endpoint): OpenEndpoint {
  const forms = endpoint.kind === 'token' ? tokenForms(service, name) : [revocationForm(service, endpoint)]
  const names = forms.flatMap(({ grants }) => [...grants.values()].flatMap(({ parameters }) => parameters))
  const contentTypes = [...new Set(forms.flatMap((form) => form.contentTypes))]
  const grantTypes = [...new Set(forms.flatMap(({ grants }) => [...grants.keys()]))]
  return { endpoint, forms, contentTypes, recognized: new Set(names), grantTypes }
}

function tokenForms(service: Service, endpointName: string): readonly AcceptedForm[] {
  return service.variants
    .filter(({ endpoint }) => endpoint === endpointName)
    .map((variant) => ({
      contentTypes: variant.contentTypes,
      clientAuthentication: clientAuthenticationOf(service, variant),
      variant,
      wireNames: Object.entries(variant.wireNames ?? {}),
      grants: new Map(
        variant.request.oneOf.map((grant) => [
          grantTypeOf(variant, grant),
          {
            parameters: Object.keys(grant.properties),
            validate: validatorOf(grant),
            members: variant.reply.members[grantTypeOf(variant, grant)] ?? [],
          },
        ]),
      ),
    }))
}

function revocationForm(service: Service, endpoint: Extract<Endpoint, { kind: 'revocation' }>): AcceptedForm {
  return {
    contentTypes: endpoint.contentTypes,
    clientAuthentication: service.clientAuthentication,
    wireNames: [],
    grants: new Map([
      [
        '',
        {
          parameters: Object.keys(endpoint.request.properties),
          validate: validatorOf(endpoint.request),
          members: [],
        },
      ],
    ]),
  }
}
