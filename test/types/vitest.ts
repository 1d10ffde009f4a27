// biome-ignore-all format: the line below an expected error is the one that must not compile.
// Type tests: the compiler checks this file, and each `@ts-expect-error` fails where the line below it compiles.
import { test as base, expect } from 'vitest'
import { createTest, type TokenServer, test } from '../../src/testing/vitest.ts'

export function matchers(server: TokenServer): void {
  expect(server).toHaveIssued(2)
  expect(server).toHaveIssued(2, { grant: 'refresh_token', client_id: 'web', status: 200 })
  expect(server.journal).not.toHaveIssuedOnce({ variant: 'moov/ruby' })
  expect.soft(server).toHaveIssuedNothing({ since: 3 })
  expect(server).toHaveBeenAsked(0, { path: '/token', issued: false, outcome: '429' })
  expect(server).toHaveRefused({ rule: 'rfc6749-6-refresh-token' })
  expect(server).toHaveUsedOneClientAuthentication({ service: 'moov' })
  expect(server).toHaveNoSecretInUrl()
  const polled: Promise<void> = expect.poll(() => server).toHaveIssuedOnce()
  void polled
  // @ts-expect-error: a count is required
  expect(server).toHaveIssued()
  // @ts-expect-error: a count is a number
  expect(server).toHaveBeenAsked({ status: 200 })
  // @ts-expect-error: no such name in a query
  expect(server).toHaveIssuedOnce({ grant_type: 'refresh_token' })
  // @ts-expect-error: a status is a number
  expect(server).toHaveRefused({ status: '400' })
  // @ts-expect-error: no such matcher
  expect(server).toHaveIssuedTwice()
}

export function fixtures(): void {
  test('has a server', ({ tokenServer, expect: local }) => {
    const server: TokenServer = tokenServer
    local(server).toHaveIssuedNothing()
  })
  test.beforeEach(({ tokenServer }) => tokenServer.respondNext('429'))
  test.for([1, 2])('has it for each of %i', (_each, { tokenServer }) => tokenServer.reset())
  // @ts-expect-error: no such fixture
  test('has no other', ({ otherServer }) => otherServer)
  // @ts-expect-error: the test that is extended has no server
  base('has none', ({ tokenServer }) => tokenServer)

  const own = createTest({ services: ['moov'], clients: [{ client_id: 'web' }] })
  own('has a server', ({ tokenServer }) => tokenServer.url)
  const further = own.extend<{ url: string }>({ url: ({ tokenServer }, use) => use(tokenServer.url) })
  further('has both', ({ tokenServer, url }) => url === tokenServer.url)
  // @ts-expect-error: no such option
  createTest({ service: 'moov' })
}
