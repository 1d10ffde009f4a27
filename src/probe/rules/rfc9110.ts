// RFC 9110: what HTTP means.
import type { ConformanceRule } from '../rule.ts'
import { noToken, read, token } from './expected.ts'

const head = 'POST {path} HTTP/1.1\r\n'

/** The rules of RFC 9110. */
export const rfc9110: readonly ConformanceRule[] = [
  {
    id: 'rfc9110-15-answer',
    level: 'MUST',
    sentence: 'Every request is answered.',
    source: { document: 'RFC 9110 §3.4, §15', read },
    argument:
      'A server answers each request that it receives with a reply, be it an error of its own. A closed connection and silence have the client guess, and send again.',
    needs: [],
    requests: [{ base: 'token' }],
    judgment: { every: { of: 'request' } },
  },
  {
    id: 'rfc9110-5.3-two-authorizations',
    level: 'SHOULD',
    sentence: 'Two Authorization fields are refused.',
    source: { document: 'RFC 9110 §5.3, §11.6.2', read },
    argument:
      'The field has one value, so a sender must not send two. A server that takes one of them may take another than the proxy before it did.',
    needs: ['client_secret_basic'],
    requests: [
      {
        base: 'token',
        authentication: 'none',
        headers: { authorization: ['Basic {basic}', 'Basic d3Jvbmc6d3Jvbmc='] },
      },
    ],
    judgment: { replies: [[noToken]] },
  },
  {
    id: 'rfc9110-8.3.1-media-type-case',
    level: 'MUST',
    sentence: 'The media type is the same in any case.',
    source: { document: 'RFC 9110 §8.3.1', read },
    argument: 'Type and subtype are not case-sensitive, so the body is a form.',
    needs: [],
    requests: [{ base: 'token', contentType: 'Application/X-WWW-Form-Urlencoded' }],
    judgment: { replies: [[token]] },
  },
  {
    id: 'rfc9110-11.1-scheme-case',
    level: 'MUST',
    sentence: 'The scheme of authentication is the same in any case.',
    source: { document: 'RFC 9110 §11.1', read },
    argument: 'The name of a scheme is not case-sensitive, so these are credentials of Basic.',
    needs: ['client_secret_basic'],
    requests: [{ base: 'token', authentication: 'none', headers: { authorization: 'bAsIc {basic}' } }],
    judgment: { replies: [[token]] },
  },
  {
    id: 'rfc9110-10.1.1-continue',
    level: 'MUST',
    sentence: 'A client that waits before it sends the body is told to go on.',
    source: { document: 'RFC 9110 §10.1.1, §15.5.18', read },
    argument:
      'A server that gets 100-continue sends 100 or a final reply; then the request is as good as any. It may say by 417 that it does not support it.',
    needs: [],
    requests: [{ base: 'token', headers: { expect: '100-continue' } }],
    judgment: { replies: [[token, { is: 'refusal', statuses: [417] }]] },
  },
  {
    id: 'rfc9110-15.5.2-challenge',
    level: 'MUST',
    sentence: 'Every reply of 401 has a challenge.',
    source: { document: 'RFC 9110 §15.5.2', read },
    argument:
      'A server that answers with 401 must send WWW-Authenticate with one challenge at least, whichever way the client tried.',
    needs: [],
    requests: [{ base: 'token', authentication: 'none' }],
    judgment: { every: { of: 'status_401', headers: { 'www-authenticate': '\\S' } } },
  },
  {
    id: 'rfc9110-15.5.6-allow',
    level: 'MUST',
    sentence: 'A reply of 405 names the methods that are allowed.',
    source: { document: 'RFC 9110 §15.5.6, §10.2.1', read },
    argument:
      'A server that answers with 405 must send Allow with the methods that the endpoint has, and a token endpoint has POST. Where other statuses come there is nothing to judge.',
    needs: [],
    requests: [
      { base: 'token', method: 'GET', authentication: 'none', contentType: null, body: '' },
      { base: 'token', method: 'PUT', authentication: 'none' },
      { base: 'token', method: 'DELETE', authentication: 'none', contentType: null, body: '' },
    ],
    judgment: { every: { of: 'status_405', headers: { allow: '\\bPOST\\b' } } },
  },
  {
    id: 'rfc9110-5.1-field-names',
    level: 'MUST',
    sentence: 'Names of header fields are the same in any case.',
    source: { document: 'RFC 9110 §5.1', read },
    argument: 'Names of fields are not case-sensitive, so the request is a good one.',
    needs: [],
    requests: [
      {
        base: 'token',
        raw: `${head}hOST: {host}\r\ncONNECTION: close\r\n{authorization}cONTENT-tYPE: application/x-www-form-urlencoded\r\ncONTENT-lENGTH: {length}\r\n\r\n{form}`,
      },
    ],
    judgment: { replies: [[token]] },
  },
]
