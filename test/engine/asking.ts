// An engine of its own for a test, and requests to it without a host.
import { createClock } from '../../src/engine/clock.ts'
import { createEngine, type Engine, type EngineOptions } from '../../src/engine/engine.ts'
import type { HttpReply, HttpRequest } from '../../src/oauth/message.ts'
import type { ContentType } from '../../src/oauth/words.ts'
import { type Exchange, exchangesOf } from '../../src/service/exchanges.ts'
import { type LocatedVariant, servedOf } from '../../src/service/lookup.ts'
import { scenarios } from '../../src/service/outcomes.ts'
import type { Service } from '../../src/service/service.ts'
import { createSeededRandom } from './chance.ts'

/** Parameters in the order they are sent, repeated ones included; only JSON has other values than strings. */
export type SentParameters = ReadonlyArray<readonly [name: string, value: unknown]>

/** A request to a server whose name does not matter. */
export type AskedRequest = Omit<HttpRequest, 'origin'>

/** An engine that is asked without waiting. */
export interface AskedEngine extends Omit<Engine, 'answer'> {
  readonly answer: (request: AskedRequest) => HttpReply
  /** The same for a request that takes waiting. */
  readonly answerLater: (request: AskedRequest) => Promise<HttpReply>
}

/** The server that requests without a host are for. */
export const origin = 'https://as.example'

/** An engine of the services, with the variants that they are served with, at a time that stands still. */
export function engineOf(services: readonly Service[], options: Partial<EngineOptions> = {}): AskedEngine {
  const engine = createEngine({
    services: services.map(servedOf),
    clients: [],
    users: [],
    clock: createClock(() => 0),
    random: createSeededRandom(6749),
    scenarios,
    ...options,
  })
  const answer = (request: AskedRequest): HttpReply => {
    const reply = engine.answer({ origin, ...request })
    if (reply instanceof Promise) throw new Error('expected a reply at once, received a promise of one')
    return reply
  }
  return { ...engine, answer, answerLater: async (request) => await engine.answer({ origin, ...request }) }
}

/** A POST of parameters. */
export function postOf(
  path: string,
  contentType: ContentType,
  parameters: SentParameters,
  headers: HttpRequest['headers'] = {},
): AskedRequest {
  const body = new TextEncoder().encode(writers[contentType](parameters))
  return { method: 'POST', path, headers: { 'content-type': contentType, ...headers }, body }
}

/** A granted exchange that a refresh token comes from; `undefined` when the service has none. */
export function refreshableExchange(
  service: Service,
): { readonly located: LocatedVariant; readonly exchange: Exchange } | undefined {
  for (const variant of service.variants) {
    const exchange = exchangesOf(service, variant).find(
      ({ refusal, grantType }) =>
        refusal === undefined &&
        grantType !== 'refresh_token' &&
        variant.reply.members[grantType]?.includes('refresh_token'),
    )
    if (exchange !== undefined) return { located: { service, variant }, exchange }
  }
  return undefined
}

/** The id of the rule that a reply is explained by; empty when nothing was refused. */
export function ruleIn({ headers }: HttpReply): string {
  return (headers['tokenwright-reason'] ?? '').split(':', 1)[0] ?? ''
}

// Not formatForm and JSON.stringify of an object: `__proto__` and repeated names have to stay.
const writers: Readonly<Record<ContentType, (parameters: SentParameters) => string>> = {
  'application/x-www-form-urlencoded': (parameters) =>
    new URLSearchParams(
      parameters.map(([name, value]): [string, string] => [name, String(value)]),
    ).toString(),
  'application/json': (parameters) =>
    `{${parameters.map((pair) => pair.map((part) => JSON.stringify(part)).join(':')).join(',')}}`,
}
