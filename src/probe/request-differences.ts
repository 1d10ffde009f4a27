// What differs between a request that is refused and one that is accepted, as single changes in words, each of which can be made
// with or without the others.

import type { CredentialName } from '../fixture/message.ts'
import { foldName } from '../schema/request.ts'
import { foreign } from './foreign-words.ts'
import { isPlain } from './request-secrets.ts'
import { freshClientAssertion } from './token-asking.ts'
import {
  type Authorization,
  credentialIn,
  formatPair,
  isOfOneField,
  type Parameter,
  syntaxOf,
  type TokenRequest,
  textOf,
} from './token-request.ts'
import { writingDifferences } from './writing-differences.ts'

/** One change. */
export interface RequestDifference {
  /** What is changed: `parameter scope`. */
  readonly what: string
  /** As sent, and as accepted, in words; no value of a credential. */
  readonly sent: string
  readonly accepted: string
  /** The credential whose value differs; absent for every other difference. */
  readonly credential?: CredentialName
  /** Whether it is about how the same is written. */
  readonly isWriting?: boolean
  readonly apply: (request: TokenRequest) => TokenRequest
}

/** Changes as made one after the other, in the order in which they were found. */
export function withDifferences(
  request: TokenRequest,
  differences: readonly RequestDifference[],
): TokenRequest {
  return differences.reduce((changed, { apply }) => apply(changed), request)
}

/** All changes that lead from one request to the other. */
export function differencesBetween(sent: TokenRequest, accepted: TokenRequest): readonly RequestDifference[] {
  return [
    ...targetDifferences(sent, accepted),
    ...bodyDifferences(sent, accepted),
    ...writingDifferences(sent, accepted),
    ...queryDifferences(sent, accepted),
    ...authenticationDifferences(sent, accepted),
    ...parameterDifferences(sent, accepted),
    ...valueDifferences(sent, accepted),
    ...headerDifferences(sent, accepted),
  ]
}

function targetDifferences(sent: TokenRequest, accepted: TokenRequest): readonly RequestDifference[] {
  const names = [
    ['method', 'method'],
    ['path', 'path'],
  ] as const
  return names
    .filter(([name]) => sent[name] !== accepted[name])
    .map(([name, what]) => ({
      what,
      sent: foreign(sent[name]),
      accepted: foreign(accepted[name]),
      apply: (request) => ({ ...request, [name]: accepted[name] }),
    }))
}

/** The media type and the syntax are one change, unless they contradict each other. */
function bodyDifferences(sent: TokenRequest, accepted: TokenRequest): readonly RequestDifference[] {
  if (sent.syntax === 'other') return [wholeBody(sent, accepted)]
  const toSyntax = (request: TokenRequest): TokenRequest => ({ ...request, syntax: accepted.syntax })
  const toType = (request: TokenRequest): TokenRequest => ({ ...request, contentType: accepted.contentType })
  const type = {
    what: 'Content-Type',
    sent: typeWords(sent),
    accepted: typeWords(accepted),
  }
  const isType = sent.contentType !== accepted.contentType
  const isSyntax = sent.syntax !== accepted.syntax
  if (isType && isSyntax && syntaxOf(sent.contentType) === sent.syntax)
    return [{ ...type, apply: (request) => toSyntax(toType(request)) }]
  return [
    ...(isType ? [{ ...type, apply: toType }] : []),
    ...(isSyntax
      ? [
          {
            what: 'body',
            sent: syntaxWords[sent.syntax],
            accepted: syntaxWords[accepted.syntax],
            apply: toSyntax,
          },
        ]
      : []),
  ]
}

function typeWords({ contentType }: TokenRequest): string {
  return contentType === undefined ? 'none' : foreign(contentType)
}

const syntaxWords = {
  form: 'a form',
  json: 'JSON',
  multipart: 'multipart/form-data',
  other: 'neither a form nor JSON',
} as const

/** Nothing is known of such a body but that it is another: it is replaced as a whole, with its media type. */
function wholeBody(sent: TokenRequest, accepted: TokenRequest): RequestDifference {
  const { contentType, syntax, parameters } = accepted
  const shown = sent.contentType === undefined ? '' : ` (${foreign(sent.contentType)})`
  return {
    what: 'body',
    sent: `${syntaxWords.other}${shown}`,
    accepted: `${syntaxWords[syntax]} (${contentType ?? 'no Content-Type'})`,
    apply: (request) => ({ ...request, contentType, syntax, parameters, body: '' }),
  }
}

