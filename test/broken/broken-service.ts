// A correct token service, and one that departs from it in a single way: the mock of this package behind a small server
// that passes each request to it, or changes it, its reply, or the bytes on their way.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { tokenFetch } from '../../src/host/fetch.ts'
import { formatBasic, parseBasic } from '../../src/oauth/basic.ts'
import { formatForm } from '../../src/oauth/form.ts'
import { wrongValue } from '../../src/service/exchanges.ts'
import type { ChosenOptions } from '../../src/service/options.ts'

/** A token request, read. */
export interface Asked {
  readonly path: string
  /** Without parameters. */
  readonly contentType: string
  readonly parameters: Readonly<Record<string, string>>
  /** What HTTP Basic carries. */
  readonly basic?: { readonly client_id: string; readonly client_secret: string } | undefined
}

/** A reply before it is sent. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a service makes of a request: a reply, or `undefined` when it has written to the connection by itself. */
export type Departure = (conversation: {
  readonly asked: Asked
  /** The id of the exchange that the request is of. */
  readonly exchange: string
  /** What the correct service answers. */
  readonly correct: (asked: Asked) => Promise<Reply>
  readonly response: ServerResponse
}) => Promise<Reply | undefined>

/** A service on a free port. */
export interface RunningService {
  /** Of its token endpoint. */
  readonly url: string
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** What a service is started with. */
export interface ServiceOptions {
  /** The path of the token endpoint, below the service's name. */
  readonly path: string
  /** The service that is served, or the variant that is served alone. */
  readonly serves: string
  /** Options of the service. */
  readonly options?: ChosenOptions | undefined
  /** Default: none. */
  readonly departure?: Departure | undefined
}

/** Keeps every contract. */
const none: Departure = ({ asked, correct }) => correct(asked)

/** Starts a service that departs from the correct one in one way, or in none. */
export async function startService({
  path,
  serves,
  options = {},
  departure = none,
}: ServiceOptions): Promise<RunningService> {
  const mock = tokenFetch({ services: [serves], options })
  const correct = async (asked: Asked): Promise<Reply> => {
    const response = await mock(requestOf(asked))
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    }
  }
  const used = new Set<string>()
  const server = createServer(async (request, response) => {
    const asked = await read(request)
    const exchange = exchangeOf(asked, used)
    const reply = await departure({ asked, exchange, correct, response })
    if (reply === undefined) return
    const { refresh_token } = asked.parameters
    if (reply.status === 200 && refresh_token !== undefined) used.add(refresh_token)
    response.writeHead(reply.status, reply.headers).end(reply.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const body = await text(request)
  const { authorization = '', 'content-type': field = '' } = request.headers
  const [contentType = ''] = field.split(';', 1)
  const parameters =
    contentType === 'application/json' ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body))
  const basic = parseBasic(authorization.replace('Basic ', ''), 'raw')
  return { path: request.url ?? '', contentType, parameters, basic }
}

function requestOf({ path, contentType, parameters, basic }: Asked): Request {
  return new Request(new URL(path, 'http://as.example'), {
    method: 'POST',
    headers: {
      'content-type': contentType,
      ...(basic && { authorization: formatBasic(basic, 'raw') }),
    },
    body:
      contentType === 'application/json'
        ? JSON.stringify(parameters)
        : formatForm(Object.entries(parameters)),
  })
}

/** By what is wrong with a request; one with nothing wrong in it is of the granted exchange. */
function exchangeOf({ parameters, basic }: Asked, used: ReadonlySet<string>): string {
  const { grant_type, client_secret = basic?.client_secret, ...others } = parameters
  const wrong = Object.keys(others).find((name) => others[name] === wrongValue)
  const fault = [
    client_secret === wrongValue && 'wrong_secret',
    grant_type === undefined && 'missing_grant_type',
    grant_type === wrongValue && 'unsupported_grant_type',
    wrong !== undefined && (faults[wrong] ?? `wrong_${wrong}`),
    others.refresh_token !== undefined && used.has(others.refresh_token) && 'used_refresh_token',
  ].find((each) => each !== false)
  const grant = grantOf(grant_type, others)
  return fault === undefined ? grant : `${grant}.${fault}`
}

const faults: Readonly<Record<string, string>> = {
  refresh_token: 'unknown_refresh_token',
  scope: 'widened_scope',
}

function grantOf(grant_type: string | undefined, others: Asked['parameters']): string {
  if (grant_type !== undefined && grant_type !== wrongValue) return grant_type
  if (others.refresh_token !== undefined) return 'refresh_token'
  return others.username === undefined ? 'client_credentials' : 'password'
}
