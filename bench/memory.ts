// What the mock's process holds after many tokens, each with a refresh token that it has to remember.
import { startServer } from './child.ts'
import { loadOn } from './load.ts'
import { rfc6749Password } from './subjects.ts'
import { formatTable } from './table.ts'

const few = 50_000
const many = 500_000
const mebibyte = 1024 ** 2

/** Compares the resident set after few tokens with that after many. */
export async function measureMemory(): Promise<string> {
  const mock = await startServer(
    '../bin/tokenwright.js',
    'mock',
    '--service',
    'rfc6749',
    '--port',
    '0',
    '--json',
  )
  try {
    await loadOn(mock, rfc6749Password, { amount: few })
    const afterFew = await mock.usage()
    await loadOn(mock, rfc6749Password, { amount: many - few })
    const afterMany = await mock.usage()
    return formatTable(
      'memory',
      [],
      [
        { what: 'after 50,000 tokens', value: afterFew.rssBytes / mebibyte, unit: 'MiB' },
        { what: 'after 500,000 tokens', value: afterMany.rssBytes / mebibyte, unit: 'MiB' },
        {
          what: 'growth',
          value: afterMany.rssBytes / afterFew.rssBytes,
          unit: '×',
          budget: { atMost: 1.5 },
        },
      ],
    )
  } finally {
    await mock.stop()
  }
}
