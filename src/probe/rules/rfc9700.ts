// RFC 9700: what experience has taught about refresh tokens and passwords.
import type { ConformanceRule, ProbeRequest } from '../rule.ts'
import { noSuchGrant, noToken, otherGrant, read, refusal, token } from './expected.ts'

const pair: ProbeRequest = { base: 'refresh_token', isTwice: true, isFresh: true }

/** The rules of RFC 9700. */
export const rfc9700: readonly ConformanceRule[] = [
  {
    id: 'rfc9700-2.4-no-password-grant',
    level: 'observed',
    sentence: 'The password grant is not offered.',
    source: { document: 'RFC 9700 §2.4', read },
    argument:
      'The grant must not be used any more, says this document; RFC 6749 has it, and a service that old clients depend on offers it. So it is told and does not count. Any other refusal than of the grant or its client shows that it is offered.',
    needs: [],
    requests: [{ base: 'token', parameters: { ...otherGrant, grant_type: 'password', username: '{wrong}' } }],
    judgment: {
      replies: [
        [
          { ...noSuchGrant, is: 'refusal' },
          { is: 'refusal', unofferedGrant: 'password' },
        ],
      ],
    },
  },
  {
    id: 'rfc9700-4.14.2-used-once',
    level: 'observed',
    sentence: 'A refresh token that was used is refused.',
    source: { document: 'RFC 9700 §4.14.2', read },
    argument:
      'Rotation makes each refresh token good once. It is required for public clients whose tokens are not bound to a key; the tokens of a confidential client are bound to the client by its authentication, which protects them. So it is told and does not count.',
    needs: ['refresh_token'],
    requests: [{ base: 'refresh_token', otherwise: 'not_tried' }, { base: 'refresh_token' }],
    judgment: { replies: [[token], [noToken]] },
  },
  {
    id: 'rfc9700-4.14-one-winner',
    level: 'observed',
    sentence: 'Of two refreshes at once, one wins.',
    source: { document: 'RFC 9700 §4.14.2', read },
    argument:
      'What is good once is so for requests that come at once, too. A server that checks first and marks later gives two tokens for one, now and then: so three pairs are sent, each of a token of its own. Only public clients need tokens that are good once, so it is told and does not count.',
    needs: ['refresh_token'],
    requests: [pair, pair, pair],
    judgment: { replies: [[token], [refusal], [token, refusal], [refusal], [token, refusal], [refusal]] },
  },
  {
    id: 'rfc9700-4.14.2-family',
    level: 'observed',
    sentence: 'And with it goes every token of the same grant.',
    source: { document: 'RFC 9700 §4.14.2', read },
    argument:
      'A refresh token that is used twice was stolen by one of two, and the server cannot tell which: it revokes the newest as well. A server that bears the second use has not noticed. It is asked of public clients alone, so it is told and does not count.',
    needs: ['refresh_token'],
    requests: [
      { base: 'refresh_token', keptAs: 'next', otherwise: 'not_tried' },
      { base: 'refresh_token', otherwise: 'not_tried' },
      { base: 'refresh_token', parameters: { refresh_token: '{next.refresh_token}' } },
    ],
    judgment: {
      replies: [[{ is: 'token', members: { refresh_token: '^".+"$' } }], [refusal], [noToken]],
    },
  },
]
