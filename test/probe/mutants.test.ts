// Each rule finds the services that break it, and no other rule is broken by them.
import { describe, expect, test } from 'vitest'
import { probeTokenService } from '../../src/probe/probe.ts'
import type { Verdict } from '../../src/probe/probed.ts'
import { wrong } from '../../src/probe/requests.ts'
import { conformanceRules } from '../../src/probe/rules.ts'
import { type Answer, startBroken } from './broken-service.ts'
import {
  answers,
  type Choice,
  challenged,
  fields,
  formOf,
  isTokenRequest,
  refused,
  says,
  withForm,
} from './departures.ts'
import { mutants, withoutMutant } from './mutants.ts'

const rows = Object.entries(mutants).flatMap(([id, some]) =>
  some.map((one) => [id, one.breaks, one] as const),
)

/** What is told and counts for nothing needs no broken service, and is looked at where there is one. */
const countable = conformanceRules.filter(({ level }) => level !== 'observed').map(({ id }) => id)
const isLookedAt = (id: string) => countable.includes(id) || mutants[id] !== undefined

/** Without metadata, and with one way of authentication for this client. */
const refusesBy =
  (isRefused: Choice): Answer =>
  (asked, ask) => {
    if (asked.path.includes('/.well-known/')) return refused('not_found', 404)
    const isChosen = isTokenRequest(asked) && isRefused(asked, formOf(asked))
    return isChosen ? challenged('invalid_client') : ask(asked)
  }
const noBasic = refusesBy(({ headers }) => headers.authorization !== undefined)
const noPost = refusesBy((_asked, form) => form.has('client_secret'))
const otherWay = 'this client may be registered for the other way: '

const isGrant =
  (...grants: readonly string[]): Choice =>
  (_asked, form) =>
    grants.includes(form.get('grant_type') ?? '')
type Open = readonly [id: string, does: string, answer: Answer, verdict: Verdict, reason: string]

/** No error of OAuth, for what is not there and for what nobody has. */
const noSuchGrant = refused('no_such_grant')
const noPassword = answers(isGrant('password', wrong), noSuchGrant)
const noRefresh = answers(isGrant('refresh_token', wrong), noSuchGrant)
const noUser = answers(
  (asked, form) => isGrant(wrong)(asked, form) || form.get('username') === wrong,
  noSuchGrant,
)
const notThere = 'the service does not offer it: 400 application/json, error "no_such_grant"'
const asUnknown = (answer: Answer, does: string, ...ids: readonly string[]) =>
  ids.map((id): Open => [id, does, answer, 'not_applicable', notThere])

/** Scopes that nobody has are left aside, and what is granted is told. */
const leavesAside: Answer = (asked, ask) => {
  const form = formOf(asked)
  const isKnown = (form.get('scope') ?? 'read').split(' ').every((scope) => /^(read|write)$/.test(scope))
  return ask(
    isTokenRequest(asked) && !isKnown
      ? withForm(
          asked,
          [...form].filter(([name]) => name !== 'scope'),
        )
      : asked,
  )
}

/** What is not told of a service, and why. */
const open: readonly Open[] = [
  ['rfc6749-2.3.1-basic', 'refuses this client by Basic', noBasic, 'not_tried', otherWay],
  ['rfc6749-2.3.1-post', 'refuses this client in the body', noPost, 'not_tried', otherWay],
  ['oauth2.1-2.4.1-post', 'refuses this client in the body', noPost, 'not_tried', otherWay],
  ...asUnknown(
    noPassword,
    'refuses the password grant as one that nobody has',
    'rfc6749-3.2-empty-credentials',
    'rfc6749-4.3.2-username-and-password',
    'rfc6749-5.2-unknown-user',
    'rfc6749-a.15-user-characters',
  ),
  ...asUnknown(
    noRefresh,
    'refuses to refresh as a grant that nobody has',
    'rfc6749-3.2-empty-refresh-token',
    'rfc6749-5.2-invalid-refresh-token',
    'rfc6749-6-refresh-token-required',
  ),
  [
    'rfc6749-5.2-unknown-user',
    'refuses unknown users as a grant that nobody has',
    noUser,
    'broken',
    'expected error invalid_grant, received 400',
  ],
  [
    'rfc6749-3.3-scope-delimiter',
    'grants a default scope in place of unknown ones, and tells it',
    leavesAside,
    'not_tried',
    'the reply leaves it open: ',
  ],
  [
    'rfc6749-5.2-empty-body',
    'refuses this client by Basic',
    noBasic,
    'not_applicable',
    'this client has no client_secret_basic here',
  ],
  [
    'oauth2.1-3.2-cors',
    'names no origin beside a token',
    says(isTokenRequest, fields({ 'access-control-allow-origin': '' })),
    'not_tried',
    'the service may have a list of origins for each client: ',
  ],
  [
    'rfc8707-2-two-resources',
    'knows no resources, and refuses two',
    (asked, ask) => (formOf(asked).getAll('resource').length > 1 ? refused('invalid_request') : ask(asked)),
    'not_applicable',
    'what the rule is about could not be prepared: ',
  ],
  [
    'rfc7662-2.3-status',
    'has 403 for who is not authorized',
    says(
      (asked, form) =>
        asked.path === '/introspect' && asked.headers.authorization === undefined && !form.has('client_id'),
      (reply) => ({ ...reply, status: 403 }),
    ),
    'kept',
    '',
  ],
]

async function brokenBy(options: Parameters<typeof startBroken>[0]): Promise<readonly string[]> {
  await using service = await startBroken(options)
  const { rules } = await probeTokenService({ ...service, services: [] })
  return rules.filter(({ verdict, id }) => verdict === 'broken' && isLookedAt(id)).map(({ id }) => id)
}

describe('a service that', () => {
  test('is correct breaks nothing', async () => {
    expect(await brokenBy({ answer: (asked, correct) => correct(asked) })).toEqual([])
  })

  test.each(rows)('breaks %s: %s', async (id, _breaks, { answer, also = [], options, server }) => {
    const broken = await brokenBy({ answer: answer(), options, server })
    expect([...broken].sort()).toEqual([id, ...also].sort())
  })

  test.each(open)('leaves %s open: %s', async (id, _does, answer, verdict, reason) => {
    await using service = await startBroken({ answer })
    const { rules } = await probeTokenService({ ...service, services: [] })
    const judged = rules.find((rule) => rule.id === id)
    expect([judged?.verdict, judged?.reason.slice(0, reason.length)]).toEqual([verdict, reason])
  })

  test('every rule has one, or it is said why not', () => {
    const missing = countable.filter((id) => mutants[id] === undefined)
    expect(missing.sort()).toEqual(Object.keys(withoutMutant).sort())
  })
})
