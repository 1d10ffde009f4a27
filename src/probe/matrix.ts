// The compatibility matrix: every documented variant in every form that clients send it in, asked of one endpoint.
import {
  type CredentialName,
  type Credentials,
  type Message,
  messageOf,
  requestOf,
} from '../fixture/message.ts'
import { type BasicSpelling, formatBasic } from '../oauth/basic.ts'
import { type ClientAuthenticationMethod, type ContentType, jwtBearerAssertion } from '../oauth/words.ts'
import type { WireParameters } from '../service/exchanges.ts'
import { findExchange, type LocatedVariant } from '../service/lookup.ts'
import {
  clientAuthenticationOf,
  grantTypesOf,
  type Service,
  standardNameOf,
  wireNameOf,
} from '../service/service.ts'
import { tokenRequestOf } from './given-request.ts'
import type { MatrixCell } from './probed.ts'
import { type Answer, type Asker, freshClientAssertion, freshRefreshToken } from './token-asking.ts'
import { outgoingOf, type TokenRequest } from './token-request.ts'

/** What a matrix is made for. */
export interface MatrixOptions {
  readonly services: readonly Service[]
  /** The endpoint under test: its path stands in the place of every documented one. */
  readonly url: URL
  readonly credentials: Credentials
  /** Whether assertions can be signed. Default: no. */
  readonly hasKey?: boolean | undefined
  /** What every request has beside the documented parameters, such as scope. Default: nothing. */
  readonly parameters?: WireParameters | undefined
  /**
   * How id and secret are written before Base64, where the service is known to read it so: in another spelling it reads
   * another secret. `unknown`: it took neither. Default: as documented.
   */
  readonly basicSpelling?: BasicSpelling | 'unknown' | undefined
}

/** A cell before it is asked for. */
export interface PlannedCell {
  readonly cell: Pick<MatrixCell, 'variants' | 'grantType' | 'contentType' | 'authentication' | 'spelling'>
  /** Whether form, authentication and spelling are those of the document. */
  readonly isDocumented: boolean
  readonly request: TokenRequest
  /** Why it will not be sent; absent when it will. */
  readonly reason?: string
}

const contentTypes: readonly ContentType[] = ['application/x-www-form-urlencoded', 'application/json']

const authentications = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'both',
  'none',
] as const

type Authentication = (typeof authentications)[number]

const spellings: Readonly<Record<string, (name: string) => string>> = {
  documented: (name) => name,
  snake_case: (name) => wordsIn(name).join('_'),
  camelCase: (name) =>
    wordsIn(name)
      .map((word, index) => (index === 0 ? word : capitalized(word)))
      .join(''),
  PascalCase: (name) => wordsIn(name).map(capitalized).join(''),
}

function wordsIn(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])(?=[A-Z])/g, '$1_')
    .split(/[-_]/)
    .map((word) => word.toLowerCase())
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/**
 * Every cell: requests of the same bytes are one, and those that are most likely granted come first, those with a
 * refresh token last, as another one may bring it.
 */
export function planMatrix(options: MatrixOptions): readonly PlannedCell[] {
  const all = options.services.flatMap((service) =>
    service.variants.flatMap((variant) =>
      grantTypesOf(variant).flatMap((grantType) => cellsOf(options, { service, variant }, grantType)),
    ),
  )
  const unlikely = ({ unlikelihood, cell }: RankedCell) =>
    unlikelihood + (cell.grantType === 'refresh_token' ? 100 : 0)
  const groups = Map.groupBy(
    all.toSorted((one, other) => unlikely(one) - unlikely(other)),
    ({ request, reason }) => bytesOf(request, reason),
  )
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [merged(first, others)],
  )
}

interface RankedCell extends PlannedCell {
  readonly unlikelihood: number
}

function merged(
  { unlikelihood: _unlikelihood, ...first }: RankedCell,
  others: readonly RankedCell[],
): PlannedCell {
  const variants = [first, ...others].flatMap(({ cell }) => cell.variants)
  const isDocumented = first.isDocumented || others.some((other) => other.isDocumented)
  return { ...first, isDocumented, cell: { ...first.cell, variants: [...new Set(variants)] } }
}

/** What the wire has of a request; what lacks a credential has nothing on the wire, and is told apart by its reason, too. */
function bytesOf(request: TokenRequest, reason = ''): string {
  const { method, headers, body } = outgoingOf(request, 'http://127.0.0.1')
  return JSON.stringify([method, headers, String(body), reason])
}

function cellsOf(options: MatrixOptions, located: LocatedVariant, grantType: string): readonly RankedCell[] {
  return contentTypes.flatMap((contentType) =>
    authentications.flatMap((authentication) =>
      Object.entries(spellings).map(([spelling, spell]) => {
        const message = authenticated(options, located, grantType, contentType, authentication)
        const reason = reasonNotToTry(options, located, message, authentication)
        const { documented, unlikelihood } = likelihood(located, contentType, authentication, spelling)
        return {
          cell: { variants: [located.variant.id], grantType, contentType, authentication, spelling },
          isDocumented: documented,
          unlikelihood,
          request: wireRequest(options, located, spelled(message, spell)),
          ...(reason !== undefined && { reason }),
        }
      }),
    ),
  )
}

