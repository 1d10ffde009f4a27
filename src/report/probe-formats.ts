// The formats of a report on a probe, as data: the command line derives its flags from them.
import { toJsonLine } from './json.ts'
import type { ReportedProbe } from './probe.ts'
import { formatProbeBadge } from './probe-badge.ts'
import { formatProbeHtml } from './probe-html.ts'
import { formatProbeJunit } from './probe-junit.ts'
import { formatProbeMarkdown } from './probe-markdown.ts'
import { formatProbeSarif } from './probe-sarif.ts'

/** One format, which goes to a file of its own. */
export interface ProbeFormat {
  readonly sentence: string
  readonly format: (probe: ReportedProbe) => string
}

/** Every format that goes to a file, by its flag. */
export const probeFormats: Readonly<Record<string, ProbeFormat>> = {
  markdown: {
    sentence: 'Write Markdown, such as to "$GITHUB_STEP_SUMMARY".',
    format: formatProbeMarkdown,
  },
  html: { sentence: 'Write one HTML page, which needs no other file.', format: formatProbeHtml },
  junit: {
    sentence: 'Write JUnit XML, for GitLab, Jenkins and test reporters.',
    format: formatProbeJunit,
  },
  sarif: { sentence: 'Write SARIF 2.1.0, for code scanning.', format: formatProbeSarif },
  badge: { sentence: 'Write a badge, as JSON for an endpoint of shields.io.', format: formatProbeBadge },
}

/** The probe as one line of JSON; `changes` is null where there was nothing to compare with. */
export function formatProbeJson({ changes, ...probe }: ReportedProbe): string {
  return toJsonLine({ ...probe, changes: changes ?? null })
}
