// What a probe would send, as text.
import type { ProbePlan } from '../probe/probing.ts'
import { visible } from './shown.ts'

/** Longest request that is shown whole. */
const longestRequest = 10_000

/** What comes first, then each rule with its requests below it, then each form of a documented request; what would not be sent, with the reason. */
export function formatProbePlan({ url, discovery, rules, matrix }: ProbePlan): string {
  const sent = matrix.filter(({ reason }) => reason === undefined).length
  const lines = [
    'first, what the service offers is found, each request as far as those before it leave it open:',
    ...discovery.flatMap((request) => [
      `find  ${request.split('\n')[0]}`,
      ...request
        .split('\n')
        .slice(1)
        .map((line) => `      ${line}`),
    ]),
    ...rules.flatMap(({ id, level, needs, requests }) => [
      `rule  ${id}  ${level}${needs.length === 0 ? '' : `  where there is ${needs.join(', ')}`}`,
      ...requests.flatMap(linesOf),
    ]),
    ...matrix.flatMap(({ variants, grantType, contentType, authentication, spelling, request, reason }) => [
      `${reason === undefined ? 'send' : 'skip'}  ${grantType}  ${contentType}  ${authentication}  ${spelling}  ${reason ?? variants.join(', ')}`,
      ...(reason === undefined ? linesOf(request) : []),
    ]),
  ]
  const sum = `${url}: first what the service offers, then ${rules.length} rules, and ${sent} documented forms would be tried, ${matrix.length - sent} skipped; nothing was sent`
  return [...lines.map((line) => visible(line, longestRequest)), '', visible(sum)].join('\n')
}

function linesOf(request: string): readonly string[] {
  return request.split('\n').map((line) => `      ${line}`)
}