function queryDifferences(sent: TokenRequest, accepted: TokenRequest): readonly RequestDifference[] {
  const names = [...new Set(sent.query.map(({ name }) => name))]
  return names
    .filter((name) => !accepted.query.some((parameter) => parameter.name === name))
    .map((name) => {
      const wanted = holdsName(sent, name) ? undefined : nameLike(accepted, name)
      return {
        what: `parameter ${foreign(name)}`,
        sent: 'in the URL',
        accepted: wanted === undefined ? 'not in the URL' : 'in the body',
        apply: (request) => {
          const moved =
            wanted === undefined ? [] : request.query.filter((parameter) => parameter.name === name)
          return {
            ...request,
            query: request.query.filter((parameter) => parameter.name !== name),
            parameters: [
              ...request.parameters,
              ...moved.map(({ value }) => ({ name: wanted ?? name, value })),
            ],
          }
        },
      }
    })
}

function nameLike({ parameters }: TokenRequest, name: string): string | undefined {
  return parameters.find((parameter) => foldName(parameter.name) === foldName(name))?.name
}

function holdsName({ parameters }: TokenRequest, name: string): boolean {
  return parameters.some((parameter) => foldName(parameter.name) === foldName(name))
}

const ofClient: readonly string[] = ['clientid', 'clientsecret']

function isOfClient({ name }: Parameter): boolean {
  return ofClient.includes(foldName(name))
}

/** Where a client's credentials are. */
interface Placement {
  readonly header: 'basic' | 'other' | 'none'
  /** `client_id client_secret`, or one of them, or nothing. */
  readonly body: string
}

function placementOf({ authorization, parameters, query }: TokenRequest): Placement {
  const header = authorization === undefined ? 'none' : 'scheme' in authorization ? 'basic' : 'other'
  // What is in the URL is a difference of its own.
  const inBody = [...parameters, ...query].filter(isOfClient).map(({ name }) => credentialIn(name) ?? '')
  return { header, body: [...new Set(inBody)].sort().join(' ') }
}

function placementWords({ header, body }: Placement): string {
  const inHeader = { basic: 'by Basic', other: 'by another scheme of Authorization', none: '' }[header]
  const inBody =
    body === 'client_id client_secret' ? 'in the body' : body === '' ? '' : `${body} alone in the body`
  return [inHeader, inBody].filter((part) => part !== '').join(' and ') || 'not there'
}

/** The credentials move as they are; the accepted ones take the place of those that are not there. */
function authenticationDifferences(sent: TokenRequest, accepted: TokenRequest): readonly RequestDifference[] {
  const [from, to] = [placementOf(sent), placementOf(accepted)]
  const isWhole = sent.syntax !== 'other'
  const missing = to.body.split(' ').filter((name) => name !== '' && !from.body.split(' ').includes(name))
  const isMove = from.header !== to.header || (isWhole && to.header !== 'none' && from.body !== to.body)
  if (isMove) {
    return [
      {
        what: 'client credentials',
        sent: placementWords(from),
        accepted: placementWords(to),
        apply: (request) => place(request, accepted, missing),
      },
      ...spellingDifferences(sent, accepted),
    ]
  }
  return spellingDifferences(sent, accepted)
}

function place(request: TokenRequest, accepted: TokenRequest, missing: readonly string[]): TokenRequest {
  const values = clientOf(request)
  const authorization = accepted.authorization
  const isBasic = authorization !== undefined && 'scheme' in authorization
  const kept = request.parameters.filter(
    (parameter) => !isOfClient(parameter) || hasSame(accepted, parameter),
  )
  const added = accepted.parameters
    .filter((parameter) => missing.includes(credentialIn(parameter.name) ?? ''))
    .filter((parameter) => !holdsName({ ...request, parameters: kept }, parameter.name))
    .map((parameter) => ({ ...parameter, value: values[foldName(parameter.name)] ?? parameter.value }))
  return {
    ...request,
    authorization: isBasic
      ? {
          ...authorization,
          client_id: values.clientid ?? authorization.client_id,
          client_secret: values.clientsecret ?? authorization.client_secret,
        }
      : authorization,
    parameters: [...kept, ...added],
  }
}

function hasSame(accepted: TokenRequest, { name }: Parameter): boolean {
  return accepted.parameters.some((parameter) => foldName(parameter.name) === foldName(name))
}

/** A client's id and secret, wherever they are, by their folded names. */
function clientOf({ authorization, parameters, query }: TokenRequest): Readonly<Record<string, string>> {
  const inBody = [...query, ...parameters]
    .filter(isOfClient)
    .map(({ name, value }): [string, string] => [foldName(name), textOf(value)])
  const inHeader: Array<[string, string]> =
    authorization !== undefined && 'scheme' in authorization
      ? [
          ['clientid', authorization.client_id],
          ['clientsecret', authorization.client_secret],
        ]
      : []
  return Object.fromEntries([...inBody, ...inHeader])
}

