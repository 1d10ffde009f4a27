// Documents and stated facts to a service as data. Nothing is guessed silently: what stands in is among `needsReview`.
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import { requireSoundService } from '../schema/sound-service.ts'
import { TokenwrightError } from '../service/error.ts'
import type {
  ClientAuthentication,
  GrantSchema,
  RequestSchema,
  Service,
  TokenEndpoint,
  TokenPolicy,
  Variant,
} from '../service/service.ts'
import { isBaseUrl, withoutCredentials } from './base-url.ts'
import type { Fact, ImportedDocument, ImportedField } from './imported.ts'
import { baseName, cite, createNotebook, type Notebook, type Notes, toPointer } from './notebook.ts'
import { draftRefusals } from './refusal-draft.ts'
import { draftReply, type LocatedDocument, remarkOn, replyHeadersOf, replyOf } from './reply-draft.ts'
import {
  carriedElsewhere,
  fieldsOf,
  grantTypesOf,
  isParameterName,
  nameOn,
  neededFor,
  ownNamesOf,
  possibleOf,
  type RequestFacts,
  requestSchemaOf,
} from './request-schema.ts'
import type { ReadSource, StatedFacts } from './stated.ts'
import { nameVariants } from './variant-name.ts'

/** A service as data, before it is text. */
export interface ServiceDraft {
  readonly service: Service
  /** What a person has to decide, a sentence each. */
  readonly needsReview: readonly string[]
  /** Where each fact was read, by its JSON Pointer into the service. */
  readonly notes: Notes
}

/** What a service is called. */
export interface ServiceName {
  readonly id: string
  /** Default: the id with a capital. */
  readonly title?: string | undefined
}

/** A request with all that is known of it beside its fields. */
interface RequestDraft extends LocatedDocument {
  readonly name: string
  readonly request: RequestSchema
  readonly path: `/${string}`
  readonly contentTypes: readonly [ContentType, ...ContentType[]]
  readonly methods: readonly ClientAuthenticationMethod[]
  readonly methodsSource: string
}

/** The grants that the mock checks; of any other it knows the parameters alone. */
const knownGrants: ReadonlySet<string> = new Set(['client_credentials', 'password', 'refresh_token'])

/** A greater number is a moment, in seconds since 1970. */
const longestLifetimeSeconds = 366 * 24 * 3600

/** Where RFC 6749 says what each grant is nothing without. */
const sectionOf: Readonly<Record<string, string>> = { password: '§4.3.2', refresh_token: '§6' }

/**
 * The service that pages describe.
 *
 * @throws {TokenwrightError} `ERR_DOCUMENT_INVALID` where there is no request, or its grants are unknown;
 *   `ERR_SERVICE_INVALID` where the facts do not fit together
 */
export function draftService(sources: readonly ReadSource[], { id, title }: ServiceName): ServiceDraft {
  const notebook = createNotebook()
  const located = sources.flatMap((source) => source.documents.map((document) => ({ source, document })))
  const ofRole = (role: string) => located.filter(({ document }) => document.role === role)
  const named = nameVariants(ofRole('request')).map((each) => ({
    ...each,
    document: withExamples(each.document),
  }))
  if (named.length === 0) throw noRequest(located)
  const requests = named.map((each, index) => draftRequest(each, notebook, index))
  const name = { id, title: title ?? titleOf(id) }
  const service = compose(name, requests, ofRole('reply'), ofRole('refusal'), notebook)
  remarkOnCollisions(service, notebook)
  return { service: requireSoundService(service), needsReview: notebook.needsReview, notes: notebook.notes }
}

/** A whole request of an OpenAPI document has the examples that its schema lacks; a page's snippet may name variables. */
function withExamples(document: ImportedDocument): ImportedDocument {
  const [usage] = document.usage
  if (document.format !== 'openapi' || usage === undefined) return document
  const fields = document.fields.map((field) => {
    const example = Object.hasOwn(usage.values, field.name) ? usage.values[field.name] : undefined
    if (field.example !== null || example === undefined) return field
    return { ...field, example, provenance: { ...field.provenance, example: usage.provenance } }
  })
  return { ...document, fields }
}

