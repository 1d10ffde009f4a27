// Asks the service on behalf of rules: fresh tokens where a request wants one, the same bytes once, wrong secrets few times;
// and remembers what was answered.
import { encodeFormValue } from '../oauth/form.ts'
import type { Redactor } from '../verify/redactor.ts'
import { learnTokens } from '../verify/target.ts'
import { type Heard, isGranted } from './judge.ts'
import {
  accountGuessedAt,
  type BuiltRequest,
  buildRequest,
  freshTokensOf,
  type ProbeGrant,
  type Setting,
  type Values,
} from './requests.ts'
import type { ProbeProof, ProbeRequest } from './rule.ts'
import { shownRequest } from './shown-request.ts'
import { type ClientKey, clientAssertion, dpopProof } from './signed-jwt.ts'
import type { Outcome, Transport } from './transport.ts'

/** A request that was sent, and what came of it. */
export interface Exchanged extends Heard {
  readonly request: ProbeRequest
}

/** What came of asking: as many exchanges as were sent, or why nothing was. */
export type Asked = { readonly exchanged: readonly Exchanged[] } | { readonly unsent: string }

/** What belongs to one going through of one rule. */
export interface Attempt {
  /** Whether a reply to the same bytes, to another rule, will do. */
  readonly isShared: boolean
  readonly kept: Record<string, Readonly<Record<string, unknown>>>
  fresh: { access_token?: string; refresh_token?: string }
  /** How often the same bytes were asked for in it. */
  readonly counts: Map<string, number>
  /** The proof before. */
  proof?: string
}

/** Asks, and remembers. */
export interface Asker {
  readonly setting: () => Setting
  /** What was found out about the service. */
  readonly adopt: (found: Partial<Setting>) => void
  readonly ask: (request: ProbeRequest, attempt?: Attempt, setting?: Setting) => Promise<Asked>
  /** Whether the unchanged request for a token is still granted, by a reply from now on. */
  readonly isStillGranted: (grant: ProbeGrant) => Promise<boolean>
  readonly heard: () => readonly Exchanged[]
  /** The tokens that were received, the latest last. */
  readonly tokens: () => ReadonlyMap<string, 'access_token' | 'refresh_token'>
  /** Whether a text has nothing secret that was sent. */
  readonly isClean: (text: string) => boolean
  /** Masks every secret of the run. */
  readonly redact: (text: string) => string
}

/** What an asker is made of. */
export interface AskerOptions {
  readonly setting: Setting
  readonly transport: Transport
  readonly redactor: Redactor
  /** Of the secrets and tokens that are sent, without ids and names, which may come back. */
  readonly sent: Redactor
  readonly key?: ClientKey | undefined
  /** Of DPoP proofs. */
  readonly proofKey: ClientKey
  /** Wrong secrets of an account that may be sent; none where they are off. */
  readonly maxRefusals: number
  readonly areRefusalsOff: boolean
}

/** Begins an attempt. */
export function newAttempt(isShared: boolean): Attempt {
  return { isShared, kept: {}, fresh: {}, counts: new Map() }
}

