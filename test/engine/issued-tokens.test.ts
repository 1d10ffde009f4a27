// The store of issued tokens against a plain list of them: whatever is done, both find the same.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createIssuedTokens,
  type Family,
  type IssuedToken,
  type IssuedTokens,
} from '../../src/engine/tokens.ts'
import { forEvery } from '../oauth/properties.ts'

/** One thing done to a store; `nth` counts the tokens ever issued. */
type Operation =
  | { readonly does: 'add'; readonly client: string; readonly lifetimeMs: number }
  | { readonly does: 'find' | 'remove' | 'revoke'; readonly nth: number }
  | { readonly does: 'removeAllOf'; readonly client: string }
  | { readonly does: 'wait'; readonly ms: number }
  | { readonly does: 'clear' }

interface Listed {
  readonly token: string
  readonly issued: IssuedToken
}

const client = fc.constantFrom('web', 'cli')
const nth = fc.nat(30)

/** Mostly tokens that come and time that passes; a store is cleared now and then. */
function operations(lifetimeMs: fc.Arbitrary<number>): fc.Arbitrary<readonly Operation[]> {
  const arbitrary: fc.Arbitrary<Operation> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ does: fc.constant('add' as const), client, lifetimeMs }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('find', 'remove', 'revoke'), nth }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.nat(1500) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('removeAllOf' as const), client }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('clear' as const) }) },
  )
  return fc.array(arbitrary, { maxLength: 60 })
}

const capacities = fc.integer({ min: 1, max: 4 }).map((half) => half * 2)

describe('the store of issued tokens', () => {
  test('finds what a list finds that drops its elder half when the younger is full', () => {
    forEvery([capacities, operations(fc.constant(1000))], (capacity, done) => {
      const { store, now, all, wasFound } = run(createIssuedTokens(capacity), done)
      const list = run(createList(capacity), done)
      expect(wasFound).toEqual(list.wasFound)
      expect(foundIn(store, all, now)).toEqual(foundIn(list.store, list.all, now))
    })
  })

  test('holds no more than its room, and loses no live token that fewer than half as many came after, whatever their lifetimes', () => {
    const lifetimes = fc.integer({ min: 1, max: 5000 })
    forEvery([capacities, operations(lifetimes)], (capacity, done) => {
      const { store, now, all } = run(createIssuedTokens(capacity), done)
      const unbounded = run(createList(Number.POSITIVE_INFINITY), done)
      const found = foundIn(store, all, now)
      const live = foundIn(unbounded.store, unbounded.all, now)
      expect(found.length).toBeLessThanOrEqual(capacity)
      expect(found.filter((token) => !live.includes(token))).toEqual([])
      const recent = live.filter(
        (token) => all.findIndex((each) => each.token === token) >= all.length - capacity / 2,
      )
      expect(recent.filter((token) => !found.includes(token))).toEqual([])
    })
  })

  test('goes on after it was cleared, or emptied token by token, as it began', () => {
    for (const empty of [
      (store: IssuedTokens) => store.clear(),
      (store: IssuedTokens) => store.removeAllOf('web'),
      (store: IssuedTokens) => {
        for (const token of ['0', '1', '2']) store.remove(token)
      },
    ]) {
      const store = createIssuedTokens(4)
      for (const token of ['0', '1', '2']) store.add(token, issuedAt(0, 1000))
      empty(store)
      for (const token of ['3', '4', '5', '6']) store.add(token, issuedAt(0, 1000))
      const found = ['0', '1', '2', '3', '4', '5', '6'].filter((token) => store.find(token, 0) !== undefined)
      expect(found.slice(-3)).toEqual(['4', '5', '6'])
    }
  })
})

/** The same with an array, as plainly as it can be said: what was added before the younger half began is gone. */
function createList(capacity: number): IssuedTokens {
  let list: ReadonlyArray<Listed & { readonly isYoung: boolean }> = []
  const drop = (isGone: (each: Listed) => boolean) => {
    list = list.filter((each) => !isGone(each))
  }
  return {
    add: (token, issued) => {
      const young = list.filter(({ isYoung }) => isYoung)
      if (young.length >= capacity / 2) list = young.map((each) => ({ ...each, isYoung: false }))
      list = [...list, { token, issued, isYoung: true }]
    },
    find: (token, now) => {
      drop((each) => each.token === token && (each.issued.family.isRevoked || each.issued.exp * 1000 <= now))
      return list.find((each) => each.token === token)?.issued
    },
    remove: (token) => drop((each) => each.token === token),
    removeAllOf: (clientId) => drop(({ issued }) => issued.client_id === clientId),
    clear: () => drop(() => true),
  }
}

/** A store with the operations done to it, from the time 0 on. */
function run(store: IssuedTokens, done: readonly Operation[]) {
  let now = 0
  const all: Listed[] = []
  const wasFound: boolean[] = []
  for (const operation of done) {
    if (operation.does === 'add') {
      const issued = issuedAt(now, operation.lifetimeMs, operation.client)
      all.push({ token: String(all.length), issued })
      store.add(String(all.length - 1), issued)
    } else if (operation.does === 'wait') now += operation.ms
    else if (operation.does === 'clear') store.clear()
    else if (operation.does === 'removeAllOf') store.removeAllOf(operation.client)
    else if (operation.does === 'remove') store.remove(String(operation.nth))
    else if (operation.does === 'find') wasFound.push(store.find(String(operation.nth), now) !== undefined)
    else revoke(all[operation.nth]?.issued.family)
  }
  return { store, now, all, wasFound }
}

function revoke(family: Family | undefined): void {
  if (family !== undefined) family.isRevoked = true
}

/** Each of which is found as what it was issued as. */
function foundIn(store: IssuedTokens, all: readonly Listed[], now: number): readonly string[] {
  return all
    .filter(({ token, issued }) => {
      const found = store.find(token, now)
      expect([undefined, issued]).toContain(found)
      return found !== undefined
    })
    .map(({ token }) => token)
}

function issuedAt(now: number, lifetimeMs: number, clientId = 'web'): IssuedToken {
  return {
    issuer: 'https://as.example',
    client_id: clientId,
    username: undefined,
    scope: '',
    iat: Math.floor(now / 1000),
    exp: (now + lifetimeMs) / 1000,
    family: { isRevoked: false },
  }
}
