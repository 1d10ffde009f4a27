// A verification as it may be shown: a service chooses some of its words, and no text gets further than to be read.
import type { Difference, Verification, VerifiedInteraction } from '../verify/verification.ts'

/** Longest text that is shown whole, in UTF-16 code units. */
export const longestText = 1000

/** The same for a request, which is of no use in part. */
const longestRequest = 10_000

/** What is not seen, or changes how the text beside it is seen: controls, bidi overrides, line ends, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A text on one line, every character of it seen: an escape sequence stands for each that would not be. */
export function visible(text: string, longest = longestText): string {
  const part = text.length <= longest ? text : text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')
  const shown = part.replace(unseen, escapeCharacter)
  return part === text ? shown : `${shown}… (${text.length - part.length} more characters)`
}

function escapeCharacter(character: string): string {
  const short = shortEscapes[character]
  if (short !== undefined) return short
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}

/** A verification whose every text is {@link visible}. */
export function shownVerification(verification: Verification): Verification {
  const { url, service, profile, ended, interactions } = verification
  return {
    ...verification,
    url: visible(url),
    service: visible(service),
    ...(profile !== undefined && { profile: visible(profile) }),
    ...(ended !== undefined && { ended: visible(ended) }),
    interactions: interactions.map(shownInteraction),
  }
}

function shownInteraction(interaction: VerifiedInteraction): VerifiedInteraction {
  const { reason } = interaction
  return {
    ...interaction,
    consumer: visible(interaction.consumer),
    variant: visible(interaction.variant),
    exchange: visible(interaction.exchange),
    client_authentication: visible(interaction.client_authentication),
    differences: interaction.differences.map(shownDifference),
    ...(reason !== undefined && { reason: visible(reason) }),
    document: visible(interaction.document),
    request: visible(interaction.request, longestRequest),
  }
}

function shownDifference({ rule, where, expected, received }: Difference): Difference {
  return { rule, where: visible(where), expected: visible(expected), received: visible(received) }
}
