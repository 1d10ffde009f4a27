// The outcome of a verification as text.
import type { Verification, VerifiedInteraction } from '../verify/verify.ts'

/** One line per interaction, what differed below it, and the sum. */
export function formatVerification(verification: Verification): string {
  const { interactions, url, service, client_authentication, kept, broken, skipped } = verification
  const widths = [widest(interactions, 'variant'), widest(interactions, 'exchange')]
  const lines = interactions.flatMap((each) => [
    [
      each.verdict.padEnd(8),
      each.variant.padEnd(widths[0] ?? 0),
      each.exchange.padEnd(widths[1] ?? 0),
      each.reason ?? each.client_authentication,
    ].join('  '),
    ...each.differences.map(({ where, problem }) => `          ${where}: ${problem}`),
  ])
  const by = client_authentication === undefined ? '' : `, by ${client_authentication}`
  return [...lines, '', `${service} at ${url}${by}: ${kept} kept, ${broken} broken, ${skipped} skipped`].join(
    '\n',
  )
}

function widest(interactions: readonly VerifiedInteraction[], column: 'variant' | 'exchange'): number {
  return Math.max(0, ...interactions.map((each) => each[column].length))
}
