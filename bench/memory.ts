// What the mock's process holds after many tokens, each with a refresh token that it has to remember.
import { startServer } from './child.ts'
import { mockCommand } from './commands.ts'
import { loadOn } from './load.ts'
import { rfc6749Password } from './subjects.ts'
import type { Row } from './table.ts'

const few = 50_000
const many = 500_000
const mebibyte = 1024 ** 2

/** Compares the resident set after few tokens with that after many. */
export async function measureMemory(): Promise<readonly Row[]> {
  const mock = await startServer(mockCommand('--service', 'rfc6749'))
  try {
    await loadOn(mock, rfc6749Password, { amount: few })
    const afterFew = await mock.usage()
    await loadOn(mock, rfc6749Password, { amount: many - few })
    const afterMany = await mock.usage()
    return [
      {
        what: 'memory after 500,000 tokens',
        value: afterMany.rssBytes / afterFew.rssBytes,
        unit: '× that after 50,000',
        details: {
          afterFewMebibytes: afterFew.rssBytes / mebibyte,
          afterManyMebibytes: afterMany.rssBytes / mebibyte,
        },
        budget: { atMost: 1.5 },
      },
    ]
  } finally {
    await mock.stop()
  }
}