function spellingDifferences(sent: TokenRequest, accepted: TokenRequest): readonly RequestDifference[] {
  const [one, other] = [basicOf(sent), basicOf(accepted)]
  if (one === undefined || other === undefined) return []
  // Most credentials have the same bytes either way.
  const isEscaped = [one, other].some(({ client_id, client_secret }) =>
    /[^\w.*-]/.test(client_id + client_secret),
  )
  const scheme: readonly RequestDifference[] =
    one.scheme === other.scheme
      ? []
      : [
          {
            what: 'scheme of Authorization',
            sent: foreign(one.scheme),
            accepted: foreign(other.scheme),
            apply: onBasic((basic) => ({ ...basic, scheme: other.scheme })),
          },
        ]
  if (one.spelling === other.spelling || !isEscaped) return scheme
  const words = { raw: 'as they are', form: 'form-encoded' }
  return [
    ...scheme,
    {
      what: 'credentials within Basic',
      sent: words[one.spelling],
      accepted: words[other.spelling],
      apply: onBasic((basic) => ({ ...basic, spelling: other.spelling })),
    },
  ]
}

type Basic = Extract<Authorization, { readonly scheme: string }>

function basicOf({ authorization }: TokenRequest): Basic | undefined {
  return authorization !== undefined && 'scheme' in authorization ? authorization : undefined
}

function onBasic(change: (basic: Basic) => Basic): (request: TokenRequest) => TokenRequest {
  return (request) => {
    const basic = basicOf(request)
    return basic === undefined ? request : { ...request, authorization: change(basic) }
  }
}

/** Names, what is missing, what is too much, and what is there several times. */
function parameterDifferences(sent: TokenRequest, accepted: TokenRequest): readonly RequestDifference[] {
  if (sent.syntax === 'other') return []
  // What moves with the client's credentials, or from the URL, is no difference of the body.
  const isMoved = authenticationDifferences(sent, accepted).some(({ what }) => what === 'client credentials')
  const isInBoth = ({ name }: Parameter) => holdsName(sent, name) && holdsName(accepted, name)
  const isCounted = (parameter: Parameter) => !(isMoved && isOfClient(parameter)) || isInBoth(parameter)
  const names = uniqueNames(sent.parameters.filter(isCounted))
  const wanted = accepted.parameters.filter(isCounted)
  const renamed = wanted.flatMap(({ name }): ReadonlyArray<readonly [from: string, to: string]> => {
    if (names.includes(name)) return []
    const from = names.find(
      (each) => foldName(each) === foldName(name) && !wanted.some((parameter) => parameter.name === each),
    )
    return from === undefined ? [] : [[from, name]]
  })
  const isKnown = (name: string) => names.includes(name) || renamed.some(([, to]) => to === name)
  const inQuery = (name: string) =>
    sent.query.some((parameter) => foldName(parameter.name) === foldName(name))
  const missing = wanted.filter(({ name }) => !isKnown(name) && !inQuery(name))
  const extra = names.filter(
    (name) =>
      !renamed.some(([from]) => from === name) && !wanted.some((parameter) => parameter.name === name),
  )
  const repeated = names.filter((name) => countOf(sent, name) > 1 && !extra.includes(name))
  return [
    ...repeated.map((name) => repetition(name, countOf(sent, name))),
    ...renamed.map(([from, to]) => renaming(from, to)),
    ...missing.map(addition),
    ...extra.map(removal),
  ]
}

function uniqueNames(parameters: readonly Parameter[]): readonly string[] {
  return [...new Set(parameters.map(({ name }) => name))]
}

function countOf({ parameters }: TokenRequest, name: string): number {
  return parameters.filter((parameter) => parameter.name === name).length
}

function repetition(name: string, count: number): RequestDifference {
  return {
    what: `parameter ${foreign(name)}`,
    sent: `${count} times`,
    accepted: 'once',
    apply: (request) => {
      const first = request.parameters.findIndex((parameter) => parameter.name === name)
      const isFirst = (parameter: Parameter, index: number) => parameter.name !== name || index === first
      return { ...request, parameters: request.parameters.filter(isFirst) }
    },
  }
}

function renaming(from: string, to: string): RequestDifference {
  return {
    what: 'name of a parameter',
    sent: foreign(from),
    accepted: foreign(to),
    apply: (request) => ({
      ...request,
      parameters: request.parameters.map((parameter) =>
        parameter.name === from ? { ...parameter, name: to } : parameter,
      ),
    }),
  }
}

