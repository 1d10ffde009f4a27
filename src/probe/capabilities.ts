// What a service offers to the credentials of a run: its metadata is read first, and then each thing is tried.
import { TokenwrightError } from '../service/error.ts'
import { unreachable } from '../verify/target.ts'
import { type Asker, newAttempt } from './asking.ts'
import { isGranted, isThrottled, jwtOf, shownReply } from './judge.ts'
import type { ProbeGrant, Setting, Way } from './requests.ts'
import type { Capability, ProbeAuthentication, ProbeRequest } from './rule.ts'
import type { Outcome, Reply } from './transport.ts'

/** What a run can do, beside what the service says. */
export interface Means {
  /** Where the metadata is, if it was said. */
  readonly metadataUrl?: URL | undefined
  readonly authentication?: ProbeAuthentication | undefined
  readonly hasKey: boolean
  readonly areRefusalsOff: boolean
  /** Why the run has ended; `undefined` while it has not. */
  readonly ended: () => string | undefined
}

/** What was found. */
export interface Found {
  readonly capabilities: Readonly<Record<Capability, boolean>>
  /** Whose endpoints the metadata has at another host, which is never asked. */
  readonly elsewhere: readonly Capability[]
  /** What could not be asked, and why; it counts as not offered where it has to be one or the other. */
  readonly undetermined: ReadonlyMap<Capability, string>
}

/**
 * Finds out; the asker goes by it from then on.
 * @throws {TokenwrightError} `ERR_UNREACHABLE` where nothing answers, or not before the run ended, `ERR_NOT_GRANTED` where no
 *   request is granted
 */
export async function findCapabilities(asker: Asker, means: Means): Promise<Found> {
  const { elsewhere, problem } = await readMetadata(asker, means)
  const granted = await findWay(asker, means)
  const { credentials, other, url, metadata, introspectionUrl, revocationUrl } = asker.setting()
  const { client_id = '', client_secret = '' } = credentials
  const [tokenHeader] = jwtOf(String(granted.members.access_token)) ?? []
  const isSeveral = /\S \S/.test(asker.setting().scope ?? '')
  const undetermined = new Map<Capability, string>()
  /** Of what depends on another thing nothing is known either. */
  const seen = (trial: Trial, ...names: readonly Capability[]): boolean => {
    if (typeof trial === 'boolean') return trial
    for (const name of names) undetermined.set(name, trial.unknown)
    return false
  }
  const announced = (isThere: boolean): Trial =>
    isThere || problem === undefined ? isThere : { unknown: problem }
  const basic = await isBasicTaken(asker, means)
  const post = await isMethodTaken(asker, means, 'client_secret_post')
  const jwt = await isMethodTaken(asker, means, 'private_key_jwt')
  const grants = await grantsOf(asker, means)
  if (grants.password !== true || grants.refresh_token !== true) await learnUnknownGrant(asker)
  const scope = seen(
    await findScope(asker, means),
    'scope',
    ...(isSeveral ? (['several_scopes'] as const) : []),
  )
  const introspection =
    introspectionUrl === undefined ? announced(false) : await isIntrospecting(asker, means)
  const revocation = revocationUrl === undefined ? announced(false) : await isRevoking(asker, means)
  const capabilities: Record<Capability, boolean> = {
    client_credentials: seen(grants.client_credentials, 'client_credentials'),
    password: seen(grants.password, 'password'),
    refresh_token: seen(grants.refresh_token, 'refresh_token'),
    client_secret_basic: seen(basic, 'client_secret_basic'),
    client_secret_post: seen(post, 'client_secret_post'),
    private_key_jwt: seen(jwt, 'private_key_jwt'),
    form: asker.setting().way.contentType !== 'application/json',
    json: seen(await isJsonTaken(asker, means), 'json'),
    client_secret: client_secret !== '',
    confidential_client: client_secret !== '' || jwt === true,
    encoded_credentials: encodeURIComponent(client_id + client_secret) !== client_id + client_secret,
    other_client: other !== undefined,
    scope,
    several_scopes: scope && isSeveral,
    introspection: seen(introspection, 'introspection'),
    revocation: seen(revocation, 'revocation'),
    metadata: seen(announced(asker.setting().metadataUrl !== undefined), 'metadata'),
    jwt_access_token: tokenHeader !== undefined,
    at_jwt: /^(application\/)?at\+jwt$/i.test(String(tokenHeader?.typ)),
    dpop: seen(announced(Array.isArray(metadata.dpop_signing_alg_values_supported)), 'dpop'),
    cors: seen(await isOpenToBrowsers(asker, means), 'cors'),
    https: url.protocol === 'https:',
    refusals: !means.areRefusalsOff,
  }
  return { capabilities, elsewhere, undetermined }
}

