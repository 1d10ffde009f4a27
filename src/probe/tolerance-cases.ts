// What a client of a token service meets sooner or later, as data: one case each, with what it takes to survive it.
import type { TokenPolicy } from '../service/service.ts'

/** One case that a client is put to. */
export interface ToleranceCase {
  /** Public: added, deprecated, never renamed. That of the outcome, where the case is one outcome. */
  readonly id: string
  readonly sentence: string
  /** Why a client has to cope with it. */
  readonly source: string
  /** What the client's token requests are answered with: a sequence of outcomes. Default: each is judged as usual. */
  readonly outcomes?: string
  /**
   * `succeeds`: the client ends well, and its calls of the API are answered. `fails`: nothing can be done; the client says
   * so in time, does not go on asking, and calls no API without a token. Default: `succeeds`.
   */
  readonly survivedWhen?: 'succeeds' | 'fails'
  /** More token calls than these are too many. Default: 50. */
  readonly mostTokenCalls?: number
  /** What fails at first, so that it can be told whether the client tries again. */
  readonly fails?: 'token_call' | 'api_call'
  /** How many calls of the API the client is asked to make. Default: 1. */
  readonly calls?: number
  /** How many of them at once. Default: 1. */
  readonly concurrency?: number
  /** Where the service issues refresh tokens: how many times they have to be used for the case to be tried at all. */
  readonly refreshes?: number
  /** How the service's tokens live, in this case. */
  readonly tokens?: Partial<Pick<TokenPolicy, 'accessTokenLifetimeSeconds' | 'refreshTokens'>>
  /** The service's clock, beside the client's; with one, access tokens are JWTs, which show the service's time. */
  readonly clockAheadSeconds?: number
  /** Whether the first access token is no good any more once the API has been called with it. */
  readonly endsFirstToken?: boolean
}

const retried = 'RFC 9110 §15.6: a server error may pass, and asking for a token again does no harm'
const gateway = 'What a gateway or load balancer in front of the service answers'
const connections = 'RFC 9112 §9.5: a connection may close at any time'

/** More of one outcome than any client asks for. */
const always = 'x1000'

