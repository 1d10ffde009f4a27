// What a document promises of a granted reply beyond what Pact's rules can say: the schema of the body, whole header values,
// and what any client relies on without a document.
import { isJsonObject, parseJson, repeatedMember } from '../oauth/json.ts'
import { validatorOf } from '../schema/validator.ts'
import type { Variant } from '../service/service.ts'
import type { Incoming } from './connection.ts'
import { type Context, describeReceived, ruleAt } from './differences.ts'
import type { Difference } from './verification.ts'

/** Where a granted reply falls short of its variant's document; of the values only what the context lets through is told. */
export function brokenPromises(
  { reply }: Variant,
  { headers, body }: Incoming,
  context: Context,
): readonly Difference[] {
  const inHeaders = Object.entries(reply.headers ?? {}).flatMap(([name, { pattern }]) => {
    const value = headers[name]?.toString()
    if (value !== undefined && new RegExp(pattern, 'i').test(value)) return []
    const received = value === undefined ? 'none' : describeReceived(name, value, context)
    const where = `header ${name}`
    return [{ rule: ruleAt(where, context), where, expected: `a value matching ${pattern}`, received }]
  })
  const value = parseJson(body)
  const inBody = validatorOf(reply.schema)(value).map(({ parameter, expected, received }) => {
    const where = parameter === '' ? 'body $' : `body $.${parameter}`
    return { rule: ruleAt(where, context), where, expected, received }
  })
  // One value may break a schema in two ways at once, as an empty text does.
  return [
    ...new Map(
      [...inBody, ...unreliable(value, body), ...inHeaders].reverse().map((each) => [each.where, each]),
    ).values(),
  ].reverse()
}

/** What one client reads in one way, and another in another. */
function unreliable(value: unknown, body: string): readonly Difference[] {
  if (!isJsonObject(value)) return []
  const repeated = repeatedMember(body)
  const tokens = [
    { rule: 'rfc6749-5.1-access-token', name: 'access_token' },
    { rule: 'rfc6749-5.1-refresh-token', name: 'refresh_token' },
  ] as const
  const unsendable = tokens
    .filter(({ name }) => typeof value[name] === 'string' && !tokenSyntax.test(value[name]))
    .map(({ rule, name }) => ({
      rule,
      where: `body $.${name}`,
      expected: 'printable characters of ASCII without spaces',
      received: 'a string with others',
    }))
  return [
    ...unsendable,
    ...(value.error === undefined || value.error === null
      ? []
      : [
          {
            rule: errorRule,
            where: 'body $.error',
            expected: 'nothing',
            received: 'an error beside the token',
          },
        ]),
    ...(repeated === undefined
      ? []
      : [{ rule: jsonRule, where: 'body $', expected: 'each member once', received: 'one of them twice' }]),
  ]
}

/** What fits into a header field. @see RFC 6749 appendix A.12, RFC 6750 §2.1 */
const tokenSyntax = /^[\x21-\x7e]*$/
const errorRule = 'rfc6749-5.1-no-error' as const
const jsonRule = 'rfc6749-5.1-json' as const
