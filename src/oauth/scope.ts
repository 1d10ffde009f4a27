// Scope values: a list of case-sensitive tokens, delimited by single spaces.

const scopeSyntax = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/

/** The tokens of a scope value; `undefined` when it breaks the syntax. @see RFC 6749 §3.3 and appendix A.4 */
export function parseScope(scope: string): readonly string[] | undefined {
  return scopeSyntax.test(scope) ? scope.split(' ') : undefined
}

/** Whether every token of `scope` is among those of `allowed`. */
export function isScopeWithin(scope: string, allowed: string): boolean {
  const tokens = allowed.split(' ')
  return scope.split(' ').every((token) => tokens.includes(token))
}
