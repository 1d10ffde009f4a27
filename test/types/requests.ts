// biome-ignore-all format: the line below an expected error is the one that must not compile.
// Type tests: the compiler checks this file, and each `@ts-expect-error` fails where the line below it compiles.
import { fixture } from '../../src/fixture/fixture.ts'
import type { SchemaValue } from '../../src/service/json-schema.ts'
import type { SdkRequest, WireRequest } from '../../src/service/service.ts'
import type { VariantById } from '../../src/services/services.ts'

type Wire<Id extends Parameters<typeof byId>[0]> = WireRequest<VariantById<Id>>
type Sdk<Id extends Parameters<typeof byId>[0]> = SdkRequest<VariantById<Id>>
declare function byId(
  id:
    | VariantById<'moov/ruby'>['id']
    | VariantById<'prove/java-0.15.0'>['id']
    | VariantById<'prove/go-0.2.1'>['id']
    | VariantById<'prove/typescript-0.3.5'>['id'],
): void

export const java: Wire<'prove/java-0.15.0'> = { client_id: 'a', client_secret: 'b', grant_type: 'client_credentials' }
// @ts-expect-error: a wrong grant_type
export const javaWithWrongGrant: Wire<'prove/java-0.15.0'> = { client_id: 'a', client_secret: 'b', grant_type: 'password' }
// @ts-expect-error: client_secret is missing
export const javaWithoutSecret: Wire<'prove/java-0.15.0'> = { client_id: 'a', grant_type: 'client_credentials' }
// @ts-expect-error: no document has this parameter
export const javaWithMore: Wire<'prove/java-0.15.0'> = { client_id: 'a', client_secret: 'b', grant_type: 'client_credentials', scope: 'c' }
// @ts-expect-error: values are strings
export const javaWithNumber: Wire<'prove/java-0.15.0'> = { client_id: 1, client_secret: 'b', grant_type: 'client_credentials' }

export const optionalCredentials: Wire<'prove/typescript-0.3.5'> = { grant_type: 'client_credentials' }
export const go: Wire<'prove/go-0.2.1'> = { grant_type: 'password', username: 'a', password: 'b' }
// @ts-expect-error: username is missing
export const goWithoutUsername: Wire<'prove/go-0.2.1'> = { grant_type: 'password', password: 'b' }

export const moov: Wire<'moov/ruby'> = { grant_type: 'client_credentials', scope: '/ping.read' }
export const moovRefresh: Wire<'moov/ruby'> = { grant_type: 'refresh_token', refresh_token: 'a' }
// @ts-expect-error: client_credentials requires scope
export const moovWithoutScope: Wire<'moov/ruby'> = { grant_type: 'client_credentials' }
// @ts-expect-error: a grant that the variant does not have
export const moovWithPassword: Wire<'moov/ruby'> = { grant_type: 'password', scope: '/ping.read' }
// @ts-expect-error: an optional parameter, where it is present, is a string
export const moovWithUndefined: Wire<'moov/ruby'> = { grant_type: 'refresh_token', refresh_token: 'a', scope: undefined }
// @ts-expect-error: refresh_token requires refresh_token
export const moovWithoutToken: Wire<'moov/ruby'> = { grant_type: 'refresh_token' }

export function scopeOrToken(request: Wire<'moov/ruby'>): string {
  // Either grant's own parameter is required, and the other's may be absent.
  if (request.grant_type === 'refresh_token') return request.refresh_token
  // @ts-expect-error: refresh_token is optional in the other grant
  if (request.scope === '') return request.refresh_token
  return request.scope
}

export const goSdk: Sdk<'prove/go-0.2.1'> = { GrantType: 'password', Username: 'a', Password: 'b', ClientID: 'c' }
// @ts-expect-error: the Go SDK writes ClientID
export const goSdkOnTheWire: Sdk<'prove/go-0.2.1'> = { GrantType: 'password', Username: 'a', Password: 'b', client_id: 'c' }

export const granted: 'refresh_token' = fixture('moov/ruby', { exchange: 'refresh_token' }).grant_type
export const sdkShaped: string = fixture('prove/java-0.15.0', { shape: 'sdk' }).clientSecret
export const spoiled: string | undefined = fixture('moov/ruby', {
  exchange: 'client_credentials.missing_scope',
}).client_id
// @ts-expect-error: no such variant
export const unknownVariant = fixture('moov/cobol')
// @ts-expect-error: the wire shape has no SDK names
export const wireShaped = fixture('prove/java-0.15.0').clientSecret

interface Order {
  readonly type: 'object'
  readonly properties: {
    readonly region: { readonly enum: readonly ['eu', 'us'] }
    readonly count: { readonly type: 'integer' }
    readonly rate: { readonly type: readonly ['number', 'null'] }
    readonly resource: { readonly type: 'array'; readonly items: { readonly type: 'string' } }
    readonly claims: {
      readonly type: 'object'
      readonly properties: { readonly admin: { readonly type: 'boolean' } }
      readonly required: readonly ['admin']
    }
    readonly other: { readonly anyOf: readonly [{ readonly type: 'string' }, { readonly type: 'number' }] }
  }
  readonly required: readonly ['region']
}
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false

export const everyKeyword: Same<
  SchemaValue<Order>,
  {
    region: 'eu' | 'us'
    count?: number
    rate?: number | null
    resource?: string[]
    claims?: { admin: boolean }
    other?: unknown
  }
> = true
// @ts-expect-error: not one of the listed values
export const unlistedRegion: SchemaValue<Order> = { region: 'mars' }