/** An asker that has asked nothing yet. */
export function createAsker(options: AskerOptions): Asker {
  const { transport, redactor, sent, key, proofKey, maxRefusals } = options
  let setting = options.setting
  const heard: Exchanged[] = []
  const shared = new Map<string, readonly Exchanged[]>()
  const tokens = new Map<string, 'access_token' | 'refresh_token'>()
  const refusals = new Map<string, number>()
  let refreshToken = setting.credentials.refresh_token
  /** The grant by which a refresh token comes with each token. */
  let giver: ProbeGrant | undefined

  const valuesFor = (attempt: Attempt, own: Setting): Values => ({
    ...attempt.fresh,
    kept: attempt.kept,
    assertionOf: (difference) => {
      const { client_id } = own.credentials
      if (key === undefined || client_id === undefined) return undefined
      const audience = String(own.metadata.issuer ?? own.url.href)
      return learnt(clientAssertion(key, client_id, audience, difference))
    },
    proofOf: (difference) => {
      attempt.proof = repeated(attempt, difference) ?? dpopProof(proofKey, own.url, difference)
      return attempt.proof
    },
  })

  const learnt = (secret: string) => {
    redactor.add(secret)
    sent.add(secret)
    return secret
  }

  const remember = (exchanged: Exchanged, built: BuiltRequest, attempt: Attempt, own: Setting) => {
    heard.push(exchanged)
    if (!('reply' in exchanged.outcome)) return
    const { members } = exchanged.outcome.reply
    learnTokens(redactor, members)
    if (exchanged.request.keptAs !== undefined) attempt.kept[exchanged.request.keptAs] = members
    if (!exchanged.isOfTokenEndpoint || exchanged.outcome.reply.status >= 300) return
    for (const name of ['access_token', 'refresh_token'] as const) {
      const token = members[name]
      if (typeof token === 'string' && token !== '') tokens.set(token, name)
    }
    if (typeof members.refresh_token === 'string')
      learnRefreshToken(members.refresh_token, exchanged, built, own)
  }

  /** Of the plain grants, which one gives refresh tokens; a rotated one follows the one that was given. */
  const learnRefreshToken = (token: string, { request }: Exchanged, { body }: BuiltRequest, own: Setting) => {
    sent.add(token)
    // While the way to the service is looked for, it is not yet that of the run.
    const grant = grantIn(request, own)
    if (grant !== 'refresh_token') giver ??= request.parameters === undefined ? grant : undefined
    else if (refreshToken !== undefined && isIn(body, refreshToken)) refreshToken = token
  }

  /** Of the one refresh token that there is, each new one follows; others are the same in a whole rule. */
  const tokenFor = async (
    name: 'access_token' | 'refresh_token',
    { base }: ProbeRequest,
    attempt: Attempt,
    own: Setting,
  ): Promise<string | undefined> => {
    const isLatest = name === 'refresh_token' && base === 'token' && giver === undefined
    return (isLatest ? refreshToken : attempt.fresh[name]) ?? (await obtain(name, own))
  }

  const obtain = async (
    name: 'access_token' | 'refresh_token',
    own: Setting,
  ): Promise<string | undefined> => {
    const grant = name === 'access_token' ? own.way.grant : giver
    if (name === 'refresh_token' && giver === undefined) return refreshToken
    const asked = await ask({ base: grant ?? 'token' }, newAttempt(false), own)
    const outcome = 'exchanged' in asked ? asked.exchanged[0]?.outcome : undefined
    const token = isGranted(outcome) ? outcome.reply.members[name] : undefined
    return typeof token === 'string' ? learnt(token) : undefined
  }

  const unsentReason = (request: ProbeRequest, isTrial: boolean): string | undefined => {
    const held = transport.held()
    if (held !== undefined) return held
    if (!isTrial) return undefined
    if (options.areRefusalsOff) return 'wrong credentials are not sent'
    const account = accountGuessedAt(request)
    if (account === undefined) return undefined
    const count = (refusals.get(account) ?? 0) + 1
    refusals.set(account, count)
    if (count <= maxRefusals) return undefined
    return `further wrong credentials could lock the account: --max-refusals ${maxRefusals}`
  }

  const send = async (
    request: ProbeRequest,
    built: BuiltRequest,
    attempt: Attempt,
    own: Setting,
  ): Promise<Asked> => {
    const unsent = unsentReason(request, built.isTrial)
    if (unsent !== undefined) return { unsent }
    const outcomes = request.isTwice
      ? [...(await transport.sendTwice(built))].sort(grantedFirst)
      : [await transport.send(built)]
    const exchanged = outcomes.map((outcome) => exchangedOf(request, built, own, outcome))
    for (const each of exchanged) remember(each, built, attempt, own)
    return { exchanged }
  }

  const ask = async (
    request: ProbeRequest,
    attempt: Attempt = newAttempt(false),
    own: Setting = setting,
  ): Promise<Asked> => {
    if (request.isFresh) attempt.fresh = {}
    for (const name of freshTokensOf(request, own)) {
      const token = await tokenFor(name, request, attempt, own)
      if (token !== undefined) attempt.fresh[name] = token
    }
    const built = buildRequest(request, own, valuesFor(attempt, own))
    if ('missing' in built) return { unsent: `there is no ${built.missing} to send` }
    const bytes = JSON.stringify([built.url.href, built.method, built.headers, built.body, built.raw])
    const count = attempt.counts.get(bytes) ?? 0
    attempt.counts.set(bytes, count + 1)
    // What is kept, or sent at once, is of this rule alone; the same bytes once more are another request.
    const isOwn =
      !attempt.isShared ||
      request.keptAs !== undefined ||
      request.isTwice === true ||
      // Of tokens that a service does not change, the state behind them does.
      freshTokensOf(request, own).length > 0 ||
      Object.keys(attempt.kept).length > 0
    const before = isOwn ? undefined : shared.get(`${count} ${bytes}`)
    if (before !== undefined) return { exchanged: before.map((each) => ({ ...each, request })) }
    const asked = await send(request, built, attempt, own)
    if (!isOwn && 'exchanged' in asked) shared.set(`${count} ${bytes}`, asked.exchanged)
    return asked
  }

  return {
    setting: () => setting,
    adopt: (found) => {
      setting = { ...setting, ...found }
    },
    ask,
    isStillGranted: async (grant) => {
      for (const _try of [1, 2]) {
        const asked = await ask({ base: grant })
        if ('exchanged' in asked && isGranted(asked.exchanged[0]?.outcome)) return true
      }
      return false
    },
    heard: () => heard,
    tokens: () => tokens,
    isClean: sent.isClean,
    redact: redactor.redact,
  }
}

/** Whether a body, in either media type, has a value. */
function isIn(body: string, value: string): boolean {
  return body.includes(encodeFormValue(value)) || body.includes(JSON.stringify(value))
}

function repeated(attempt: Attempt, { isReplayed }: ProbeProof): string | undefined {
  return isReplayed ? attempt.proof : undefined
}

/** The grant that a request is about. */
export function grantIn({ base }: ProbeRequest, { way }: Setting): ProbeGrant {
  return base === 'client_credentials' || base === 'password' || base === 'refresh_token' ? base : way.grant
}

function grantedFirst(one: Outcome, other: Outcome): number {
  return Number(isGranted(other)) - Number(isGranted(one))
}

function exchangedOf(
  request: ProbeRequest,
  { method, headers, raw }: BuiltRequest,
  setting: Setting,
  outcome: Outcome,
): Exchanged {
  const field = (name: string) => headers.find(([each]) => each.toLowerCase() === name)?.[1] ?? ''
  return {
    request,
    outcome,
    shown: shownRequest(request, setting),
    isRaw: raw !== undefined,
    isOfTokenEndpoint: !['introspection', 'revocation', 'metadata'].includes(request.base),
    isPlainForm:
      method === 'POST' &&
      raw === undefined &&
      field('content-type').startsWith('application/x-www-form-urlencoded'),
    isByBasic: /^basic /i.test(field('authorization')),
  }
}
