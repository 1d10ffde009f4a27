// How the parameters of a body depart from the documented ones: under another name, missing, too many, with another value.
import { grantSchemaOf, standardNameOf } from '../service/service.ts'
import { type Departure, describeValue, grantedMessageOf, valueNext } from './departure-value.ts'
import { type Interaction, isCredentialName } from './interaction.ts'
import { isSpeakingName } from './shown.ts'

/** A departure, with the name of the parameter that it is about. */
export interface ParameterDeparture {
  readonly name: string
  readonly departure: Departure
}

/** The departures of a body's parameters, in the order of the document, others last. */
export function parameterDepartures(
  interaction: Interaction,
  pairs: ReadonlyArray<readonly [string, unknown]>,
): readonly ParameterDeparture[] {
  const { parameters } = interaction.message
  const received = new Map<string, unknown[]>()
  for (const [name, value] of pairs) received.set(name, [...(received.get(name) ?? []), value])
  const extra = [...received.keys()].filter((name) => !Object.hasOwn(parameters, name))
  const missing = Object.keys(parameters).filter((name) => !received.has(name))
  const renames = new Map(
    missing.flatMap((name) => {
      const stray = extra.find((other) => fold(other) === fold(name))
      return stray === undefined ? [] : [[name, stray]]
    }),
  )
  const renamed = new Set(renames.values())
  return [
    ...Object.keys(parameters).flatMap((name) => {
      const departure = valueDeparture(interaction, name, received.get(name) ?? [], renames.get(name))
      return departure === undefined ? [] : [{ name, departure }]
    }),
    ...extra
      .filter((name) => !renamed.has(name))
      .map((name) => ({ name, departure: extraDeparture(interaction, name, received.get(name)?.[0]) })),
  ]
}

function valueDeparture(
  interaction: Interaction,
  name: string,
  values: readonly unknown[],
  rename: string | undefined,
): Departure | undefined {
  const expected = interaction.message.parameters[name] ?? ''
  if (values.length === 1 && values[0] === expected) return undefined
  const [only] = values
  const source = interaction.located.variant.document.source.document
  const received =
    values.length > 1
      ? 'it more than once'
      : values.length === 1
        ? describeValue(expected, only, grantedMessageOf(interaction).parameters[name])
        : undefined
  return {
    where: `parameter "${name}"`,
    expected: JSON.stringify(expected),
    received: received ?? (rename === undefined ? 'nothing' : `it as "${rename}"`),
    next: values.length === 1 ? valueNext : `send the parameters of ${source}, each once, and no other`,
  }
}

function extraDeparture(interaction: Interaction, name: string, value: unknown): Departure {
  const { located, exchange } = interaction
  const grant = grantSchemaOf(located.variant, exchange.grantType)
  const isOptional =
    Object.hasOwn(grant?.properties ?? {}, name) &&
    exchange.parameter !== name &&
    !isCredentialName(standardNameOf(located.variant, name))
  return {
    where: `parameter ${value === '' && !isDocumented(interaction, name) ? hiddenName : showName(interaction, name)}`,
    expected: 'no such parameter',
    received: 'it',
    next: isOptional
      ? `leave it out, or name it in parameters, such as { ${name}: '…' }, with the value that the client sends`
      : `send the parameters of ${located.variant.document.source.document}, each once, and no other`,
  }
}

const hiddenName = '(a name that is not shown)'

/** The name of a parameter, unless it could be a secret. */
export function showName(interaction: Interaction, name: string): string {
  return isDocumented(interaction, name) || isSpeakingName(name) ? `"${name}"` : hiddenName
}

function isDocumented({ located }: Interaction, name: string): boolean {
  return located.variant.request.oneOf.some(({ properties }) => Object.hasOwn(properties, name))
}

/** `client_id`, `clientId` and `ClientID` are one name. */
export function fold(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '')
}
