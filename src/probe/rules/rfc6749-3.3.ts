// RFC 6749 §3.3: scopes.
import type { ConformanceRule, Expected, ProbeRequest } from '../rule.ts'
import { invalidRequest, invalidScope, read, refusal, token, tokenWithScope } from './expected.ts'

const withScope = (scope: string): ProbeRequest => ({ base: 'token', parameters: { scope } })

/** A malformed scope is an error, or is ignored, which the reply then says by the scope that it has. */
const malformed: readonly Expected[] = [invalidScope, invalidRequest, tokenWithScope]
const ofMalformed =
  'A scope that is malformed is invalid_scope by §5.2; one that is no text at all may be a fault of the request as a whole. A server may also ignore the scope, and must then tell the one that it has granted instead, in the syntax of scopes.'

/** The rules of §3.3. */
export const rfc6749Section33: readonly ConformanceRule[] = [
  {
    id: 'rfc6749-3.3-scope-characters',
    level: 'MUST',
    sentence: 'A scope has printable ASCII without quotes and backslashes.',
    source: { document: 'RFC 6749 §3.3, §5.2', read },
    argument: ofMalformed,
    needs: [],
    requests: [withScope('"'), withScope('\\'), withScope('é'), withScope('read\nwrite')],
    judgment: { replies: [malformed, malformed, malformed, malformed] },
  },
  {
    id: 'rfc6749-3.3-scope-bytes',
    level: 'MUST',
    sentence: 'A scope with NUL or with a byte that is no UTF-8 is refused as the error that it is.',
    source: { document: 'RFC 6749 §3.3, §5.2, appendix B', read },
    argument: ofMalformed,
    needs: [],
    requests: [
      { base: 'token', parameters: { scope: null }, body: '{form}&scope=%00' },
      { base: 'token', parameters: { scope: null }, body: '{form}&scope=%ff' },
    ],
    judgment: { replies: [malformed, malformed] },
  },
  {
    id: 'rfc6749-3.3-scope-delimiter',
    level: 'MUST',
    sentence: 'Scope tokens are delimited by spaces and nothing else.',
    source: { document: 'RFC 6749 §3.3', read },
    argument:
      'A tab is neither a delimiter nor a character of a scope, so the scope is malformed. A server may ignore it, as it ignores a scope that nobody has: a token of the same scope as for such a one leaves it open. A token of another has read the tab as a space.',
    needs: ['scope'],
    requests: [
      { ...withScope('no.such.scope'), keptAs: 'unknown', otherwise: 'not_tried' },
      withScope('{tabbed_scope}'),
    ],
    judgment: {
      replies: [
        [token, refusal],
        [invalidScope, invalidRequest],
      ],
    },
    unclear: [{ ...tokenWithScope, compared: [{ member: 'scope', to: 'unknown', is: 'same' }] }],
  },
  {
    id: 'rfc6749-3.3-scope-case',
    level: 'MUST',
    sentence: 'Scope tokens are case-sensitive.',
    source: { document: 'RFC 6749 §3.3', read },
    argument:
      'In other letters it is another scope: it is refused as one that is not known, or the token tells which scope it has instead.',
    needs: ['scope'],
    requests: [withScope('{swapped_scope}')],
    judgment: { replies: [[invalidScope, tokenWithScope]] },
  },
  {
    id: 'rfc6749-3.3-scope-order',
    level: 'MUST',
    sentence: 'The order of scope tokens does not matter.',
    source: { document: 'RFC 6749 §3.3', read },
    argument: 'Where a scope has several tokens their order is of no meaning: the same is granted.',
    needs: ['several_scopes'],
    requests: [withScope('{reversed_scope}')],
    judgment: { replies: [[token]] },
  },
  {
    id: 'rfc6749-3.3-scope-default',
    level: 'MUST',
    sentence: 'Without a scope, a default one is granted, or the refusal is of the scope.',
    source: { document: 'RFC 6749 §3.3', read },
    argument:
      'A server that gets no scope must go on with a default one or fail the request as one of an invalid scope: there is no third way.',
    needs: [],
    requests: [{ base: 'token', parameters: { scope: null } }],
    judgment: { replies: [[token, invalidScope]] },
  },
  {
    id: 'rfc6749-3.3-unknown-scope',
    level: 'MUST',
    sentence: 'A scope that nobody has is refused, or the token tells what it has instead.',
    source: { document: 'RFC 6749 §3.3, §5.1, §5.2', read },
    argument:
      'An unknown scope is invalid_scope. A server may ignore it, and must then say which scope it granted: without a word the client takes the token for one of the scope it asked for.',
    needs: [],
    requests: [withScope('no.such.scope')],
    judgment: { replies: [[invalidScope, tokenWithScope]] },
  },
  {
    id: 'rfc6749-5.1-scope-told',
    level: 'MUST',
    sentence: 'A scope that is not the one asked for is told.',
    source: { document: 'RFC 6749 §3.3, §5.1', read },
    argument:
      'scope may be missing only where it is the one asked for. Of two, one is unknown: either the request fails, or the reply names what was granted.',
    needs: ['scope'],
    requests: [withScope('{scope} no.such.scope')],
    judgment: { replies: [[refusal, tokenWithScope]] },
  },
  {
    id: 'rfc6749-3.3-scope-slashes',
    level: 'MUST',
    sentence: 'Scope tokens may hold slashes and dots.',
    source: { document: 'RFC 6749 §3.3', read },
    argument:
      'Slashes and dots are characters of scopes: the request is well formed. It gets a token, or is refused for a scope that nobody has.',
    needs: [],
    requests: [withScope('/accounts.read /accounts.write')],
    judgment: { replies: [[token, invalidScope]] },
  },
]
