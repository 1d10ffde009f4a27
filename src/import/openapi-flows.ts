// Token requests of which a document has nothing but the `oauth2` flow of a security scheme.
import type { ClientAuthenticationMethod } from '../oauth/words.ts'
import type { Fact, ImportedDocument, ImportedField } from './imported.ts'
import { emptyField } from './openapi-fields.ts'
import { apiVersionOf, type Flow, pathOfUrl } from './openapi-operations.ts'
import { childOf, membersOf, type Place, provenanceOf } from './openapi-place.ts'
import { serversAround } from './openapi-servers.ts'

/** The grant of each kind of flow. @see RFC 6749 §4; OpenAPI 3.1 §4.8.28 */
const grants: ReadonlyMap<string, string> = new Map([
  ['clientCredentials', 'client_credentials'],
  ['password', 'password'],
  ['authorizationCode', 'authorization_code'],
])

/** The token request of a flow. */
export function documentOfFlow(document: Place, flow: Flow): ImportedDocument {
  const isRefresh = flow.url.path.at(-1) === 'refreshUrl'
  const grant = isRefresh ? 'refresh_token' : (grants.get(flow.kind) ?? null)
  const provenance = provenanceOf(flow.url)
  const kind = provenanceOf(flow.place, 'key')
  const clientAuthentication = statedAuthentication(flow.place)
  return {
    file: document.file.name,
    format: 'openapi',
    model: `${flow.scheme} ${isRefresh ? 'refresh' : flow.kind}`,
    role: 'request',
    language: null,
    description: null,
    version: apiVersionOf(document),
    fields: [...(grant === null ? [] : [grantField(grant, flow)]), ...scopeField(flow)],
    values: null,
    operation: null,
    wire: {
      servers: serversOf(document, flow),
      // A flow is one of RFC 6749, whose token requests are forms that are sent by POST. @see RFC 6749 §3.2
      method: { value: 'POST', provenance: kind },
      path: { value: pathOfUrl(String(flow.url.value)), provenance },
      contentTypes: { value: ['application/x-www-form-urlencoded'], provenance: kind },
      clientAuthentication,
    },
    status: null,
    headers: [],
    contradictions: [],
    usage: [],
    provenance,
    needsReview: [
      'the document has no operation for its token URL: method and content type are those of RFC 6749, and other parameters and replies are not known',
      ...(clientAuthentication === null ? ['the document does not say how the client authenticates'] : []),
    ],
  }
}

function serversOf(document: Place, flow: Flow): Fact<readonly string[]> | null {
  const url = String(flow.url.value)
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)?.[0]
  if (origin !== undefined) return { value: [origin], provenance: provenanceOf(flow.url) }
  return serversAround({ place: document, pathItem: document, document })
}

function grantField(grant: string, flow: Flow): ImportedField {
  const provenance = provenanceOf(flow.place, 'key')
  return {
    ...emptyField('grant_type'),
    type: 'string',
    required: true,
    allowedValues: [grant],
    provenance: {
      name: provenance,
      wireName: provenance,
      type: provenance,
      required: provenance,
      allowedValues: provenance,
    },
  }
}

/** The scopes are told in words: `scope` is a list of any of them. */
function scopeField(flow: Flow): readonly ImportedField[] {
  const scopes = childOf(flow.place, 'scopes')
  const named = scopes === null ? [] : membersOf(scopes)
  if (scopes === null || named.length === 0) return []
  const provenance = provenanceOf(scopes)
  const lines = named.map(([scope, { value }]) =>
    typeof value === 'string' && value.trim() !== '' ? `\`${scope}\`: ${value.trim()}` : `\`${scope}\``,
  )
  return [
    {
      ...emptyField('scope'),
      type: 'string',
      description: ['Scopes:', ...lines].join('\n'),
      isSpaceDelimited: true,
      provenance: {
        name: provenance,
        wireName: provenance,
        type: provenance,
        description: provenance,
        isSpaceDelimited: provenance,
      },
      needsReview: ['the document does not say whether `scope` is required'],
    },
  ]
}

/** What Speakeasy's generator is told of the token endpoint. */
function statedAuthentication(flow: Place): Fact<readonly ClientAuthenticationMethod[]> | null {
  const stated = childOf(flow, 'x-speakeasy-token-endpoint-authentication')
  const value = stated?.value
  if (stated === null || (value !== 'client_secret_basic' && value !== 'client_secret_post')) return null
  return { value: [value], provenance: provenanceOf(stated) }
}
