// Which language an SDK's page is for, by evidence that is weighed. Where two fit alike, the page leaves it open.

/** What a page shows of its language. */
export interface LanguageEvidence {
  /** The words behind code fences. */
  readonly fences: readonly string[]
  readonly snippets: readonly string[]
  readonly notations: readonly string[]
  /** Documented names. */
  readonly names: readonly string[]
  /** The notations of fields that are marked optional. */
  readonly optionalNotations: readonly string[]
}

/** One kind of evidence: the pages that show it are this much likelier to be of the language. */
interface Clue {
  readonly language: string
  readonly weight: number
  readonly fits: (evidence: LanguageEvidence) => boolean
}

const fenceWords: Readonly<Record<string, string>> = {
  go: 'Go',
  golang: 'Go',
  ts: 'TypeScript',
  typescript: 'TypeScript',
  tsx: 'TypeScript',
  js: 'JavaScript',
  javascript: 'JavaScript',
  java: 'Java',
  csharp: 'C#',
  cs: 'C#',
  'c#': 'C#',
  python: 'Python',
  py: 'Python',
  python3: 'Python',
  php: 'PHP',
  ruby: 'Ruby',
  rb: 'Ruby',
}

/** A fence outweighs a type, and a type that one language alone has outweighs casing. */
const fenceWeight = 20

function snippet(language: string, pattern: RegExp): Clue {
  return { language, weight: 10, fits: ({ snippets }) => snippets.some((code) => pattern.test(code)) }
}

function notation(language: string, weight: number, pattern: RegExp): Clue {
  return { language, weight, fits: ({ notations }) => notations.some((type) => pattern.test(type)) }
}

function allNames({ names }: LanguageEvidence, pattern: RegExp): boolean {
  return names.length > 0 && names.every((name) => pattern.test(name))
}

const camel = /^[a-z]+\d*(?:[A-Z][a-z0-9]*)*$/
const pascal = /^[A-Z]/
const someCamel = ({ names }: LanguageEvidence) => names.some((name) => /^[a-z]+[A-Z]/.test(name))

const clues: readonly Clue[] = [
  snippet('Go', /^package \w+|:= |\bfunc main\(|\bcontext\.Background\(\)/m),
  snippet('TypeScript', /\b(?:let|const) \w+: \w+|^import (?:type )?\{[^}]*\} from ["']/m),
  snippet('Java', /^import (?:static )?[\w.]+(?:\.\*)?;|\.builder\(\)|\bpublic static void\b/m),
  snippet('C#', /^using [\w.]+;|\bvar \w+ = (?:await |new )\w+/m),
  snippet('Python', /^from [\w.]+ import |^import \w+$|^with \w+\(|\bas \w+:$/m),
  snippet('PHP', /<\?php|^use [\w\\]+;|^declare\(strict_types|\$\w+ = new \w+/m),
  snippet('Ruby', /^require ["']|::[A-Z]\w*\.new\(/m),
  notation('Go', 10, /^\*{1,2}[\w.]+$|^\[\]|^map\[/),
  notation('Go', 4, /\bu?int64\b|\bfloat64\b|\binterface\{\}/),
  notation('TypeScript', 8, /\| undefined\b|\bRecord<|^\{ ?\[/),
  notation('TypeScript', 4, /\bnumber\b|^string\[\]$|\| null\b/),
  notation('Java', 10, /\bOptional<|\? extends |\bJsonNullable</),
  notation('Java', 6, /\bList<(?:String|[A-Z]\w+)>|\bMap<String/),
  notation('Java', 4, /^(?:Long|Integer|Double|OffsetDateTime)$/),
  notation('C#', 8, /^(?:string|int|long|bool|double|DateTime)\?$/),
  notation('C#', 8, /\bList<string>|\bDictionary</),
  notation('Python', 10, /\bOptional\[|\b(?:List|Dict|list|dict)\[|\| None\b/),
  notation('Python', 6, /^str$|\bstr\b/),
  notation('PHP', 10, /^\?(?:string|int|bool|float|array|\\?[A-Z])/),
  notation('PHP', 8, /^array<|^\??\\?[A-Z]\w*\\/),
  notation('Ruby', 10, /\bT(?:\.|::)\w+|^::[A-Z]/),
  notation('Ruby', 4, /^\w+(?:::\w+)+$/),
  {
    language: 'Java',
    weight: 5,
    fits: (evidence) =>
      someCamel(evidence) && allNames(evidence, camel) && evidence.notations.includes('String'),
  },
  {
    // An optional field whose type looks like any other: PHP would say `?string`, C# would capitalise the name.
    language: 'TypeScript',
    weight: 5,
    fits: (evidence) =>
      someCamel(evidence) &&
      allNames(evidence, camel) &&
      evidence.optionalNotations.some((type) => /^(?:string|number|boolean)$/.test(type)),
  },
  {
    language: 'C#',
    weight: 3,
    fits: (evidence) =>
      allNames(evidence, pascal) && evidence.names.some((name) => /[a-z]Id$|^Id$/.test(name)),
  },
  {
    language: 'Go',
    weight: 3,
    fits: (evidence) =>
      allNames(evidence, pascal) && evidence.names.some((name) => /[a-z]ID$|^ID$/.test(name)),
  },
]

/** Less than this is no evidence. */
const leastWeight = 3

/** The language that a page is for; `null` where it does not say, or says two. */
export function languageOf(evidence: LanguageEvidence): string | null {
  const weights = new Map<string, number>()
  const add = (language: string, weight: number) =>
    weights.set(language, (weights.get(language) ?? 0) + weight)
  const fenced = new Set(evidence.fences.flatMap((word) => fenceWords[word] ?? []))
  for (const language of fenced) add(language, fenceWeight)
  for (const { language, weight, fits } of clues) if (fits(evidence)) add(language, weight)
  const [first, second] = [...weights].sort(([, a], [, b]) => b - a)
  if (!first || first[1] < leastWeight || fenced.size > 1) return null
  return first[1] === second?.[1] ? null : first[0]
}
