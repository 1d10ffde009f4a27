// What a test does with a mock besides asking it, whatever the host.
import type { Clock } from '../engine/clock.ts'
import type { Journal } from '../engine/journal.ts'
import type { OutcomeControl } from '../engine/outcome-control.ts'
import type { TimedEngine } from './options.ts'

/** A mock at hand in the process of a test. */
export interface MockControls {
  /** The mock's time: move it ahead to let tokens expire. */
  readonly clock: Clock
  /** The most recent requests, and why each was refused. */
  readonly journal: Journal
  /**
   * Answers the next requests with outcomes: `respondNext('429x2')`, `respondNext('slow2s', { client_id: 'web' })`.
   * @throws {TokenwrightError} `ERR_OPTION_INVALID` for an outcome that does not exist
   */
  readonly respondNext: OutcomeControl['respondNext']
  /** Forgets every token, request and outcome, and sets the clock back. */
  readonly reset: () => void
}

/** The controls of the engine that is there when they are used. */
export function controlsOf(timed: () => TimedEngine): MockControls {
  const { clock, engine } = timed()
  return {
    clock,
    journal: engine.journal,
    respondNext: (sequence, target) => timed().engine.outcomes.respondNext(sequence, target),
    reset: () => {
      const { journal, outcomes, states } = timed().engine
      journal.clear()
      outcomes.clearQueue()
      outcomes.restart()
      clock.reset()
      for (const { accessTokens, refreshTokens, rate } of states.values()) {
        accessTokens.clear()
        refreshTokens.clear()
        rate.requests = 0
      }
    },
  }
}
