// An explanation of a failing request as text, JSON and Markdown.
import type { Explanation, ExplanationPlan, TriedVariant } from '../probe/explain.ts'
import type { ProbedExchange } from '../probe/probed.ts'
import { visible } from './shown.ts'

/** Longest request that is shown whole. */
const longestRequest = 10_000

/** The answer in a sentence. */
function verdictOf({ outcome, isUnsteady, changes, variants, url, tried }: Explanation): string {
  if (outcome === 'accepted')
    return isUnsteady
      ? `the request was refused, and accepted when it was sent again: ${url} does not answer alike each time`
      : `the request is accepted by ${url}: there is nothing to explain`
  if (outcome === 'explained')
    return `${changes.length === 1 ? 'one change turns' : `${changes.length} changes turn`} refusal into success, as ${shortened(variants)} is accepted`
  if (outcome === 'no_variant') return refusedVariants(tried.length, url)
  return `it could not be found out why ${url} refuses the request`
}

function refusedVariants(count: number, url: string): string {
  if (count === 0) return 'no documented request can be made of the credentials given'
  const which =
    count === 1 ? 'the one documented request is not' : `none of the ${count} documented requests is`
  return `${which} accepted by ${url} either, with the credentials given`
}

function shortened([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} (and ${others.length} more of the same bytes)`
}

function minimality({ outcome, isMinimal, changes }: Explanation): string | undefined {
  if (outcome !== 'explained') return undefined
  if (isMinimal)
    return changes.length === 1
      ? 'without this change it is refused'
      : 'without any single one of these changes it is refused'
  return 'whether all of these changes are needed was not found out'
}

function received({ status, error, received }: ProbedExchange): string {
  const parts = [
    status === null ? 'no reply' : String(status),
    error ?? '',
    received === error ? '' : received,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

function triedLine({
  variants,
  contentType,
  authentication,
  outcome,
  status,
  error,
  differences,
}: TriedVariant): string {
  const answer = outcome === 'refused' ? [status, error].filter((part) => part !== null).join(' ') : ''
  const words = differences === 1 ? '1 difference' : `${differences} differences`
  return `${outcome} ${answer === '' ? '' : `${answer}  `}${shortened(variants)}  ${contentType}  ${authentication}  ${words}`
}

/** Lines for a terminal. */
export function formatExplanation(explanation: Explanation): string {
  const { failing, changes, mended, tried, notes } = explanation
  const smallest = minimality(explanation)
  return [
    visible(verdictOf(explanation)),
    ...changes.map(({ what, sent, accepted }) => `  ${visible(`${what}: ${sent} → ${accepted}`)}`),
    ...(smallest === undefined ? [] : [smallest]),
    '',
    `sent      ${visible(received(failing))}`,
    `  ${visible(failing.request, longestRequest)}`,
    ...(mended === undefined ? [] : ['accepted', `  ${visible(mended, longestRequest)}`]),
    ...(tried.length === 0 ? [] : ['', 'documented requests, the nearest first']),
    ...tried.map((each) => `  ${visible(triedLine(each))}`),
    ...notes.map((note) => `note: ${visible(note)}`),
    '',
    sentWords(explanation),
  ].join('\n')
}

function sentWords({ sent, revoked }: Explanation): string {
  const requests = `${sent} ${sent === 1 ? 'request was' : 'requests were'} sent`
  if (revoked === 0) return requests
  return `${requests}, and ${revoked} ${revoked === 1 ? 'token' : 'tokens'} revoked`
}

/** What would be sent, as lines for a terminal. */
export function formatExplanationPlan({ url, maxRequests, requests }: ExplanationPlan): string {
  const lines = requests.flatMap(({ what, request, skipped }) => [
    visible(
      `${skipped === undefined ? 'send' : 'skip'}  ${what}${skipped === undefined ? '' : `  ${skipped}`}`,
    ),
    `      ${visible(request, longestRequest)}`,
  ])
  return [
    ...lines,
    '',
    visible(
      `${maxRequests} requests to ${url} at most: these until one is accepted, and between it and the first, what has a part of the changes; nothing was sent`,
    ),
  ].join('\n')
}

/** One line of JSON. */
export function formatExplanationJson(explanation: Explanation): string {
  return JSON.stringify(explanation)
}

/** A section of Markdown. */
export function formatExplanationMarkdown(explanation: Explanation): string {
  const { failing, changes, mended, tried, notes } = explanation
  const smallest = minimality(explanation)
  return `${[
    '## Why the request fails',
    '',
    `${sentence(escapeMarkdown(visible(verdictOf(explanation))))}`,
    ...(changes.length === 0 ? [] : ['', '| what | sent | accepted |', '|---|---|---|']),
    ...changes.map(({ what, sent, accepted }) => `| ${[what, sent, accepted].map(cell).join(' | ')} |`),
    ...(smallest === undefined ? [] : ['', sentence(smallest)]),
    '',
    `Sent, and answered with ${cell(received(failing))}:`,
    '',
    codeBlock(failing.request),
    ...(mended === undefined ? [] : ['', 'Accepted:', '', codeBlock(mended)]),
    ...(tried.length === 0
      ? []
      : [
          '',
          '| documented request | media type | authentication | outcome | differences |',
          '|---|---|---|---|---|',
        ]),
    ...tried.map(({ variants, contentType, authentication, outcome, status, error, differences }) => {
      const answer = [outcome, status ?? '', error ?? ''].filter((part) => part !== '').join(' ')
      return `| ${[shortened(variants), contentType, authentication, answer, String(differences)].map(cell).join(' | ')} |`
    }),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${escapeMarkdown(visible(note))}`)]),
    '',
    `${sentWords(explanation)}.`,
  ].join('\n')}\n`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function cell(text: string): string {
  return escapeMarkdown(visible(text))
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#|~!&]/g, '\\$&')
}

/** A fence is longer than any row of backticks in it. */
function codeBlock(text: string): string {
  const shown = visible(text, longestRequest)
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}sh\n${shown}\n${fence}`
}
