// The rules that a verification holds a service to: what its replies must be, as data. Every difference names one.

/** One rule. */
export interface VerificationRule {
  readonly sentence: string
  /** Where it was read. */
  readonly source: string
  /** What to do about a difference. */
  readonly next: string
}

const compareWithDocument =
  "compare the request with the vendor's document: a parameter may be new, renamed, or no longer taken"
const readReply =
  'a client that trusts the document fails here: report it to the vendor, or have the client bear both'

/** Every rule by its id. Ids are public: never renamed. */
export const verificationRules = {
  'reply-received': {
    sentence: 'Every request is answered.',
    source: 'RFC 9110 §3.4',
    next: 'try the request by itself; a timeout may need a larger --timeout',
  },
  'reply-whole': {
    sentence: 'A reply arrives whole.',
    source: 'RFC 9112 §8',
    next: 'try the request by itself; look for a proxy that cuts replies off',
  },
  'documented-request-granted': {
    sentence: 'A documented request is granted, with 200 (OK).',
    source: 'RFC 6749 §5.1',
    next: compareWithDocument,
  },
  'rfc6749-5.1-json': {
    sentence: 'A granted reply is a JSON object of the media type application/json, with each member once.',
    source: 'RFC 6749 §5.1, RFC 8259 §4',
    next: readReply,
  },
  'rfc6749-5.1-access-token': {
    sentence: 'A granted reply has an access_token, a string that fits into a header field.',
    source: 'RFC 6749 §5.1, appendix A.12; RFC 6750 §2.1',
    next: readReply,
  },
  'rfc6749-5.1-token-type': {
    sentence: 'A granted reply has the token_type that the variant documents.',
    source: 'RFC 6749 §5.1, §7.1',
    next: "where the letters' case differs alone, have the client compare without it",
  },
  'rfc6749-5.1-expires-in': {
    sentence: 'A granted reply has expires_in, a whole number of seconds that is not negative.',
    source: 'RFC 6749 §5.1, appendix A.14',
    next: 'a client that cannot know when the token ends asks again on 401: report it to the vendor',
  },
  'rfc6749-5.1-refresh-token': {
    sentence: 'A granted reply has the refresh_token that the variant documents.',
    source: 'RFC 6749 §5.1, §6',
    next: readReply,
  },
  'rfc6749-5.1-scope': {
    sentence:
      'The scope of a granted reply, where it has one or must have one, is a list of scopes in a string.',
    source: 'RFC 6749 §3.3, §5.1',
    next: readReply,
  },
  'rfc6749-5.1-no-store': {
    sentence: 'A reply with tokens says that it must not be stored.',
    source: 'RFC 6749 §5.1',
    next: 'have caches between the client and the service store nothing, and report it to the vendor',
  },
  'rfc6749-5.1-no-error': {
    sentence: 'A granted reply has no error.',
    source: 'RFC 6749 §5.1, §5.2',
    next: 'a client that looks at error first takes the reply for a refusal: report it to the vendor',
  },
  'documented-reply-member': {
    sentence: 'A granted reply has the further members that the variant documents.',
    source: "the variant's document",
    next: readReply,
  },
  'documented-reply-header': {
    sentence: 'A reply has the header fields that the variant documents.',
    source: "the variant's document",
    next: readReply,
  },
  'documented-refusal': {
    sentence: 'A request that must be refused is not granted.',
    source: 'RFC 6749 §5.2',
    next: 'this is a defect of security in the service: report it to the vendor at once',
  },
  'rfc6749-5.2-status': {
    sentence: 'A refusal has the documented status.',
    source: "RFC 6749 §5.2, or the variant's document",
    next: 'a client that tells its errors by the status takes the wrong way here: have it bear both',
  },
  'rfc6749-5.2-json': {
    sentence: 'A refusal is a JSON object of the media type application/json.',
    source: "RFC 6749 §5.2, or the variant's document",
    next: "have the client bear replies that are no JSON; look for a proxy that answers in the service's place",
  },
  'rfc6749-5.2-error': {
    sentence: 'A refusal names the documented error.',
    source: "RFC 6749 §5.2, or the variant's document",
    next: 'a client that acts on the error takes the wrong way here: have it bear both',
  },
  'documented-error-member': {
    sentence: 'A refusal has the further members that the variant documents.',
    source: "the variant's document",
    next: readReply,
  },
} as const satisfies Readonly<Record<string, VerificationRule>>

/** The id of a rule. */
export type VerificationRuleId = keyof typeof verificationRules
