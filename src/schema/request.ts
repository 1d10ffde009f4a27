// Request messages checked against a variant's schemas.
import { isJsonObject } from '../oauth/json.ts'
import { grantSchemaOf, grantTypesOf, type Variant, wireNameOf } from '../service/service.ts'
import { type Violation, validatorOf } from './validator.ts'

/**
 * How wire parameters depart from a variant: the violations of the schema of the grant that they name. An unknown
 * grant is one violation, because nothing else can be said of it.
 */
export function violationsOf(variant: Variant, parameters: unknown): readonly Violation[] {
  const name = wireNameOf(variant, 'grant_type')
  const grantType = isJsonObject(parameters) ? parameters[name] : undefined
  const grants = grantTypesOf(variant)
  const only = grants.length === 1 ? grants[0] : undefined
  const schema = grantSchemaOf(variant, typeof grantType === 'string' ? grantType : '')
  if (schema !== undefined) return joinRenames(validatorOf(schema)(parameters))
  if (only !== undefined) return joinRenames(validatorOf(variant.request.oneOf[0])(parameters))
  if (!isJsonObject(parameters)) return validatorOf({ type: 'object' })(parameters)
  return [
    {
      pointer: `/${name}`,
      parameter: name,
      keyword: grantType === undefined ? 'required' : 'const',
      expected: `one of ${grants.map((grant) => JSON.stringify(grant)).join(', ')}`,
      received: grantType === undefined ? 'nothing' : 'another value',
    },
  ]
}

/** A name stretched beyond this is no spelling of another, whatever it folds to. */
const longestName = 64

/** A missing parameter beside an undocumented one of nearly its name is one difference: the spelling of another SDK. */
function joinRenames(violations: readonly Violation[]): readonly Violation[] {
  if (violations.length < 2) return violations
  const strays = new Map(
    violations
      .filter(
        ({ keyword, parameter }) => keyword === 'additionalProperties' && parameter.length <= longestName,
      )
      .map(({ parameter }) => [foldName(parameter), parameter]),
  )
  const missing = violations.filter(({ keyword }) => keyword === 'required')
  const renamed = new Set(missing.flatMap(({ parameter }) => strays.get(foldName(parameter)) ?? []))
  return violations
    .filter(({ keyword, parameter }) => keyword !== 'additionalProperties' || !renamed.has(parameter))
    .map((violation) => {
      const stray = violation.keyword === 'required' ? strays.get(foldName(violation.parameter)) : undefined
      return stray === undefined ? violation : { ...violation, received: `it as "${stray}"` }
    })
}

/** A name without what differs from spelling to spelling: `client_id`, `clientId`, `ClientID` and `client-id` are one. */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/[-_\s.]/g, '')
}

/** Violations in words: `"scope": expected a string, received nothing`. */
export function formatViolation({ parameter, expected, received, keyword }: Violation): string {
  if (keyword === 'additionalProperties') return `"${parameter}" is not a documented parameter`
  const subject = parameter === '' ? 'the parameters' : `"${parameter}"`
  return `${subject}: expected ${expected}, received ${received}`
}
