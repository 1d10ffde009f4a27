// Profiles: what is known of a product that serves tokens, as data: where it answers, and where its words are its own.
import type { ClientAuthenticationMethod, ContentType } from '../oauth/words.ts'
import { TokenwrightError } from '../service/error.ts'

/** How a product refuses, where that differs from the contract; its own takes the place of the contract's. */
export interface ProfileRefusal {
  /** The statuses of which one is sent. */
  readonly status?: readonly number[]
  /** The values of `error` of which one is sent; empty where no JSON is. */
  readonly error?: readonly string[]
  /** What the product does not offer, or cannot be told, and why: the exchange is skipped. */
  readonly skipped?: string
}

/** A product that serves tokens. */
export interface Profile {
  readonly id: string
  /** The name of the product. */
  readonly product: string
  /** The path of its token endpoint; `undefined` where each installation chooses. */
  readonly path?: string
  /** Default: found by asking. */
  readonly authentication?: ClientAuthenticationMethod
  /** Default: the contract's. */
  readonly contentType?: ContentType
  /** The grants that it offers. Default: those of the contract. */
  readonly grants?: readonly string[]
  /** By an exchange's id, or by its fault alone, such as `wrong_secret`. */
  readonly refusals?: Readonly<Record<string, ProfileRefusal>>
  /** Where this was read, or with what version it was seen. */
  readonly source: string
}

/** Every profile. */
export const profiles: readonly Profile[] = []

/** @throws {TokenwrightError} `ERR_OPTION_INVALID` */
export function findProfile(id: string): Profile {
  const profile = profiles.find((each) => each.id === id)
  if (profile !== undefined) return profile
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected a profile, received ${JSON.stringify(id)}; known profiles: ${profiles.map(({ id }) => id).join(', ')}`,
  )
}
