// The list of built-in token services. Adding one is a folder beside this file and one line here.
import { moov } from './moov/service.ts'
import { prove } from './prove/service.ts'
import { rfc6749 } from './rfc6749/service.ts'

/** The built-in services, vendors first. */
export const services = [prove, moov, rfc6749] as const

/** Every built-in variant. */
export type BuiltInVariant = (typeof services)[number]['variants'][number]

/** The ids of the built-in variants. */
export type VariantId = BuiltInVariant['id']

/** The built-in variant of an id. */
export type VariantById<Id extends VariantId> = Extract<BuiltInVariant, { readonly id: Id }>
