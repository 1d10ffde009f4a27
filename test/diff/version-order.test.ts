// The order of versions is that of semantic versioning.
import { describe, expect, test } from 'vitest'
import { compareVersions, highestVerdict } from '../../src/diff/version-order.ts'

/** Of semver.org, section 11, and what else people write. */
const ordered = [
  'latest',
  '0.2.1',
  '0.4.6',
  '0.11.0',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  'v1.0.1',
  '2',
  '2.1',
  '10.0.0',
]

describe('versions', () => {
  test('stand in order, wherever they stood', () => {
    for (let turn = 0; turn < ordered.length; turn += 1) {
      const turned = [...ordered.slice(turn), ...ordered.slice(0, turn)]
      expect(turned.toSorted(compareVersions)).toEqual(ordered)
    }
  })

  test('are equal in spite of builds and missing zeros', () => {
    expect([compareVersions('1.0', 'v1.0.0+build'), compareVersions(null, null)]).toEqual([0, 0])
    expect(Math.sign(compareVersions(null, '0.0.1'))).toBe(-1)
  })
})

describe('verdicts', () => {
  test.each([
    [[], null],
    [[null, 'patch'], 'patch'],
    [['patch', 'major', 'minor'], 'major'],
    [['minor', null], 'minor'],
  ] as const)('%j has the highest %s', (verdicts, highest) => {
    expect(highestVerdict(verdicts)).toBe(highest)
  })
})
