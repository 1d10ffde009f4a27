// Who may use the admin API: whoever shows its token, or else whoever is on this machine and no page of another site.
import { isSameSecret } from '../engine/secrets.ts'
import type { HttpRequest } from '../oauth/message.ts'
import { AdminRefusal } from './admin-refusal.ts'

/** Whether a name or address is this machine's own, which no other reaches; as the URL standard writes it, or as the system does. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name)
}

/**
 * A page of another site must not get here: neither by a name of its own that leads to this machine (DNS rebinding),
 * nor by a request that its browser sends without asking. Whoever shows the admin token may come from anywhere.
 *
 * @throws {AdminRefusal}
 */
export function requireEntitled(headers: HttpRequest['headers'], adminToken: string | undefined): void {
  const { authorization, origin, referer, 'sec-fetch-site': site } = headers
  if (adminToken !== undefined) {
    const [, shown = ''] = /^bearer +(.*)$/i.exec(String(authorization ?? '')) ?? []
    if (isSameSecret(shown, adminToken)) return
    const challenge = { 'www-authenticate': 'Bearer realm="admin"' }
    const problem = 'expected the admin token as a bearer token, received none or another'
    throw new AdminRefusal(401, problem, challenge)
  }
  const asked = URL.parse(`http://${String(headers.host ?? '')}`)
  if (asked === null || !isLoopback(asked.hostname))
    throw new AdminRefusal(
      403,
      'expected a Host field that names this machine, such as localhost, received another',
    )
  // Older browsers tell a page's address in Referer alone.
  const page = origin ?? referer
  if (page !== undefined && URL.parse(String(page))?.host !== asked.host)
    throw new AdminRefusal(
      403,
      'expected no page of another origin to ask, received its Origin or Referer field',
    )
  if (site !== undefined && site !== 'none' && site !== 'same-origin')
    throw new AdminRefusal(403, 'expected no page of another site to ask, received its request')
}
