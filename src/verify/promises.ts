// What a document promises of a granted reply beyond what Pact's rules can say: the schema of the body, whole header values.
import { parseJson } from '../oauth/json.ts'
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
  const inBody = validatorOf(reply.schema)(parseJson(body)).map(({ parameter, expected, received }) => {
    const where = parameter === '' ? 'body $' : `body $.${parameter}`
    return { rule: ruleAt(where, context), where, expected, received }
  })
  // One value may break a schema in two ways at once, as an empty text does.
  return [
    ...new Map([...inBody, ...inHeaders].reverse().map((each) => [each.where, each])).values(),
  ].reverse()
}
