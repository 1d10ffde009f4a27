// What can change, as data: whom each change breaks, why, and which change undoes it. A change of a field has one kind, and
// two opposite judgments: what a request asks is a demand on clients, what a reply says is a promise to them.
import type { Area, Layer, SemanticVersion } from './change.ts'

/** One rule of classification. */
export interface Rule {
  readonly area: Area
  readonly layer: Layer
  readonly verdict: SemanticVersion
  /** `{what}` is the subject with its place, `{before}` and `{after}` are both sides. */
  readonly sentence: string
  /** Whom it breaks, and why. */
  readonly reason: string
  /** The rule of the same change in the other direction; its own id where both directions are one. */
  readonly mirror: RuleId
}

type Judgment = readonly [verdict: SemanticVersion, reason: string]

interface Kind {
  readonly layer: Layer
  readonly mirror: string
  readonly sentence: string
  /** Of a parameter of the request. */
  readonly request: Judgment
  /** Of a member or header field of a reply, or of a refusal's member. */
  readonly answer: Judgment
}

const ignoredMember = 'Clients ignore what they do not know of a reply (RFC 6749 §5.1).'
const missedMember = 'Clients that read it find nothing.'
const ignoredParameter =
  'Clients that still send it are served: a token endpoint ignores parameters that it does not know (RFC 6749 §3.2).'
const lostEffect =
  'Clients that send it are not refused (RFC 6749 §3.2), yet no longer get what they ask for with it.'
const stricter = 'Clients that do without it are refused.'
const looser = 'Clients that send it go on, and others may do without it.'
const promise = 'Clients that cope without it go on.'
const brokenPromise = 'It is no longer promised: clients that count on it may find nothing.'
const sameForReaders = 'Only readers of the document notice.'
const newInCode = 'Code that does not use the name compiles as before.'
const goneFromCode = 'Code that uses the name no longer compiles.'
const codeBreaks = 'Code that was written against the other type no longer compiles.'
const wireName = 'Clients still use the old name on the wire, and the other side does not know it.'
const refusedValue = 'Clients whose value is no longer allowed are refused.'
const freerValue = 'Every value that was sent before is still allowed.'
const unknownValue = 'Clients meet a value that they were told they never would.'
const knownValue = 'Every value that comes was possible before.'

/** Judgments that hold in both directions alike. */
const both = (verdict: SemanticVersion, reason: string) => ({
  request: [verdict, reason] as const,
  answer: [verdict, reason] as const,
})

