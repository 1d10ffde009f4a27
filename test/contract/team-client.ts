// A team's client as small as it can be: the documented request by fetch, with one departure at most; it throws when refused.
import type { ContractCall } from '../../src/contract/contract-test.ts'
import { formatBasic } from '../../src/oauth/basic.ts'
import type { WireParameters } from '../../src/service/exchanges.ts'

/** What a client sends in place of the documented request. */
export interface Departure {
  readonly method?: string
  readonly path?: string
  readonly contentType?: string
  /** The whole Authorization field. */
  readonly authorization?: string
  readonly body?: (parameters: WireParameters) => string
}

/** The client as a call of a contract test. */
export function teamClient(departure: Departure = {}): (call: ContractCall) => Promise<void> {
  return async (call) => {
    const response = await send(call, departure)
    const text = await response.text()
    if (!response.ok) throw new Error(`refused: ${text}`)
  }
}

/** Sends the request of a call, and gives the reply as it is. */
export function send(call: ContractCall, departure: Departure = {}): Promise<Response> {
  const { method = 'POST', body = bodyOf(call.contentType) } = departure
  const authorization = departure.authorization ?? authorizationOf(call)
  return fetch(departure.path === undefined ? call.tokenEndpoint : call.url + departure.path, {
    method,
    headers: {
      'content-type': departure.contentType ?? call.contentType,
      ...(authorization !== undefined && { authorization }),
    },
    ...(method !== 'GET' && { body: body(call.parameters) }),
  })
}

/** A form body. */
export function formOf(parameters: WireParameters): string {
  return new URLSearchParams(parameters).toString()
}

function bodyOf(contentType: string): (parameters: WireParameters) => string {
  return contentType === 'application/json' ? (parameters) => JSON.stringify(parameters) : formOf
}

function authorizationOf({ authentication, credentials }: ContractCall): string | undefined {
  return authentication === 'client_secret_basic' ? formatBasic(credentials, 'raw') : undefined
}
