// Queries of the journal: what they may ask, and which entries they find.
import { formatViolation } from '../schema/request.ts'
import { type Violation, validatorOf } from '../schema/validator.ts'
import { TokenwrightError } from '../service/error.ts'
import type { JournalEntry, JournalQuery } from './journal.ts'

const text = { type: 'string', minLength: 1 } as const

const schema = {
  type: 'object',
  properties: {
    service: text,
    variant: text,
    client_id: text,
    grant: text,
    status: { type: 'integer' },
    path: text,
    rule: text,
    outcome: text,
    issued: { type: 'boolean' },
    since: { type: 'integer', minimum: 0 },
  } satisfies Readonly<Record<keyof JournalQuery, object>>,
  additionalProperties: false,
} as const

/**
 * A query as it may be asked; a misspelled one would find nothing, or everything, and look like an answer.
 * @throws {TokenwrightError} `ERR_OPTION_INVALID`; the message holds neither a value nor an unknown name
 */
export function requireJournalQuery(query: unknown): JournalQuery {
  const [violation] = validatorOf(schema)(withoutUndefined(query))
  if (violation === undefined) return query as JournalQuery
  throw new TokenwrightError('ERR_OPTION_INVALID', `query of the journal: ${describe(violation)}`)
}

function describe(violation: Violation): string {
  const { keyword, parameter, expected, received } = violation
  if (keyword === 'additionalProperties')
    return `expected one of ${Object.keys(schema.properties).join(', ')}, received another name`
  return parameter === '' ? `expected ${expected}, received ${received}` : formatViolation(violation)
}

/** An absent member and one that is `undefined` are the same. */
function withoutUndefined(query: unknown): unknown {
  if (typeof query !== 'object' || query === null || Array.isArray(query)) return query
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
}

/** Whether an entry is what a query asks for. */
export function isFound(entry: JournalEntry, query: JournalQuery): boolean {
  const { since = 0, issued, ...wanted } = query
  const facts: Readonly<Record<string, unknown>> = {
    service: entry.service,
    variant: entry.variant,
    client_id: entry.clientId,
    grant: entry.grantType,
    status: entry.status,
    path: entry.path,
    rule: entry.refused?.rule,
    outcome: entry.outcome,
  }
  return (
    entry.id > since &&
    (issued === undefined || issued === (entry.issued !== undefined)) &&
    Object.entries(wanted).every(([name, value]) => value === undefined || facts[name] === value)
  )
}