/** Every case, in the order in which they are tried. */
export const toleranceCases: readonly ToleranceCase[] = [
  {
    id: 'lowercase_bearer',
    sentence: 'token_type is "bearer" in lower case.',
    source: 'RFC 6749 §5.1: the value is case insensitive',
    outcomes: `lowercase_bearer${always}`,
  },
  {
    id: 'string_expires_in',
    sentence: 'expires_in is a string of digits.',
    source: 'Seen in Azure AD v1 and others; RFC 6749 §5.1 has a number',
    outcomes: `string_expires_in${always}`,
  },
  {
    id: 'no_expires_in',
    sentence: 'expires_in is missing.',
    source: 'RFC 6749 §5.1: expires_in is recommended, not required',
    outcomes: `no_expires_in${always}`,
  },
  {
    id: 'zero_expires_in',
    sentence: 'expires_in is 0.',
    source: 'RFC 6749 appendix A.14: one or more digits',
    outcomes: `zero_expires_in${always}`,
  },
  {
    id: 'further_members',
    sentence:
      'The reply has members of no use: session_state, not-before-policy, and an id_token that is null.',
    source: 'RFC 6749 §5.1: the client must ignore unrecognized value names; seen in Keycloak and Twilio',
    outcomes: `further_members${always}`,
  },
  {
    id: 'reordered',
    sentence: 'The members of the reply come in another order.',
    source: 'RFC 6749 §5.1: the order of parameters does not matter',
    outcomes: `reordered${always}`,
  },
  {
    id: 'no_scope',
    sentence: 'scope is missing.',
    source: 'RFC 6749 §5.1: scope is optional when it is what was asked for',
    outcomes: `no_scope${always}`,
  },
  {
    id: 'null_refresh_token',
    sentence: 'refresh_token is null.',
    source: 'Seen in Twilio; RFC 6749 §5.1 leaves it out',
    outcomes: `null_refresh_token${always}`,
  },
  {
    id: 'charset',
    sentence: 'Content-Type has a charset parameter.',
    source: 'RFC 9110 §8.3.1: a media type may have parameters',
    outcomes: `charset${always}`,
  },
  {
    id: 'wrong_content_type',
    sentence: 'The JSON of the reply comes as text/plain.',
    source: 'Seen in services behind gateways; RFC 6749 §5.1 has application/json',
    outcomes: `wrong_content_type${always}`,
  },
  {
    id: 'drip',
    sentence: 'The reply drips: ten pieces, 100 ms apart.',
    source: 'RFC 9112 §6: a body may arrive in any pieces',
    outcomes: 'dripx1',
  },
  {
    id: '429',
    sentence: 'The first token call is answered 429 with Retry-After; the next is granted.',
    source: 'RFC 6585 §4, RFC 9110 §10.2.3',
    outcomes: '429x1',
    fails: 'token_call',
  },
  {
    id: '500',
    sentence: 'The first token call is answered 500; the next is granted.',
    source: retried,
    outcomes: '500x1',
    fails: 'token_call',
  },
  {
    id: '502',
    sentence: 'The first token call is answered 502 with a page of HTML; the next is granted.',
    source: gateway,
    outcomes: '502x1',
    fails: 'token_call',
  },
  {
    id: '503',
    sentence: 'The first token call is answered 503 with Retry-After; the next is granted.',
    source: 'RFC 9110 §15.6.4, §10.2.3',
    outcomes: '503x1',
    fails: 'token_call',
  },
  {
    id: '504',
    sentence: 'The first token call is answered 504 with a page of HTML; the next is granted.',
    source: gateway,
    outcomes: '504x1',
    fails: 'token_call',
  },
  {
    id: 'reset',
    sentence: 'The connection of the first token call is reset; the next is granted.',
    source: connections,
    outcomes: 'resetx1',
    fails: 'token_call',
  },
  {
    id: 'closed',
    sentence: 'The connection of the first token call is closed without a reply; the next is granted.',
    source: connections,
    outcomes: 'closedx1',
    fails: 'token_call',
  },
  {
    id: 'truncated',
    sentence: 'The connection closes in the middle of the first reply; the next is granted.',
    source: connections,
    outcomes: 'truncatedx1',
    fails: 'token_call',
  },
  {
    id: 'empty',
    sentence: 'The first reply is 200 without content; the next is granted.',
    source: gateway,
    outcomes: 'emptyx1',
    fails: 'token_call',
  },
  {
    id: 'malformed_json',
    sentence: 'The JSON of the first reply breaks off; the next is granted.',
    source: gateway,
    outcomes: 'malformed_jsonx1',
    fails: 'token_call',
  },
  {
    id: 'html',
    sentence: 'The first reply is 200 with a page of HTML; the next is granted.',
    source: 'What a captive portal or a sign-in page of a proxy answers',
    outcomes: 'htmlx1',
    fails: 'token_call',
  },
  {
    id: 'revoked',
    sentence: 'The API answers the first token with 401; the next token is good.',
    source: 'RFC 6750 §3.1: the client may ask for another token and try again',
    outcomes: 'revokedx1',
    fails: 'api_call',
  },
  {
    id: 'revoked_midway',
    sentence: 'The first token is good for one call of the API, then the API answers it with 401.',
    source: 'RFC 6750 §3.1: the client may ask for another token and try again',
    calls: 2,
    endsFirstToken: true,
    fails: 'api_call',
  },
  {
    id: 'short',
    sentence: 'expires_in is 1.',
    source: 'RFC 6749 §5.1: the service chooses the lifetime',
    outcomes: `short${always}`,
    calls: 2,
  },
  {
    id: 'one_minute',
    sentence: 'Tokens live for a minute, which is no more than clients keep in reserve.',
    source: 'RFC 6749 §5.1: the service chooses the lifetime',
    tokens: { accessTokenLifetimeSeconds: 60 },
    calls: 2,
  },
  {
    id: 'clock_ahead',
    sentence: "The service's clock is five minutes ahead; tokens are JWTs.",
    source: 'RFC 7519 §4.1.4, §4.1.5: some leeway for clock skew',
    clockAheadSeconds: 300,
  },
  {
    id: 'clock_behind',
    sentence: "The service's clock is two hours behind, so that tokens look expired; tokens are JWTs.",
    source: 'RFC 6749 §5.1: expires_in counts from the reply; RFC 9068 §6: a client must not look inside',
    clockAheadSeconds: -7200,
  },
  {
    id: 'concurrent_calls',
    sentence: 'Three calls of the API at once, before there is any token.',
    source: 'What a client does at its start under load; one token call is enough for all',
    calls: 3,
    concurrency: 3,
  },
  {
    id: 'concurrent_refresh',
    sentence:
      'Three calls of the API at once, with a token that has to be refreshed and a refresh token for one use.',
    source: 'RFC 9700 §4.14.2: a refresh token that is used twice revokes its successors',
    tokens: { accessTokenLifetimeSeconds: 1, refreshTokens: 'rotate' },
    calls: 6,
    concurrency: 3,
    refreshes: 1,
  },
  {
    id: 'rotated_refresh_token',
    sentence: 'Each refresh gives another refresh token, and ends the one before.',
    source: 'RFC 6749 §6: the client must discard the old refresh token',
    tokens: { accessTokenLifetimeSeconds: 1, refreshTokens: 'rotate' },
    calls: 3,
    refreshes: 2,
  },
  {
    id: 'no_refresh_token',
    sentence: 'The reply to a refresh has no refresh_token: the old one stays good.',
    source: 'RFC 6749 §6: the service may issue a new refresh token',
    outcomes: `granted.no_refresh_token${always}`,
    tokens: { accessTokenLifetimeSeconds: 1, refreshTokens: 'keep' },
    calls: 3,
    refreshes: 2,
  },
  {
    id: 'revoke_all',
    sentence: 'The refresh token is refused; a token by the first grant is granted.',
    source: 'RFC 6749 §5.2: invalid_grant, also for a refresh token that was revoked',
    outcomes: 'granted.revoke_allx1',
    tokens: { accessTokenLifetimeSeconds: 1 },
    calls: 2,
    refreshes: 1,
  },
  {
    id: 'client_refused_400',
    sentence: 'The client is refused each time: invalid_client with status 400.',
    source: 'RFC 6749 §5.2; a wrong secret that is tried again and again can lock the client',
    outcomes: `client_refused_400${always}`,
    survivedWhen: 'fails',
    mostTokenCalls: 3,
  },
  {
    id: 'no_access_token',
    sentence: 'The reply is 200 without an access_token, each time.',
    source: 'RFC 6749 §5.1: access_token is required',
    outcomes: `no_access_token${always}`,
    survivedWhen: 'fails',
    mostTokenCalls: 10,
  },
  {
    id: 'unavailable',
    sentence: 'Each token call is answered 503.',
    source: 'RFC 9110 §15.6.4; retries without an end keep a service down',
    outcomes: `503${always}`,
    survivedWhen: 'fails',
    mostTokenCalls: 10,
  },
]
