// A verification as JUnit XML, as GitLab, Jenkins and the test reporters of GitHub read it: a suite per variant, a case per interaction.
import type { Verification, VerifiedInteraction } from '../verify/verification.ts'
import {
  countOf,
  detailsOf,
  type Group,
  groupsOf,
  labelOf,
  outcomeOf,
  sentenceOf,
  subjectOf,
} from './findings.ts'
import { attributesOf, escapeMarkup } from './markup.ts'
import { shownVerification } from './shown.ts'

/** Nobody took the time of single interactions, and some readers multiply what they find without asking. */
const time = 0

/** One document; a run that ended early has an error of its own, so that it is no success to any reader. */
export function formatJunit(verification: Verification): string {
  const shown = shownVerification(verification)
  const { interactions, ended } = shown
  const suites = groupsOf(shown).map(suiteOf)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    xmlElement(
      'testsuites',
      {
        name: subjectOf(shown),
        ...countsOf(interactions, ended === undefined ? 0 : 1),
        time,
      },
      [...suites, ...(ended === undefined ? [] : [endedSuite(ended)])],
    ),
    '',
  ].join('\n')
}

function suiteOf({ title, interactions }: Group): string {
  const cases = interactions.map((each) => caseOf(title, each))
  return xmlElement('testsuite', { name: title, ...countsOf(interactions, 0), time }, cases)
}

function caseOf(title: string, interaction: VerifiedInteraction): string {
  const attributes = { classname: title, name: labelOf(interaction), time }
  return xmlElement('testcase', attributes, outcomes[outcomeOf(interaction)](interaction))
}

const outcomes = {
  kept: () => [],
  skipped: ({ reason }: VerifiedInteraction) => [xmlElement('skipped', { message: reason ?? '' }, [])],
  // JUnit knows no failure that fails nothing.
  pending: (interaction: VerifiedInteraction) => [
    xmlElement('skipped', { message: `pending at the broker; ${headlineOf(interaction)}` }, []),
    `<system-out>${escapeMarkup(detailsOf(interaction).join('\n'))}</system-out>`,
  ],
  // A second failure of a case is lost on some readers, and mistaken for a list by others.
  broken: (interaction: VerifiedInteraction) => {
    const attributes = { message: headlineOf(interaction), type: interaction.differences[0]?.rule }
    return [
      `<failure${attributesOf(attributes)}>${escapeMarkup(detailsOf(interaction).join('\n'))}</failure>`,
    ]
  },
}

function headlineOf({ differences }: VerifiedInteraction): string {
  const [first, ...others] = differences.map(sentenceOf)
  return `${first ?? 'broken'}${others.length === 0 ? '' : `, and ${others.length} more`}`
}

function endedSuite(ended: string): string {
  const name = 'the run'
  const error = xmlElement('error', { message: `ended early: ${ended}`, type: 'ended' }, [])
  return xmlElement('testsuite', { name, ...countsOf([], 1), time }, [
    xmlElement('testcase', { classname: name, name: 'goes to its end', time }, [error]),
  ])
}

function countsOf(
  interactions: readonly VerifiedInteraction[],
  errors: number,
): Readonly<Record<string, number>> {
  return {
    tests: interactions.length + errors,
    failures: countOf(interactions, 'broken'),
    errors,
    skipped: countOf(interactions, 'skipped') + countOf(interactions, 'pending'),
  }
}

/** An element of XML; its children are markup. */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  children: readonly string[],
): string {
  if (children.length === 0) return `<${name}${attributesOf(attributes)}/>`
  return [`<${name}${attributesOf(attributes)}>`, ...children, `</${name}>`].join('\n')
}