function noRequest(located: readonly LocatedDocument[]): TokenwrightError {
  const files = [...new Set(located.map(({ document }) => document.file))].join(', ')
  const found = located.map(({ document }) => `${document.model} (${document.role})`).join(', ')
  return new TokenwrightError(
    'ERR_DOCUMENT_INVALID',
    `${files || 'the pages'}: expected a token request, received ${found || 'no model'}; next: give the page of the request too`,
  )
}

function titleOf(id: string): string {
  return id
    .split(/[._-]+/)
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join(' ')
}

function draftRequest(
  { name, ...located }: LocatedDocument & { readonly name: string },
  notebook: Notebook,
  index: number,
): RequestDraft {
  const { source, document } = located
  const { stated } = source
  const at = `/variants/${index}`
  const label = `${baseName(document.file)}, ${document.model}`
  const contentTypes = contentTypesOf(located, label, notebook, at)
  // What the first variant does is said of the service.
  const methods = methodsOf(located, label, notebook, `${index === 0 ? '' : at}/clientAuthentication`)
  const facts = { grantTypes: stated.grantTypes, contentTypes, clientAuthentication: methods.methods }
  const request = requestSchemaOf(document, facts)
  remarkOn(fieldsOf(document), label, notebook, `${at}/request/oneOf/0/properties`)
  remarkOnGrants(located, label, notebook, `${at}/request`)
  remarkOnRules(located, facts, label, notebook, `${at}/request/oneOf/0/properties`)
  for (const sentence of document.needsReview) {
    if (!isAskedFor(sentence)) notebook.review(at, `${label}: ${sentence}`)
  }
  for (const { name, wireName } of document.fields) {
    if (!isParameterName(wireName))
      notebook.review(
        at,
        `${label}: ${name || 'a field without a name'} cannot be a parameter; it is left out.`,
      )
  }
  return { ...located, name, request, path: pathOf(located, label, notebook, at), contentTypes, ...methods }
}

/** What a page leaves open of the wire is asked for fact by fact, with the flag that states it. */
function isAskedFor(sentence: string): boolean {
  return sentence.endsWith(': the page does not determine it')
}

/** What is stated, else what the page says, else what RFC 6749 has, which a person has to confirm. */
function factOf<T>(
  { stated, fact, standIn }: { stated: T | undefined; fact: Fact<T> | null; standIn: T },
  words: { readonly flag: string; readonly missing: string; readonly show: (value: T) => string },
  label: string,
  notebook: Notebook,
  pointer: string,
): T {
  if (stated !== undefined) {
    notebook.remark(pointer, `stated with ${words.flag}`)
    if (fact !== null && words.show(fact.value) !== words.show(stated))
      notebook.review(
        pointer,
        `${label}: ${words.flag} states ${words.show(stated)}, the page says ${words.show(fact.value)}.`,
      )
    return stated
  }
  if (fact !== null) {
    notebook.remark(pointer, cite(fact.provenance))
    return fact.value
  }
  notebook.review(
    pointer,
    `${label}: ${words.missing} is not documented; ${words.show(standIn)} stands in. State it with ${words.flag}.`,
  )
  return standIn
}

function contentTypesOf(
  { source, document }: LocatedDocument,
  label: string,
  notebook: Notebook,
  at: string,
): readonly [ContentType, ...ContentType[]] {
  const [first = 'application/x-www-form-urlencoded', ...others] = factOf(
    {
      stated: source.stated.contentTypes,
      fact: document.wire.contentTypes,
      standIn: ['application/x-www-form-urlencoded'] as readonly ContentType[],
    },
    { flag: '--content-type', missing: 'the content type', show: (types) => types.join(', ') },
    label,
    notebook,
    `${at}/contentTypes`,
  )
  return [first, ...others]
}

