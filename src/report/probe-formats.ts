// The formats of a report on a probe, as data: the command line derives its flags from them.
import { toJsonLine } from './json.ts'
import type { ReportedProbe } from './probe.ts'

/** One format, which goes to a file of its own. */
export interface ProbeFormat {
  readonly sentence: string
  readonly format: (probe: ReportedProbe) => string
}

/** Every format that goes to a file, by its flag. */
export const probeFormats: Readonly<Record<string, ProbeFormat>> = {}

/** The probe as one line of JSON; `changes` is null where there was nothing to compare with. */
export function formatProbeJson({ changes, ...probe }: ReportedProbe): string {
  return toJsonLine({ ...probe, changes: changes ?? null })
}
