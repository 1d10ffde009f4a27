// A verification as it may be shown: a service chooses some of its words, and no text gets further than to be read.
import { escapeUnseen } from '../oauth/text.ts'
import type { Difference, Verification, VerifiedInteraction } from '../verify/verification.ts'

/** Longest text that is shown whole, in UTF-16 code units. */
export const longestText = 1000

/** The same for a request, which is of no use in part. */
const longestRequest = 10_000

/** A text on one line, every character of it seen: an escape sequence stands for each that would not be. */
export function visible(text: string, longest = longestText): string {
  const part = text.length <= longest ? text : text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')
  const shown = escapeUnseen(part)
  return part === text ? shown : `${shown}… (${text.length - part.length} more characters)`
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
