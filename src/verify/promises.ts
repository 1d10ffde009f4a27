// What a document promises of a granted reply beyond what Pact's rules can say: the schema of the body, whole header values.
import { validatorOf } from '../schema/validator.ts'
import type { Variant } from '../service/service.ts'
import { type Context, type Difference, describeReceived } from './differences.ts'
import type { RelayedReply } from './relay.ts'

/** Where a granted reply falls short of its variant's document; of the values only what the context lets through is told. */
export function brokenPromises(
  { reply }: Variant,
  { headers, body }: RelayedReply,
  context: Context,
): readonly Difference[] {
  const inHeaders = Object.entries(reply.headers ?? {}).flatMap(([name, { pattern }]) => {
    const value = headers[name]?.toString()
    if (value !== undefined && new RegExp(pattern, 'i').test(value)) return []
    const received = value === undefined ? 'none' : describeReceived(name, value, context)
    return [
      { where: `header ${name}`, problem: `expected a value matching ${pattern}, received ${received}` },
    ]
  })
  const inBody = validatorOf(reply.schema)(parseBody(body)).map(({ parameter, expected, received }) => ({
    where: parameter === '' ? 'body $' : `body $.${parameter}`,
    problem: `expected ${expected}, received ${received}`,
  }))
  return [...inHeaders, ...inBody]
}

/** A reply that is longer than what was kept of it is no token reply. */
function parseBody(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
