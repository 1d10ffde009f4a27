// The part of YAML that our examples keep to: block mappings and sequences, plain and single-quoted scalars on one line, and
// literal blocks. Whatever else is in a text is an error, so that no example means something else than it shows.

/** A value; every scalar as its text. */
export type PlainYaml = string | null | readonly PlainYaml[] | { readonly [key: string]: PlainYaml }

interface Line {
  readonly number: number
  readonly indent: number
  readonly text: string
}

/** Reads a document. @throws {Error} with the line that is not understood */
export function parsePlainYaml(source: string): PlainYaml {
  const lines = source.split('\n').map((raw, index): Line => {
    if (/\t|[^ -~]/.test(raw)) throw misunderstood(index + 1, raw)
    return { number: index + 1, indent: raw.length - raw.trimStart().length, text: raw.trim() }
  })
  const rest = [...lines]
  skipEmpty(rest)
  const value = parseBlock(rest, rest[0]?.indent ?? 0)
  skipEmpty(rest)
  if (rest[0] !== undefined) throw misunderstood(rest[0].number, rest[0].text)
  return value
}

function parseBlock(rest: Line[], indent: number): PlainYaml {
  const [first] = rest
  if (first === undefined || first.indent !== indent) throw misunderstood(first?.number, first?.text)
  return first.text.startsWith('- ') ? parseSequence(rest, indent) : parseMapping(rest, indent)
}

function parseSequence(rest: Line[], indent: number): readonly PlainYaml[] {
  const items: PlainYaml[] = []
  for (let line = rest[0]; line?.indent === indent && line.text.startsWith('- '); line = rest[0]) {
    const text = line.text.slice(2)
    rest.shift()
    if (keyOf(text) === undefined) items.push(parseValue(rest, indent, text, line))
    else {
      rest.unshift({ ...line, indent: indent + 2, text })
      items.push(parseMapping(rest, indent + 2))
    }
    skipEmpty(rest)
  }
  return items
}

function parseMapping(rest: Line[], indent: number): PlainYaml {
  const members = new Map<string, PlainYaml>()
  for (let line = rest[0]; line?.indent === indent; line = rest[0]) {
    const key = keyOf(line.text)
    if (key === undefined || members.has(key)) throw misunderstood(line.number, line.text)
    rest.shift()
    members.set(key, parseValue(rest, indent, line.text.slice(key.length + 1).trim(), line))
    skipEmpty(rest)
  }
  return Object.fromEntries(members)
}

function parseValue(rest: Line[], indent: number, text: string, { number }: Line): PlainYaml {
  if (text === '|') return parseLiteral(rest, indent)
  if (text !== '') return parseScalar(text, number)
  skipEmpty(rest)
  return (rest[0]?.indent ?? 0) > indent ? parseBlock(rest, rest[0]?.indent ?? 0) : null
}

function parseLiteral(rest: Line[], indent: number): string {
  const inner = rest.find(({ text }) => text !== '')?.indent ?? 0
  const lines: string[] = []
  while (rest[0] !== undefined && (rest[0].text === '' || rest[0].indent > indent)) {
    const { indent: own, text } = rest.shift() as Line
    lines.push(' '.repeat(Math.max(0, own - inner)) + text)
  }
  return `${lines.join('\n').trimEnd()}\n`
}

function parseScalar(text: string, number: number): string {
  const quoted = /^'([^']*)'$/.exec(text)?.[1]
  if (quoted !== undefined) return quoted
  if (/^[&*!|>%@`"'{[\],#?-]|: | #|:$/.test(text)) throw misunderstood(number, text)
  return text
}

/** The key of `key: value` and of `key:`. */
function keyOf(text: string): string | undefined {
  return /^([A-Za-z][\w-]*):(?: |$)/.exec(text)?.[1]
}

function skipEmpty(rest: Line[]): void {
  while (rest[0]?.text === '') rest.shift()
}

function misunderstood(number: number | undefined, text: string | undefined): Error {
  return new Error(`expected plain YAML, received ${JSON.stringify(text)} in line ${number}`)
}
