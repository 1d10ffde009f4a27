// When a field has to be there, on both sides: compared for the grants that both sides have, because only who uses one of
// these can notice.
import type { FieldKind } from './rules.ts'
import type { Both } from './sides.ts'
import type { Requirement } from './subject.ts'

type Grants = Both<readonly string[] | null>

/** The words for a requirement. */
export function formatRequirement(required: Requirement | null): string {
  if (required === null) return 'perhaps required: the document does not say'
  if (required === 'always') return 'required'
  if (required === 'never') return 'optional'
  if ('parameter' in required) return `required when ${required.parameter} is ${required.value}`
  return `required when grant_type is ${required.grantTypes.toSorted().join(' or ')}`
}

/** What a change of the requirement is; `null`: none. */
export function requirementKind({ before, after }: Both<Requirement>, grants: Grants): FieldKind | null {
  if (formatRequirement(before) === formatRequirement(after)) return null
  if (isOnParameter(before) || isOnParameter(after)) return conditionKind(before, after)
  const common = commonGrants(grants)
  const [had, has] = [grantsOf(before, common), grantsOf(after, common)]
  const isStricter = !isWithin(has, had)
  const isLooser = !isWithin(had, has)
  if (isStricter && isLooser) return 'required-for-other-grants'
  if (isStricter) return stricterKind(before, after)
  if (isLooser) return looserKind(before, after)
  return 'required-for-same-grants'
}

/** A condition on another parameter asks more than nothing, less than always, and another thing than any other condition. */
function conditionKind(before: Requirement, after: Requirement): FieldKind {
  if (before === 'never') return 'now-conditional'
  if (after === 'never') return 'no-longer-conditional'
  if (after === 'always') return 'now-required'
  return before === 'always' ? 'now-optional' : 'required-for-other-grants'
}

/** Whether a requirement is a condition on another parameter than the grant. */
export function isOnParameter(required: Requirement): boolean {
  return typeof required === 'object' && 'parameter' in required
}

/** What a field is that one side alone has, by its requirement and by the grants of the other side. */
export function presenceOf(
  required: Requirement | null,
  own: readonly string[] | null,
  others: readonly string[] | null,
): 'required' | 'conditional' | 'optional' | 'undetermined' | 'with-grant' {
  if (required === null) return 'undetermined'
  if (required === 'always') return 'required'
  if (required === 'never') return 'optional'
  if ('parameter' in required) return 'conditional'
  const common = commonGrants({ before: own, after: others })
  const isOfOtherGrants = common !== null && !required.grantTypes.some((grant) => common.includes(grant))
  return isOfOtherGrants ? 'with-grant' : 'conditional'
}

/** `null`: the sides do not both list their grants, or have none in common. */
function commonGrants({ before, after }: Grants): readonly string[] | null {
  const common = before?.filter((grant) => after?.includes(grant)) ?? []
  return common.length === 0 ? null : common
}

/** The grants that require it; `null`: every one there is. */
function grantsOf(required: Requirement, common: readonly string[] | null): readonly string[] | null {
  if (required === 'always') return common
  if (required === 'never') return []
  if ('parameter' in required) return []
  return common === null ? required.grantTypes : required.grantTypes.filter((grant) => common.includes(grant))
}

function isWithin(one: readonly string[] | null, other: readonly string[] | null): boolean {
  if (other === null) return true
  return one?.every((grant) => other.includes(grant)) ?? false
}

function stricterKind(before: Requirement, after: Requirement): FieldKind {
  if (before !== 'never') return 'required-for-more-grants'
  return after === 'always' ? 'now-required' : 'now-conditional'
}

function looserKind(before: Requirement, after: Requirement): FieldKind {
  if (after !== 'never') return 'required-for-fewer-grants'
  return before === 'always' ? 'now-optional' : 'no-longer-conditional'
}