function addition(parameter: Parameter): RequestDifference {
  const { name, value } = parameter
  return {
    what: `parameter ${foreign(name)}`,
    sent: 'missing',
    accepted: shownValue(name, value),
    apply: (request) =>
      request.parameters.some((each) => each.name === name)
        ? request
        : { ...request, parameters: [...request.parameters, parameter] },
  }
}

function removal(name: string): RequestDifference {
  return {
    what: `parameter ${foreign(name)}`,
    sent: 'there',
    accepted: 'not there',
    apply: (request) => ({
      ...request,
      parameters: request.parameters.filter((parameter) => parameter.name !== name),
    }),
  }
}

function shownValue(name: string, value: unknown): string {
  if (value === freshClientAssertion) return "a new one by the client's key"
  const isSecret = credentialIn(name) !== undefined || /secret|assertion|token|password|code/i.test(name)
  return isSecret && !isPlain({ name, value }) ? 'a value' : foreign(JSON.stringify(value))
}

/** Values, by the accepted names: those of credentials wherever they are by then. */
function valueDifferences(sent: TokenRequest, accepted: TokenRequest): readonly RequestDifference[] {
  if (sent.syntax === 'other' && basicOf(sent) === undefined) return []
  const before = valuesOf(sent)
  return [...valuesOf(accepted)].flatMap(([folded, { name, value }]): readonly RequestDifference[] => {
    const other = before.get(folded)
    if (other === undefined || isSame(other.value, value)) return []
    const credential = credentialIn(name)
    return [
      {
        ...valueWords(other, { name, value }),
        ...(credential !== undefined && { credential }),
        apply: (request) => withValue(request, folded, value),
      },
    ]
  })
}

/** A value that was not encoded is read as another: it is the same by its text. */
function valueWords(
  sent: Parameter,
  { name, value }: Parameter,
): Pick<RequestDifference, 'what' | 'sent' | 'accepted'> {
  const credential = credentialIn(name)
  if (credential === undefined)
    return {
      what: `parameter ${foreign(name)}`,
      sent: shownValue(name, sent.value),
      accepted: shownValue(name, value),
    }
  const text = sent.written?.text ?? formatPair(sent)
  if (text.slice(text.indexOf('=') + 1) === value)
    return { what: `parameter ${foreign(name)}`, sent: 'not percent-encoded', accepted: 'percent-encoded' }
  return { what: credential, sent: 'another value than the given one', accepted: 'the given value' }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function valuesOf(request: TokenRequest): ReadonlyMap<string, Parameter> {
  const basic = basicOf(request)
  const inHeader: readonly Parameter[] =
    basic === undefined
      ? []
      : [
          { name: 'client_id', value: basic.client_id },
          { name: 'client_secret', value: basic.client_secret },
        ]
  return new Map(
    [...request.query, ...request.parameters, ...inHeader].map((parameter) => [
      foldName(parameter.name),
      parameter,
    ]),
  )
}

function withValue(request: TokenRequest, folded: string, value: unknown): TokenRequest {
  const replace = (parameter: Parameter) =>
    foldName(parameter.name) === folded ? { ...parameter, value } : parameter
  const changed = {
    ...request,
    query: request.query.map(replace),
    parameters: request.parameters.map(replace),
  }
  if (folded === 'clientid') return onBasic((basic) => ({ ...basic, client_id: textOf(value) }))(changed)
  if (folded === 'clientsecret')
    return onBasic((basic) => ({ ...basic, client_secret: textOf(value) }))(changed)
  return changed
}

function headerDifferences(sent: TokenRequest, accepted: TokenRequest): readonly RequestDifference[] {
  const [before, after] = [fieldsOf(sent), fieldsOf(accepted)]
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name): readonly RequestDifference[] => {
    const [one, other] = [before.get(name), after.get(name)]
    if (one?.join('\n') === other?.join('\n')) return []
    const words = isOfOneField(name)
      ? { what: fieldNames[name] ?? name, sent: 'given twice', accepted: 'once' }
      : {
          what: `header ${foreign(name)}`,
          sent: one === undefined ? 'missing' : 'there',
          accepted: other === undefined ? 'not there' : foreign(other.join(', ')),
        }
    return [
      {
        ...words,
        apply: (request) => ({
          ...request,
          headers: [
            ...request.headers.filter(([each]) => each.toLowerCase() !== name),
            ...(other ?? []).map((value): readonly [string, string] => [name, value]),
          ],
        }),
      },
    ]
  })
}

/** Fields whose first is looked at by itself. */
const fieldNames: Readonly<Record<string, string>> = {
  'content-type': 'Content-Type',
  authorization: 'Authorization',
}

function fieldsOf({ headers }: TokenRequest): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(headers, ([name]) => name.toLowerCase())
  return new Map([...groups].map(([name, fields]) => [name, fields.map(([, value]) => value)]))
}