/** The documented request with the client's credentials in one place, in several, or nowhere. */
function authenticated(
  { credentials, parameters = {} }: MatrixOptions,
  located: LocatedVariant,
  grantType: string,
  contentType: ContentType,
  authentication: Authentication,
): Message {
  const { variant } = located
  const exchange = findExchange(located, grantType)
  const shown: Credentials = { ...credentials, refresh_token: freshRefreshToken }
  const method: ClientAuthenticationMethod = authentication === 'both' ? 'client_secret_post' : authentication
  const documented = messageOf(located, exchange, { credentials: shown, authentication: method, contentType })
  const message = { ...documented, parameters: { ...documented.parameters, ...parameters } }
  const [id, secret] = [wireNameOf(variant, 'client_id'), wireNameOf(variant, 'client_secret')]
  const {
    [id]: client_id = credentials.client_id,
    [secret]: client_secret = credentials.client_secret,
    ...rest
  } = message.parameters
  const pair = { [id]: client_id ?? '', [secret]: client_secret ?? '' }
  const basic = { client_id: client_id ?? '', client_secret: client_secret ?? '' }
  switch (authentication) {
    case 'client_secret_basic':
      return message
    case 'client_secret_post':
      return { ...message, parameters: { ...message.parameters, ...pair } }
    case 'both':
      return { ...message, parameters: { ...message.parameters, ...pair }, basic }
    case 'private_key_jwt':
      return {
        ...message,
        parameters: {
          ...rest,
          [id]: client_id ?? '',
          client_assertion_type: jwtBearerAssertion,
          client_assertion: freshClientAssertion,
        },
      }
    case 'none':
      return { ...message, parameters: { ...rest, [id]: client_id ?? '' } }
  }
}

function spelled(message: Message, spell: (name: string) => string): Message {
  const entries = Object.entries(message.parameters).map(([name, value]) => [spell(name), value])
  return { ...message, parameters: Object.fromEntries(entries) }
}

function wireRequest(options: MatrixOptions, located: LocatedVariant, message: Message): TokenRequest {
  const { url } = options
  const { basic, ...rest } = message
  const { method, headers, body = new Uint8Array() } = requestOf(located, rest)
  const request = tokenRequestOf({
    method,
    url: new URL(url.origin + url.pathname + url.search),
    headers: Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as const],
    ),
    body: Buffer.from(body).toString(),
  })
  if (basic === undefined) return request
  const spelling = isSpelledAlike(basic) ? 'raw' : spellingOf(options, located)
  return { ...request, authorization: { scheme: 'Basic', ...basic, spelling } }
}

function spellingOf({ basicSpelling }: MatrixOptions, { service, variant }: LocatedVariant): BasicSpelling {
  if (basicSpelling === 'form' || basicSpelling === 'raw') return basicSpelling
  return clientAuthenticationOf(service, variant).basicSpelling
}

function isSpelledAlike(basic: NonNullable<Message['basic']>): boolean {
  return formatBasic(basic, 'form') === formatBasic(basic, 'raw')
}

const flags: Readonly<Record<CredentialName, string>> = {
  client_id: '--client-id',
  client_secret: '--client-secret',
  username: '--username',
  password: '--password',
  refresh_token: '--refresh-token',
}

/** No example of a document stands in for a credential that was not given. */
function reasonNotToTry(
  { credentials, hasKey = false, basicSpelling }: MatrixOptions,
  { variant }: LocatedVariant,
  { parameters, basic }: Message,
  authentication: Authentication,
): string | undefined {
  if (authentication === 'private_key_jwt' && !hasKey) return 'needs a private key of the client'
  const names = [
    ...Object.keys(parameters).map((name) => standardNameOf(variant, name)),
    ...(basic === undefined ? [] : ['client_id', 'client_secret']),
    ...(authentication === 'client_secret_basic' ? ['client_id', 'client_secret'] : []),
  ]
  const missing = Object.entries(flags)
    .filter(([name]) => names.includes(name) && name !== 'refresh_token')
    .filter(([name]) => credentials[name as CredentialName] === undefined)
    .map(([, flag]) => flag)
  if (missing.length > 0) return `needs ${missing.join(' and ')}`
  return basicSpelling === 'unknown' && basic !== undefined && !isSpelledAlike(basic)
    ? 'the service took the secret by Basic in no spelling, and may count each one as a wrong secret'
    : undefined
}

/** What the document says goes first, then what most services take. */
function likelihood(
  { service, variant }: LocatedVariant,
  contentType: ContentType,
  authentication: Authentication,
  spelling: string,
): { readonly documented: boolean; readonly unlikelihood: number } {
  const { methods } = clientAuthenticationOf(service, variant)
  const isMethod =
    methods.length === 0 ? authentication === 'none' : methods.some((method) => method === authentication)
  const isType = variant.contentTypes.includes(contentType)
  const isSpelling = spelling === 'documented'
  return {
    documented: isMethod && isType && isSpelling,
    unlikelihood:
      (isType ? 0 : 10) +
      (isMethod ? 0 : 10) +
      (isSpelling ? 0 : 20) +
      authentications.indexOf(authentication) +
      (variant.serving === 'when_named' ? 5 : 0),
  }
}

