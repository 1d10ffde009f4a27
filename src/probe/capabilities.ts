// What a service offers to the credentials of a run: its metadata is read first, and then each thing is tried.
import { TokenwrightError } from '../service/error.ts'
import { unreachable } from '../verify/target.ts'
import { type Asker, newAttempt } from './asking.ts'
import { isGranted, jwtOf, shownReply } from './judge.ts'
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
}

/** What was found. */
export interface Found {
  readonly capabilities: Readonly<Record<Capability, boolean>>
  /** Whose endpoints the metadata has at another host, which is never asked. */
  readonly elsewhere: readonly Capability[]
}

/**
 * Finds out; the asker goes by it from then on.
 * @throws {TokenwrightError} `ERR_UNREACHABLE` where nothing answers, `ERR_NOT_GRANTED` where no request is granted
 */
export async function findCapabilities(asker: Asker, means: Means): Promise<Found> {
  const elsewhere = await readMetadata(asker, means)
  const granted = await findWay(asker, means)
  const { credentials, other, url, metadata } = asker.setting()
  const { client_id = '', client_secret = '' } = credentials
  const [tokenHeader] = jwtOf(String(granted.members.access_token)) ?? []
  const methods = await methodsOf(asker, means)
  const grants = await grantsOf(asker)
  const scope = await findScope(asker)
  const capabilities: Record<Capability, boolean> = {
    ...grants,
    ...methods,
    form: await isFormTaken(asker),
    json: await isJsonTaken(asker),
    client_secret: client_secret !== '',
    encoded_credentials: encodeURIComponent(client_id + client_secret) !== client_id + client_secret,
    other_client: other !== undefined,
    scope,
    several_scopes: scope && /\S \S/.test(asker.setting().scope ?? ''),
    introspection: await isIntrospecting(asker),
    revocation: await isRevoking(asker),
    metadata: asker.setting().metadataUrl !== undefined,
    jwt_access_token: tokenHeader !== undefined,
    at_jwt: /^(application\/)?at\+jwt$/i.test(String(tokenHeader?.typ)),
    dpop: Array.isArray(metadata.dpop_signing_alg_values_supported),
    cors: await isOpenToBrowsers(asker),
    https: url.protocol === 'https:',
    refusals: !means.areRefusalsOff,
  }
  return { capabilities, elsewhere }
}

async function outcomeOf(asker: Asker, request: ProbeRequest, setting?: Setting): Promise<Outcome> {
  const asked = await asker.ask(request, newAttempt(false), setting)
  if ('unsent' in asked) return { failure: `not sent: ${asked.unsent}` }
  return asked.exchanged[0]?.outcome ?? { failure: 'not sent' }
}

async function replyTo(asker: Asker, request: ProbeRequest, setting?: Setting): Promise<Reply | undefined> {
  const outcome = await outcomeOf(asker, request, setting)
  return 'reply' in outcome ? outcome.reply : undefined
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

async function readMetadata(asker: Asker, { metadataUrl: named }: Means): Promise<readonly Capability[]> {
  const setting = asker.setting()
  const { url } = setting
  const candidates = named === undefined ? metadataUrlsOf(url) : [{ url: named, issuer: issuerAt(named) }]
  for (const { url: metadataUrl, issuer } of candidates) {
    const reply = await replyTo(asker, { base: 'metadata' }, { ...setting, metadataUrl })
    if (reply === undefined) return []
    const { members } = reply
    const tokenUrl = URL.parse(String(members.token_endpoint))
    const isOurs = tokenUrl?.pathname === url.pathname
    // What was named is taken at its word.
    if (reply.status !== 200 || (!isOurs && named === undefined)) continue
    return adoptMetadata(asker, members, { metadataUrl, issuer, tokenUrl })
  }
  return []
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
    failures += 1
    if (!isAnswered && failures > 1) throw unreachable(setting.url, outcome.failure)
    shown.push(`${describeWay(way)}: no reply, ${outcome.failure}`)
  }
  if (failures > 0 && !isAnswered) throw unreachable(setting.url, 'no request was answered')
  throw notGranted(setting.url, shown)
}

function describeWay({ grant, authentication, contentType, isScoped }: Way): string {
  const media = contentType === 'application/json' ? ' as JSON' : ''
  return `${grant} by ${authentication}${media}${isScoped ? ' with scope' : ''}`
}

