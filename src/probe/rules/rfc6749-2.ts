// RFC 6749 §2.3 and appendix B: how a client shows who it is.
import type { ConformanceRule } from '../rule.ts'
import { invalidClient, invalidRequest, noToken, otherWay, read, token } from './expected.ts'

/** The rules of §2. */
export const rfc6749Section2: readonly ConformanceRule[] = [
  {
    id: 'rfc6749-2.3-one-mechanism',
    level: 'MUST',
    sentence: 'A request with two ways of client authentication is refused.',
    source: { document: 'RFC 6749 §2.3, §5.2', read },
    argument:
      'A client must not use two ways in one request, and §5.2 names just this as an example of invalid_request. Both ways carry the right secret; a service that counts the request as badly authenticated says invalid_client, which is a refusal as well.',
    needs: ['client_secret'],
    requests: [{ base: 'token', authentication: 'both' }],
    judgment: { replies: [[invalidRequest, invalidClient]] },
  },
  {
    id: 'rfc6749-2.3-own-secret',
    level: 'MUST',
    sentence: 'A secret is good for its own client alone.',
    source: { document: 'RFC 6749 §2.3, §3.2.1', read },
    argument:
      'Authentication shows that the client is the one it says it is, and binds what is issued to it: a secret that another client has shows nothing, so there is no token.',
    needs: ['client_secret', 'other_client'],
    requests: [{ base: 'token', authentication: 'secret_of_another', isTrial: true }],
    judgment: { replies: [[noToken]] },
  },
  {
    id: 'rfc6749-2.3.1-basic',
    level: 'MUST',
    sentence: 'A client with a secret may use HTTP Basic.',
    source: { document: 'RFC 6749 §2.3.1', read },
    argument:
      'The server must support Basic for clients that were issued a password. This client is granted tokens in some way. Where it is refused by Basic as a client, it may be registered for that other way, and nothing is known, unless the metadata lists the ways without Basic.',
    needs: ['client_secret'],
    requests: [{ base: 'token', authentication: 'client_secret_basic' }],
    judgment: { replies: [[token]] },
    unclear: otherWay('client_secret_basic'),
  },
  {
    id: 'rfc6749-2.3.1-basic-form-decoded',
    level: 'MUST',
    sentence: 'Id and secret are form-decoded after Base64.',
    source: { document: 'RFC 6749 §2.3.1, appendix B', read },
    argument:
      'The client form-encodes both before Basic, so a server that compares the encoded text with the secret refuses the right one. It shows where id or secret have characters that the encoding changes.',
    needs: ['client_secret', 'client_secret_basic', 'encoded_credentials'],
    requests: [{ base: 'token', authentication: 'form_encoded_basic' }],
    judgment: { replies: [[token]] },
  },
  {
    id: 'rfc6749-b-needless-escapes',
    level: 'MUST',
    sentence: 'Percent escapes of id and secret are decoded where they are not needed, too.',
    source: { document: 'RFC 6749 §2.3.1, appendix B', read },
    argument:
      'Form encoding may escape any byte, and the same text results from decoding. A server that decodes Basic credentials as it must therefore knows the client by its escaped id and secret.',
    needs: ['client_secret', 'client_secret_basic'],
    requests: [{ base: 'token', authentication: 'escaped_basic' }],
    judgment: { replies: [[token]] },
  },
  {
    id: 'rfc6749-2.3.1-post',
    level: 'MAY',
    sentence: 'Client credentials may stand in the body.',
    source: { document: 'RFC 6749 §2.3.1', read },
    argument:
      'The server may support credentials in the body. Where this client, which is granted tokens in some way, is refused as a client, it may be registered for that other way, unless the metadata lists the ways without this one.',
    needs: ['client_secret'],
    requests: [{ base: 'token', authentication: 'client_secret_post' }],
    judgment: { replies: [[token]] },
    unclear: otherWay('client_secret_post'),
  },
  {
    id: 'rfc6749-2.3.1-not-in-uri',
    level: 'MUST',
    sentence: 'Client credentials in the URI are none.',
    source: { document: 'RFC 6749 §2.3.1', read },
    argument:
      'Credentials can be sent in the body alone and must not be in the URI, where logs keep them. A server that reads them from there invites clients to do so; to it the request has no authentication.',
    needs: ['client_secret', 'refusals'],
    requests: [
      {
        base: 'token',
        authentication: 'none',
        query: { client_id: '{client_id}', client_secret: '{client_secret}' },
      },
      {
        base: 'token',
        authentication: 'client_id',
        query: { client_secret: '{client_secret}' },
      },
    ],
    judgment: { replies: [[noToken], [noToken]] },
  },
]
