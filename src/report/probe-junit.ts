// A probe as JUnit XML: a suite per document, a case per rule.
import type { JudgedRule } from '../probe/probed.ts'
import { xmlElement } from './junit.ts'
import { escapeMarkup } from './markup.ts'
import { brokenWord, type ReportedProbe, rulesByDocument, shownProbe, sumOf, weightOf } from './probe.ts'

/** Nobody took the time of single rules. */
const time = 0

/** One document; a run that ended early has an error of its own, so that it is no success to any reader. */
export function formatProbeJunit(probe: ReportedProbe): string {
  const shown = shownProbe(probe)
  const { rules, url, ended } = shown
  const suites = [...rulesByDocument(shown)].map(([document, some]) =>
    xmlElement(
      'testsuite',
      { name: document, ...countsOf(some, 0), time },
      some.map((rule) => caseOf(document, rule)),
    ),
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    xmlElement(
      'testsuites',
      { name: `${url}: ${sumOf(shown)}`, ...countsOf(rules, ended === undefined ? 0 : 1), time },
      [...suites, ...(ended === undefined ? [] : [endedSuite(ended)])],
    ),
    '',
  ].join('\n')
}

const isFailure = (rule: JudgedRule) => rule.verdict === 'broken' && weightOf(rule) === 'broken'

function countsOf(rules: readonly JudgedRule[], errors: number): Readonly<Record<string, number>> {
  const kept = rules.filter(({ verdict }) => verdict === 'kept').length
  const failures = rules.filter(isFailure).length
  return { tests: rules.length + errors, failures, errors, skipped: rules.length - kept - failures }
}

function caseOf(document: string, rule: JudgedRule): string {
  const { id, sentence } = rule
  return xmlElement('testcase', { classname: document, name: `${id}: ${sentence}`, time }, outcomeOf(rule))
}

function outcomeOf(rule: JudgedRule): readonly string[] {
  const { verdict, reason, level } = rule
  if (verdict === 'kept') return []
  if (verdict !== 'broken')
    return [xmlElement('skipped', { message: `${verdict.replace('_', ' ')}: ${reason}` }, [])]
  const details = escapeMarkup(detailsOf(rule).join('\n'))
  // JUnit knows no failure that fails nothing, and only a MUST is one.
  return isFailure(rule)
    ? [xmlElement('failure', { message: reason, type: level }, [details])]
    : [
        xmlElement('skipped', { message: `${brokenWord(rule)}, ${level}: ${reason}` }, []),
        `<system-out>${details}</system-out>`,
      ]
}

function detailsOf({ sentence, source, reason, requests }: JudgedRule): readonly string[] {
  return [
    `${sentence} (${source})`,
    reason,
    ...requests.flatMap(({ request, received }) => [request, `→ ${received}`]),
  ]
}

function endedSuite(ended: string): string {
  const name = 'the run'
  const error = xmlElement('error', { message: `ended early: ${ended}`, type: 'ended' }, [])
  return xmlElement('testsuite', { name, ...countsOf([], 1), time }, [
    xmlElement('testcase', { classname: name, name: 'goes to its end', time }, [error]),
  ])
}