function pathOf(
  { source, document }: LocatedDocument,
  label: string,
  notebook: Notebook,
  at: string,
): `/${string}` {
  const path = factOf(
    { stated: source.stated.path, fact: document.wire.path, standIn: '/token' },
    { flag: '--path', missing: 'the path', show: (text) => text },
    label,
    notebook,
    `${at}/endpoint`,
  )
  if (/^\/(?!\/)[^?#\s\\]*$/.test(path)) {
    // Clients resolve `..`, and escape what is no ASCII.
    const { pathname } = new URL(`https://server.example${path}`)
    return pathname as `/${string}`
  }
  throw new TokenwrightError(
    'ERR_DOCUMENT_INVALID',
    `${document.file}: expected a path that begins with /, without ? and #, received ${JSON.stringify(path)}; next: state it with --path`,
  )
}

function methodsOf(
  { source, document }: LocatedDocument,
  label: string,
  notebook: Notebook,
  pointer: string,
): Pick<RequestDraft, 'methods' | 'methodsSource'> {
  const { wire } = document
  const fields = fieldsOf(document)
  const basic = fields.find(({ httpBasic }) => httpBasic === 'password')?.provenance.httpBasic
  const both: Fact<readonly ClientAuthenticationMethod[]> | null =
    basic === undefined ? null : { value: ['client_secret_post', 'client_secret_basic'], provenance: basic }
  const fact = wire.clientAuthentication ?? both ?? assertionOf(fields)
  const hasSecret = fields.some(({ wireName }) => wireName === nameOn(fields, 'client_secret'))
  const methods = factOf(
    {
      stated: source.stated.clientAuthentication,
      fact,
      standIn: [hasSecret ? 'client_secret_post' : 'client_secret_basic'] as const,
    },
    {
      flag: '--auth',
      missing: 'how a client authenticates',
      show: (list) => list.join(', ') || 'none',
    },
    label,
    notebook,
    pointer,
  )
  // A public client alone has nothing to show.
  const shown = methods.length === 1 && methods[0] === 'none' ? [] : methods
  return {
    methods: withSecret(shown, label, notebook, pointer),
    methodsSource: sourceOfMethods(source.stated, fact, label),
  }
}

/** A page that requires an assertion has said how a client authenticates. @see RFC 7523 §2.2 */
function assertionOf(fields: readonly ImportedField[]): Fact<readonly ClientAuthenticationMethod[]> | null {
  const assertion = fields.find(({ wireName, required }) => wireName === 'client_assertion' && required)
  const provenance = assertion?.provenance.required ?? assertion?.provenance.name
  return provenance === undefined ? null : { value: ['private_key_jwt'], provenance }
}

/** Contracts and verification show secrets alone. */
function withSecret(
  methods: readonly ClientAuthenticationMethod[],
  label: string,
  notebook: Notebook,
  pointer: string,
): readonly ClientAuthenticationMethod[] {
  const [only] = methods
  if (methods.length !== 1 || only !== 'private_key_jwt') return methods
  notebook.review(
    pointer,
    `${label}: contracts and verification show secrets alone, and no assertion (private_key_jwt); client_secret_basic stands in beside it.`,
  )
  return ['client_secret_basic', only]
}

function sourceOfMethods(stated: StatedFacts, fact: Fact<unknown> | null, label: string): string {
  if (stated.clientAuthentication !== undefined) return `stated when ${label} was imported`
  return fact === null ? 'undocumented: RFC 6749 §2.3.1 stands in' : label
}

function remarkOnGrants(
  { source, document }: LocatedDocument,
  label: string,
  notebook: Notebook,
  pointer: string,
): void {
  const fields = fieldsOf(document)
  const grants = grantTypesOf(document, source.stated.grantTypes)
  const unknown = grants.filter((grant) => !knownGrants.has(grant))
  if (unknown.length > 0)
    notebook.review(
      pointer,
      `${label}: the mock grants ${unknown.join(', ')} to every client that shows its own secret.`,
    )
  for (const [index, grant] of grants.entries()) {
    for (const name of neededFor(fields, grant)) {
      const field = fields.find(({ wireName }) => wireName === name)
      if (field?.required === true || field?.requiredWhen?.value === grant) continue
      const page = field === undefined ? 'does not have' : 'does not require'
      notebook.review(
        `${pointer}/oneOf/${index}/properties${toPointer(name)}`,
        `${label}: RFC 6749 ${sectionOf[grant]}: the grant ${grant} is nothing without ${name}, which the page ${page}; it is written as required.`,
      )
    }
  }
  for (const { name, wireName, requiredWhen } of fields) {
    if (requiredWhen !== null && requiredWhen.parameter !== nameOn(fields, 'grant_type'))
      notebook.review(
        `${pointer}/oneOf/0/properties${toPointer(wireName)}`,
        `${label}: ${name} is required when ${requiredWhen.parameter} is ${requiredWhen.value}; it is written as optional.`,
      )
  }
}

/** What the page requires, and the request cannot be held to. */
function remarkOnRules(
  { document }: LocatedDocument,
  facts: RequestFacts,
  label: string,
  notebook: Notebook,
  pointer: string,
): void {
  const fields = fieldsOf(document)
  const elsewhere = carriedElsewhere(fields, facts)
  const methods = facts.clientAuthentication?.join(', ')
  const why = methods ? `a client authenticates otherwise too (${methods})` : 'no client authenticates'
  for (const field of fields) {
    const { name, wireName, required } = field
    if (required === true && elsewhere.includes(wireName))
      notebook.review(
        pointer + toPointer(wireName),
        `${label}: ${name} is required in the body, and ${why}; it is written as optional.`,
      )
    const { leftOut } = possibleOf(field, facts.contentTypes?.includes('application/json') ?? false)
    if (leftOut !== undefined)
      notebook.review(
        pointer + toPointer(wireName),
        `${label}: no value of ${name} was found that keeps all its rules; ${leftOut} is left out.`,
      )
  }
}

function compose(
  { id, title }: { readonly id: string; readonly title: string },
  requests: readonly RequestDraft[],
  replies: readonly LocatedDocument[],
  refusals: readonly LocatedDocument[],
  notebook: Notebook,
): Service {
  const endpoints = endpointsOf(requests)
  const [first, ...others] = requests.map((request, index) =>
    draftVariant(
      { id, title, endpoints, first: requests[0] as RequestDraft },
      request,
      replies,
      notebook,
      index,
    ),
  )
  const variants: readonly [Variant, ...Variant[]] = [first as Variant, ...others]
  const read =
    requests
      .map(({ source }) => source.read)
      .sort()
      .at(-1) ?? ''
  const schemas = requests.map(({ request }) => request)
  return {
    id,
    title,
    servers: serversOf(id, requests, notebook),
    root: 'always',
    endpoints: Object.fromEntries(
      [...endpoints].map(([path, name]): [string, TokenEndpoint] => [name, { kind: 'token', path }]),
    ),
    clientAuthentication: clientAuthenticationOf(requests[0] as RequestDraft),
    variants,
    tokens: tokensOf(variants, replies, read, notebook),
    ...draftRefusals(id, refusals, schemas, notebook),
    replyHeaders: replyHeadersOf(variants.map(({ reply }) => reply)),
    limits: { maxBodyBytes: 65_536, source: { document: 'our choice: no page says any', read } },
    clients: clientsOf(id, requests),
    users: usersOf(id, requests),
    source: {
      document: [...new Set(requests.map(({ document }) => baseName(document.file)))].join(', '),
      read,
    },
  }
}

/** By path, the name; the first is the token endpoint. */
function endpointsOf(requests: readonly RequestDraft[]): ReadonlyMap<`/${string}`, string> {
  const names = new Map<`/${string}`, string>()
  for (const { path } of requests) {
    if (names.has(path)) continue
    const words =
      path
        .toLowerCase()
        .match(/[a-z0-9]+/g)
        ?.join('_') ?? 'root'
    const name = names.size === 0 ? 'token' : words
    const isTaken = [...names.values()].includes(name)
    names.set(path, isTaken ? `${name}_${names.size + 1}` : name)
  }
  return names
}

interface VariantContext {
  readonly id: string
  readonly title: string
  readonly endpoints: ReadonlyMap<string, string>
  readonly first: RequestDraft
}

function draftVariant(
  { id, title, endpoints, first }: VariantContext,
  draft: RequestDraft,
  replies: readonly LocatedDocument[],
  notebook: Notebook,
  index: number,
): Variant {
  const { name, source, document, request, path, contentTypes } = draft
  const at = `/variants/${index}`
  const label = `${baseName(document.file)}, ${document.model}`
  const fields = fieldsOf(document)
  const wireNames = ownNamesOf(fields)
  const hasOwnMethods =
    clientAuthenticationOf(draft).methods.join() !== clientAuthenticationOf(first).methods.join()
  notebook.remark(at, cite(document.provenance))
  return {
    id: `${id}/${name}`,
    document: sdkDocumentOf(draft, title, notebook, at),
    ...(Object.keys(wireNames).length > 0 && { wireNames }),
    documentedNames: documentedNamesOf(request, fields),
    endpoint: endpoints.get(path) ?? 'token',
    contentTypes,
    ...(hasOwnMethods && { clientAuthentication: clientAuthenticationOf(draft) }),
    request,
    reply: dated(
      draftReply(request, replyOf({ source, document }, replies), label, notebook, `${at}/reply`),
      source,
    ),
  }
}

/** What stands in is dated like all else on the page. */
function dated(reply: Variant['reply'], { read }: ReadSource): Variant['reply'] {
  return { ...reply, source: { ...reply.source, read } }
}

function documentedNamesOf(
  { oneOf }: RequestSchema,
  fields: ReturnType<typeof fieldsOf>,
): Readonly<Record<string, string>> {
  const names = new Map(fields.map(({ wireName, name }) => [wireName, name]))
  const sent = oneOf.flatMap(({ properties }) => Object.keys(properties))
  return Object.fromEntries(sent.map((name) => [name, names.get(name) ?? name]))
}

function sdkDocumentOf(
  { source, document }: RequestDraft,
  title: string,
  notebook: Notebook,
  at: string,
): Variant['document'] {
  const { stated, read } = source
  const language = stated.language ?? document.language
  // A lock of an earlier release has no version of documents.
  const documented = stated.version ?? document.version ?? undefined
  if (documented === undefined)
    notebook.review(
      `${at}/document`,
      `${baseName(document.file)}, ${document.model}: the version is not documented. State it with --sdk-version.`,
    )
  const version = documented ?? 'unknown'
  const usual =
    document.format === 'openapi'
      ? `${title} OpenAPI`
      : `${title} ${language ?? ''} SDK`.replace(/ {2,}/, ' ')
  const sdk = stated.sdk ?? usual
  return {
    sdk,
    language: language ?? 'any',
    version,
    versions: version,
    model: document.model,
    source: { document: `${sdk} ${version}, ${baseName(document.file)}`, read },
  }
}

function clientAuthenticationOf({ methods, methodsSource, source }: RequestDraft): ClientAuthentication {
  return {
    methods,
    chosenBy: 'request',
    several: 'accepted',
    otherSchemes: 'ignored',
    basicSpelling: 'form',
    source: { document: methodsSource, read: source.read },
  }
}

function serversOf(id: string, requests: readonly RequestDraft[], notebook: Notebook): readonly string[] {
  const named = requests.flatMap(({ source, document }) => {
    const { servers } = document.wire
    if (source.stated.servers !== undefined) return source.stated.servers
    if (servers !== null) notebook.remark('/servers', cite(servers.provenance))
    return servers?.value ?? []
  })
  const absolute = [...new Set(named.filter(isBaseUrl).map((url) => url.replace(/\/+$/, '')))]
  const others = named.filter((url) => !isBaseUrl(url))
  if (others.length > 0)
    notebook.review(
      '/servers',
      `No address of a server: ${others.map(withoutCredentials).join(', ')}. State it with --server.`,
    )
  if (absolute.length > 0) return absolute
  const standIn = `https://${id.replaceAll('_', '-')}.example`
  notebook.review('/servers', `The server is not documented; ${standIn} stands in. State it with --server.`)
  return [standIn]
}

function tokensOf(
  variants: readonly Variant[],
  replies: readonly LocatedDocument[],
  read: string,
  notebook: Notebook,
): TokenPolicy {
  const isRefreshed = variants.some(({ reply }) =>
    Object.values(reply.members).some((members) => members.includes('refresh_token')),
  )
  const documented = lifetimeIn(replies)
  const choices = [
    ...(documented === undefined ? ['how long an access token lives'] : []),
    ...(isRefreshed ? ['how long a refresh token lives, and what becomes of a used one'] : []),
  ]
  if (choices.length > 0) notebook.review('/tokens', `Undocumented, and our choice: ${choices.join('; ')}.`)
  return {
    accessTokenLifetimeSeconds: documented ?? 3600,
    refreshTokenLifetimeSeconds: 1_209_600,
    refreshTokens: isRefreshed ? 'rotate' : 'none',
    ...(isRefreshed && { isReuseDocumented: false }),
    expiresIn: 'seconds',
    source: {
      document: `${documented === undefined ? 'our choice' : 'the example of expires_in'}; RFC 6749 §5.1`,
      read,
    },
  }
}

/** The documented example of `expires_in`, where it can be a number of seconds from now. */
function lifetimeIn(replies: readonly LocatedDocument[]): number | undefined {
  const examples = replies.flatMap(({ document }) =>
    document.fields
      .filter(({ wireName }) => wireName === 'expires_in')
      .map(({ example }) => Number(example ?? 0)),
  )
  return examples.find(
    (seconds) => Number.isInteger(seconds) && seconds > 0 && seconds <= longestLifetimeSeconds,
  )
}

/** The documented example credentials; those of the schemas in any case, which a request is made of. */
function clientsOf(id: string, requests: readonly RequestDraft[]): Service['clients'] {
  const clients = new Map<string, { client_id: string; client_secret: string }>()
  for (const request of requests) {
    const client_id = exampleIn(request, 'client_id') ?? `${id}-client`
    const secret = exampleIn(request, 'client_secret')
    const known = clients.get(client_id)
    if (known === undefined || (secret !== undefined && known.client_secret === `${id}-secret`))
      clients.set(client_id, { client_id, client_secret: secret ?? `${id}-secret` })
  }
  return [...clients.values()]
}

function usersOf(id: string, requests: readonly RequestDraft[]): Service['users'] {
  const users = new Map<string, Service['users'][number]>()
  for (const request of requests.filter(({ request: { oneOf } }) => oneOf.some(isOfPassword))) {
    const username = exampleIn(request, 'username') ?? `${id}-user`
    if (!users.has(username))
      users.set(username, { username, password: exampleIn(request, 'password') ?? `${id}-password` })
  }
  return [...users.values()]
}

function isOfPassword({ properties }: GrantSchema): boolean {
  return Object.values(properties).some((schema) => schema.const === 'password')
}

function exampleIn(
  { document, request }: RequestDraft,
  parameter: 'client_id' | 'client_secret' | 'username' | 'password',
): string | undefined {
  const name = nameOn(fieldsOf(document), parameter)
  const schema = request.oneOf.find(({ properties }) => Object.hasOwn(properties, name))?.properties[name]
  const value = schema?.const ?? schema?.examples?.[0]
  return typeof value === 'string' ? value : undefined
}

/** Of two variants with one request the first answers. */
function remarkOnCollisions({ variants }: Service, notebook: Notebook): void {
  for (const [index, later] of variants.entries()) {
    const earlier = variants
      .slice(0, index)
      .find((each) => isSameRequest(each, later) && !isSameReply(each, later))
    if (earlier !== undefined)
      notebook.review(
        `/variants/${index}/reply`,
        `${earlier.id} and ${later.id} have one request and two replies; say of one that it is served when_named.`,
      )
  }
}

function isSameRequest(one: Variant, other: Variant): boolean {
  return (
    one.endpoint === other.endpoint &&
    one.contentTypes.some((type) => other.contentTypes.includes(type)) &&
    JSON.stringify(one.request) === JSON.stringify(other.request)
  )
}

function isSameReply({ reply: one }: Variant, { reply: other }: Variant): boolean {
  return JSON.stringify([one.schema, one.members]) === JSON.stringify([other.schema, other.members])
}
