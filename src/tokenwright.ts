// The package's main entry: what a token service is, the built-in ones, and checking a request against a variant.
export type { ClientMetadata, User } from './oauth/words.ts'
export { type Validity, validate } from './schema/validate.ts'
export type { Violation } from './schema/validator.ts'
export { type Config, defineConfig } from './service/config.ts'
export { TokenwrightError, type TokenwrightErrorCode } from './service/error.ts'
export { type Exchange, exchangesOf } from './service/exchanges.ts'
export {
  defineService,
  defineVariant,
  type GrantTypeOf,
  type SdkRequest,
  type Service,
  type Variant,
  type WireRequest,
} from './service/service.ts'
export { moov } from './services/moov/service.ts'
export { prove } from './services/prove/service.ts'
export { rfc6749 } from './services/rfc6749/service.ts'
export { services, type VariantById, type VariantId } from './services/services.ts'
