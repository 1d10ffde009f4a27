// Refusals explained: the rule, what was expected and received, and the documented variant that is nearest.
import { formatViolation, violationsOf } from '../schema/request.ts'
import { rules } from '../service/rules.ts'
import type { Rule, Service, Variant } from '../service/service.ts'
import type { Parameters } from './body.ts'
import type { Explanation } from './journal.ts'
import type { Refused } from './refused.ts'

/** What of a request the nearest variant is looked for by; absent parts were never read. */
export interface Received {
  /** The path as documented, without the mock's prefix. */
  readonly path: string
  readonly mediaType: string
  readonly parameters?: Parameters
}

/** The rule of that id: the service's own, or a general one. */
export function findRule(service: Service | undefined, id: string): Rule {
  const general: Readonly<Record<string, Rule>> = rules
  const rule = service?.rules[id] ?? general[id]
  if (rule === undefined) throw new Error(`no rule "${id}"`)
  return rule
}

/** Explains a refusal; no value of a credential is in it. */
export function explain(service: Service | undefined, refused: Refused, received: Received): Explanation {
  const { sentence, source } = findRule(service, refused.rule)
  const nearest = service === undefined ? undefined : nearestVariant(service, received)
  return {
    rule: refused.rule,
    sentence,
    source: source.document,
    detail: refused.detail,
    ...(refused.parameter !== undefined && { pointer: `/${refused.parameter}` }),
    ...(nearest !== undefined && { nearest }),
  }
}

/** Many clients read no more than 16 KiB of header in all. */
const maxReasonLength = 2000

/** One line of printable ASCII, fit for a header field. */
export function formatExplanation({ rule, sentence, detail, nearest, source }: Explanation): string {
  const requirement = `${sentence.replace(/\.$/, '')} (${source}).`
  const text = [`${rule}: ${detail}.`, requirement, nearest === undefined ? '' : `Nearest: ${nearest}.`].join(
    ' ',
  )
  return text
    .trimEnd()
    .slice(0, maxReasonLength)
    .replaceAll('§', 'section ')
    .replace(/[^\x20-\x7e]/g, '?')
}

/** A variant of another path or media type is further away than one with any number of other parameters. */
const transportWeight = 100

function nearestVariant(service: Service, received: Received): string | undefined {
  const [nearest] = service.variants
    .map((variant) => {
      const transport = transportDifferences(service, variant, received)
      const parameters = parameterDifferences(service, variant, received)
      return {
        variant,
        all: [...transport, ...parameters],
        weight: transport.length * transportWeight + parameters.length,
      }
    })
    .sort((one, other) => one.weight - other.weight)
  if (nearest === undefined) return undefined
  return `${nearest.variant.id}, first difference: ${nearest.all[0] ?? 'none in the form of the request'}`
}

function transportDifferences(
  service: Service,
  variant: Variant,
  { path, mediaType }: Received,
): readonly string[] {
  const documented = service.endpoints[variant.endpoint]?.path ?? ''
  const hasPath = path === documented
  const hasMediaType = variant.contentTypes.some((contentType) => contentType === mediaType)
  return [
    ...(hasPath ? [] : [`path: expected ${documented}, received another`]),
    ...(hasMediaType
      ? []
      : [`content type: expected ${variant.contentTypes.join(' or ')}, received another`]),
  ]
}

function parameterDifferences(
  service: Service,
  variant: Variant,
  { parameters }: Received,
): readonly string[] {
  if (parameters === undefined) return []
  return violationsOf(variant, parameters)
    .filter(({ keyword, parameter }) => keyword !== 'additionalProperties' || isSpelling(service, parameter))
    .map(formatViolation)
}

/** Whether a name is a documented one, perhaps as an SDK spells it: any other may be a secret in the wrong place. */
function isSpelling(service: Service, name: string): boolean {
  const letters = name.toLowerCase()
  return service.variants.some(({ documentedNames }) =>
    Object.keys(documentedNames).some((wire) => letters === wire || letters === wire.replaceAll('_', '')),
  )
}