async function outcomeOf(asker: Asker, request: ProbeRequest, setting?: Setting): Promise<Outcome> {
  const asked = await asker.ask(request, newAttempt(false), setting)
  if ('unsent' in asked) return { failure: `not sent: ${asked.unsent}` }
  return asked.exchanged[0]?.outcome ?? { failure: 'not sent' }
}

/** Whether something is offered; or why that could not be asked. */
type Trial = boolean | { readonly unknown: string }

/** What a run does not have to send is not offered to it; of what is not answered nothing is known. */
async function trialOf(
  asker: Asker,
  { ended }: Means,
  request: ProbeRequest,
  isYes: (reply: Reply) => boolean,
  setting?: Setting,
): Promise<Trial> {
  const outcome = await outcomeOf(asker, request, setting)
  if ('reply' in outcome) {
    if (isYes(outcome.reply)) return true
    const problem = problemOf(outcome)
    return problem === undefined ? false : { unknown: problem }
  }
  if (outcome.failure.startsWith('not sent: there is no') && ended() === undefined) return false
  return { unknown: ended() ?? problemOf(outcome) ?? '' }
}

/** Why an outcome tells nothing of what is offered. */
function problemOf(outcome: Outcome): string | undefined {
  if ('failure' in outcome) return `no reply came: ${outcome.failure}`
  const { status } = outcome.reply
  const isAway = isThrottled(outcome.reply) || status === 502 || status === 504
  return isAway ? `the service answered ${status}` : undefined
}

// Metadata

const wellKnown = { oauth: 'oauth-authorization-server', openid: 'openid-configuration' } as const
const mostPrefixes = 4

/** Where the metadata of a token endpoint may be: of an issuer at each part of its path. @see RFC 8414 §3.1 */
export function metadataUrlsOf({ origin, pathname }: URL): ReadonlyArray<{
  readonly url: URL
  readonly issuer: string
}> {
  const parts = pathname.split('/').slice(1, -1)
  const prefixes = parts.map((_part, index) => `/${parts.slice(0, index + 1).join('/')}`).reverse()
  const places = ['', ...prefixes.slice(0, mostPrefixes)].flatMap((prefix) => {
    const paths = [
      `/.well-known/${wellKnown.oauth}${prefix}`,
      `${prefix}/.well-known/${wellKnown.openid}`,
      ...(prefix === '' ? [] : [`${prefix}/.well-known/${wellKnown.oauth}`]),
    ]
    return paths.map((path) => ({ url: new URL(path, origin), issuer: origin + prefix }))
  })
  return places
}

interface MetadataFound {
  readonly elsewhere: readonly Capability[]
  /** Why there may be metadata that was not found. */
  readonly problem?: string | undefined
}

async function readMetadata(asker: Asker, { metadataUrl: named, ended }: Means): Promise<MetadataFound> {
  const setting = asker.setting()
  const { url } = setting
  const candidates = named === undefined ? metadataUrlsOf(url) : [{ url: named, issuer: issuerAt(named) }]
  let problem: string | undefined
  for (const { url: metadataUrl, issuer } of candidates) {
    const outcome = await outcomeOf(asker, { base: 'metadata' }, { ...setting, metadataUrl })
    if ('failure' in outcome) return { elsewhere: [], problem: ended() ?? problemOf(outcome) }
    const { reply } = outcome
    const { members } = reply
    problem ??= problemOf(outcome)
    const tokenUrl = URL.parse(String(members.token_endpoint))
    const isOurs = tokenUrl?.pathname === url.pathname
    // What was named is taken at its word.
    if (reply.status !== 200 || (!isOurs && named === undefined)) continue
    return { elsewhere: adoptMetadata(asker, members, { metadataUrl, issuer, tokenUrl }) }
  }
  return { elsewhere: [], problem }
}

/** The issuer that a place of metadata belongs to. */
function issuerAt({ origin, pathname }: URL): string {
  const [before = '', after = ''] = pathname.split(/\/\.well-known\/[^/]+/)
  return origin + before + after
}

