// What a page says plainly of the wire: request lines, curl lines, header fields. A table alone says nothing of it.
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import type { Fact, ImportedField, ImportedWire, Provenance } from './imported.ts'
import type { Block } from './markdown-tree.ts'
import { requestOf } from './snippet-request.ts'
import { readUsage } from './usage.ts'

/** One statement about the wire, with the words it was read from. */
export interface WireStatement {
  readonly method?: string
  readonly url?: string
  readonly contentType?: ContentType
  readonly clientAuthentication?: ClientAuthenticationMethod
  /** The snippet, where it stands in one: it is about a model that it names a field of. */
  readonly code?: string
  readonly provenance: Provenance
}

const requestLine = /\b(POST|PUT|PATCH)[\s`*]{1,4}((?:https?:\/\/[\w.:{}<>-]+)?\/[\w./{}:~-]*)/
const contentTypeOf = (text: string): ContentType | undefined =>
  /\bapplication\/(?:x-www-form-urlencoded|json)\b/i.exec(text)?.[0].toLowerCase() as ContentType | undefined

/** Whether prose says what media type a request has. */
function speaksOfRequest(words: string): boolean {
  const isContentType = /\bcontent[- ]type\b|\bencoded (?:in|as|with|using)\b/i.test(words)
  return isContentType && !/\brespon[ds]/i.test(words)
}

/** The method, where prose speaks of one kind of request alone. */
function methodOf(words: string): string | undefined {
  if (/\b(?:not|never|no longer|cannot)\b|n't\b/i.test(words)) return undefined
  const named = [...words.matchAll(/\b(GET|POST|PUT|PATCH|DELETE)[`*]{0,3} requests?\b/g)].map(
    ([, method]) => method,
  )
  const [method] = named
  return new Set(named).size === 1 && method !== 'GET' && method !== 'DELETE' ? method : undefined
}

/** The statements of one block of a page. */
export function wireStatementsOf(block: Block, file: string): readonly WireStatement[] {
  if (block.kind === 'code') return codeStatements(block.text, { file, line: block.line + 1 })
  if (block.kind !== 'paragraph' && block.kind !== 'heading') return []
  const provenance = { file, line: block.line, words: block.words }
  const [, method, url] = requestLine.exec(block.words) ?? []
  const contentType = speaksOfRequest(block.words) ? contentTypeOf(block.words) : undefined
  const saidMethod = method ? undefined : methodOf(block.words)
  return [
    ...(method && url ? [{ method, url, provenance }] : []),
    ...(saidMethod ? [{ method: saidMethod, provenance }] : []),
    ...(contentType ? [{ contentType, provenance }] : []),
  ]
}

function codeStatements(code: string, { file, line }: { readonly file: string; readonly line: number }) {
  const request = requestOf(code)
  if (!request) return []
  const provenance = { file, line: line + request.line - 1, words: request.words }
  const { method, url, body, hasBasic } = request
  const stated = contentTypeOf(request.headers.get('content-type') ?? '')
  const contentType = stated ?? (request.isForm ? 'application/x-www-form-urlencoded' : undefined)
  const hasSecret = /["'&]?\bclient_?secret["']?\s*[=:]/i.test(body)
  const statement: WireStatement = {
    ...(method ? { method } : {}),
    ...(url && /^(?:https?:\/\/[\w.:{}<>$-]+)?\//.test(url) ? { url } : {}),
    ...(contentType ? { contentType } : {}),
    code,
    provenance,
  }
  return [
    statement,
    ...(hasBasic ? [{ clientAuthentication: 'client_secret_basic' as const, code, provenance }] : []),
    ...(hasSecret ? [{ clientAuthentication: 'client_secret_post' as const, code, provenance }] : []),
  ]
}

/** What the statements say of one model's request, and what they leave to a person. */
export function wireOf(
  statements: readonly WireStatement[],
  fields: readonly ImportedField[],
): { readonly wire: ImportedWire; readonly needsReview: readonly string[] } {
  const own = statements.filter(
    ({ code, method }) =>
      code === undefined || (readUsage(code, fields).named.length > 0 && method !== 'GET'),
  )
  const needsReview: string[] = []
  const only = (name: string, facts: readonly Fact<string>[]): Fact<string> | null => {
    const values = [...new Set(facts.map(({ value }) => value))]
    if (values.length === 1) return facts[0] ?? null
    needsReview.push(
      values.length === 0
        ? `Say the ${name}: the page does not determine it`
        : `Say the ${name}: the page shows ${values.join(' and ')}`,
    )
    return null
  }
  const method = only(
    'method',
    factsOf(own, (statement) => statement.method),
  )
  const path = only(
    'path',
    factsOf(own, ({ url }) => pathOf(url)),
  )
  const contentTypes = all(factsOf(own, (statement) => statement.contentType))
  if (!contentTypes) needsReview.push('Say the content type: the page does not determine it')
  const clientAuthentication =
    authenticationOf(fields) ?? all(factsOf(own, (statement) => statement.clientAuthentication))
  if (!clientAuthentication)
    needsReview.push('Say how the client authenticates: the page does not determine it')
  const servers = factsOf(own, ({ url }) => /^https?:\/\/[^/]+/.exec(url ?? '')?.[0])
  const placeholders = servers.filter(({ value }) => isPlaceholderServer(value))
  if (placeholders.length > 0)
    needsReview.push(
      `Say the server: the page shows ${[...new Set(placeholders.map(({ value }) => value))].join(' and ')}, in which a name is left to you`,
    )
  return {
    wire: {
      servers: all(servers.filter((server) => !placeholders.includes(server))),
      method,
      path,
      contentTypes,
      clientAuthentication,
    },
    needsReview,
  }
}

/** `https://{yourDomain}`, `https://<tenant>.acme.example`, `https://YOUR_DOMAIN`: underscores are in no host's name. */
function isPlaceholderServer(server: string): boolean {
  return /[{}<>$_]|\byour-?(?:\w+-?)?(?:domain|tenant|host|server|instance|org)\b/i.test(server)
}

function pathOf(url: string | undefined): string | undefined {
  return url?.replace(/^https?:\/\/[^/]+/, '').replace(/[?#].*$/, '') || undefined
}

function factsOf<T>(
  statements: readonly WireStatement[],
  of: (statement: WireStatement) => T | undefined,
): readonly Fact<T>[] {
  return statements.flatMap((statement) => {
    const value = of(statement)
    return value === undefined ? [] : [{ value, provenance: statement.provenance }]
  })
}

function all<T>(facts: readonly Fact<T>[]): Fact<readonly T[]> | null {
  const [first] = facts
  return first ? { value: [...new Set(facts.map(({ value }) => value))], provenance: first.provenance } : null
}

/** Fields that may stand "here in the body, or as the username" of HTTP Basic say both methods. */
function authenticationOf(
  fields: readonly ImportedField[],
): Fact<readonly ClientAuthenticationMethod[]> | null {
  const secret = fields.find(({ httpBasic }) => httpBasic === 'password')
  const provenance = secret?.provenance.httpBasic
  if (!provenance || !fields.some(({ httpBasic }) => httpBasic === 'username')) return null
  const isBasicAlone = /\b(?:cannot|can not|(?:must|should|may) not|must be)\b/i.test(provenance.words)
  return {
    value: isBasicAlone ? ['client_secret_basic'] : ['client_secret_basic', 'client_secret_post'],
    provenance,
  }
}
