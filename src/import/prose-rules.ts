// What sentences of documentation say of a field, as a table of rules. A rule that a word in the sentence puts in doubt
// reads nothing: the sentence is left to a person.
import type { Condition } from './imported.ts'
import { plainGrantTypes, registeredParameters, squash, wireNameOf } from './wire-name.ts'

/** What one sentence may say. */
export interface Claims {
  readonly allowedValues?: readonly string[]
  readonly required?: boolean
  readonly requiredWhen?: Condition
  readonly httpBasic?: 'username' | 'password'
  readonly notSupported?: true
  readonly deprecated?: true
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly isSpaceDelimited?: true
  readonly default?: string
  readonly example?: string
}

/** One thing that a sentence may say, in all the ways it is said. */
export interface ProseRule {
  readonly id: string
  /** Of the rules about one subject the first that fits a sentence reads it. */
  readonly about:
    | 'presence'
    | 'values'
    | 'support'
    | 'deprecation'
    | 'length'
    | 'pattern'
    | 'list'
    | 'default'
    | 'example'
  readonly patterns: readonly RegExp[]
  /** Where it fits as well, the sentence is open. */
  readonly unless?: RegExp
  /** What may stand behind the words that a pattern reads; where anything else does, the sentence is open. */
  readonly ends?: RegExp
  /** Whether what it reads is for a person to look at as well. */
  readonly isDoubtful?: true
  /** `null`: the sentence is open. */
  readonly reads: (groups: Readonly<Record<string, string | undefined>>, sentence: string) => Claims | null
}

const quoted = '(?:`[^`]+`|"[^"]+"|(?<![\\w`])\'[^\']+\')'
const separator = '(?:\\s*,\\s*(?:(?:or|and)\\s+)?|\\s+(?:or|and)\\s+|\\s*[|/]\\s*)'
/** Values in quotes may have nothing but a space between. */
const quotedList = `(?<list>${quoted}(?:(?:${separator}|\\s+)${quoted})*)`
/** Words without quotes count where they are the rest of the sentence. */
const word = '[A-Za-z0-9][\\w:+-]*(?:[./][\\w:+-]+)*'
const wordList = `(?<list>${word}(?:${separator}${word})*)\\s*[.;)]?$`
const wordsList = `(?<list>${word}(?:${separator}${word})+)\\s*[.;)]?$`
const snakeWord = '(?<list>[a-z0-9]+(?:_[a-z0-9]+)+)(?=\\s*(?:[.;),]|$))'

const doubt =
  /\b(?:not|never|no longer|cannot|unless|except|other than|when|whenever|if|until|previously|formerly|such as|e\.g\.|for example|includes?|including|usually|typically|currently recommended)\b|n't\b/i
const negation = /\b(?:not|never|no longer|cannot|unless|except|other than|without)\b|n't\b/i

/** The end of what a sentence says of a value, or an addition that changes nothing. */
const settled =
  /^(?: (?:grants?|grant types?|flows?|values?|options?|here|only|exactly|literally|currently|today|at (?:this|the) (?:time|moment)|at present|for now|(?:in|for) this (?:request|case|call|flow|grant|grant type|endpoint|operation|field|parameter)))*\s*(?:$|[.!;:)\]]|[-–—]\s|\((?!or\b|and\b)|,\s*(?:which|as|because|since|so|case[- ]sensitive)\b)/i
/** A default may have its unit behind it. */
const settledDefault = new RegExp(
  settled.source.replace('(?: (?:', '(?: (?:(?:milli)?seconds?|minutes?|hours?|days?|weeks?|ms|s|'),
  'i',
)

const only =
  '\\bonly (?:allows?|accepts?|supports?|permits?|takes?)(?: the)?(?: following)?(?: (?:allowed|accepted))?'
const noun = '(?: (?:options?|values?|constants?|strings?|literals?|grants?|grant types?|flows?))?'
const must =
  '\\b(?:must|has to|have to|needs to|shall|should)(?: always)?(?: be| equal| have the value| only be)(?: set)?(?: to| equal to| exactly)?(?: the)?(?: (?:value|string|literal|constant))?:?'
