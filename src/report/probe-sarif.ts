// A probe as SARIF 2.1.0, for the code scanning of GitHub and for whatever else reads it: a result per broken rule.
import { probeLockFileName } from '../probe/lock.ts'
import type { JudgedRule } from '../probe/probed.ts'
import { findingsOf, mustOf, type ReportedProbe, shownProbe, type Weight, weightOf } from './probe.ts'
import { fingerprintOf, invocationOf, textOf } from './sarif.ts'

const levels: Readonly<Record<Weight, string>> = { broken: 'error', warning: 'warning', note: 'note' }

/** One run with every rule that was looked at, and a result for each that is broken. @see SARIF 2.1.0 §3.13, §3.27 */
export function formatProbeSarif(probe: ReportedProbe): string {
  const shown = shownProbe(probe)
  const { url, rules, sent, ended } = shown
  const { kept, judged } = mustOf(shown)
  const run = {
    tool: { driver: { name: 'tokenwright', rules: rules.map(descriptorOf) } },
    automationDetails: { id: 'tokenwright/probe/' },
    invocations: [invocationOf(ended)],
    results: findingsOf(shown, 'worst_first').map((rule) => resultOf(url, rule, rules.indexOf(rule))),
    properties: { url, mustKept: kept, mustJudged: judged, sent },
  }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${JSON.stringify(log, null, 2)}\n`
}

function descriptorOf(rule: JudgedRule) {
  const { id, sentence, source, level } = rule
  return {
    id,
    shortDescription: textOf(sentence),
    fullDescription: textOf(`${sentence} ${level}, ${source}.`),
    help: textOf(`${sentence}\nLevel: ${level}.\nSource: ${source}.`),
    defaultConfiguration: { level: levels[weightOf(rule)] },
    properties: { tags: ['oauth', level] },
  }
}

function resultOf(url: string, rule: JudgedRule, ruleIndex: number) {
  const { id, sentence, source, reason, requests } = rule
  const shown = requests.map(({ request, received }) => `Request: ${request}\nReply: ${received}`)
  return {
    ruleId: id,
    ruleIndex,
    level: levels[weightOf(rule)],
    message: textOf([`${sentence} ${reason}.`, `Source: ${source}.`, ...shown].join('\n')),
    locations: [
      {
        // Of all that is in a repository, the lock file is what tells of the service; its lines are nobody's concern.
        physicalLocation: { artifactLocation: { uri: probeLockFileName }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: `${url}#${id}` }],
      },
    ],
    partialFingerprints: { primaryLocationLineHash: fingerprintOf([id, url]) },
    properties: { source, reason, requests },
  }
}
