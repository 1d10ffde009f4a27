// A handful of rules of each kind, to see what the runner makes of them.
import type { ConformanceRule, Expected, ProbeRequest } from '../../src/probe/rule.ts'

const source = { document: 'RFC 6749 §5', read: '2026-01-02' }
const rest = { source, argument: 'a sample', needs: [], level: 'MUST' } as const

/** A rule by its id, its requests and what each is answered. */
export function rule(
  id: string,
  requests: readonly ProbeRequest[],
  replies: ReadonlyArray<readonly Expected[]>,
  more: Partial<ConformanceRule> = {},
): ConformanceRule {
  return { id, sentence: `${id}.`, ...rest, requests, judgment: { replies }, ...more }
}

const token: readonly Expected[] = [{ is: 'token' }]
const noToken: readonly Expected[] = [{ is: 'no_token' }]
const refused = (error: string): readonly Expected[] => [{ is: 'refusal', errors: [error] }]
const form = 'Content-Type: application/x-www-form-urlencoded\r\n'

/** What the baseline service keeps, all of it. */
export const sampleRules: readonly ConformanceRule[] = [
  rule('granted', [{ base: 'token' }], [token]),
  rule('unknown-parameter', [{ base: 'token', parameters: { foo: 'bar' } }], [token]),
  rule('no-grant-type', [{ base: 'token', parameters: { grant_type: null } }], [refused('invalid_request')]),
  rule(
    'repeated',
    [{ base: 'token', parameters: { grant_type: ['{grant_type}', 'other'] } }],
    [refused('invalid_request')],
  ),
  rule(
    'wrong-secret',
    [{ base: 'token', authentication: 'wrong_secret_basic', isTrial: true }],
    [refused('invalid_client')],
    { needs: ['client_secret', 'refusals'] },
  ),
  rule(
    'other-tokens',
    [{ base: 'token', keptAs: 'first' }, { base: 'token' }],
    [token, [{ is: 'token', compared: [{ member: 'access_token', to: 'first', is: 'other' }] }]],
  ),
  rule(
    'refreshed',
    [
      { base: 'refresh_token', keptAs: 'next' },
      { base: 'introspection', parameters: { token: '{next.access_token}' } },
    ],
    [token, [{ is: 'answer', statuses: [200], members: { active: '^true$', client_id: '^"{client_id}"$' } }]],
    { needs: ['refresh_token', 'introspection'] },
  ),
  rule('one-winner', [{ base: 'refresh_token', isTwice: true }], [token, refused('invalid_grant')], {
    needs: ['refresh_token'],
    level: 'SHOULD',
  }),
  rule('no-content-type', [{ base: 'token', contentType: null }], [noToken], { level: 'SHOULD' }),
  rule(
    'chunked',
    [
      {
        base: 'token',
        raw: `POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{authorization}${form}Transfer-Encoding: chunked\r\n\r\n{hex_length}\r\n{form}\r\n0\r\n\r\n`,
      },
    ],
    [token],
  ),
  rule(
    'lying-length',
    [
      {
        base: 'token',
        raw: `POST {path} HTTP/1.1\r\nHost: {host}\r\n{authorization}${form}Content-Length: 900\r\n\r\n{form}`,
      },
    ],
    [noToken],
  ),
  rule('by-json', [{ base: 'token' }], [token], { needs: ['json'], level: 'MAY' }),
  {
    ...rule('every-token', [], []),
    judgment: { every: { of: 'token', members: { token_type: '^"Bearer"$' } } },
  },
  {
    ...rule('every-throttle', [], []),
    judgment: { every: { of: 'status_429', headers: { 'retry-after': '.' } } },
  },
  { ...rule('every-answer', [], []), judgment: { every: { of: 'request' } } },
]

/** Each verdict by the id of its rule. */
export function verdictsOf(rules: ReadonlyArray<{ readonly id: string; readonly verdict: string }>) {
  return Object.fromEntries(rules.map(({ id, verdict }) => [id, verdict]))
}