const possible =
  '\\b(?:allowed|valid|possible|accepted|supported|permitted|available|acceptable|legal) (?:values?|options?|types?|grants?|grant types?)(?: (?:is|are))?(?: only)?(?: either| one of)?'

function patternsOf(...sources: readonly string[]): readonly RegExp[] {
  return sources.map((source) => new RegExp(source, 'i'))
}

function valuesOf({ list }: Readonly<Record<string, string | undefined>>): Claims | null {
  const values = (list ?? '').match(new RegExp(`${quoted}|${word}`, 'g')) ?? []
  const plain = values.map(unquoted).filter((value) => value !== 'or' && value !== 'and')
  // What is always null or empty is no text on the wire.
  const isNothing = plain.every((value) => /^(?:null|none|nil|empty)$/i.test(value))
  return isNothing ? null : { allowedValues: [...new Set(plain)] }
}

/** Without backticks and quotes. */
export function unquoted(text: string): string {
  return /^([`"'])(.*)\1$/s.exec(text.trim())?.[2]?.replace(/^(["'])(.*)\1$/s, '$2') ?? text.trim()
}

const needed =
  '(?:required|mandatory|needed|compulsory|obligatory|(?:must|has to|needs to|should) be (?:provided|present|sent|supplied|included|specified|set|given))'
const when = '(?:only )?(?:when|if|where|whenever|in case|in the case that|as long as)'
const parameter = '(?<parameter>`[^`]+`|"[^"]+"|(?:[Gg]rant [Tt]ype)|[A-Za-z][\\w.-]*)'
const value = `(?<value>${quoted}|${word})`
const equals =
  '\\s*(?:(?:is|equals?|has the value|has a value of|was)(?: set| equal)?(?: to)?|={1,3}|:)\\s*(?:the )?(?:value )?'
const ending = '\\s*(?<rest>[^.;)]*)'
const grantWord = 'grants?(?: types?)?|flows?'

/** `password` is the `grant_type`: said the other way round. */
function inOrder(named: string, given: string): readonly [named: string, given: string] {
  const isGrantType = (text: string) => squash(text) === 'granttype'
  return isGrantType(given) && !isGrantType(named) ? [given, named] : [named, given]
}

const registered: ReadonlySet<string> = new Set(registeredParameters)

/** Whether a condition is on a parameter: `if the application is confidential` has a word that may be none. */
function isNamed(named: string, given: string, sentence: string): boolean {
  if (/[`"_]|\p{Ll}\p{Lu}/u.test(named) || squash(named) === 'granttype') return true
  if (sentence.includes(`${named}=`)) return true
  return /^[`"']/.test(given) && registered.has(named.toLowerCase())
}

function conditionOf(groups: Readonly<Record<string, string | undefined>>, sentence: string): Claims | null {
  const { rest = '' } = groups
  if (/\b(?:or|and|but|unless|except|not)\b|[,/|]\s*[`"']/i.test(rest)) return null
  const [named, given] = inOrder(groups.parameter ?? '`grant_type`', groups.value ?? '')
  if (!isNamed(named, given, sentence)) return null
  const { wireName } = wireNameOf(unquoted(named).replace(/\s+/g, '_'))
  const stated = unquoted(given)
  if (stated === '' || /^(?:not|set|the|a|an|one|any|used|present|provided)$/i.test(stated)) return null
  return {
    required: false,
    requiredWhen: { parameter: wireName, value: wireName === 'grant_type' ? grantTypeOf(stated) : stated },
  }
}

/** `refresh token`, `ClientCredentials`: a grant type that has a plain word is written so on the wire. */
function grantTypeOf(stated: string): string {
  return plainGrantTypes.find((grantType) => squash(grantType) === squash(stated)) ?? stated
}

function numberOf(text: string | undefined): number {
  return Number((text ?? '').replace(/[,_\s]/g, ''))
}

const count = (name: string) => `(?<${name}>\\d{1,3}(?:[,_]\\d{3})+|\\d{1,7})`
const characters = '[ -]?(?:characters?|chars?|symbols|letters|digits)\\b'

function lengthOf({ min, max, exact }: Readonly<Record<string, string | undefined>>): Claims {
  return {
    ...((min ?? exact) === undefined ? {} : { minLength: numberOf(min ?? exact) }),
    ...((max ?? exact) === undefined ? {} : { maxLength: numberOf(max ?? exact) }),
  }
}

const subject =
  '^(?:this |the |it |its )?(?:(?:field|parameter|property|member|value|attribute|option|element|it)(?: itself)? )?'

/** The rules; of each subject, the more exact before the more general. */
export const proseRules: readonly ProseRule[] = [
  {
    id: 'http-basic',
    about: 'presence',
    patterns: patternsOf(
      '\\bor\\b[^.]{0,40}\\bas (?:the |a )?(?<part>user ?name|password)\\b[^.]{0,20}\\bbasic\\b',
      '\\bbasic\\b[^.]{0,40}\\bas (?:the |a )?(?<part>user ?name|password)\\b',
    ),
    unless: negation,
    reads: ({ part }) => ({ httpBasic: /password/i.test(part ?? '') ? 'password' : 'username' }),
  },
  {
    id: 'http-basic-only',
    about: 'presence',
    patterns: patternsOf(
      '\\b(?:cannot|can not|must not|should not|may not)\\b[^.]{0,40}\\bbody\\b[^.]{0,60}\\bas (?:the |a )?(?<part>user ?name|password)\\b[^.]{0,20}\\bbasic\\b',
      '\\bmust be (?:provided|sent|passed|given|supplied) (?:only )?as (?:the |a )?(?<part>user ?name|password)\\b[^.]{0,20}\\bbasic\\b',
    ),
    reads: ({ part }) => ({ httpBasic: /password/i.test(part ?? '') ? 'password' : 'username' }),
    isDoubtful: true,
  },
  {
    id: 'required-when-pair',
    about: 'presence',
    patterns: patternsOf(
      `\\b${needed} (?:only )?(?:when|if|for|with|in case)(?: the)? \`(?<parameter>[\\w.-]+)\\s*(?:={1,3}|:)\\s*["']?(?<value>[\\w:./+-]+)["']?\`${ending}`,
    ),
    unless: negation,
    reads: conditionOf,
  },
  {
    id: 'required-for-named-grant',
    about: 'presence',
    patterns: patternsOf(
      `\\b${needed} (?:only )?(?:for|with|in|by|${when}(?: using| requesting| you use| with)?)(?: the| a| an)? (?:\`grant_?type\`|grant_?type(?!\`)s?|grant types?|grants?)(?: of)?\\s*[=:]?\\s*(?<value>${quoted})${ending}`,
    ),
    unless: negation,
    reads: conditionOf,
  },
  {
    id: 'required-for-grant',
    about: 'presence',
    patterns: patternsOf(
      `\\b${needed} (?:only )?(?:for|with|in|by|(?:when|if)(?: using| requesting| you use)?)(?: the| a| an)? (?<value>${quoted}|[a-z]+[ _-][a-z]+|password)[ -](?:${grantWord})\\b${ending}`,
    ),
    unless: negation,
    reads: conditionOf,
  },
  {
    id: 'required-when',
    about: 'presence',
    patterns: patternsOf(
      `\\b${needed} ${when}(?: the)?(?: value of| field| parameter)?(?: the)? ${parameter}(?: (?:field|parameter|value))?${equals}${value}${ending}`,
      `^${when}(?: the)? ${parameter}${equals}${value}(?:,| then)[^.]{0,60}\\b${needed}\\s*[.!]?$`,
    ),
    unless: negation,
    reads: conditionOf,
  },
  {
    id: 'required',
    about: 'presence',
    patterns: patternsOf(
      '^(?:always )?(?:required|mandatory)(?: (?:field|parameter|property|value))?(?=\\s*(?:[.,;:!)]|$|- |– |— ))',
      '^required (?!.*\\b(?:is|are|may|can|will|must|when|if|for|in|by|to|with|where|as)\\b)',
      '[(\\[](?:required|mandatory)[)\\]]',
      '\\b(?:is|are)(?: always| strictly| also)? (?:required|mandatory|compulsory|obligatory)(?=\\s*(?:[.,;:!)]|$|and\\b|for (?:all|every|any)\\b))',
      '\\bis (?:a|an|the) (?:required|mandatory)\\b',
      '\\b(?:must|has to|needs to) (?:always )?be (?:provided|present|sent|supplied|included|specified|given)(?=\\s*(?:[.,;:!)]|$|and\\b|in (?:the|every|each)\\b|with (?:every|each)\\b))',
      '\\b(?:may|can|must) not be (?:omitted|empty|left out)\\b|\\bcannot be omitted\\b',
      '\\bis not optional\\b',
    ),
    unless:
      /\b(?:no longer|never|unless|except|when|whenever|if|where|until|only for|only in|or (?:as|by|in|through|via|with))\b|\b(?:not|n't)(?: \w+)? (?:required|mandatory|needed)\b/i,
    reads: () => ({ required: true }),
  },
  {
    id: 'optional',
    about: 'presence',
    patterns: patternsOf(
      '^(?:always )?optional(?: (?:field|parameter|property|value))?(?=\\s*(?:[.,;:!)]|$|- |– |— ))',
      '^optional (?!.*\\b(?:is|are|may|can|will|must)\\b)',
      '[(\\[]optional[)\\]]',
      '\\b(?:is|are)(?: always| entirely| also)? optional\\b',
      '\\bis (?:an|the) optional\\b',
      '^(?:the|an) optional\\b',
      '\\b(?:is|are) not (?:required|mandatory|needed)(?=\\s*(?:[.,;:!)]|$))',
      '^not (?:required|mandatory)(?=\\s*(?:[.,;:!)]|$))',
      '\\b(?:can|may) be (?:omitted|left out|left empty)\\b',
    ),
    unless: /\b(?:no longer|never|not optional|unless|except|when|whenever|if|where|until|only for|for)\b/i,
    reads: () => ({ required: false }),
  },
  {
    id: 'only-allows',
    about: 'values',
    patterns: patternsOf(
      `${only}${noun}:?\\s*${quotedList}`,
      `${only} (?:options?|values?):?\\s*${wordList}`,
      `${only}${noun}:?\\s*${snakeWord}`,
      `\\b(?:accepts|allows|supports|permits) only(?: the)?${noun}:?\\s*${quotedList}`,
      `\\b(?:accepts|allows|supports|permits) only(?: the)?${noun}:?\\s*${snakeWord}`,
      `\\bonly (?:the )?${quotedList}${noun} (?:is|are) (?:currently )?(?:allowed|accepted|supported|valid|permitted|possible)`,
      `^${quotedList} is the only (?:allowed|accepted|supported|valid|permitted|possible|available)`,
      `\\bthe only (?:allowed|accepted|supported|valid|permitted|possible|available) ${noun.replace('(?: ', '(?:')}(?: is|:)\\s*${quotedList}`,
    ),
    unless: doubt,
    ends: settled,
    reads: valuesOf,
  },
  {
    id: 'one-of',
    about: 'values',
    patterns: patternsOf(
      `\\b(?:one|any) of(?: the)?(?: following)?${noun}:?\\s*${quotedList}`,
      `\\b(?:one|any) of(?: the following)?${noun}:?\\s*${wordsList}`,
      `\\beither(?: of)?:?\\s*${quotedList}`,
      `\\b(?:is|be|value|values|are|of) either(?: of)?:?\\s*${wordsList}`,
      `^either:?\\s*${wordsList}`,
    ),
    unless: doubt,
    ends: settled,
    reads: valuesOf,
  },
  {
    id: 'possible-values',
    about: 'values',
    patterns: patternsOf(
      `${possible}:?\\s*${quotedList}`,
      `${possible}:\\s*${wordList}`,
      `${possible}\\s+${wordsList}`,
      `^(?:values?|options?|enum):\\s*${quotedList}`,
      `^(?:values|options|enum):\\s*${wordList}`,
      `\\b(?:can|may) be(?: set to)? (?<list>${quoted}(?:${separator}${quoted})+)`,
    ),
    unless: doubt,
    ends: settled,
    reads: valuesOf,
  },
  {
    id: 'must-be',
    about: 'values',
    patterns: patternsOf(
      `${must}\\s*${quotedList}`,
      `${must}\\s*${snakeWord}`,
      `\\b(?:is )?always(?: be| is| set to| equal to| equals)?:?\\s*${quotedList}`,
      `\\b(?:is )?always(?: be| is| set to| equal to| equals)?:?\\s*${snakeWord}`,
      `\\b(?:fixed|constant)(?: value)?(?: to| at| of)?:?\\s*${quotedList}`,
      `^(?:the )?(?:literal |exact )?(?:value|string|literal)(?: is|:)?\\s*${quotedList}`,
      `^(?:please )?(?:always )?set (?:(?:this|it|the|value)(?: (?:field|parameter|property|value))? )?(?:to|as|equal to)(?: the)?(?: (?:value|string|literal))?:?\\s*${quotedList}`,
      `^(?:please )?(?:always )?use (?:the )?(?:(?:value|string|literal) )?${quotedList}`,
    ),
    unless: doubt,
    ends: settled,
    reads: valuesOf,
  },
  {
    id: 'must-contain',
    about: 'values',
    patterns: patternsOf(
      `\\b(?:must|has to|have to|needs to|shall|should) (?:contain|include)\\b[^.]{0,40}?${quotedList}`,
    ),
    reads: () => null,
  },
  {
    id: 'no-longer-supported',
    about: 'support',
    patterns: patternsOf(`${subject}(?:is |are )?no longer (?:supported|used|available)\\s*[.!]?$`),
    reads: () => ({ notSupported: true, deprecated: true }),
  },
  {
    id: 'not-supported',
    about: 'support',
    patterns: patternsOf(
      `${subject}(?:is |are )?(?:currently )?not (?:currently |yet |presently )?supported(?: yet| currently| at (?:this|the) (?:time|moment)| at present)?\\s*[.!]?$`,
      `${subject}(?:is |are )?(?:currently )?unsupported\\s*[.!]?$`,
      '\\((?:currently )?not (?:currently |yet )?supported(?: yet)?\\)',
    ),
    reads: () => ({ notSupported: true }),
  },
  {
    id: 'deprecated',
    about: 'deprecation',
    patterns: patternsOf(
      '^\\W*(?:warning:)?\\W*deprecated\\b(?!\\s+(?:fields|members|names|parameters|properties|values)\\b)',
      `${subject}(?:is|are|has been|have been|was) (?:now )?deprecated\\b`,
      // Behind a value it is the value's.
      '(?<!`\\s?)[(\\[]deprecated[)\\]]',
      '^\\W*obsolete\\b(?!\\s+\\w+s\\b)',
    ),
    unless: /\b(?:no longer|not|never) deprecated\b/i,
    reads: () => ({ deprecated: true }),
  },
  {
    id: 'length-between',
    about: 'length',
    patterns: patternsOf(
      `\\b(?:between|from)?\\s*${count('min')}\\s*(?:and|to|-|–)\\s*${count('max')}${characters}`,
      `\\blength(?: is| must be| of)?:?\\s*(?:between )?${count('min')}\\s*(?:and|to|-|–)\\s*${count('max')}\\b`,
    ),
    unless: negation,
    reads: lengthOf,
  },
  {
    id: 'length-exact',
    about: 'length',
    patterns: patternsOf(
      `\\bexactly ${count('exact')}${characters}`,
      `\\bmust be ${count('exact')}${characters}(?: long| in length)?`,
      `\\blength(?: is| must be)? exactly ${count('exact')}\\b`,
    ),
    unless: negation,
    reads: lengthOf,
  },
  {
    id: 'length-of-text',
    about: 'length',
    patterns: patternsOf(
      `(?:^|\\b(?:an?|the|unique|its?|is) )${count('exact')}[ -](?:characters?|chars?)(?: long)? (?:[a-z]+ )?(?:string|text|token|id|identifier|code|value|key|secret)\\b`,
    ),
    unless:
      /\b(?:not|never|cannot|up to|at most|at least|max(?:imum|imal)?|min(?:imum|imal)?|between|about|approximately|or (?:more|less|fewer|longer|shorter))\b/i,
    reads: lengthOf,
  },
  {
    id: 'length-max',
    about: 'length',
    patterns: patternsOf(
      `\\bmax(?:imum|imal|\\.)?[ -]?(?:length|len\\.?|size)(?: is| of| allowed is)?\\s*[:=]?\\s*${count('max')}(?!\\d)(?!\\s*(?:bytes|kb|kib)\\b)`,
      `\\bmax(?:imum|imal|\\.)?(?: of| is)?\\s*:?\\s*${count('max')}${characters}`,
      `\\b(?:up to|at most|no (?:more|longer) than|(?:not|cannot|can't) (?:be )?(?:more|longer) than|(?:not|cannot) exceed|limit(?:ed)?(?: to| of| is)?:?|fewer than or equal to)\\s*${count('max')}${characters}`,
      `\\b${count('max')}${characters},? (?:or (?:less|fewer)|max(?:imum|\\.)?|at most)`,
    ),
    reads: lengthOf,
  },
  {
    id: 'length-min',
    about: 'length',
    patterns: patternsOf(
      `\\bmin(?:imum|imal|\\.)?[ -]?(?:length|len\\.?)(?: is| of)?\\s*[:=]?\\s*${count('min')}(?!\\s*(?:bytes)\\b)`,
      `\\bmin(?:imum|imal|\\.)?(?: of| is)?\\s*:?\\s*${count('min')}${characters}`,
      `\\b(?:at least|no (?:fewer|less|shorter) than)\\s*${count('min')}${characters}`,
      `\\b${count('min')}${characters},? (?:or more|min(?:imum|\\.)?|at least)`,
    ),
    unless: /\bnot need\b/i,
    reads: lengthOf,
  },
  {
    id: 'pattern',
    about: 'pattern',
    patterns: patternsOf(
      '\\b(?:match(?:es|ing)?|pattern|regex|regular expression)(?: is| of| the)?(?: (?:pattern|regex|regular expression))?:?\\s*`(?<pattern>[^`]+)`',
    ),
    unless: negation,
    ends: settled,
    reads: ({ pattern = '' }, sentence) => {
      // `Must match client_id` speaks of another field, unless it says that this is a pattern.
      const isSaid = /\b(?:pattern|regex|regular expression)\b/i.test(sentence)
      if (!isPattern(pattern) || !(isSaid || /[\\^$*+?()[\]{}|]/.test(pattern))) return null
      return { pattern: withoutSlashes(pattern) }
    },
  },
  {
    id: 'space-delimited',
    about: 'list',
    patterns: patternsOf(
      '\\b(?:white)?space[ -]?(?:delimited|separated)\\b',
      '\\b(?:separated|delimited) (?:by|with) (?:a |single |one )*(?:white)?spaces?\\b',
    ),
    unless: /\b(?:not|never|no longer|comma|commas|newlines?|semicolons?)\b|n't\b/i,
    reads: () => ({ isSpaceDelimited: true }),
  },
  {
    id: 'default',
    about: 'default',
    patterns: patternsOf(
      `\\bdefaults? (?:value )?(?:to|is|are|of)\\s*:?\\s*(?<value>${quoted}|-?\\d+(?:\\.\\d+)?(?!\\w|\\.\\d)|true\\b|false\\b|[a-z0-9]+(?:_[a-z0-9]+)+)`,
      `\\bdefault(?: value)?\\s*[:=]\\s*(?<value>${quoted}|[\\w:./-]*[\\w/])`,
      `\\(default:? (?<value>${quoted}|[\\w:./-]+)\\)`,
    ),
    unless: /\b(?:when|if|unless|until|depending|not|no longer|previously)\b|n't\b/i,
    ends: settledDefault,
    reads: ({ value: given }) =>
      /^(?:none|null|empty|n\/a)$/i.test(unquoted(given ?? '')) ? {} : { default: unquoted(given ?? '') },
  },
  {
    id: 'example',
    about: 'example',
    patterns: patternsOf(
      '^(?:for )?examples?(?: value)?\\s*[:,]?\\s*`(?<value>[^`]+)`',
      '\\(?\\be\\.g\\.,? `(?<value>[^`]+)`',
    ),
    reads: ({ value: given }) => ({ example: unquoted(`\`${given}\``) }),
  },
]

function isPattern(text: string): boolean {
  // Flags, as in `/^a+$/i`, make it another pattern.
  if (/^\/.+\/[a-z]+$/.test(text)) return false
  try {
    return new RegExp(withoutSlashes(text), 'u').source !== ''
  } catch {
    return false
  }
}

function withoutSlashes(text: string): string {
  return /^\/(.+)\/$/.exec(text)?.[1] ?? text
}