interface Place {
  readonly metadataUrl: URL
  readonly issuer: string
  readonly tokenUrl: URL | null
}

/** A service behind a name of its own is asked at the one origin of the run, and nothing else ever is. */
function adoptMetadata(
  asker: Asker,
  members: Readonly<Record<string, unknown>>,
  { metadataUrl, issuer, tokenUrl }: Place,
): readonly Capability[] {
  const { url, introspectionUrl, revocationUrl } = asker.setting()
  const elsewhere: Capability[] = []
  const endpoint = (name: 'introspection' | 'revocation'): URL | undefined => {
    const given = URL.parse(String(members[`${name}_endpoint`]))
    if (given === null) return undefined
    if (given.origin === url.origin) return given
    if (given.origin === tokenUrl?.origin) return new URL(given.pathname + given.search, url.origin)
    elsewhere.push(name)
    return undefined
  }
  asker.adopt({
    metadataUrl,
    issuer,
    metadata: members,
    introspectionUrl: introspectionUrl ?? endpoint('introspection'),
    revocationUrl: revocationUrl ?? endpoint('revocation'),
  })
  return elsewhere
}

// The first granted request

async function findWay(asker: Asker, means: Means): Promise<Reply> {
  const setting = asker.setting()
  const shown: string[] = []
  let failures = 0
  let isAnswered = false
  for (const way of waysOf(setting, means)) {
    const outcome = await outcomeOf(asker, { base: 'token' }, { ...setting, way })
    if (isGranted(outcome)) {
      asker.adopt({ way })
      return outcome.reply
    }
    if ('reply' in outcome) {
      isAnswered = true
      shown.push(`${describeWay(way)}: ${shownReply(outcome.reply, asker)}`)
      continue
    }
    const ended = means.ended()
    if (ended !== undefined) throw endedEarly(setting.url, ended)
    failures += 1
    if (!isAnswered && failures > 1) throw unreachable(setting.url, outcome.failure)
    shown.push(`${describeWay(way)}: no reply, ${outcome.failure}`)
  }
  if (failures > 0 && !isAnswered) throw unreachable(setting.url, 'no request was answered')
  throw notGranted(setting.url, shown)
}

/**
 * What is asked before any rule, as far as it is known beforehand: each place of metadata until one has it, each way until it
 * is granted a token, and then what else there may be.
 */
export function plannedDiscovery(setting: Setting, means: Omit<Means, 'ended'>): readonly PlannedTrial[] {
  const places = means.metadataUrl === undefined ? metadataUrlsOf(setting.url) : [{ url: means.metadataUrl }]
  const ways = waysOf(setting, means)
  const [way = setting.way] = ways
  const found = { ...setting, way }
  const others: readonly ProbeRequest[] = [
    ...methodsToTry(setting, { ...means, authentication: undefined }).map(
      (authentication): ProbeRequest => ({ base: 'token', authentication }),
    ),
    ...grantsToTry(setting).map((base): ProbeRequest => ({ base })),
    { base: 'refresh_token' },
    ofUnknownGrant,
    ...(setting.scope === undefined ? [] : [{ base: 'token', parameters: { scope: '{scope}' } } as const]),
    { base: 'introspection' },
    { base: 'revocation' },
    preflight,
  ]
  const json: Way = { ...way, contentType: 'application/json' }
  return [
    ...places.map(({ url }) => ({
      request: { base: 'metadata' } as const,
      setting: { ...setting, metadataUrl: url },
    })),
    ...ways.map((each) => ({ request: { base: 'token' } as const, setting: { ...setting, way: each } })),
    ...others.map((request) => ({ request, setting: found })),
    { request: { base: 'token' }, setting: { ...found, way: json } },
  ]
}

/** A request of discovery, and what it is made of. */
export interface PlannedTrial {
  readonly request: ProbeRequest
  readonly setting: Setting
}

function describeWay({ grant, authentication, contentType, isScoped }: Way): string {
  const media = contentType === 'application/json' ? ' as JSON' : ''
  return `${grant} by ${authentication}${media}${isScoped ? ' with scope' : ''}`
}

function endedEarly({ origin, pathname }: URL, ended: string): TokenwrightError {
  return new TokenwrightError(
    'ERR_UNREACHABLE',
    `expected a token of ${origin}${pathname} before the end of the run, received none: ${ended}; nothing was found out`,
  )
}

