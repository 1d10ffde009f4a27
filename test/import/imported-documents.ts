// Documents and fields by hand, with everything that a page leaves open left open.
import type { Fact, ImportedDocument, ImportedField, Provenance } from '../../src/import/imported.ts'

const nowhere = (words: string): Provenance => ({ file: 'acme/tokenrequest.md', line: 7, words })

/** A required string under its own name, with what is given in place of that. */
export function field(name: string, facts: Partial<ImportedField> = {}): ImportedField {
  return {
    name,
    wireName: name,
    confidence: 'high',
    type: 'string',
    notation: '*string*',
    isOptionalType: false,
    items: null,
    model: null,
    required: true,
    requiredWhen: null,
    allowedValues: null,
    example: null,
    default: null,
    description: null,
    pattern: null,
    minLength: null,
    maxLength: null,
    isSpaceDelimited: false,
    httpBasic: null,
    notSupported: false,
    deprecated: false,
    provenance: { name: nowhere(name) },
    needsReview: [],
    ...facts,
  }
}

/** A request of Acme in Go, with what is given in place of that. */
export function document(facts: Partial<ImportedDocument> = {}): ImportedDocument {
  return {
    file: 'acme/tokenrequest.md',
    format: 'markdown',
    model: 'TokenRequest',
    role: 'request',
    language: 'Go',
    description: null,
    version: null,
    fields: [],
    values: null,
    operation: null,
    wire: { servers: null, method: null, path: null, contentTypes: null, clientAuthentication: null },
    status: null,
    headers: [],
    contradictions: [],
    usage: [],
    provenance: nowhere('# TokenRequest'),
    needsReview: [],
    ...facts,
  }
}

/** A fact read somewhere. */
export function fact<T>(value: T): Fact<T> {
  return { value, provenance: nowhere(JSON.stringify(value)) }
}

/** The two grants, as Acme's page has them. */
export const loginFields: readonly ImportedField[] = [
  field('grant_type', {
    name: 'GrantType',
    allowedValues: ['client_credentials'],
    example: 'client_credentials',
  }),
  field('client_id', { name: 'ClientID', example: 'acme-id' }),
  field('client_secret', { name: 'ClientSecret', example: 'acme-secret' }),
]
