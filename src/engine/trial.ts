// One request, tried against each documented form that it may have meant.
import { type Attempt, createAttempt, type Trial } from './attempt.ts'
import type { AcceptedForm } from './desk.ts'
import type { PostEndpoint } from './endpoints/endpoint.ts'
import type { Refused } from './refused.ts'

/** The first form that passes every step, or the one that got furthest with its refusal. */
export function runSteps(
  trial: Trial,
  forms: readonly AcceptedForm[],
  steps: PostEndpoint['steps'],
): readonly [attempt: Attempt, refused: Refused | undefined] {
  let furthest = -1
  let result: readonly [Attempt, Refused | undefined] | undefined
  for (const form of forms) {
    const attempt = createAttempt(trial, form)
    const { index, reason } = runUntilRefused(attempt, steps)
    if (reason === undefined) return [attempt, undefined]
    if (index > furthest) {
      furthest = index
      result = [attempt, reason]
    }
  }
  if (result === undefined) throw new Error('an endpoint with a media type has a form of it')
  return result
}

function runUntilRefused(
  attempt: Attempt,
  steps: PostEndpoint['steps'],
): { readonly index: number; readonly reason?: Refused } {
  for (let index = 0; index < steps.length; index += 1) {
    const reason = steps[index]?.(attempt)
    if (reason !== undefined) return { index, reason }
  }
  return { index: steps.length }
}
