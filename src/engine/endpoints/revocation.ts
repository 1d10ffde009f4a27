// The revocation endpoint: a client gives back a token of its own. @see RFC 7009
import type { Attempt } from '../attempt.ts'
import { tokenTakingSteps } from '../steps.ts'
import type { Granted, PostEndpoint } from './endpoint.ts'

/** Answers with the status that the service documents. */
export const revocation: PostEndpoint = { method: 'POST', steps: tokenTakingSteps, grant: revoke }

/** Forgets an access token; a refresh token goes with its whole grant (§2.1). An unknown token is no error (§2.2). */
function revoke({ desk, open, accepted, client, now }: Attempt): Granted {
  const token = accepted.token ?? ''
  const isOwn = (issued: { readonly client_id: string | undefined } | undefined) =>
    issued !== undefined && issued.client_id === client?.client_id
  const refreshToken = desk.refreshTokens.find(token, now)
  if (isOwn(desk.accessTokens.find(token, now))) desk.accessTokens.remove(token)
  if (refreshToken !== undefined && isOwn(refreshToken)) {
    refreshToken.family.isRevoked = true
    desk.refreshTokens.remove(token)
  }
  return { status: open.endpoint.kind === 'revocation' ? open.endpoint.status : 200 }
}
