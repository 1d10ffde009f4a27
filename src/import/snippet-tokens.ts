// Code of any language to tokens: as much of a lexer as it takes to read literals beside names.

/** A piece of code. */
export interface Token {
  readonly kind: 'string' | 'word' | 'number' | 'sign'
  /** Of a string its content, `null` where something is put in at run time. */
  readonly value: string | null
  readonly text: string
  /** From 1, within the snippet. */
  readonly line: number
}

const lexeme = new RegExp(
  [
    '(?<space>[ \\t\\r]+)',
    '(?<newline>\\n)',
    // A hash begins a comment behind a space alone; in `#{x}` and `a#b` it does not.
    '(?<comment>//[^\\n]*|/\\*[\\s\\S]*?\\*/|(?<=^|[ \\t\\n])#(?!\\{)[^\\n]*)',
    '(?<string>(?<prefix>[bfru$@]{0,2})(?:"""(?<triple>[\\s\\S]*?)"""|"(?<double>(?:[^"\\\\\\n]|\\\\.)*)"|\'(?<single>(?:[^\'\\\\\\n]|\\\\.)*)\'|`(?<tick>(?:[^`\\\\]|\\\\.)*)`))',
    '(?<number>\\d[\\d_]*(?:\\.\\d+)?[LlFfDdMmn]?(?![\\w]))',
    '(?<word>[\\p{L}_$@][\\p{L}\\p{N}_$]*)',
    '(?<sign>=>|->|::|:=|===?|!==?|&&|\\|\\||\\?\\?|\\?\\.|[\\s\\S])',
  ].join('|'),
  'gu',
)

/** Longer snippets are not read: what documents a request in code is a page at most. */
const maxLength = 64 * 1024

/** The tokens of a snippet, without comments. */
export function tokensOf(code: string): readonly Token[] {
  if (code.length > maxLength) return []
  const tokens: Token[] = []
  let line = 1
  for (const { 0: text, groups = {} } of code.matchAll(lexeme)) {
    if (groups.string !== undefined) tokens.push({ kind: 'string', value: contentOf(groups), text, line })
    else if (groups.number !== undefined)
      tokens.push({ kind: 'number', value: text.replace(/_|[a-z]$/gi, ''), text, line })
    else if (groups.word !== undefined) tokens.push({ kind: 'word', value: null, text, line })
    else if (groups.sign !== undefined) tokens.push({ kind: 'sign', value: null, text, line })
    line += countLines(text)
  }
  return tokens
}

function countLines(text: string): number {
  return text.includes('\n') ? text.split('\n').length - 1 : 0
}

type Groups = Readonly<Record<string, string | undefined>>

function contentOf({ prefix = '', triple, double, single, tick }: Groups): string | null {
  const content = triple ?? double ?? single ?? tick ?? ''
  const isFormat = /[f$]/i.test(prefix)
  if (single === undefined && /\$\{|#\{|\{\$|\$[a-z_]/i.test(content)) return null
  if (isFormat && /[{$]/.test(content)) return null
  return content.replace(/\\(["'`\\/])/g, '$1')
}

/** Whether a text stands for a value that the reader has to put in: `<client_id>`, `{{secret}}`, `$TOKEN`, `...`. */
export function isPlaceholder(text: string): boolean {
  return /^\s*(?:<[^>]*>|\{.*\}|\[[^\]]*\]|\$\(?\w.*|%\w+%?|\.{3}|…)\s*$/.test(text) || /\$\{|\{\{/.test(text)
}
