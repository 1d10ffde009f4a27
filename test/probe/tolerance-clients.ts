// Clients for tests of tolerance: one that copes with all, and pieces to make others of.
import type { ToleranceTarget } from '../../src/probe/tolerate.ts'

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
  { tokenEndpoint, credentials }: ToleranceTarget,
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

/** A client of the password grant that refreshes, keeps refresh tokens, and asks once for all who wait. */
export function carefulClient(target: ToleranceTarget): Promise<void> {
  const { username, password } = target.credentials
  let current: Promise<Held> | undefined
  const login = (): Promise<Held> => grant({ grant_type: 'password', username, password })
  const grant = async (parameters: Readonly<Record<string, string>>, old?: string): Promise<Held> => {
    const granted = await persistently(() => askForToken(target, parameters))
    const refresh = granted.refresh_token ?? old
    const isShort = Number(granted.expires_in ?? Number.POSITIVE_INFINITY) <= 60
    return { access: granted.access_token, isShort, ...(refresh !== undefined && { refresh }) }
  }
  const renew = async (held: Held): Promise<Held> => {
    if (held.refresh === undefined) return await login()
    const parameters = { grant_type: 'refresh_token', refresh_token: held.refresh }
    return await grant(parameters, held.refresh).catch(login)
  }
  const call = async (): Promise<void> => {
    for (const isLast of [false, true]) {
      current ??= login()
      const held = await current
      const response = await fetch(target.apiUrl, { headers: { authorization: `Bearer ${held.access}` } })
      if (response.ok) return
      if (isLast) throw new Error(`the API answers ${response.status}`)
      current = undefined
    }
  }
  let used = 0
  return inBatches(target.calls, target.concurrency, async () => {
    // A token that is short is good for one batch.
    const isFirstOfBatch = used % target.concurrency === 0
    used += 1
    if (isFirstOfBatch && current !== undefined)
      current = current.then((held) => (held.isShort ? renew(held) : held))
    await call()
  })
}

interface Held {
  readonly access: string
  readonly refresh?: string
  readonly isShort: boolean
}
