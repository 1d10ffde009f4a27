// What every report tells of a client's tolerance, before it has a format: a line for each case, the sum, what is to be told.
import type { ClientRun, Tolerance, ToleranceVerdict, ToleratedCase } from '../probe/tolerance.ts'
import { visible } from './shown.ts'

/** The headings of {@link cellsOf}. */
export const toleranceHeadings = [
  'Case',
  'Verdict',
  'Token calls',
  'API calls',
  'Tries again',
  'Why',
] as const

/** What a verdict is called. */
export const verdictWords: Readonly<Record<ToleranceVerdict, string>> = {
  survived: 'survived',
  failed: 'failed',
  not_tried: 'not tried',
}

/** One case in cells, below the headings; no text has a character that is not seen. */
export function cellsOf(tolerated: ToleratedCase): readonly string[] {
  const { id, verdict, tokenCalls, apiCalls, apiCallsAnswered } = tolerated
  const answered = apiCallsAnswered === apiCalls ? '' : `, ${apiCallsAnswered} answered`
  return [
    id,
    verdictWords[verdict],
    String(tokenCalls),
    `${apiCalls}${answered}`,
    againOf(tolerated),
    visible(tolerated.reason),
  ]
}

function againOf({ retried, heededRetryAfter }: ToleratedCase): string {
  if (retried === null) return ''
  if (!retried) return 'no'
  if (heededRetryAfter === null) return 'yes'
  return heededRetryAfter ? 'yes, as Retry-After says' : 'yes, before Retry-After says'
}

/** `rfc6749, node: 30 survived, 4 failed, 2 not tried` */
export function toleranceSum({ client, service, survived, failed, notTried }: Tolerance): string {
  return `${visible(client)} at ${visible(service)}: ${survived} survived, ${failed} failed, ${notTried} not tried`
}

/** The sum in a few words. */
export function toleranceHeadline({ survived, failed }: Tolerance): string {
  if (survived === 0 && failed === 0) return 'No case was tried'
  return failed === 0 ? 'The client survives' : 'The client does not survive all'
}

/** What is to be told of a case that failed, or that let a secret out. */
export function toleranceDetails(tolerated: ToleratedCase): readonly string[] {
  const { sentence, source, reason, verdict, lastWords } = tolerated
  return [
    `${sentence} (${source})`,
    ...(verdict === 'failed' ? [visible(reason)] : []),
    ...leaksOf(tolerated),
    ...(verdict === 'failed' && lastWords.length > 0
      ? ['its last words:', ...lastWords.map((line) => `  ${visible(line)}`)]
      : []),
  ]
}

/** A line for each request with a secret in its URL. */
export function leaksOf({ secretsInUrls }: ClientRun): readonly string[] {
  return secretsInUrls.map((request) => `a secret stands in the URL of ${visible(request)}`)
}

/** The cases to tell more of: those that failed, and those in which a secret was let out. */
export function tellingCases({ cases }: Tolerance): readonly ToleratedCase[] {
  return cases.filter(({ verdict, secretsInUrls }) => verdict === 'failed' || secretsInUrls.length > 0)
}

/** How the client shows itself, and what it lets out, over all runs. */
export function toleranceRemarks(tolerance: Tolerance): readonly string[] {
  const { baseline, cases, leaking, ended, survived, failed } = tolerance
  const runs = [baseline, ...cases]
  const methods = new Set(runs.flatMap(({ clientAuthentication }) => clientAuthentication))
  const requests = new Set(runs.flatMap(({ secretsInUrls }) => secretsInUrls.map((each) => visible(each))))
  return [
    `the client shows itself ${methods.size === 0 ? 'not at all' : `by ${[...methods].join(', ')}`}`,
    leaking === 0
      ? 'no secret stood in a URL'
      : `a secret stood in a URL, in ${leaking} of ${runs.length} runs: ${[...requests].join(', ')}`,
    ...(survived + failed === 0 ? ['no case was tried: nothing is known to be survived'] : []),
    ...(ended === undefined ? [] : [`ended early: ${visible(ended)}`]),
  ]
}
