// The reply before it is a message, and what an outcome makes of it.
import { formatForm } from '../oauth/form.ts'
import type { Delivery } from '../oauth/message.ts'
import type { Outcome } from '../service/outcomes.ts'
import type { Attempt } from './attempt.ts'
import type { Explanation } from './journal.ts'

/** The reply before it is a message. */
export interface Verdict {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A JSON body; absent for a body of another form, or none. */
  readonly members?: Readonly<Record<string, unknown>>
  /** A body that is not JSON, or no longer. */
  readonly text?: string
  readonly delivery?: Delivery
  readonly refused?: Explanation
  /** The form of the request that was granted. */
  readonly attempt?: Attempt | undefined
}

type Members = Readonly<Record<string, unknown>>

const changes: Readonly<Record<NonNullable<Outcome['change']>, (members: Members) => Members>> = {
  expires_in_as_string: (members) => replace(members, 'expires_in', (value) => String(value)),
  expires_in_less_one: (members) => replace(members, 'expires_in', (value) => Number(value) - 1),
  first_scope: (members) => replace(members, 'scope', (value) => String(value).split(' ', 1)[0]),
  reversed: (members) => Object.fromEntries(Object.entries(members).reverse()),
  further_members: (members) => ({
    ...members,
    id_token: null,
    'not-before-policy': 0,
    session_state: 'example',
  }),
}

const bodies: Readonly<Record<NonNullable<Outcome['body']>, (members: Members) => string>> = {
  none: () => '',
  malformed: (members) => JSON.stringify(members).slice(0, -1),
  form: (members) => formatForm(Object.entries(members).map(([name, value]) => [name, String(value)])),
  html: () => '<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>',
}

/** The verdict as the outcome has it; one that answers in place of any judgment is not among them. */
export function spoil(verdict: Verdict, outcome: Outcome): Verdict {
  const { body, delivery } = outcome
  // A page can stand in place of no content, but not where the status says that there is none (RFC 9110 §15.3.5).
  const hasContent = verdict.status !== 204 && (verdict.members !== undefined || body === 'html')
  const spoilt = hasContent ? spoilContent(verdict, outcome) : verdict
  return delivery === undefined ? spoilt : { ...spoilt, delivery }
}

function spoilContent(verdict: Verdict, { members: replaced, change, body, contentType }: Outcome): Verdict {
  const isToken = verdict.members !== undefined && 'access_token' in verdict.members
  const members = isToken ? changeMembers(verdict.members ?? {}, replaced, change) : verdict.members
  const text = body === undefined ? verdict.text : bodies[body](members ?? {})
  return {
    ...verdict,
    ...(members !== undefined && { members }),
    ...(text !== undefined && { text }),
    ...(contentType !== undefined && { headers: { ...verdict.headers, 'content-type': contentType } }),
  }
}

function changeMembers(
  members: Members,
  replaced: Outcome['members'] = {},
  change: Outcome['change'],
): Members {
  const changed = change === undefined ? members : changes[change](members)
  const entries = Object.entries({ ...changed, ...replaced }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries)
}

function replace(members: Members, name: string, by: (value: unknown) => unknown): Members {
  return name in members ? { ...members, [name]: by(members[name]) } : members
}
