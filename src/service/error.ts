// The one error class that users see: a stable code, and a message that says expected, received, where, next step.

/** Stable codes: added, deprecated, never renamed. */
export type TokenwrightErrorCode =
  | 'ERR_SERVICE_UNKNOWN'
  | 'ERR_SERVICE_INVALID'
  | 'ERR_VARIANT_UNKNOWN'
  | 'ERR_EXCHANGE_UNKNOWN'
  | 'ERR_FIXTURE_INVALID'
  | 'ERR_OPTION_INVALID'
  | 'ERR_CONFIG_INVALID'
  | 'ERR_PEER_MISSING'
  | 'ERR_CONTRACT_INVALID'
  | 'ERR_CONTRACT_CLIENT'
  | 'ERR_CREDENTIAL_MISSING'
  | 'ERR_UNREACHABLE'
  | 'ERR_NOT_GRANTED'
  | 'ERR_BROKER_REFUSED'
  | 'ERR_BROKER_INVALID'
  | 'ERR_LOCK_INVALID'
  | 'ERR_DOCUMENT_INVALID'
  | 'ERR_IMPORT_CONFLICT'
  | 'ERR_DIFF_INVALID'
  | 'ERR_CLIENT_FAILED'
  | 'ERR_LISTEN'

/** Thrown for wrong use and for a target that cannot be reached; never holds a secret. */
export class TokenwrightError extends Error {
  override readonly name = 'TokenwrightError'
  readonly code: TokenwrightErrorCode

  constructor(code: TokenwrightErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
