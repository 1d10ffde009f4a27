// Tokens of no use any more are revoked at the end of a probe; where it was cut short, in a little time of its own after it.
import { type Run, startRun } from '../verify/run.ts'
import { type Asker, newAttempt } from './asking.ts'
import type { Transport } from './transport.ts'

/** Whoever asks, and the way. */
export interface Way {
  readonly asker: Asker
  readonly transport: Transport
}

/** What tokens are revoked by. */
export interface TokenReturn extends Way {
  readonly run: Run
  /** The same in another time. */
  readonly again: (run: Run) => Way
}

/** Of as many tokens at most the service is told that they are not needed any more. */
const mostRevocations = 200
/** How long it may take after a run that was interrupted, or whose deadline was over. */
const graceMs = 5000

/** Revokes what the asker and others were given. @returns how many requests were sent after the end of the run */
export async function returnTokens(
  { asker, transport, run, again }: TokenReturn,
  issued: readonly string[],
): Promise<number> {
  const left = tokensOf(asker, issued)
  await revokeEach(asker, left, () => run.ended() ?? transport.held())
  // A service that asks to be left alone is.
  if (left.length === 0 || run.ended() === undefined || transport.held() !== undefined) return 0
  const grace = startRun(graceMs)
  const last = again(grace)
  try {
    await revokeEach(last.asker, left, () => grace.ended() ?? last.transport.held())
    return last.transport.sent()
  } finally {
    last.transport.close()
    grace.close()
  }
}

type Token = readonly [token: string, kind: string | null]

/** Those that refresh first, as others end with them. */
function tokensOf(asker: Asker, issued: readonly string[]): Token[] {
  const given = asker.setting().credentials.refresh_token
  const known = [...asker.tokens()].sort(([, one], [, other]) => other.localeCompare(one))
  const others = issued.map((token): Token => [token, null])
  return [...known, ...others].filter(([each]) => each !== given).slice(0, mostRevocations)
}

/** What the end of the time left undone stays in the list. */
async function revokeEach(asker: Asker, left: Token[], held: () => string | undefined): Promise<void> {
  while (left[0] !== undefined && held() === undefined) {
    const [token, kind] = left[0]
    await asker.ask({ base: 'revocation', parameters: { token, token_type_hint: kind } }, newAttempt(false))
    if (held() === undefined) left.shift()
  }
}
