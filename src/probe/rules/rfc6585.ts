// RFC 6585: too many requests.
import type { ConformanceRule } from '../rule.ts'
import { read } from './expected.ts'

/** The rules of RFC 6585. */
export const rfc6585: readonly ConformanceRule[] = [
  {
    id: 'rfc6585-4-too-many-requests',
    level: 'SHOULD',
    sentence: 'Too many requests are answered with a reason.',
    source: { document: 'RFC 6585 §4', read },
    argument:
      'A reply of 429 should explain what is too much. It cannot be brought about without harm: where none comes it was not tried.',
    needs: [],
    requests: [],
    judgment: { every: { of: 'status_429', body: '\\S' } },
  },
]
