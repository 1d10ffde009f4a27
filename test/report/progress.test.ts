// Progress: silent at first, one line on a terminal, a line now and then elsewhere.
import { describe, expect, test } from 'vitest'
import { createProgress } from '../../src/report/progress.ts'
import { interactionOf } from './sample.ts'

/** What is written while interactions come at these times, in milliseconds. */
function written(
  times: readonly number[],
  terminal: { isTTY?: boolean; columns?: number },
): readonly string[] {
  const chunks: string[] = []
  let time = 1000
  const progress = createProgress({ ...terminal, write: (text) => chunks.push(text) }, { now: () => time })
  times.forEach((at, index) => {
    time = 1000 + at
    const verdict = index === 1 ? 'broken' : 'kept'
    progress.tell(index + 1, times.length, interactionOf({ verdict, exchange: `password.${index}\u001b[2J` }))
  })
  progress.end()
  progress.end()
  return chunks
}

const label = (index: number) => `rfc6749/password password.${index}\\u001b[2J, by client_secret_basic`

describe('progress', () => {
  test('is silent while a run is short', () => {
    expect([written([10, 20, 1999], { isTTY: true }), written([10, 20, 1999], {})]).toEqual([[], []])
  })

  test('is one line on a terminal, and gone at the end', () => {
    const clear = '\r\u001b[2K'
    expect(written([10, 2000, 2001], { isTTY: true, columns: 120 })).toEqual([
      `${clear}2 of 3, 1 broken: ${label(1)}`,
      `${clear}3 of 3, 1 broken: ${label(2)}`,
      clear,
    ])
    expect(written([2000], { isTTY: true, columns: 20 })[0]).toBe(`${clear}1 of 1: rfc6749/pas`)
  })

  test('is a line every ten seconds elsewhere', () => {
    expect(written([10, 20, 2000, 11_999, 12_000], {})).toEqual([
      `3 of 5, 1 broken: ${label(2)}\n`,
      `5 of 5, 1 broken: ${label(4)}\n`,
    ])
  })
})
