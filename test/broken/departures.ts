// The ways in which a token service departs from a correct one: in a reply, in what it takes, or on the wire.
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { wrongValue } from '../../src/service/exchanges.ts'
import type { Asked, Departure, Reply } from './broken-service.ts'

type Members = Readonly<Record<string, unknown>>

/** Departs in one exchange alone; a granted exchange is one that the correct service grants. */
function only(id: string, depart: (reply: Reply, response: ServerResponse) => Reply | undefined): Departure {
  return async ({ asked, exchange, correct, response }) => {
    const reply = await correct(asked)
    const isMeant = exchange === id && (id.includes('.') || reply.status === 200)
    return isMeant ? depart(reply, response) : reply
  }
}

/** Another status. */
export function status(exchange: string, status: number, headers: Reply['headers'] = {}): Departure {
  return only(exchange, (reply) => ({ ...reply, status, headers: { ...reply.headers, ...headers } }))
}

/** Members added or changed; those that are `undefined` are left out. */
export function members(exchange: string, changed: Members): Departure {
  return only(exchange, (reply) => ({
    ...reply,
    body: JSON.stringify({ ...(JSON.parse(reply.body) as Members), ...changed }),
  }))
}

/** Header fields added or changed, by names in lower case; those that are `undefined` are left out. */
export function headers(exchange: string, changed: Readonly<Record<string, string | undefined>>): Departure {
  return only(exchange, (reply) => ({
    ...reply,
    headers: Object.fromEntries(
      Object.entries({ ...reply.headers, ...changed }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
  }))
}

/** Another body, of the media type. */
export function body(exchange: string, body: string, contentType = 'application/json'): Departure {
  return only(exchange, (reply) => ({
    ...reply,
    headers: { ...reply.headers, 'content-type': contentType },
    body,
  }))
}

/** Another reply altogether. */
export function answer(exchange: string, reply: Reply): Departure {
  return only(exchange, () => reply)
}

/** What a gateway shows in place of the service. */
export const htmlPage = '<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>'

/** The request is taken for another. */
export function taken(as: (asked: Asked) => Asked): Departure {
  return ({ asked, correct }) => correct(as(asked))
}

/** Parameters added or changed before the request is looked at; those that are `undefined` are left out. */
export function parameters(
  change: (parameters: Asked['parameters']) => Readonly<Record<string, string | undefined>>,
): Departure {
  return taken((asked) => ({
    ...asked,
    parameters: Object.fromEntries(
      Object.entries({ ...asked.parameters, ...change(asked.parameters) }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
  }))
}

/** A value is taken for right where it is the wrong one. */
export function anyValueOf(name: string, right: string): Departure {
  return parameters(({ [name]: given }) => (given === wrongValue ? { [name]: right } : {}))
}

/** A parameter under another name: the documented one says nothing. */
export function renamed(documented: string, name: string): Departure {
  return parameters(({ [name]: value }) => ({ [documented]: value }))
}

/** What would be granted is refused unless the request is as nobody documented. */
export function granted(isAsWanted: (asked: Asked) => boolean, refusal: Reply): Departure {
  return async ({ asked, correct }) => {
    const reply = await correct(asked)
    return reply.status === 200 && !isAsWanted(asked) ? refusal : reply
  }
}

/** A refusal in JSON. */
export function refusal(status: number, members: Members): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(members),
  }
}

/** The connection is reset before anything is said. */
export function resets(exchange: string): Departure {
  return only(exchange, (_reply, response) => {
    response.socket?.resetAndDestroy()
    return undefined
  })
}

/** The connection is closed before anything is said. */
export function closes(exchange: string): Departure {
  return only(exchange, (_reply, response) => {
    response.destroy()
    return undefined
  })
}

/** Nothing is ever said. */
export function hangs(exchange: string): Departure {
  return only(exchange, () => undefined)
}

/** These bytes in place of a reply. */
export function says(exchange: string, bytes: string): Departure {
  return only(exchange, (_reply, response) => {
    response.socket?.end(bytes)
    return undefined
  })
}

/** The first bytes of the reply, and then the end: as it was announced, or in pieces. */
export function breaksOff(
  exchange: string,
  by: 'closing' | 'resetting' | 'hanging',
  inPieces = false,
): Departure {
  return only(exchange, ({ status, headers, body }, response) => {
    const length = inPieces ? {} : { 'content-length': body.length }
    response.writeHead(status, { ...headers, ...length })
    response.write(body.slice(0, body.length / 2), () => {
      if (by === 'closing') response.destroy()
      if (by === 'resetting') response.socket?.resetAndDestroy()
    })
    return undefined
  })
}

/** Compressed, as though the client had asked for it. */
export function compressed(exchange: string, bytesOf: (body: string) => Uint8Array): Departure {
  return only(exchange, ({ status, headers, body }, response) => {
    response.writeHead(status, { ...headers, 'content-encoding': 'gzip' }).end(bytesOf(body))
    return undefined
  })
}

/** The first half of a text, compressed whole. */
export function halfCompressed(text: string): Uint8Array {
  return gzipSync(text.slice(0, text.length / 2))
}