function notGranted({ origin, pathname }: URL, shown: readonly string[]): TokenwrightError {
  const tried = shown.length === 0 ? 'nothing could be asked with these credentials' : shown.join('; ')
  return new TokenwrightError(
    'ERR_NOT_GRANTED',
    `expected a token of ${origin}${pathname} for the given credentials, received none: ${tried}; next: check the credentials, and whether the service wants a scope or further parameters`,
  )
}

/** From the most usual to the least; nothing is asked twice, and the one refresh token is used last. */
function waysOf(setting: Setting, means: Means): readonly Way[] {
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

function methodsToTry({ credentials, metadata }: Setting, means: Means): readonly ProbeAuthentication[] {
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

const isTokenGiven = async (asker: Asker, request: ProbeRequest, setting?: Setting): Promise<boolean> =>
  isGranted(await outcomeOf(asker, request, setting))

async function methodsOf(
  asker: Asker,
  { hasKey }: Means,
): Promise<
  Pick<Record<Capability, boolean>, 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'>
> {
  const setting = asker.setting()
  const { way, credentials } = setting
  const hasSecret = credentials.client_secret !== undefined
  const isTaken = async (method: ProbeAuthentication, isPossible: boolean) =>
    isPossible &&
    (way.authentication === method || (await isTokenGiven(asker, { base: 'token', authentication: method })))
  const isBasicTaken = async () => {
    if (await isTaken('client_secret_basic', hasSecret)) return true
    if (!hasSecret || isSpelledAlike(setting)) return false
    const raw: Way = { ...way, basicSpelling: 'raw' }
    const request = { base: 'token', authentication: 'client_secret_basic' } as const
    const isRead = await isTokenGiven(asker, request, { ...setting, way: raw })
    if (isRead) asker.adopt({ way: raw })
    return isRead
  }
  return {
    client_secret_basic: await isBasicTaken(),
    client_secret_post: await isTaken('client_secret_post', hasSecret),
    private_key_jwt: await isTaken('private_key_jwt', hasKey),
  }
}

async function grantsOf(asker: Asker): Promise<Record<ProbeGrant, boolean>> {
  const setting = asker.setting()
  const tried = grantsToTry(setting)
  const offers = async (grant: ProbeGrant) =>
    setting.way.grant === grant || (tried.includes(grant) && (await isTokenGiven(asker, { base: grant })))
  const client_credentials = await offers('client_credentials')
  const password = await offers('password')
  // One that came with a token will do, too.
  const refresh_token =
    setting.way.grant === 'refresh_token' || (await isTokenGiven(asker, { base: 'refresh_token' }))
  return { client_credentials, password, refresh_token }
}

async function findScope(asker: Asker): Promise<boolean> {
  const { scope, way } = asker.setting()
  if (scope === undefined) return false
  return way.isScoped || (await isTokenGiven(asker, { base: 'token', parameters: { scope: '{scope}' } }))
}

async function isFormTaken(asker: Asker): Promise<boolean> {
  return asker.setting().way.contentType !== 'application/json'
}

async function isJsonTaken(asker: Asker): Promise<boolean> {
  const setting = asker.setting()
  const way: Way = { ...setting.way, contentType: 'application/json' }
  return (
    setting.way.contentType === 'application/json' ||
    isTokenGiven(asker, { base: 'token' }, { ...setting, way })
  )
}

/** A client that may not introspect cannot tell anything of introspection. */
async function isIntrospecting(asker: Asker): Promise<boolean> {
  if (asker.setting().introspectionUrl === undefined) return false
  const reply = await replyTo(asker, { base: 'introspection' })
  return reply?.status === 200
}

async function isRevoking(asker: Asker): Promise<boolean> {
  if (asker.setting().revocationUrl === undefined) return false
  const reply = await replyTo(asker, { base: 'revocation' })
  if (reply === undefined) return false
  const isDone = reply.status >= 200 && reply.status < 300
  return isDone || reply.members.error === 'unsupported_token_type'
}

/** @see https://fetch.spec.whatwg.org/#cors-preflight-fetch */
async function isOpenToBrowsers(asker: Asker): Promise<boolean> {
  const reply = await replyTo(asker, {
    base: 'token',
    method: 'OPTIONS',
    authentication: 'none',
    contentType: null,
    body: '',
    headers: { Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST' },
  })
  return reply?.headers['access-control-allow-origin'] !== undefined && reply.status < 300
}