const kinds = {
  'added-required': {
    layer: 'wire',
    mirror: 'removed-required',
    sentence: '{what} is new: {after}.',
    request: ['major', 'Clients that do not send it yet are refused.'],
    answer: ['minor', ignoredMember],
  },
  'removed-required': {
    layer: 'wire',
    mirror: 'added-required',
    sentence: '{what} is gone; it was {before}.',
    request: ['minor', ignoredParameter],
    answer: ['major', missedMember],
  },
  'added-conditional': {
    layer: 'wire',
    mirror: 'removed-conditional',
    sentence: '{what} is new: {after}.',
    request: ['major', 'Clients that it is required of, and that do not send it yet, are refused.'],
    answer: ['minor', ignoredMember],
  },
  'removed-conditional': {
    layer: 'wire',
    mirror: 'added-conditional',
    sentence: '{what} is gone; it was {before}.',
    request: ['minor', ignoredParameter],
    answer: ['major', missedMember],
  },
  'added-with-grant': {
    layer: 'wire',
    mirror: 'removed-with-grant',
    sentence: '{what} is new, for a grant that is new as well: {after}.',
    request: ['minor', 'No client uses that grant yet.'],
    answer: ['minor', ignoredMember],
  },
  'removed-with-grant': {
    layer: 'wire',
    mirror: 'added-with-grant',
    sentence: '{what} is gone with the grant that it was for; it was {before}.',
    request: ['minor', 'Whom it breaks, the removal of the grant breaks already.'],
    answer: ['minor', 'Whom it breaks, the removal of the grant breaks already.'],
  },
  'added-optional': {
    layer: 'wire',
    mirror: 'removed-optional',
    sentence: '{what} is new: {after}.',
    request: ['minor', 'Clients that do not send it are served as before.'],
    answer: ['minor', ignoredMember],
  },
  'removed-optional': {
    layer: 'wire',
    mirror: 'added-optional',
    sentence: '{what} is gone; it was {before}.',
    request: ['major', lostEffect],
    answer: ['major', missedMember],
  },
  'added-undetermined': {
    layer: 'wire',
    mirror: 'removed-undetermined',
    sentence: '{what} is new: {after}.',
    request: ['major', 'It may be required, and then clients that do not send it yet are refused.'],
    answer: ['minor', ignoredMember],
  },
  'removed-undetermined': {
    layer: 'wire',
    mirror: 'added-undetermined',
    sentence: '{what} is gone; it was {before}.',
    request: ['major', `It may have been optional. ${lostEffect}`],
    answer: ['major', missedMember],
  },
  renamed: {
    layer: 'wire',
    mirror: 'renamed',
    sentence: '{what} is called {after} on the wire.',
    ...both('major', wireName),
  },
  'now-required': {
    layer: 'wire',
    mirror: 'now-optional',
    sentence: '{what} is now {after}; it was {before}.',
    request: ['major', stricter],
    answer: ['minor', promise],
  },
  'now-optional': {
    layer: 'wire',
    mirror: 'now-required',
    sentence: '{what} is now {after}; it was {before}.',
    request: ['minor', looser],
    answer: ['major', brokenPromise],
  },
  'now-conditional': {
    layer: 'wire',
    mirror: 'no-longer-conditional',
    sentence: '{what} is now {after}; it was {before}.',
    request: ['major', 'Clients that it is required of, and that do without it, are refused.'],
    answer: ['minor', promise],
  },
  'no-longer-conditional': {
    layer: 'wire',
    mirror: 'now-conditional',
    sentence: '{what} is now {after}; it was {before}.',
    request: ['minor', looser],
    answer: ['major', brokenPromise],
  },
  'required-for-more-grants': {
    layer: 'wire',
    mirror: 'required-for-fewer-grants',
    sentence: '{what} is now {after}; it was {before}.',
    request: ['major', 'Clients of the further grants that do without it are refused.'],
    answer: ['minor', promise],
  },
  'required-for-fewer-grants': {
    layer: 'wire',
    mirror: 'required-for-more-grants',
    sentence: '{what} is now {after}; it was {before}.',
    request: ['minor', looser],
    answer: ['major', brokenPromise],
  },
  'required-for-other-grants': {
    layer: 'wire',
    mirror: 'required-for-other-grants',
    sentence: '{what} is now {after}; it was {before}.',
    request: ['major', 'Clients that it was not required of, and that do without it, are refused.'],
    answer: ['major', brokenPromise],
  },
  'required-for-same-grants': {
    layer: 'words',
    mirror: 'required-for-same-grants',
    sentence: '{what} is now {after}; it was {before}.',
    ...both('patch', 'For each grant that both sides have it is as it was.'),
  },
  'values-narrowed': {
    layer: 'wire',
    mirror: 'values-widened',
    sentence: '{what} now allows {after}; it allowed {before}.',
    request: ['major', refusedValue],
    answer: ['minor', knownValue],
  },
  'values-widened': {
    layer: 'wire',
    mirror: 'values-narrowed',
    sentence: '{what} now allows {after}; it allowed {before}.',
    request: ['minor', freerValue],
    answer: ['major', unknownValue],
  },
  'values-replaced': {
    layer: 'wire',
    mirror: 'values-replaced',
    sentence: '{what} now allows {after}; it allowed {before}.',
    request: ['major', refusedValue],
    answer: ['major', unknownValue],
  },
  'type-narrowed': {
    layer: 'wire',
    mirror: 'type-widened',
    sentence: '{what} is now of type {after}; it was {before}.',
    request: ['major', refusedValue],
    answer: ['minor', knownValue],
  },
  'type-widened': {
    layer: 'wire',
    mirror: 'type-narrowed',
    sentence: '{what} is now of type {after}; it was {before}.',
    request: ['minor', freerValue],
    answer: ['major', unknownValue],
  },
  'type-changed': {
    layer: 'wire',
    mirror: 'type-changed',
    sentence: '{what} is now of type {after}; it was {before}.',
    request: ['major', 'Clients that send a value of the other type are refused.'],
    answer: ['major', 'Clients that read a value of the other type fail.'],
  },
  'items-changed': {
    layer: 'wire',
    mirror: 'items-changed',
    sentence: '{what} is now an array of type {after}; its items were of type {before}.',
    request: ['major', 'Clients that send items of the other type are refused.'],
    answer: ['major', 'Clients that read items of the other type fail.'],
  },
  'now-nullable': {
    layer: 'wire',
    mirror: 'no-longer-nullable',
    sentence: '{what} is now {after}; it was {before}.',
    request: ['minor', freerValue],
    answer: ['major', 'Clients meet null where a value was promised.'],
  },
  'no-longer-nullable': {
    layer: 'wire',
    mirror: 'now-nullable',
    sentence: '{what} is now {after}; it was {before}.',
    request: ['major', 'Clients that send null are refused.'],
    answer: ['minor', knownValue],
  },
  'pattern-added': {
    layer: 'wire',
    mirror: 'pattern-removed',
    sentence: '{what} now has to match {after}; it was {before}.',
    request: ['major', refusedValue],
    answer: ['minor', knownValue],
  },
  'pattern-removed': {
    layer: 'wire',
    mirror: 'pattern-added',
    sentence: '{what} is now {after}; it had to match {before}.',
    request: ['minor', freerValue],
    answer: ['major', unknownValue],
  },
  'pattern-changed': {
    layer: 'wire',
    mirror: 'pattern-changed',
    sentence: '{what} now has to match {after}; it had to match {before}.',
    request: ['major', 'Which of two patterns admits more is not decided here: clients may be refused.'],
    answer: [
      'major',
      'Which of two patterns admits more is not decided here: clients may meet other values.',
    ],
  },
  'length-narrowed': {
    layer: 'wire',
    mirror: 'length-widened',
    sentence: '{what} now has {after}; it had {before}.',
    request: ['major', 'Clients whose value is too short or too long are refused.'],
    answer: ['minor', knownValue],
  },
  'length-widened': {
    layer: 'wire',
    mirror: 'length-narrowed',
    sentence: '{what} now has {after}; it had {before}.',
    request: ['minor', freerValue],
    answer: ['major', 'Clients meet a value that is shorter or longer than they were told.'],
  },
  'length-changed': {
    layer: 'wire',
    mirror: 'length-changed',
    sentence: '{what} now has {after}; it had {before}.',
    request: ['major', 'Clients whose value is too short or too long are refused.'],
    answer: ['major', 'Clients meet a value that is shorter or longer than they were told.'],
  },
  'now-not-supported': {
    layer: 'wire',
    mirror: 'now-supported',
    sentence: '{what} is now {after}; it was {before}.',
    request: ['major', 'Clients that send it no longer get what they ask for with it.'],
    answer: ['major', brokenPromise],
  },
  'now-supported': {
    layer: 'wire',
    mirror: 'now-not-supported',
    sentence: '{what} is now {after}; it was {before}.',
    request: ['minor', 'Clients that do without it go on.'],
    answer: ['minor', promise],
  },
  'default-changed': {
    layer: 'wire',
    mirror: 'default-changed',
    sentence: '{what} now counts as {after} where it is not sent; it counted as {before}.',
    request: ['major', 'Clients that leave it out get what they did not ask for.'],
    answer: ['major', 'Clients that miss it take it for the other value.'],
  },
  'example-outside-values': {
    layer: 'wire',
    mirror: 'example-inside-values',
    sentence:
      '{what} now has the example {after}, a value that the document does not allow; it had {before}.',
    request: [
      'major',
      'The values on the wire may have changed before their list did: clients may be refused.',
    ],
    answer: [
      'major',
      'The values on the wire may have changed before their list did: clients may meet one that they do not know.',
    ],
  },
  'example-inside-values': {
    layer: 'wire',
    mirror: 'example-outside-values',
    sentence: '{what} now has the example {after}; it had {before}, a value that the document did not allow.',
    ...both('patch', 'The document no longer says two things.'),
  },
  'sdk-name-added': {
    layer: 'sdk',
    mirror: 'sdk-name-removed',
    sentence: '{what} is new in code, where it is called {after}.',
    ...both('minor', newInCode),
  },
  'sdk-name-removed': {
    layer: 'sdk',
    mirror: 'sdk-name-added',
    sentence: '{what} is gone from code, where it was called {before}.',
    ...both('major', goneFromCode),
  },
  'sdk-name-changed': {
    layer: 'sdk',
    mirror: 'sdk-name-changed',
    sentence: '{what} is called {after} in code; it was {before}.',
    ...both('major', goneFromCode),
  },
  'sdk-type-changed': {
    layer: 'sdk',
    mirror: 'sdk-type-changed',
    sentence: '{what} is of type {after} in code; it was {before}.',
    ...both('major', codeBreaks),
  },
  'sdk-type-now-optional': {
    layer: 'sdk',
    mirror: 'sdk-type-no-longer-optional',
    sentence: '{what} has an optional type in code, {after}; it was {before}.',
    ...both('major', 'Code that gives or reads a plain value no longer compiles.'),
  },
  'sdk-type-no-longer-optional': {
    layer: 'sdk',
    mirror: 'sdk-type-now-optional',
    sentence: '{what} no longer has an optional type in code: {after}; it was {before}.',
    ...both('major', 'Code that gives or reads an optional value no longer compiles.'),
  },
  'notation-changed': {
    layer: 'words',
    mirror: 'notation-changed',
    sentence: 'The type of {what} is written {after}; it was written {before}.',
    ...both('patch', 'The type is the same. Only readers of the document notice.'),
  },
  'example-changed': {
    layer: 'words',
    mirror: 'example-changed',
    sentence: '{what} has the example {after}; it had {before}.',
    ...both('patch', sameForReaders),
  },
  'description-changed': {
    layer: 'words',
    mirror: 'description-changed',
    sentence: '{what} is described in other words.',
    ...both('patch', sameForReaders),
  },
  'now-deprecated': {
    layer: 'words',
    mirror: 'no-longer-deprecated',
    sentence: '{what} is now {after}; it was {before}.',
    ...both('minor', 'It works as before, and is announced to go.'),
  },
  'no-longer-deprecated': {
    layer: 'words',
    mirror: 'now-deprecated',
    sentence: '{what} is now {after}; it was {before}.',
    ...both('patch', 'It works as before, and stays.'),
  },
} as const satisfies Readonly<Record<string, Kind>>

