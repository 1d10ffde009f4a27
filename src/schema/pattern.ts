// Patterns as regular expressions, whoever wrote them.

/**
 * Without the flag `u` wherever it makes no difference to a pattern's meaning on the wire's characters: V8 can only then
 * go over to matching in linear time, as `tokenwright mock` has it do, when a pattern of someone's own backtracks forever.
 */
export function plainRegExp(pattern: string, flags = 'u'): RegExp {
  const needsUnicode = /\\[pPuk]|[^\x20-\x7e]/.test(pattern)
  return new RegExp(pattern, needsUnicode ? flags : flags.replace('u', ''))
}
// What ajv writes into standalone code, which nobody asks it for.
plainRegExp.code = 'new RegExp'
