// A verification as annotations of a GitHub Actions job: commands to the runner, a line each.
import type { Verification, VerifiedInteraction } from '../verify/verification.ts'
import { brokenOf, detailsOf, labelOf, outcomeOf, subjectOf, sumOf } from './findings.ts'
import { shownVerification } from './shown.ts'

/** GitHub shows ten annotations of a level for a step, and drops the others without a word. */
const mostOfLevel = 10

type Level = 'error' | 'warning'

interface Annotation {
  readonly level: Level
  readonly title: string
  readonly lines: readonly string[]
}

/**
 * An error for each broken interaction, a warning for each pending one; the empty text when there is none.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function formatGithub(verification: Verification): string {
  const shown = shownVerification(verification)
  const { ended } = shown
  const annotations = brokenOf(shown).map(annotationOf)
  const early: readonly Annotation[] =
    ended === undefined ? [] : [{ level: 'error', title: 'Verification ended early', lines: [ended] }]
  const levels = Map.groupBy([...early, ...annotations], ({ level }) => level)
  return [...levels.values()]
    .flatMap((ofLevel) => limited(ofLevel, `${subjectOf(shown)}: ${sumOf(shown)}`))
    .map(commandOf)
    .join('\n')
}

function annotationOf(interaction: VerifiedInteraction): Annotation {
  return {
    level: outcomeOf(interaction) === 'pending' ? 'warning' : 'error',
    title: `${interaction.variant} ${labelOf(interaction)}`,
    lines: detailsOf(interaction),
  }
}

function limited(annotations: readonly Annotation[], sum: string): readonly Annotation[] {
  const [first] = annotations
  if (first === undefined || annotations.length <= mostOfLevel) return annotations
  const shown = annotations.slice(0, mostOfLevel - 1)
  const title = `${annotations.length - shown.length} more findings`
  return [...shown, { level: first.level, title, lines: [sum] }]
}

function commandOf({ level, title, lines }: Annotation): string {
  return `::${level} title=${escapeProperty(title)}::${escapeMessage(lines.join('\n'))}`
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
