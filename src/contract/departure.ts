// How a request departs from the documented one, part by part and in words of ours: what was expected, and what was
// received as far as it can be shown. No value that a client sent is in them, unless it is a documented one.
import { redactMethod, redactPath } from '../engine/redaction.ts'
import { parseForm } from '../oauth/form.ts'
import { wireNameOf } from '../service/service.ts'
import { authenticationDepartures } from './departure-authentication.ts'
import { parameterDepartures, showName } from './departure-parameters.ts'
import type { Departure } from './departure-value.ts'
import type { Interaction } from './interaction.ts'
import type { ReceivedRequest } from './mock-server.ts'
import { bodyOf, mediaTypeOf } from './received-body.ts'
import { showMediaType } from './shown.ts'

/** The departures of one part of a request. */
type Part = (interaction: Interaction, request: ReceivedRequest) => readonly Departure[]

/** Every departure of a request, in the order of the message. */
export function departuresOf(interaction: Interaction, request: ReceivedRequest): readonly Departure[] {
  const isBare = request.method !== 'POST' && request.body.length === 0
  const parts = isBare
    ? [method, path, query]
    : [method, path, query, contentType, authenticationDepartures, body]
  return parts.flatMap((part) => part(interaction, request))
}

const method: Part = (_interaction, { method }) =>
  method === 'POST'
    ? []
    : [
        {
          where: 'method',
          expected: 'POST',
          received: redactMethod(method),
          next: 'send POST (RFC 6749 section 3.2)',
        },
      ]

const path: Part = ({ message, located }, request) => {
  if (request.path === message.path) return []
  const known = Object.values(located.service.endpoints).flatMap((endpoint) => endpoint.path.split('/'))
  return [
    {
      where: 'path',
      expected: message.path,
      received: redactPath(request.path, new Set(known)),
      next: 'send to tokenEndpoint, or to the documented path under url',
    },
  ]
}

const query: Part = (interaction, { query }) => {
  if (query === undefined || query === '') return []
  const names = (parseForm(query) ?? []).map(([name]) => showName(interaction, name))
  return [
    {
      where: 'query',
      expected: 'none',
      received: names.length === 0 ? 'one' : names.join(', '),
      next: 'send parameters in the body alone (RFC 6749 section 2.3.1)',
    },
  ]
}

const contentType: Part = ({ message, located }, { headers }) => {
  const field = headers['content-type']
  const received = mediaTypeOf(field)
  if (received === message.contentType) return []
  const other = located.variant.contentTypes.find((documented) => documented === received)
  return [
    {
      where: 'Content-Type',
      expected: `"${message.contentType}"`,
      received: showMediaType(field?.toString()),
      next:
        other === undefined
          ? `send the body as ${message.contentType}`
          : `contentType: '${other}' chooses the documented form that the client sends`,
    },
  ]
}

const body: Part = (interaction, request) => {
  const { message } = interaction
  const isJsonExpected = message.contentType === 'application/json'
  const received = bodyOf(request)
  if ('unreadable' in received) {
    const expected = isJsonExpected ? 'a JSON object' : 'a form'
    return [
      {
        where: 'body',
        expected,
        received: received.unreadable,
        next: `send the body as ${message.contentType}`,
      },
    ]
  }
  const explained = explainedBy(interaction, request)
  return [
    ...syntaxDepartures(interaction, request, received.pairs.length),
    ...parameterDepartures(interaction, received.pairs)
      .filter(({ name }) => !explained.has(name))
      .map(({ departure }) => departure),
  ]
}

/** Fields of JSON under the media type of a form, or the reverse. */
function syntaxDepartures(
  { message }: Interaction,
  request: ReceivedRequest,
  parameters: number,
): readonly Departure[] {
  const isMediaTypeRight = mediaTypeOf(request.headers['content-type']) === message.contentType
  const isJson = new TextDecoder().decode(request.body).trimStart().startsWith('{')
  const isJsonExpected = message.contentType === 'application/json'
  if (!isMediaTypeRight || isJson === isJsonExpected || parameters === 0) return []
  const [expected, received] = isJsonExpected ? ['a JSON object', 'a form'] : ['a form', 'a JSON object']
  return [{ where: 'body', expected, received, next: `send the body as ${message.contentType}` }]
}

/** Parameters of which the finding about client authentication has said enough. */
function explainedBy(interaction: Interaction, request: ReceivedRequest): ReadonlySet<string> {
  const { variant } = interaction.located
  const isOther = authenticationDepartures(interaction, request).some(
    ({ where }) => where === 'client authentication',
  )
  if (!isOther) return new Set()
  const names = [wireNameOf(variant, 'client_id'), wireNameOf(variant, 'client_secret')]
  return new Set([...names, 'client_assertion', 'client_assertion_type'])
}
