// Matchers about what a mock server was asked, read from its journal; whichever test framework takes them.
import type { Journal, JournalEntry, JournalQuery } from '../engine/journal.ts'
import { secretParameters } from '../engine/redaction.ts'
import { TokenwrightError } from '../service/error.ts'

/** What a matcher is told of the assertion. */
interface MatcherContext {
  readonly isNot: boolean
}

/** What a matcher says. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/** What was found, and of which entries. */
interface Finding {
  readonly pass: boolean
  /** Follows "expected the server". */
  readonly expected: string
  readonly received: string
  /** The entries to be shown; the last ones of the journal where there are none. */
  readonly entries: readonly JournalEntry[]
}

/** The matchers, each with what is received as its first argument: a server, or its journal. */
export const matchers = {
  toHaveIssued(this: MatcherContext, received: unknown, count: number, query?: JournalQuery): MatcherResult {
    return judge(this, received, (journal) => issued(journal, requireCount(count), query))
  },
  toHaveIssuedOnce(this: MatcherContext, received: unknown, query?: JournalQuery): MatcherResult {
    return judge(this, received, (journal) => issued(journal, 1, query))
  },
  toHaveIssuedNothing(this: MatcherContext, received: unknown, query?: JournalQuery): MatcherResult {
    return judge(this, received, (journal) => issued(journal, 0, query))
  },
  toHaveBeenAsked(
    this: MatcherContext,
    received: unknown,
    count: number,
    query?: JournalQuery,
  ): MatcherResult {
    return judge(this, received, (journal) => asked(journal, requireCount(count), query))
  },
  toHaveRefused(this: MatcherContext, received: unknown, query?: JournalQuery): MatcherResult {
    return judge(this, received, (journal) => refused(journal, query))
  },
  toHaveUsedOneClientAuthentication(
    this: MatcherContext,
    received: unknown,
    query?: JournalQuery,
  ): MatcherResult {
    return judge(this, received, (journal) => authenticated(journal, query))
  },
  toHaveNoSecretInUrl(this: MatcherContext, received: unknown, query?: JournalQuery): MatcherResult {
    return judge(this, received, (journal) => withoutSecret(journal, query))
  },
} as const

function issued(journal: Journal, count: number, query: JournalQuery = {}): Finding {
  const entries = journal.find({ ...query, issued: true })
  return {
    pass: entries.length === count,
    expected: `to have issued an access token ${times(count)}${inWords(query)}`,
    received: times(entries.length),
    entries,
  }
}

function asked(journal: Journal, count: number, query: JournalQuery = {}): Finding {
  const entries = journal.find(query)
  return {
    pass: entries.length === count,
    expected: `to have been asked ${times(count)}${inWords(query)}`,
    received: times(entries.length),
    entries,
  }
}

function refused(journal: Journal, query: JournalQuery = {}): Finding {
  const entries = journal.find(query).filter((entry) => entry.refused !== undefined)
  return {
    pass: entries.length > 0,
    expected: `to have refused a request${inWords(query)}`,
    received: entries.length === 0 ? 'no refusal' : 'one',
    entries,
  }
}

function authenticated(journal: Journal, query: JournalQuery = {}): Finding {
  const entries = journal.find(query).filter((entry) => entry.clientAuthentication !== undefined)
  const ways = new Set(entries.map(waysOf))
  return {
    pass: ways.size === 1 && entries.every(showsAtMostOne),
    expected: `to have been shown one client authentication method, once in each request${inWords(query)}`,
    received: ways.size === 0 ? 'no request that came so far' : [...ways].join(', '),
    entries,
  }
}

/** One that shows none where one is asked for has used none. */
function showsAtMostOne({ clientAuthentication = [], refused }: JournalEntry): boolean {
  return clientAuthentication.length < 2 && refused?.rule !== 'rfc6749-3.2.1-client-authentication'
}

function withoutSecret(journal: Journal, query: JournalQuery = {}): Finding {
  const entries = journal.find(query).filter((entry) => secretsInUrl(entry).length > 0)
  const names = new Set(entries.flatMap(secretsInUrl))
  return {
    pass: entries.length === 0,
    expected: `to have been sent no secret in a URL${inWords(query)}`,
    received: names.size === 0 ? 'none' : [...names].join(', '),
    entries,
  }
}

function judge(
  { isNot }: MatcherContext,
  received: unknown,
  find: (journal: Journal) => Finding,
): MatcherResult {
  const journal = requireJournal(received)
  const finding = find(journal)
  const not = isNot ? 'not ' : ''
  return {
    pass: finding.pass,
    message: () =>
      [
        `expected the server ${not}${finding.expected}, received ${finding.received}`,
        ...describeEntries(finding.entries, journal),
      ].join('\n'),
  }
}

function requireJournal(received: unknown): Journal {
  const { journal = received } = (received ?? {}) as { readonly journal?: unknown }
  if (typeof (journal as Partial<Journal> | undefined)?.find === 'function' && !Array.isArray(journal))
    return journal as Journal
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected a server of startTokenServer or its journal, received ${received === null ? 'null' : `another ${typeof received}`}`,
  )
}

function requireCount(count: number): number {
  if (Number.isInteger(count) && count >= 0) return count
  throw new TokenwrightError('ERR_OPTION_INVALID', `expected a count from 0 on, got ${String(count)}`)
}

function secretsInUrl({ request }: JournalEntry): readonly string[] {
  return request.query.filter((name) => secretParameters.has(name))
}

function waysOf({ clientAuthentication = [] }: JournalEntry): string {
  return clientAuthentication.length === 0 ? 'none' : clientAuthentication.join(' and ')
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

function inWords(query: JournalQuery): string {
  const members = Object.entries(query).filter(([, value]) => value !== undefined)
  if (members.length === 0) return ''
  return ` for ${members.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')}`
}

const shownEntries = 5

/** The last of the entries that count, or of all that there are. */
function describeEntries(entries: readonly JournalEntry[], journal: Journal): readonly string[] {
  const all = entries.length > 0 ? entries : journal.entries()
  if (all.length === 0) return ['  no request has come']
  const left = all.length - shownEntries
  const heading = entries.length > 0 ? 'the requests that count' : 'no request counts; those that came'
  return [
    `  ${heading}${left > 0 ? `, without ${left} earlier ${left === 1 ? 'one' : 'ones'}` : ''}:`,
    ...all.slice(-shownEntries).map((entry) => `    ${describeEntry(entry)}`),
  ]
}

/** One line; what the journal keeps is redacted. */
function describeEntry(entry: JournalEntry): string {
  const { id, method, path, status, request } = entry
  const query = request.query.length === 0 ? '' : `?${request.query.join('&')}`
  return [`#${id} ${method} ${path}${query} ${status}`, ...factsOf(entry)].join(', ')
}

function factsOf(entry: JournalEntry): readonly string[] {
  const { variant, service, clientId, grantType, issued, refused, clientAuthentication } = entry
  const facts = [
    variant ?? service,
    clientId && `client ${clientId}`,
    grantType,
    clientAuthentication && `by ${waysOf(entry)}`,
    issued && `issued ${issued.join(' and ')}`,
    refused && `refused by ${refused.rule}: ${refused.detail}`,
  ]
  return facts.filter((fact) => fact !== undefined)
}