/** What cells are asked with. */
export interface MatrixRun {
  readonly asker: Asker
  /** Why nothing more should be sent; `undefined` while there is no reason. */
  readonly held: () => string | undefined
  /** Grants that are not granted any more, and why. Default: none. */
  readonly halted?: ReadonlyMap<string, string> | undefined
  /** Whether the service still grants the request that it granted first. Default: nobody knows one. */
  readonly isStillGranted?: (() => Promise<boolean>) | undefined
  readonly onProgress?: ((done: number, total: number, cell: MatrixCell) => void) | undefined
}

/** What came of a plan. */
export interface TriedCells {
  /** The verdict on every cell, in the order of the plan. */
  readonly cells: readonly MatrixCell[]
  /** Why the service was left alone before the end; `undefined` when it was not. */
  readonly stopped: string | undefined
}

/** After so many refusals in a row, what was granted before is sent once more. */
const refusalsBeforeRecheck = 20

/** After so many replies in a row that ask to be left alone, it is. */
const mostThrottled = 2

/** Asks for every cell; what the service does not want to be asked is not tried. */
export async function tryMatrix(
  plan: readonly PlannedCell[],
  { asker, held, halted, isStillGranted, onProgress }: MatrixRun,
): Promise<TriedCells> {
  const cells: MatrixCell[] = []
  let stopped: string | undefined
  let accepted: TokenRequest | undefined
  let refusals = 0
  let throttled = 0
  /** How many cells there were when the service was last seen to grant something. */
  let seenAt = 0
  /** Why nothing can be told, where the service does not grant what it granted. */
  const problemNow = async (): Promise<string | undefined> => {
    if (accepted !== undefined) {
      const { outcome, status } = await asker.ask(accepted)
      return outcome === 'accepted' ? undefined : lockedOut(`with status ${status ?? 'none'}`)
    }
    if (isStillGranted === undefined || (await isStillGranted())) return undefined
    return lockedOut('which was the first request')
  }
  /** Of a service that does not grant what it granted, nothing can be said of what it refused since. */
  const recheck = async () => {
    if (refusals === 0 || stopped !== undefined || held() !== undefined) return
    const problem = await problemNow()
    refusals = 0
    if (held() !== undefined) return
    stopped = problem
    if (stopped !== undefined) forgetRefusals(cells, seenAt, stopped)
    else seenAt = cells.length
  }
  for (const planned of plan) {
    const { grantType } = planned.cell
    const reason = planned.reason ?? held() ?? stopped ?? halted?.get(grantType) ?? reasonNow(planned, asker)
    const answer = reason === undefined ? await asker.ask(planned.request) : undefined
    const cell = cellOf(planned, answer, reason ?? held())
    cells.push(cell)
    onProgress?.(cells.length, plan.length, cell)
    if (answer === undefined) continue
    throttled = answer.status === 429 ? throttled + 1 : 0
    if (throttled >= mostThrottled) stopped ??= throttledReason
    if (cell.outcome === 'accepted') {
      accepted = planned.request
      seenAt = cells.length
    }
    refusals = cell.outcome === 'refused' ? refusals + 1 : 0
    if (refusals >= refusalsBeforeRecheck) await recheck()
  }
  await recheck()
  return { cells, stopped }
}

function lockedOut(how: string): string {
  return `what was accepted before is not accepted any more, ${how}: the service may have locked the client out`
}

function forgetRefusals(cells: MatrixCell[], from: number, reason: string): void {
  for (const [index, cell] of cells.entries()) {
    if (index >= from && cell.outcome === 'refused') cells[index] = notTried(cell, reason)
  }
}

function notTried(cell: PlannedCell['cell'], reason: string): MatrixCell {
  return { ...cell, outcome: 'not_tried', status: null, error: null, reason }
}

function reasonNow({ cell }: PlannedCell, asker: Asker): string | undefined {
  if (cell.grantType !== 'refresh_token' || asker.hasRefreshToken()) return undefined
  return `needs ${flags.refresh_token}`
}

const throttledReason = 'the service answered 429 again and again: it wants to be asked less'

/** What was under way when the run ended, and what was throttled, has no verdict. */
function cellOf({ cell }: PlannedCell, answer: Answer | undefined, reason: string | undefined): MatrixCell {
  if (answer === undefined) return notTried(cell, reason ?? '')
  const { outcome, status, error } = answer
  if (outcome === 'no_reply') return notTried(cell, reason ?? `no reply: ${answer.reason}`)
  if (status === 429) return notTried(cell, 'the service answered 429')
  const granted = outcome === 'accepted' ? outcome : 'refused'
  return { ...cell, outcome: granted, status, error, reason: answer.reason }
}
