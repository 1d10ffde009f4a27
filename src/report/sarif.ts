// A verification as SARIF 2.1.0, for the code scanning of GitHub and for whatever else reads it: a result per difference.
import { createHash } from 'node:crypto'
import { verificationRules } from '../verify/rules.ts'
import type { Difference, Verification, VerifiedInteraction } from '../verify/verification.ts'
import { brokenOf, labelOf, outcomeOf, sentenceOf } from './findings.ts'
import { shownVerification } from './shown.ts'

const ruleIds = Object.keys(verificationRules)

/**
 * One run with every rule of verification, and a result for each difference.
 *
 * @see SARIF 2.1.0 §3.13, §3.27
 */
export function formatSarif(verification: Verification): string {
  const shown = shownVerification(verification)
  const { url, service, client_authentication, profile, kept, broken, skipped, ended } = shown
  const run = {
    tool: { driver: { name: 'tokenwright', rules: Object.entries(verificationRules).map(descriptorOf) } },
    automationDetails: { id: `tokenwright/${service}/` },
    invocations: [invocationOf(ended)],
    results: brokenOf(shown).flatMap((each) => each.differences.map((one) => resultOf(each, one))),
    properties: { url, service, client_authentication, profile, kept, broken, skipped },
  }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${JSON.stringify(log, null, 2)}\n`
}

type Rules = typeof verificationRules

function descriptorOf([id, { sentence, source, next }]: [string, Rules[keyof Rules]]) {
  return {
    id,
    shortDescription: { text: sentence },
    fullDescription: { text: `${sentence} Source: ${source}.` },
    help: {
      text: `${sentence}\nSource: ${source}.\nNext: ${next}.`,
      markdown: `${sentence}\n\n- Source: ${source}.\n- Next: ${next}.`,
    },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['oauth'] },
  }
}

/** Whether the run went to its end. */
export function invocationOf(ended: string | undefined) {
  if (ended === undefined) return { executionSuccessful: true }
  const notification = { level: 'error', message: textOf(`The run ended early: ${ended}`) }
  return { executionSuccessful: false, toolExecutionNotifications: [notification] }
}

function resultOf(interaction: VerifiedInteraction, difference: Difference) {
  const { variant, consumer, exchange, client_authentication, document, request } = interaction
  const { rule, where, expected, received } = difference
  const { next } = verificationRules[rule]
  const key = `${variant}#${exchange}#${client_authentication}`
  return {
    ruleId: rule,
    ruleIndex: ruleIds.indexOf(rule),
    level: outcomeOf(interaction) === 'pending' ? 'note' : 'error',
    message: textOf(
      `${variant} ${labelOf(interaction)}: ${sentenceOf(difference)}.\nDocument: ${document}.\nNext: ${next}.\nRequest: ${request}`,
    ),
    locations: [
      {
        // Of all that is in a repository, the contract is what the service breaks; its lines are nobody's concern.
        physicalLocation: { artifactLocation: { uri: contractOf(interaction) }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: key }],
      },
    ],
    // GitHub looks at this name alone, and would otherwise take the first line of the contract for one finding.
    partialFingerprints: { primaryLocationLineHash: fingerprintOf([rule, consumer, key, where]) },
    properties: {
      variant,
      consumer,
      exchange,
      client_authentication,
      where,
      expected,
      received,
      document,
      request,
    },
  }
}

/** The path of a contract as it was given; what is no path in a repository, such as a URL, goes as it is. */
function contractOf({ contract }: VerifiedInteraction): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(contract)
    ? contract
    : contract.split(/[\\/]/).map(encodeURIComponent).join('/')
}

/** The same finding has the same fingerprint in every run. */
export function fingerprintOf(parts: readonly string[]): string {
  return `${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}:1`
}

/** A text with what looks like a link has its brackets escaped. @see SARIF 2.1.0 §3.11.6 */
export function textOf(text: string): { readonly text: string } {
  return { text: text.includes('](') ? text.replace(/[[\]]/g, '\\$&') : text }
}
