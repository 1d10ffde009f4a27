// Profiles: what is known of a product that serves tokens, as data: where it answers, and where its words are its own.
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'

/** How a product refuses, where that differs from the contract; its own takes the place of the contract's. */
export interface ProfileRefusal {
  /** The statuses of which one is sent. */
  readonly status?: readonly number[]
  /** The values of `error` of which one is sent; empty where no JSON is. */
  readonly error?: readonly string[]
  /** What the product does not offer, or cannot be told, and why: the exchange is skipped. */
  readonly skipped?: string
}

/** A product that serves tokens. */
export interface Profile {
  readonly id: string
  /** The name of the product. */
  readonly product: string
  /** The path of its token endpoint, with `{name}` for what each installation names; `undefined` where it chooses all of it. */
  readonly path?: string
  /** Default: found by asking. */
  readonly authentication?: ClientAuthenticationMethod
  /** Default: the contract's. */
  readonly contentType?: ContentType
  /** The grants that it offers. Default: those of the contract. */
  readonly grants?: readonly string[]
  /** By an exchange's id, or by its fault alone, such as `wrong_secret`. */
  readonly refusals?: Readonly<Record<string, ProfileRefusal>>
  /** Where this was read, or with what version it was seen. */
  readonly source: string
}

const unsupportedGrantType = { error: ['unsupported_grant_type'] } as const

/** Every profile. What could not be established is left out, so that the contract's expectation stands. */
export const profiles: readonly Profile[] = [
  {
    id: 'auth0',
    product: 'Auth0',
    path: '/oauth/token',
    refusals: {
      wrong_secret: { status: [401], error: ['access_denied'] },
      wrong_password: { status: [403], error: ['invalid_grant'] },
      unknown_refresh_token: { status: [403], error: ['invalid_grant'] },
    },
    source:
      'replies in the issues 582 and 682 of auth0/node-auth0 and 224 of auth0/react-native-auth0; the Authentication API by its documentation',
  },
  {
    id: 'authentik',
    product: 'authentik',
    path: '/application/o/token/',
    refusals: {
      'client_credentials.wrong_secret': { status: [400], error: ['invalid_grant'] },
      missing_grant_type: unsupportedGrantType,
      missing_password: { error: ['invalid_grant'] },
      missing_refresh_token: { error: ['invalid_grant'] },
    },
    source: 'goauthentik/authentik, authentik/providers/oauth2/views/token.py at 005f3a9f',
  },
  {
    id: 'cognito',
    product: 'Amazon Cognito',
    path: '/oauth2/token',
    grants: ['client_credentials', 'refresh_token'],
    source: 'docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html',
  },
  {
    id: 'django-oauth-toolkit',
    product: 'Django OAuth Toolkit',
    path: '/o/token/',
    refusals: {
      // Whatever is no grant that it knows goes to the handler of the authorization code.
      missing_grant_type: unsupportedGrantType,
    },
    source:
      'oauthlib/oauthlib, oauthlib/oauth2/rfc6749/endpoints/token.py and pre_configured.py; the path by docs/install.rst of jazzband/django-oauth-toolkit 1.2.0',
  },
  {
    id: 'entra',
    product: 'Microsoft Entra ID',
    path: '/{tenant}/oauth2/v2.0/token',
    source:
      'replies in the issues 8621 of OfficeDev/microsoft-365-agents-toolkit (AADSTS7000215) and 43780 of MicrosoftDocs/azure-docs (AADSTS900144)',
  },
  {
    id: 'google',
    product: 'Google',
    path: '/token',
    authentication: 'client_secret_post',
    grants: ['refresh_token'],
    refusals: {
      missing_grant_type: { error: ['invalid_request', 'unsupported_grant_type'] },
    },
    source:
      'replies in the issues 862 of googleapis/google-api-ruby-client and 440 of atinux/nuxt-auth-utils',
  },
  {
    id: 'identityserver',
    product: 'Duende IdentityServer and IdentityServer4',
    path: '/connect/token',
    refusals: {
      wrong_secret: { status: [400], error: ['invalid_client'] },
      missing_grant_type: unsupportedGrantType,
      missing_username: { error: ['invalid_grant'] },
      missing_password: { error: ['invalid_grant'] },
    },
    source:
      'IdentityServer/IdentityServer4, Endpoints/Results/TokenErrorResult.cs and Validation/Default/TokenRequestValidator.cs at 0295987e',
  },
  {
    id: 'jmondi-oauth2-server',
    product: '@jmondi/oauth2-server',
    refusals: {
      missing_grant_type: unsupportedGrantType,
      unknown_refresh_token: { error: ['invalid_request'] },
      used_refresh_token: { error: ['invalid_request'] },
    },
    source: 'seen with 4.3.7',
  },
  {
    id: 'keycloak',
    product: 'Keycloak',
    path: '/realms/{realm}/protocol/openid-connect/token',
    refusals: {
      wrong_secret: { status: [401], error: ['unauthorized_client'] },
      wrong_password: { status: [401], error: ['invalid_grant'] },
      missing_username: { status: [401], error: ['invalid_request'] },
      missing_password: { status: [401], error: ['invalid_grant'] },
    },
    source:
      'keycloak/keycloak, ClientIdAndSecretAuthenticator.java at 03f1a163, ValidateUsername.java at 0312c39b, ValidatePassword.java at 1bb36550',
  },
  {
    id: 'node-oauth-oauth2-server',
    product: '@node-oauth/oauth2-server',
    source: 'seen with 5.3.0',
  },
  {
    id: 'oidc-provider',
    product: 'oidc-provider',
    path: '/token',
    grants: ['client_credentials', 'refresh_token'],
    source: 'seen with 9.13.3, its own routes',
  },
  {
    id: 'okta',
    product: 'Okta',
    path: '/oauth2/{authorizationServerId}/v1/token',
    refusals: {
      wrong_secret: { status: [401], error: ['invalid_client'] },
    },
    source:
      'the request and the table of errors at wiki.nci.nih.gov/pages/diffpages.action?originalId=453018440&pageId=454362131',
  },
  {
    id: 'ory-hydra',
    product: 'Ory Hydra',
    path: '/oauth2/token',
    refusals: {
      wrong_secret: { status: [401], error: ['invalid_client'] },
      // What no handler takes is an invalid request to it.
      unsupported_grant_type: { error: ['invalid_request'] },
    },
    source: 'ory/hydra, fosite/access_request_handler.go at 2c3ba131 and oauth2/handler.go',
  },
  {
    id: 'spring-authorization-server',
    product: 'Spring Authorization Server',
    path: '/oauth2/token',
    grants: ['client_credentials', 'refresh_token'],
    refusals: {
      wrong_secret: { status: [401], error: ['invalid_client'] },
    },
    source:
      'spring-projects/spring-authorization-server, OAuth2TokenEndpointFilter.java and OAuth2ClientAuthenticationFilter.java at 041b94d6',
  },
  {
    id: 'zitadel',
    product: 'ZITADEL',
    grants: ['client_credentials', 'refresh_token'],
    refusals: {
      wrong_secret: { status: [401], error: ['invalid_client'] },
    },
    source: 'zitadel/oidc, pkg/op/token_request.go at 0f8a0585 and pkg/op/error.go at 07556854',
  },
]

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function findProfile(id: string): Profile {
  const profile = profiles.find((each) => each.id === id)
  if (profile !== undefined) return profile
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected a profile, received ${JSON.stringify(id)}; known profiles: ${profiles.map(({ id }) => id).join(', ')}`,
  )
}
