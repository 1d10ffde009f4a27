// The draft of OAuth 2.1, where it asks for more than RFC 6749.
import type { ConformanceRule } from '../rule.ts'
import { otherWay, read, token } from './expected.ts'

const origin = 'https://app.example'

/** The rules of OAuth 2.1. */
export const oauth21: readonly ConformanceRule[] = [
  {
    id: 'oauth2.1-2.4.1-post',
    level: 'MUST',
    sentence: 'Client credentials in the body are supported.',
    source: { document: 'OAuth 2.1 (draft) §2.4.1', read },
    argument:
      'The draft turns it round: credentials in the body must be supported, and Basic may be. Where this client, which is granted tokens in some way, is refused as a client, it may be registered for that other way, unless the metadata lists the ways without this one.',
    needs: ['client_secret'],
    requests: [{ base: 'token', authentication: 'client_secret_post' }],
    judgment: { replies: [[token]] },
    unclear: otherWay('client_secret_post'),
  },
  {
    id: 'oauth2.1-3.2-cors',
    level: 'SHOULD',
    sentence: 'Pages of other origins that may ask may read the reply, too.',
    source: { document: 'OAuth 2.1 (draft) §3.2', read },
    argument:
      'A server that wishes to serve applications in browsers has to have the fields of CORS at its token endpoint: on the preflight, and on the reply itself. One that has them nowhere does not wish to; one that refuses this page, or gives it a token without the field, as it serves the pages of each client alone, leaves it open. A field with two values is none to a browser.',
    needs: ['cors'],
    requests: [
      {
        base: 'token',
        method: 'OPTIONS',
        authentication: 'none',
        contentType: null,
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
        body: '',
      },
      { base: 'token', headers: { origin } },
    ],
    judgment: {
      replies: [
        [{ is: 'answer', headers: { 'access-control-allow-origin': '^[^,]+$' } }],
        [{ is: 'token', headers: { 'access-control-allow-origin': '^[^,]+$' } }],
      ],
    },
    unclear: [
      { is: 'refusal' },
      {
        is: 'token',
        headers: { 'access-control-allow-origin': null },
        meaning: 'the service may have a list of origins for each client',
      },
    ],
  },
]
