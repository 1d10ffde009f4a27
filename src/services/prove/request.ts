// The requests of Prove's token endpoints that SDKs of several languages or versions share, under names of their own.

const client_id = { type: 'string', minLength: 1, examples: ['customer_id'] } as const
const client_secret = { type: 'string', minLength: 1, examples: ['secret'] } as const
const username = { type: 'string', minLength: 1, examples: ['jdoe'] } as const
const password = { type: 'string', minLength: 1, examples: ['password'] } as const

/** All three parameters required; sent as a form. */
export const request = {
  oneOf: [
    {
      type: 'object',
      properties: { client_id, client_secret, grant_type: { const: 'client_credentials' } },
      required: ['client_id', 'client_secret', 'grant_type'],
      additionalProperties: false,
    },
  ],
} as const

/** Id and secret documented as optional; sent as JSON at first, then as a form. */
export const requestWithOptionalCredentials = {
  oneOf: [
    {
      type: 'object',
      properties: { client_id, client_secret, grant_type: { const: 'client_credentials' } },
      required: ['grant_type'],
      additionalProperties: false,
    },
  ],
} as const

/** The same three parameters as capitals spell them, for a day or a week of August 2025. */
export const capitalizedRequest = {
  oneOf: [
    {
      type: 'object',
      properties: {
        ClientID: client_id,
        ClientSecret: client_secret,
        GrantType: { const: 'client_credentials' },
      },
      required: ['ClientID', 'ClientSecret', 'GrantType'],
      additionalProperties: false,
    },
  ],
} as const

/** What `capitalizedRequest` calls the standard parameters. */
export const capitalizedNames = {
  grant_type: 'GrantType',
  client_id: 'ClientID',
  client_secret: 'ClientSecret',
} as const

/** What the hand-written helper sends; the last two only where it was given them. */
export const helperRequest = {
  oneOf: [
    {
      type: 'object',
      properties: {
        username,
        password,
        grant_type: { const: 'password' },
        client_id,
        'pf-subclientid': { type: 'string', minLength: 1, examples: ['example-subclient'] },
      },
      required: ['username', 'password', 'grant_type'],
      additionalProperties: false,
    },
  ],
} as const

/** What the helper's constructor calls them; the grant type is its own. */
export const helperNames = {
  username: 'username',
  password: 'password',
  grant_type: 'grant_type',
  client_id: 'clientID',
  'pf-subclientid': 'subClientID',
} as const

/** The helper has no client secret. */
export const helperClientAuthentication = {
  methods: [],
  chosenBy: 'request',
  several: 'accepted',
  otherSchemes: 'ignored',
  basicSpelling: 'form',
  source: {
    document: 'Prove TypeScript SDK 0.1.1, OAuthClient: an optional client id and no client secret',
    read: '2026-11-21',
  },
} as const

const transitionParameters = { client_id, client_secret, password, username } as const

/** One table for two grants: what one of them needs is optional in the table because the other does without. */
export const transitionRequest = {
  oneOf: [
    {
      type: 'object',
      properties: { ...transitionParameters, grant_type: { const: 'client_credentials' } },
      required: ['grant_type'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: { ...transitionParameters, grant_type: { const: 'password' } },
      // RFC 6749 section 4.3.2: the grant is nothing without them.
      required: ['grant_type', 'password', 'username'],
      additionalProperties: false,
    },
  ],
} as const