function notGranted({ origin, pathname }: URL, shown: readonly string[]): TokenwrightError {
  const tried = shown.length === 0 ? 'nothing could be asked with these credentials' : shown.join('; ')
  return new TokenwrightError(
    'ERR_NOT_GRANTED',
    `expected a token of ${origin}${pathname} for the given credentials, received none: ${tried}; next: check the credentials, and whether the service wants a scope or further parameters`,
  )
}

/** From the most usual to the least; nothing is asked twice, and the one refresh token is used last. */
function waysOf(setting: Setting, means: Omit<Means, 'ended'>): readonly Way[] {
  const grants = grantsToTry(setting)
  const spellings = isSpelledAlike(setting) ? (['form'] as const) : (['form', 'raw'] as const)
  const contentTypes = ['application/x-www-form-urlencoded', 'application/json'] as const
  return contentTypes.flatMap((contentType) =>
    methodsToTry(setting, means).flatMap((authentication) =>
      grants.flatMap((grant) =>
        (authentication === 'client_secret_basic' ? spellings : (['form'] as const)).flatMap(
          (basicSpelling) =>
            (setting.scope === undefined ? [false] : [false, true]).map((isScoped) => ({
              grant,
              authentication,
              contentType,
              isScoped,
              basicSpelling,
            })),
        ),
      ),
    ),
  )
}

/** Whether Basic is the same, however the pair is written before Base64. */
export function isSpelledAlike({ credentials: { client_id = '', client_secret = '' } }: Setting): boolean {
  const both = client_id + client_secret
  return new URLSearchParams([['', both]]).toString().slice(1) === both
}

function grantsToTry({ credentials }: Setting): readonly ProbeGrant[] {
  const { username, password, refresh_token, client_secret } = credentials
  return [
    ...(client_secret === undefined && username !== undefined ? [] : (['client_credentials'] as const)),
    ...(username !== undefined && password !== undefined ? (['password'] as const) : []),
    ...(refresh_token !== undefined ? (['refresh_token'] as const) : []),
  ]
}

function methodsToTry(
  { credentials, metadata }: Setting,
  means: Omit<Means, 'ended'>,
): readonly ProbeAuthentication[] {
  if (means.authentication !== undefined) return [means.authentication]
  const { client_id, client_secret } = credentials
  const possible: readonly ProbeAuthentication[] = [
    ...(client_secret === undefined ? [] : (['client_secret_basic', 'client_secret_post'] as const)),
    ...(means.hasKey ? (['private_key_jwt'] as const) : []),
    ...(client_secret === undefined && !means.hasKey && client_id !== undefined
      ? (['client_id'] as const)
      : []),
    ...(client_id === undefined ? (['none'] as const) : []),
  ]
  const { token_endpoint_auth_methods_supported: announced } = metadata
  if (!Array.isArray(announced)) return possible
  const rank = (method: string) => (announced.includes(method) ? 0 : 1)
  return [...possible].sort((one, next) => rank(one) - rank(next))
}

// What else is granted

const isTokenGiven = (asker: Asker, means: Means, request: ProbeRequest, setting?: Setting): Promise<Trial> =>
  trialOf(asker, means, request, (reply) => isGranted({ reply }), setting)

type Method = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'

async function isMethodTaken(asker: Asker, means: Means, method: Method): Promise<Trial> {
  const { way, credentials } = asker.setting()
  const isPossible = method === 'private_key_jwt' ? means.hasKey : credentials.client_secret !== undefined
  if (!isPossible || way.authentication === method) return isPossible
  return isTokenGiven(asker, means, { base: 'token', authentication: method })
}

/** In either spelling of id and secret; the asker goes by it from then on. */
async function isBasicTaken(asker: Asker, means: Means): Promise<Trial> {
  const setting = asker.setting()
  const inForm = await isMethodTaken(asker, means, 'client_secret_basic')
  const hasSecret = setting.credentials.client_secret !== undefined
  if (inForm !== false || !hasSecret || isSpelledAlike(setting)) return inForm
  const way: Way = { ...setting.way, basicSpelling: 'raw' }
  const request = { base: 'token', authentication: 'client_secret_basic' } as const
  const asIs = await isTokenGiven(asker, means, request, { ...setting, way })
  if (asIs === true) asker.adopt({ way })
  return asIs
}

