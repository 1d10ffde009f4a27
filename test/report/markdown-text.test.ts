// Untrusted words in Markdown are words, and no link begins in them.
import { expect, test } from 'vitest'
import { markdownCode, markdownProse } from '../../src/report/markdown-text.ts'

const words: ReadonlyArray<readonly [what: string, text: string, markdown: string]> = [
  ['an address of the web without its scheme', 'see www.evil.example', 'see www<!-- -->.evil.example'],
  ['the same in capitals', 'WWW.evil.example', 'WWW<!-- -->.evil.example'],
  ['an address of mail', 'a@evil.example', 'a\\@<!-- -->evil.example'],
  ['a mention', '@user', '\\@<!-- -->user'],
  ['an address with its scheme', 'https://evil.example', 'https\\://evil.example'],
  ['a comment of their own', '<!-- x', '&lt;\\!-- x'],
]

test.each(words)('makes no link of %s', (_what, text, markdown) => {
  expect([markdownProse(text), markdownCode(text)]).toEqual([markdown, `<code>${markdown}</code>`])
})
