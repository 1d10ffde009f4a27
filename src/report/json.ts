// Results as one line of JSON: the data itself, and of a verification's rules those that are broken.
import { verificationRules } from '../verify/rules.ts'
import type { Verification } from '../verify/verification.ts'

/** What a terminal or a runner of CI would act on; in JSON these occur within strings alone. */
const escaped = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]|(?<=#)#/gu

/** The verification as it is, with `rules`: sentence, source and next step of each rule that a difference names. */
export function formatJson(verification: Verification): string {
  const broken = new Set(
    verification.interactions.flatMap(({ differences }) => differences.map(({ rule }) => rule)),
  )
  const rules = Object.fromEntries(
    Object.entries(verificationRules).filter(([id]) => broken.has(id as never)),
  )
  return toJsonLine({ ...verification, rules })
}

/** A value as one line of JSON, of which a terminal and a runner of CI take nothing for a command. */
export function toJsonLine(value: unknown): string {
  return JSON.stringify(value).replace(escaped, (character) =>
    Array.from({ length: character.length }, (_, index) => {
      return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
    }).join(''),
  )
}
