// Comparing secrets without telling by the time it takes how much of them was right.

/** Whether two strings are equal, in a time that depends on their lengths alone. */
export function isSameSecret(given: string, expected: string): boolean {
  // Whatever is no string is no secret, and its length would be none.
  if (typeof given !== 'string' || typeof expected !== 'string') return false
  let difference = given.length ^ expected.length
  for (let index = 0; index < given.length; index += 1) {
    difference |= given.charCodeAt(index) ^ expected.charCodeAt(index % Math.max(expected.length, 1))
  }
  return difference === 0
}
