// Scope values: lists of case-sensitive tokens, delimited by single spaces. @see RFC 6749 §3.3

/** The syntax of a scope, as a regular expression. @see RFC 6749 appendix A.4 */
export const scopePattern = '^[!#-Z[\\]-~]+( [!#-Z[\\]-~]+)*$'

/** Whether every token of `scope` is among those of `allowed`. */
export function isScopeWithin(scope: string, allowed: string): boolean {
  const tokens = new Set(allowed.split(' '))
  return scope.split(' ').every((token) => tokens.has(token))
}
