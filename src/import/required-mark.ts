// The marks by which tables say that a field is required: signs, emoji names, words. What is no mark is left open.
import { plainProse } from './sentences.ts'

const marks: ReadonlyMap<string, boolean> = new Map([
  ...[
    ':heavy_check_mark:',
    ':white_check_mark:',
    ':ballot_box_with_check:',
    ':check_mark:',
    ':+1:',
    '✔',
    '✓',
    '✅',
    '☑',
    '🗸',
    '●',
    '[x]',
    'yes',
    'y',
    'true',
    'required',
    'mandatory',
    'always',
    'req',
    'm',
  ].map((mark) => [mark, true] as const),
  ...[
    ':heavy_minus_sign:',
    ':x:',
    ':heavy_multiplication_x:',
    ':negative_squared_cross_mark:',
    ':white_large_square:',
    '➖',
    '❌',
    '✗',
    '✘',
    '✖',
    '❎',
    '☐',
    '○',
    '−',
    '–',
    '—',
    '-',
    '[ ]',
    'no',
    'n',
    'false',
    'optional',
    'not required',
    'never',
    'opt',
    'o',
  ].map((mark) => [mark, false] as const),
])

/**
 * What a cell of the column says; `null` where it is empty or says something else, such as `conditional`. An empty cell
 * is left open: beside cells with marks it may mean "no", and may as well have been forgotten.
 */
export function readRequiredMark(words: string): boolean | null {
  return marks.get(markOf(words)) ?? null
}

function markOf(words: string): string {
  // The variation selector that makes a sign an emoji says nothing here.
  const plain = plainProse(words).replace(/`|\uFE0E|\uFE0F/g, '')
  return plain.replace(/[.!]$/, '').trim().toLowerCase()
}
