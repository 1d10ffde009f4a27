// Brokers that are none, or that fail: each repeats what it was sent wherever it can.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from './stand-in.ts'

const everythingOf = ({ url, headers }: IncomingMessage) => `${url} ${JSON.stringify(headers)}`

/** A fault by what it does, with what is said of it when the index is asked for. */
export const faults: ReadonlyArray<
  readonly [does: string, answer: (...args: Parameters<Fault>) => void, code: string, said: RegExp]
> = [
  [
    'refuses the credentials',
    (request, response) => json(response, 401, { error: everythingOf(request) }),
    'ERR_BROKER_REFUSED',
    /^GET http:\/\/\S+\/: expected credentials that the broker takes, received others \(401\); next: check --broker-token/,
  ],
  [
    'gives no rights',
    (request, response) => json(response, 403, { error: everythingOf(request) }),
    'ERR_BROKER_REFUSED',
    /received others \(403\)/,
  ],
  [
    'refuses and repeats what it was sent',
    (request, response) => json(response, 400, { errors: { everything: [everythingOf(request)] } }),
    'ERR_BROKER_REFUSED',
    /^GET http:\/\/\S+\/: expected success, received 400: \{"errors"/,
  ],
  [
    'sends HTML',
    (request, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(`<p>${everythingOf(request)}</p>`),
    'ERR_BROKER_INVALID',
    /^GET http:\/\/\S+\/: expected HAL \(application\/hal\+json\), received text\/html; next: /,
  ],
  [
    'sends what is no JSON as HAL',
    (request, response) => json(response, 200, undefined).end(`{ ${everythingOf(request)}`),
    'ERR_BROKER_INVALID',
    /expected HAL \(application\/hal\+json\), received application\/hal\+json/,
  ],
  [
    'sends other JSON',
    (request, response) => json(response, 200, { everything: everythingOf(request) }),
    'ERR_BROKER_INVALID',
    /^expected the index of a Pact Broker at http:\/\/\S+\/, received JSON without links; next: check the address$/,
  ],
  [
    'redirects to another host',
    (request, response) =>
      response
        .writeHead(302, {
          location: `http://elsewhere.example/?${encodeURIComponent(everythingOf(request))}`,
        })
        .end(everythingOf(request)),
    'ERR_BROKER_INVALID',
    /received a redirect to http:\/\/elsewhere\.example, which is not followed with credentials; next: /,
  ],
  ['never answers', () => {}, 'ERR_UNREACHABLE', /received no reply: nothing whole within \d+ ms; next: /],
  [
    'begins and never ends',
    (request, response) => json(response, 200, undefined).write(`{"everything":"${everythingOf(request)}`),
    'ERR_UNREACHABLE',
    /received no reply: nothing whole within \d+ ms; next: /,
  ],
  [
    'hangs up',
    (request) => request.socket.destroy(),
    'ERR_UNREACHABLE',
    /received no reply: ECONNRESET; next: /,
  ],
  [
    'sends what is no HTTP',
    (request) => request.socket.end(`HTTP/1.1 ${everythingOf(request)}\r\n\r\n`),
    'ERR_UNREACHABLE',
    /received no reply: what it sends is not HTTP; is it an https URL\?; next: /,
  ],
  [
    'sends more than anyone can read',
    (request, response) => json(response, 200, undefined).end(everythingOf(request).padEnd(20_000_000, 'x')),
    'ERR_BROKER_INVALID',
    /expected a reply of at most \d+ bytes from http:\/\/\S+, received more; next: check the address$/,
  ],
]

function json(response: ServerResponse, status: number, value: unknown): ServerResponse {
  response.writeHead(status, { 'content-type': 'application/hal+json' })
  return value === undefined ? response : response.end(JSON.stringify(value))
}
