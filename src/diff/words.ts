// The words of a name, whatever its casing: `clientID`, `ClientId` and `client_id` are the same two. What they are compared
// by is symmetric, so that a diff reads the same in both directions.

/** The words of a name in lower case, each without the `s` of a plural: `scopes` and `scope` are one. */
export function wordsOf(name: string): readonly string[] {
  const words = name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Nd}+|\p{Lo}+/gu) ?? [name]
  return words.map((word) => word.toLowerCase().replace(/(?<=..[^s])s$/, ''))
}

/** The letters and digits of a name: what is left where its casing leaves the words open. */
export function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{Nd}]/gu, '')
}

/** How much two lists of words have in common, from 0 to 1, each word counted once. Dice's coefficient. */
export function likenessOf(one: readonly string[], other: readonly string[]): number {
  const words = new Set(one)
  const others = new Set(other)
  if (words.size + others.size === 0) return 0
  let common = 0
  for (const word of words) if (others.has(word)) common += 1
  return (2 * common) / (words.size + others.size)
}
