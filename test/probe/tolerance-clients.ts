// Clients for tests of tolerance: one that copes with all, and pieces to make others of.
import type { ToleranceTarget } from '../../src/probe/tolerate.ts'

/** All that a client has to know. */
export type ClientTarget = Pick<ToleranceTarget, 'tokenEndpoint' | 'apiUrl' | 'credentials'>

/** Calls so often, so many at once. */
export async function inBatches(
  calls: number,
  concurrency: number,
  call: () => Promise<unknown>,
): Promise<void> {
  for (let made = 0; made < calls; made += concurrency)
    await Promise.all(Array.from({ length: Math.min(concurrency, calls - made) }, call))
}

/** What a client makes of a token reply. */
export interface Granted {
  readonly access_token: string
  readonly refresh_token?: string | null
  readonly expires_in?: number | string
}

/** One token request; throws for all that is no token. */
export async function askForToken(
  { tokenEndpoint, credentials }: Omit<ClientTarget, 'apiUrl'>,
  parameters: Readonly<Record<string, string>>,
): Promise<Granted> {
  const { client_id, client_secret } = credentials
  const response = await fetch(tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({ ...parameters, client_id, client_secret }),
  })
  if (!response.ok) throw new RefusedError(response.status, Number(response.headers.get('retry-after')))
  const granted = (await response.json()) as Granted
  if (typeof granted.access_token !== 'string') throw new Error('no access token')
  return granted
}

/** A status that is none of success. */
export class RefusedError extends Error {
  readonly status: number
  readonly retryAfterSeconds: number

  constructor(status: number, retryAfterSeconds: number) {
    super(`the token endpoint answers ${status}`)
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Tries three times, as far as that may help, and waits as it is told. */
export async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      const isFinal = error instanceof RefusedError && error.status < 429
      if (isFinal || attempt === 3) throw error
      const seconds = error instanceof RefusedError ? error.retryAfterSeconds : 0
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    }
  }
}

/** A call of the API by a client that refreshes, keeps refresh tokens, and asks once for all who wait. */
export function callsOf(target: ClientTarget): () => Promise<void> {
  const { username, password } = target.credentials
  let current: Promise<Held> | undefined
  const login = (): Promise<Held> => grant({ grant_type: 'password', username, password })
  const grant = async (parameters: Readonly<Record<string, string>>, old?: string): Promise<Held> => {
    const granted = await persistently(() => askForToken(target, parameters))
    const refresh = granted.refresh_token ?? old
    const isShort = Number(granted.expires_in ?? Number.POSITIVE_INFINITY) <= reserveSeconds
    return { access: granted.access_token, isShort, isUsed: false, ...(refresh !== undefined && { refresh }) }
  }
  const renew = async ({ refresh }: Held): Promise<Held> => {
    if (refresh === undefined) return await login()
    return await grant({ grant_type: 'refresh_token', refresh_token: refresh }, refresh).catch(login)
  }
  /** One that is about to end is good for those who wait for it, and for nobody after them. */
  const take = async (): Promise<Held> => {
    const waitedFor = current
    if (waitedFor === undefined) {
      current = login()
      return await current
    }
    const held = await waitedFor
    if (!held.isShort || !held.isUsed) return held
    if (current === waitedFor) current = renew(held)
    return await (current ?? login())
  }
  return async () => {
    for (const isLast of [false, true]) {
      const held = await take()
      const response = await fetch(target.apiUrl, { headers: { authorization: `Bearer ${held.access}` } })
      held.isUsed = true
      if (response.ok) return
      if (isLast) throw new Error(`the API answers ${response.status}`)
      current = undefined
    }
  }
}

/** {@link callsOf}, as often as it is asked for. */
export function carefulClient(target: ToleranceTarget): Promise<void> {
  return inBatches(target.calls, target.concurrency, callsOf(target))
}

/** What a client keeps in reserve. */
const reserveSeconds = 60

interface Held {
  readonly access: string
  readonly refresh?: string
  readonly isShort: boolean
  isUsed: boolean
}