/** What can change of a field. */
export type FieldKind = keyof typeof kinds

/** The word that a field's rules begin with, by where the field stands. */
export type FieldPlace =
  | 'request-parameter'
  | 'request-header'
  | 'reply-member'
  | 'reply-header'
  | 'refusal-member'

const areas = {
  'request-parameter': 'request',
  'request-header': 'request',
  'reply-member': 'reply',
  'reply-header': 'reply',
  'refusal-member': 'refusal',
} as const satisfies Readonly<Record<FieldPlace, Area>>

const wholeRules = {
  'method-changed': {
    area: 'endpoint',
    layer: 'wire',
    verdict: 'major',
    sentence: 'The method is {after}; it was {before}.',
    reason: 'Clients that use the other method are refused.',
    mirror: 'method-changed',
  },
  'path-changed': {
    area: 'endpoint',
    layer: 'wire',
    verdict: 'major',
    sentence: 'The path is {after}; it was {before}.',
    reason: 'Clients that ask at the other path do not reach the endpoint.',
    mirror: 'path-changed',
  },
  'content-type-added': {
    area: 'endpoint',
    layer: 'wire',
    verdict: 'minor',
    sentence: 'Requests may be sent as {after}.',
    reason: 'No client has to use it.',
    mirror: 'content-type-removed',
  },
  'content-type-removed': {
    area: 'endpoint',
    layer: 'wire',
    verdict: 'major',
    sentence: 'Requests may no longer be sent as {before}.',
    reason: 'Clients that send this type are refused.',
    mirror: 'content-type-added',
  },
  'client-authentication-added': {
    area: 'endpoint',
    layer: 'wire',
    verdict: 'minor',
    sentence: 'Clients may authenticate by {after}.',
    reason: 'No client has to use it.',
    mirror: 'client-authentication-removed',
  },
  'client-authentication-removed': {
    area: 'endpoint',
    layer: 'wire',
    verdict: 'major',
    sentence: 'Clients may no longer authenticate by {before}.',
    reason: 'Clients that authenticate by this method are refused.',
    mirror: 'client-authentication-added',
  },
  'client-authentication-introduced': {
    area: 'endpoint',
    layer: 'wire',
    verdict: 'major',
    sentence: 'Clients are authenticated, by {after}; they were not.',
    reason: 'Clients that have no credentials are refused.',
    mirror: 'client-authentication-abandoned',
  },
  'client-authentication-abandoned': {
    area: 'endpoint',
    layer: 'wire',
    verdict: 'minor',
    sentence: 'Clients are no longer authenticated; they were, by {before}.',
    reason: 'Clients that still send their credentials are served.',
    mirror: 'client-authentication-introduced',
  },
  'client-authentication-now-required': {
    area: 'endpoint',
    layer: 'wire',
    verdict: 'major',
    sentence: 'Clients have to authenticate; they did not have to.',
    reason: 'Clients that have no credentials are refused.',
    mirror: 'client-authentication-now-optional',
  },
  'client-authentication-now-optional': {
    area: 'endpoint',
    layer: 'wire',
    verdict: 'minor',
    sentence: 'Clients no longer have to authenticate.',
    reason: 'Clients that send their credentials are served as before.',
    mirror: 'client-authentication-now-required',
  },
  'reply-added': {
    area: 'reply',
    layer: 'wire',
    verdict: 'minor',
    sentence: 'A reply to a granted request is now documented.',
    reason: promise,
    mirror: 'reply-removed',
  },
  'reply-removed': {
    area: 'reply',
    layer: 'wire',
    verdict: 'major',
    sentence: 'No reply to a granted request is documented any more.',
    reason: brokenPromise,
    mirror: 'reply-added',
  },
  'reply-status-changed': {
    area: 'reply',
    layer: 'wire',
    verdict: 'major',
    sentence: 'The reply has the status {after}; it had {before}.',
    reason: 'Clients that wait for the one status take the other for a failure.',
    mirror: 'reply-status-changed',
  },
  'reply-content-type-added': {
    area: 'reply',
    layer: 'wire',
    verdict: 'minor',
    sentence: 'Replies may come as {after}.',
    reason: 'Clients that ask for the type that they know get it (RFC 9110 §12.5.1).',
    mirror: 'reply-content-type-removed',
  },
  'reply-content-type-removed': {
    area: 'reply',
    layer: 'wire',
    verdict: 'major',
    sentence: 'Replies no longer come as {before}.',
    reason: 'Clients that read this type alone can read no reply.',
    mirror: 'reply-content-type-added',
  },
  'model-renamed': {
    area: 'request',
    layer: 'sdk',
    verdict: 'major',
    sentence: 'The model is called {after} in code; it was {before}.',
    reason: goneFromCode,
    mirror: 'model-renamed',
  },
  'refusal-added': {
    area: 'refusal',
    layer: 'wire',
    verdict: 'minor',
    sentence: '{what} is new.',
    reason: 'Clients treat a status that they do not know as the first of its class (RFC 9110 §15).',
    mirror: 'refusal-removed',
  },
  'refusal-removed': {
    area: 'refusal',
    layer: 'wire',
    verdict: 'minor',
    sentence: '{what} is gone.',
    reason: 'Clients wait for it in vain, and have to cope with any other failure as before.',
    mirror: 'refusal-added',
  },
  'refusal-status-changed': {
    area: 'refusal',
    layer: 'wire',
    verdict: 'major',
    sentence: '{what} now has the status {after}; it had {before}.',
    reason: 'Clients tell failures apart by their status, and take this one for another.',
    mirror: 'refusal-status-changed',
  },
} as const satisfies Readonly<Record<string, Omit<Rule, 'mirror'> & { readonly mirror: string }>>

/** The id of a rule of classification. Public: added, deprecated, never renamed. */
export type RuleId = keyof typeof wholeRules | `${FieldPlace}-${FieldKind}`

/** All rules, by id. */
export const rules: Readonly<Record<RuleId, Rule>> = {
  ...wholeRules,
  ...fieldRules('request-parameter'),
  ...fieldRules('request-header'),
  ...fieldRules('reply-member'),
  ...fieldRules('reply-header'),
  ...fieldRules('refusal-member'),
}

function fieldRules<Place extends FieldPlace>(place: Place) {
  const area = areas[place]
  const entries = Object.entries<Kind>(kinds).map(([kind, { layer, mirror, sentence, request, answer }]) => {
    const [verdict, reason] = area === 'request' ? request : answer
    return [`${place}-${kind}`, { area, layer, verdict, sentence, reason, mirror: `${place}-${mirror}` }]
  })
  return Object.fromEntries(entries) as Record<`${Place}-${FieldKind}`, Rule>
}
