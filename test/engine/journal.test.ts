// The journal alone: what it keeps, whom it tells, and what can be asked of it.
import { describe, expect, test } from 'vitest'
import {
  createJournal,
  type Journal,
  type JournalEntry,
  type JournalQuery,
} from '../../src/engine/journal.ts'

const bare = {
  at: 0,
  method: 'POST',
  path: '/token',
  status: 200,
  request: { query: [], headers: {}, bytes: 0 },
  reply: { headers: {} },
} as const
const granted: Omit<JournalEntry, 'id'> = {
  ...bare,
  service: 'moov',
  variant: 'moov/ruby',
  grantType: 'refresh_token',
  clientId: 'web',
  issued: ['access_token'],
  outcome: 'granted',
}
const refused: Omit<JournalEntry, 'id'> = {
  ...bare,
  status: 401,
  path: '/oauth2/token',
  refused: { rule: 'rfc6749-6-refresh-token', sentence: '', source: '', detail: '' },
}

describe('the journal', () => {
  test('keeps the last entries, oldest first, and counts ids through', () => {
    const journal = createJournal(3)
    for (let index = 0; index < 5; index += 1) add(journal, bare)
    expect(journal.entries().map(({ id }) => id)).toEqual([3, 4, 5])
    journal.clear()
    add(journal, bare)
    expect(journal.entries().map(({ id }) => id)).toEqual([6])
  })

  test('tells every entry to those who subscribe, until they leave', () => {
    const journal = createJournal(3)
    const told: number[] = []
    const leave = journal.subscribe(({ id }) => told.push(id))
    add(journal, bare)
    leave()
    add(journal, bare)
    expect(told).toEqual([1])
  })

  const queries: ReadonlyArray<[asked: string, query: JournalQuery, ids: readonly number[]]> = [
    ['nothing', {}, [1, 2, 3]],
    ['a service', { service: 'moov' }, [1]],
    ['a variant', { variant: 'moov/ruby' }, [1]],
    ['a client', { client_id: 'web' }, [1]],
    ['a grant', { grant: 'refresh_token' }, [1]],
    ['a status', { status: 401 }, [2]],
    ['a path', { path: '/oauth2/token' }, [2]],
    ['a rule', { rule: 'rfc6749-6-refresh-token' }, [2]],
    ['an outcome', { outcome: 'granted' }, [1]],
    ['an issued token', { issued: true }, [1]],
    ['no issued token', { issued: false }, [2, 3]],
    ['what came after an entry', { since: 1 }, [2, 3]],
    ['two things, of which one is not so', { service: 'moov', status: 401 }, []],
    ['what is not in the journal', { service: 'prove' }, []],
  ]

  test.each(queries)('finds what is asked for by %s', (_asked, query, ids) => {
    const journal = createJournal(10)
    for (const entry of [granted, refused, bare]) add(journal, entry)
    expect(journal.find(query).map(({ id }) => id)).toEqual(ids)
  })

  const names = 'service, variant, client_id, grant, status, path, rule, outcome, issued, since'
  const unsound: ReadonlyArray<[given: string, query: unknown, message: string]> = [
    ['an unknown name', { grant_type: 'x' }, `expected one of ${names}, received another name`],
    ['an inherited name', JSON.parse('{"__proto__":1}'), `expected one of ${names}, received another name`],
    ['a status as text', { status: '200' }, '"status": expected an integer, received another string'],
    ['a status with a fraction', { status: 1.5 }, '"status": expected an integer, received a number'],
    ['an empty text', { path: '' }, '"path": expected a string, received an empty one'],
    ['a list', [], 'expected an object, received an array'],
    ['null', null, 'expected an object, received null'],
  ]

  test.each(unsound)('refuses a query of %s', (_given, query, message) => {
    const journal = createJournal(10)
    expect(() => journal.find(query as JournalQuery)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: `query of the journal: ${message}` }),
    )
  })

  test('takes a member that is undefined for one that is absent', () => {
    const journal = createJournal(10)
    add(journal, bare)
    const query = { status: undefined } as unknown as JournalQuery
    expect(journal.find(query).map(({ id }) => id)).toEqual([1])
  })
})

function add(journal: Journal, entry: Omit<JournalEntry, 'id'>): void {
  journal.add({ ...entry, id: journal.nextId() })
}
