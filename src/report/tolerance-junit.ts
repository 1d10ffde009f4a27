// A client's tolerance as JUnit XML: one suite, a case of its own for each case.
import type { Tolerance, ToleratedCase } from '../probe/tolerance.ts'
import { xmlElement } from './junit.ts'
import { escapeMarkup } from './markup.ts'
import { visible } from './shown.ts'
import { leaksOf, toleranceDetails, toleranceSum } from './tolerance.ts'

/** Nobody took the time of the cases: two runs are equal. */
const time = 0

/**
 * One document; a run that ended early, one in which nothing was tried, and a secret in a URL where nothing was in the
 * client's way have a case of their own.
 */
export function formatToleranceJunit(tolerance: Tolerance): string {
  const { cases, baseline, client, ended, survived, failed } = tolerance
  const className = `tolerance of ${visible(client)}`
  const leaks = leaksOf(baseline)
  const extra = [
    ...(leaks.length === 0 ? [] : [failing(className, 'baseline', leaks[0] ?? '', leaks)]),
    ...(survived + failed > 0 || ended !== undefined
      ? []
      : [failing(className, 'survives a case', 'no case was tried', [])]),
    ...(ended === undefined
      ? []
      : [failing(className, 'goes to its end', `ended early: ${visible(ended)}`, [])]),
  ]
  const failures = cases.filter(isFailure).length + extra.length
  const counts = {
    tests: cases.length + extra.length,
    failures,
    errors: 0,
    skipped: tolerance.notTried,
    time,
  }
  const suite = xmlElement('testsuite', { name: className, ...counts }, [
    ...cases.map((tolerated) => caseOf(className, tolerated)),
    ...extra,
  ])
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    xmlElement('testsuites', { name: toleranceSum(tolerance), ...counts }, [suite]),
    '',
  ].join('\n')
}

function isFailure({ verdict, secretsInUrls }: ToleratedCase): boolean {
  return verdict === 'failed' || (verdict === 'survived' && secretsInUrls.length > 0)
}

function caseOf(className: string, tolerated: ToleratedCase): string {
  const { id, sentence, reason, verdict } = tolerated
  const name = `${id}: ${sentence}`
  if (isFailure(tolerated)) {
    const message = verdict === 'failed' ? visible(reason) : (leaksOf(tolerated)[0] ?? '')
    return failing(className, name, message, toleranceDetails(tolerated))
  }
  const skipped = verdict === 'not_tried' ? [xmlElement('skipped', { message: visible(reason) }, [])] : []
  return xmlElement('testcase', { classname: className, name, time }, skipped)
}

function failing(className: string, name: string, message: string, details: readonly string[]): string {
  return xmlElement('testcase', { classname: className, name, time }, [
    xmlElement('failure', { message, type: 'tolerance' }, [escapeMarkup(details.join('\n'))]),
  ])
}
