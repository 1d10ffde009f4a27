// Token requests of documented exchanges, sent to a host under the service's own name.
import { type Message, messageOf, requestOf } from '../../src/fixture/message.ts'
import type { LocatedVariant } from '../../src/service/lookup.ts'
import type { Service } from '../../src/service/service.ts'
import { refreshableExchange } from '../engine/asking.ts'
import type { RunningHost } from './hosts.ts'

/** A host's reply, read. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** The reply to a message. */
export async function send(host: RunningHost, located: LocatedVariant, message: Message): Promise<Reply> {
  const { method, headers, body } = requestOf(located, message)
  return read(
    await host.fetch(`/${located.service.id}${message.path}`, {
      method,
      headers: headers as Record<string, string>,
      body: body as Uint8Array<ArrayBuffer>,
    }),
  )
}

/** The reply to form parameters at a path. */
export async function sendForm(
  host: RunningHost,
  path: string,
  parameters: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return read(await host.fetch(path, { method: 'POST', headers, body: new URLSearchParams(parameters) }))
}

/** The reply to a JSON value at a path. */
export async function sendJson(
  host: RunningHost,
  path: string,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const json = { 'content-type': 'application/json', ...headers }
  return read(await host.fetch(path, { method: 'POST', headers: json, body: JSON.stringify(value) }))
}

/** The status, and the body as the JSON value it holds; an empty body stays an empty string. */
export function contentOf({ status, body }: Reply): readonly [status: number, body: unknown] {
  return [status, body === '' ? '' : JSON.parse(body)]
}

/** What a refresh exchange starts from. */
export interface EarlierGrant {
  readonly refresh_token: string
  readonly scope?: string
}

/** A grant with a refresh token, just made to the documented client; `undefined` when the service makes none. */
export async function obtainRefreshToken(
  host: RunningHost,
  service: Service,
): Promise<EarlierGrant | undefined> {
  const refreshable = refreshableExchange(service)
  if (refreshable === undefined) return undefined
  const { located, exchange } = refreshable
  const { body } = await send(host, located, messageOf(located, exchange))
  return JSON.parse(body) as EarlierGrant
}

/** Reads a response to its end. */
export async function read(response: Response): Promise<Reply> {
  return { status: response.status, headers: response.headers, body: await response.text() }
}