async function grantsOf(asker: Asker, means: Means): Promise<Record<ProbeGrant, Trial>> {
  const setting = asker.setting()
  // A refresh token that came with a token will do, too.
  const tried = [...grantsToTry(setting), 'refresh_token']
  const offers = async (grant: ProbeGrant): Promise<Trial> => {
    if (setting.way.grant === grant) return true
    return tried.includes(grant) && (await isGrantedInAnyScope(asker, means, grant))
  }
  const client_credentials = await offers('client_credentials')
  const password = await offers('password')
  if (password === true) await findScopeOfRefreshTokens(asker, means)
  return { client_credentials, password, refresh_token: await offers('refresh_token') }
}

const ofUnknownGrant: ProbeRequest = { base: 'token', parameters: { grant_type: '{wrong}' } }

/** A grant that the service does not offer is refused as one that nobody has. */
async function learnUnknownGrant(asker: Asker): Promise<void> {
  const outcome = await outcomeOf(asker, ofUnknownGrant)
  if (!('reply' in outcome) || problemOf(outcome) !== undefined) return
  const { status, members } = outcome.reply
  asker.adopt({ unknownGrant: { status, error: members.error } })
}

/** Whether a grant wants a scope is its own affair: it is asked as the way is, and then the other way. */
async function isGrantedInAnyScope(asker: Asker, means: Means, grant: ProbeGrant): Promise<Trial> {
  const asItIs = await isTokenGiven(asker, means, { base: grant })
  const { scope, way } = asker.setting()
  if (asItIs !== false || scope === undefined) return asItIs
  const other = scoping(asker.setting(), grant, !way.isScoped)
  const isGiven = await isTokenGiven(asker, means, { base: grant }, other)
  if (isGiven === true) asker.adopt(other)
  return isGiven
}

/** Some give a refresh token for a scope alone, such as `offline`. */
async function findScopeOfRefreshTokens(asker: Asker, means: Means): Promise<void> {
  const setting = asker.setting()
  const { scope, way, scopedGrants = {} } = setting
  if (scope === undefined || (scopedGrants.password ?? way.isScoped)) return
  const isRefreshable = (from: Setting) =>
    trialOf(
      asker,
      means,
      { base: 'password' },
      (reply) => isGranted({ reply }) && typeof reply.members.refresh_token === 'string',
      from,
    )
  if ((await isRefreshable(setting)) !== false) return
  const scoped = scoping(setting, 'password', true)
  if ((await isRefreshable(scoped)) === true) asker.adopt(scoped)
}

function scoping(setting: Setting, grant: ProbeGrant, isScoped: boolean): Setting {
  return { ...setting, scopedGrants: { ...setting.scopedGrants, [grant]: isScoped } }
}

async function findScope(asker: Asker, means: Means): Promise<Trial> {
  const { scope, way } = asker.setting()
  if (scope === undefined || way.isScoped) return scope !== undefined
  return isTokenGiven(asker, means, { base: 'token', parameters: { scope: '{scope}' } })
}

async function isJsonTaken(asker: Asker, means: Means): Promise<Trial> {
  const setting = asker.setting()
  if (setting.way.contentType === 'application/json') return true
  const way: Way = { ...setting.way, contentType: 'application/json' }
  return isTokenGiven(asker, means, { base: 'token' }, { ...setting, way })
}

/** A client that may not introspect cannot tell anything of introspection. */
async function isIntrospecting(asker: Asker, means: Means): Promise<Trial> {
  return trialOf(asker, means, { base: 'introspection' }, ({ status }) => status === 200)
}

async function isRevoking(asker: Asker, means: Means): Promise<Trial> {
  const isDone = ({ status, members }: Reply) =>
    (status >= 200 && status < 300) || members.error === 'unsupported_token_type'
  return trialOf(asker, means, { base: 'revocation' }, isDone)
}

/** @see https://fetch.spec.whatwg.org/#cors-preflight-fetch */
const preflight: ProbeRequest = {
  base: 'token',
  method: 'OPTIONS',
  authentication: 'none',
  contentType: null,
  body: '',
  headers: { Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST' },
}

async function isOpenToBrowsers(asker: Asker, means: Means): Promise<Trial> {
  const isOpen = ({ headers, status }: Reply) =>
    headers['access-control-allow-origin'] !== undefined && status < 300
  return trialOf(asker, means, preflight, isOpen)
}
