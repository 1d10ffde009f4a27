// RFC 9112: how HTTP/1.1 is written.
import type { ConformanceRule } from '../rule.ts'
import { noToken, read, token } from './expected.ts'

const head = 'POST {path} HTTP/1.1\r\n'
const rest = 'Connection: close\r\n{authorization}Content-Type: application/x-www-form-urlencoded\r\n'

/** The rules of RFC 9112. */
export const rfc9112: readonly ConformanceRule[] = [
  {
    id: 'rfc9112-7.1-chunked',
    level: 'MUST',
    sentence: 'A body may come in chunks.',
    source: { document: 'RFC 9112 §7.1; RFC 9110 §15.5.12', read },
    argument:
      'A recipient must be able to read chunks, so the request is a good one. A server may want the length beforehand, and says so by 411.',
    needs: [],
    requests: [
      {
        base: 'token',
        raw: `${head}Host: {host}\r\n${rest}Transfer-Encoding: chunked\r\n\r\n{hex_length}\r\n{form}\r\n0\r\n\r\n`,
      },
    ],
    judgment: { replies: [[token, { is: 'refusal', statuses: [411] }]] },
  },
  {
    id: 'rfc9112-6.3-two-lengths',
    level: 'MUST',
    sentence: 'A request with two lengths is refused.',
    source: { document: 'RFC 9112 §6.3', read },
    argument:
      'Two values of Content-Length that differ cannot be mended: the message must be refused, or a proxy and the server may read it in two ways.',
    needs: [],
    requests: [
      {
        base: 'token',
        raw: `${head}Host: {host}\r\n${rest}Content-Length: {length}\r\nContent-Length: 1\r\n\r\n{form}`,
      },
    ],
    judgment: { replies: [[noToken]] },
  },
  {
    id: 'rfc9112-3.2-host',
    level: 'MUST',
    sentence: 'A request without Host is refused with 400.',
    source: { document: 'RFC 9112 §3.2', read },
    argument: 'A server must answer with 400 to a request of HTTP/1.1 that lacks Host.',
    needs: [],
    requests: [{ base: 'token', raw: `${head}${rest}Content-Length: {length}\r\n\r\n{form}` }],
    judgment: { replies: [[{ is: 'refusal', statuses: [400] }]] },
  },
]
