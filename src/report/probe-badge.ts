// A probe as a badge: JSON that shields.io draws. @see https://shields.io/badges/endpoint-badge
import { mustOf, percentOf, type ReportedProbe } from './probe.ts'

/** From so many percent on, what is broken is little. */
const almostAll = 90

/** The JSON of an endpoint of shields, with a line end. */
export function formatProbeBadge(probe: ReportedProbe): string {
  const must = mustOf(probe)
  const message = probe.ended !== undefined || must.judged === 0 ? 'unknown' : percentOf(must)
  return `${JSON.stringify({
    schemaVersion: 1,
    label: 'OAuth MUST kept',
    message: message === 'unknown' ? message : `${message} (${must.kept}/${must.judged})`,
    color: message === 'unknown' ? 'lightgrey' : colorOf(must),
  })}\n`
}

function colorOf({ kept, judged }: { readonly kept: number; readonly judged: number }): string {
  if (kept === judged) return 'brightgreen'
  return 100 * kept >= almostAll * judged ? 'yellow' : 'red'
}
