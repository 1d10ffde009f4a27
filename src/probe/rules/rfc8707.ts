// RFC 8707: resource indicators.
import type { ConformanceRule, ProbeRequest } from '../rule.ts'
import { read, token } from './expected.ts'

const resource = (...resources: readonly string[]): ProbeRequest => ({
  base: 'token',
  parameters: { resource: resources },
})
/** The rules of RFC 8707. */
export const rfc8707: readonly ConformanceRule[] = [
  {
    id: 'rfc8707-2-unknown-resource',
    level: 'SHOULD',
    sentence: 'An unknown resource is an invalid target, or is ignored.',
    source: { document: 'RFC 8707 §2; RFC 6749 §3.2', read },
    argument:
      'A server that knows the parameter should answer invalid_target to a resource that it does not know; one that does not know the parameter ignores it.',
    needs: [],
    requests: [resource('https://unknown.example/')],
    judgment: { replies: [[token, { is: 'refusal', errors: ['invalid_target'] }]] },
  },
  {
    id: 'rfc8707-2-fragment',
    level: 'MUST',
    sentence: 'A resource with a fragment is an invalid target.',
    source: { document: 'RFC 8707 §2', read },
    argument:
      'A resource must not have a fragment, and a malformed one is invalid_target. A server that takes any resource, or none, may not know the parameter, and then ignores it.',
    needs: [],
    requests: [
      { ...resource('https://unknown.example/'), otherwise: 'not_applicable' },
      resource('https://unknown.example/#fragment'),
    ],
    judgment: {
      replies: [
        [{ is: 'refusal', errors: ['invalid_target'] }],
        [{ is: 'refusal', errors: ['invalid_target', 'invalid_request'] }],
      ],
    },
  },
  {
    id: 'rfc8707-2-two-resources',
    level: 'MAY',
    sentence: 'There may be several resources.',
    source: { document: 'RFC 8707 §2; RFC 6749 §3.2', read },
    argument:
      'resource may be sent several times, so that it is repeated is no fault. A server that takes any resource may not know the parameter, and may then refuse it as any that is repeated.',
    needs: [],
    requests: [
      { ...resource('https://unknown.example/'), otherwise: 'not_applicable' },
      resource('https://a.example/', 'https://b.example/'),
    ],
    judgment: {
      replies: [
        [{ is: 'refusal', errors: ['invalid_target'] }],
        [{ is: 'answer', notErrors: ['invalid_request'] }],
      ],
    },
  },
]
