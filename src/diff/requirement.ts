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
  return `required when grant_type is ${required.grantTypes.toSorted().join(' or ')}`
}

/** What a change of the requirement is; `null`: none. */
export function requirementKind({ before, after }: Both<Requirement>, grants: Grants): FieldKind | null {
  if (formatRequirement(before) === formatRequirement(after)) return null
  const common = commonGrants(grants)
  const [had, has] = [grantsOf(before, common), grantsOf(after, common)]
  const isStricter = !isWithin(has, had)
  const isLooser = !isWithin(had, has)
  if (isStricter && isLooser) return 'required-for-other-grants'
  if (isStricter) return stricterKind(before, after)
  if (isLooser) return looserKind(before, after)
  return 'required-for-same-grants'
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
