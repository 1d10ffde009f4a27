// What a verification would send, as text.
import type { VerificationPlan } from '../verify/verify.ts'
import { visible } from './shown.ts'

/** Each request as a line of curl below its exchange; what would be skipped, with the reason. */
export function formatPlan({ interactions, service, url }: VerificationPlan): string {
  const lines = interactions.flatMap(({ variant, exchange, client_authentication, skipped, request }) => [
    `${skipped === undefined ? 'send' : 'skip'}  ${variant}  ${exchange}  ${skipped ?? client_authentication}`,
    ...(skipped === undefined ? [`      ${request}`] : []),
  ])
  const sent = interactions.filter(({ skipped }) => skipped === undefined).length
  const sum = `${service} at ${url}: ${sent} would be sent, ${interactions.length - sent} skipped; nothing was sent`
  return [...lines.map((line) => visible(line)), '', visible(sum)].join('\n')
}
