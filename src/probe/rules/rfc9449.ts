// RFC 9449: proofs of possession.
import type { ConformanceRule, Expected, ProbeProof, ProbeRequest } from '../rule.ts'
import { read } from './expected.ts'

const faults: readonly ProbeProof[] = [
  { claims: { htm: 'GET' } },
  { claims: { htu: 'https://other.example/token' } },
  { claims: { iat: -86_400 } },
  { claims: { jti: null } },
  { alg: 'none' },
  { typ: 'JWT' },
  { hasPrivateKey: true },
  { isByAnother: true },
]
const faulty: readonly ProbeRequest[] = [
  { base: 'token', headers: { dpop: 'a.b.c' } },
  ...faults.map((proof): ProbeRequest => ({ base: 'token', proof })),
]
const invalidProof: readonly Expected[] = [{ is: 'refusal', errors: ['invalid_dpop_proof'] }]
const wantsNonce: Expected = { is: 'refusal', errors: ['use_dpop_nonce'] }
const notBound: Expected = { is: 'token', members: { token_type: '^"[Bb]earer"$' } }

/** The rules of RFC 9449. */
export const rfc9449: readonly ConformanceRule[] = [
  {
    id: 'rfc9449-5-dpop-token',
    level: 'MUST',
    sentence: 'A proof of possession gets a token that is bound to it.',
    source: { document: 'RFC 9449 §5', read },
    argument:
      'A token that is bound has the type DPoP. A server may leave the token of a client unbound, and then says Bearer; one that wants a nonce first says that.',
    needs: ['dpop'],
    requests: [{ base: 'token', proof: {} }],
    judgment: { replies: [[{ is: 'token', members: { token_type: '^"[Dd][Pp][Oo][Pp]"$' } }]] },
    inapplicable: [notBound],
    unclear: [wantsNonce],
  },
  {
    id: 'rfc9449-4.3-proof',
    level: 'MUST',
    sentence: 'A faulty proof is refused.',
    source: { document: 'RFC 9449 §4.3, §5', read },
    argument:
      'A proof for which any check of §4.3 fails is invalid_dpop_proof. A server that leaves tokens unbound may look at none; one that wants a nonce first says that.',
    needs: ['dpop'],
    requests: faulty,
    judgment: { replies: faulty.map(() => invalidProof) },
    unclear: [wantsNonce],
  },
  {
    id: 'rfc9449-4.3-one-proof',
    level: 'SHOULD',
    sentence: 'Two proofs are refused.',
    source: { document: 'RFC 9449 §4.3', read },
    argument:
      'There is not more than one DPoP field in a request, and one with two is invalid_dpop_proof. Servers of HTTP join fields of one name or keep the first, before the service sees them, so it is advice.',
    needs: ['dpop'],
    requests: [{ base: 'token', headers: { dpop: ['a.b.c', 'a.b.c'] } }],
    judgment: { replies: [invalidProof] },
    unclear: [wantsNonce],
  },
  {
    id: 'rfc9449-11.1-replay',
    level: 'SHOULD',
    sentence: 'A proof is good once.',
    source: { document: 'RFC 9449 §4.3, §11.1', read },
    argument: 'A proof whose jti was seen should be refused, so that nobody who saw it can use it again.',
    needs: ['dpop'],
    requests: [
      { base: 'token', proof: {}, otherwise: 'not_tried' },
      { base: 'token', proof: { isReplayed: true } },
    ],
    judgment: {
      replies: [[{ is: 'token', members: { token_type: '^"[Dd][Pp][Oo][Pp]"$' } }], [{ is: 'refusal' }]],
    },
  },
  {
    id: 'rfc9449-8-nonce',
    level: 'MUST',
    sentence: 'A server that wants a nonce gives one.',
    source: { document: 'RFC 9449 §8', read },
    argument:
      'The refusal use_dpop_nonce comes with a DPoP-Nonce field, without which the client could never go on. A server that gives a token wants none.',
    needs: ['dpop'],
    requests: [{ base: 'token', proof: {} }],
    judgment: { replies: [[{ ...wantsNonce, headers: { 'dpop-nonce': '.' } }]] },
    inapplicable: [{ is: 'token' }],
  },
  {
    id: 'rfc9449-6.1-thumbprint',
    level: 'MUST',
    sentence: 'A token that is bound to a key names it.',
    source: { document: 'RFC 9449 §6.1, §6.2', read },
    argument: 'What introspection says of a bound token has cnf with the thumbprint of the key.',
    needs: ['dpop', 'introspection'],
    requests: [
      { base: 'token', proof: {}, keptAs: 'bound', otherwise: 'not_tried' },
      { base: 'introspection', parameters: { token: '{bound.access_token}' } },
    ],
    judgment: {
      replies: [
        [{ is: 'token', members: { token_type: '^"[Dd][Pp][Oo][Pp]"$' } }],
        [{ is: 'answer', members: { active: '^true$', cnf: '"jkt":' } }],
      ],
    },
  },
]
