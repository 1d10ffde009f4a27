// The hosts that one suite runs over: each is started with the same options and asked by fetch.
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import type { MockControls } from '../../src/host/controls.ts'
import { tokenFetch } from '../../src/host/fetch.ts'
import { tokenHandlers } from '../../src/host/msw.ts'
import type { MockOptions } from '../../src/host/options.ts'
import { startTokenServer } from '../../src/host/server.ts'
import { createSeededRandom } from '../engine/chance.ts'

/** What not every host can do. */
export type Ability = 'refuse paths that no service owns' | 'break a connection' | 'have an admin API'

/** One way to serve token services. */
export interface Host {
  readonly name: string
  readonly start: (options?: MockOptions) => Promise<RunningHost>
  /** What the host cannot do, each with its reason. */
  readonly cannot: Readonly<Partial<Record<Ability, string>>>
}

/** A host that answers. */
export interface RunningHost extends MockControls {
  /** Scheme and authority. */
  readonly url: string
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  readonly close: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** 2026-11-21T00:00:00Z, in milliseconds: the time on every host that is given no other. */
export const startOfTime = Date.UTC(2026, 10, 21)

/** The reply to a request that MSW leaves to other handlers. */
export const otherHandler = { status: 299, body: 'another handler' }

const nodeHttp: Host = {
  name: 'node:http',
  cannot: {},
  start: async (options) => {
    const server = await startTokenServer(repeatable(options))
    return running(server, server.url, server.close)
  },
}

const noConnection = {
  'have an admin API': 'whoever has the mock in hand has its controls',
  'break a connection': 'it has none: what breaks is a network error',
}

const msw: Host = {
  name: 'MSW',
  cannot: {
    ...noConnection,
    'refuse paths that no service owns':
      'other handlers may mock the rest of the application, so MSW asks them',
  },
  start: async (options) => {
    const url = 'https://mock.example'
    const handlers = tokenHandlers({ ...repeatable(options), url })
    const server = setupServer(
      ...handlers,
      http.all(`${url}/*`, () => new HttpResponse(otherHandler.body, { status: otherHandler.status })),
    )
    server.listen()
    return running(handlers, url, async () => server.close())
  },
}

const fetchHandler: Host = {
  name: 'fetch handler',
  cannot: noConnection,
  start: async (options) => {
    const handler = tokenFetch(repeatable(options))
    return running(
      handler,
      'https://mock.example',
      async () => {},
      (url, init) => handler(new Request(url, init)),
    )
  },
}

/** Every host. */
export const hosts: readonly Host[] = [nodeHttp, msw, fetchHandler]

function repeatable(options: MockOptions = {}): MockOptions {
  return { now: () => startOfTime, random: createSeededRandom(6749), ...options }
}

/** A host of controls, at a URL. */
export function running(
  { clock, journal, respondNext, reset }: MockControls,
  url: string,
  close: () => Promise<void>,
  ask: (url: string, init?: RequestInit) => Promise<Response> = fetch,
): RunningHost {
  return {
    url,
    fetch: (path, init) => ask(url + path, init),
    clock,
    journal,
    respondNext,
    reset,
    close,
    [Symbol.asyncDispose]: close,
  }
}
