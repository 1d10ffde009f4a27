// What a `$ref` names outside of its file: read from this machine, or from the network where that was asked for. The only
// file that knows the library for it, which is loaded when a document has such a reference.
import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { $RefParser, type ParserOptions } from '@apidevtools/json-schema-ref-parser'
import { maxDocumentBytes } from './document-size.ts'

const timeoutMs = 10_000

/** Files of this machine: devices and pipes, which may have no end, are none. */
const localFiles = {
  order: 1,
  canRead: ({ url }: { readonly url: string }) => url.startsWith('file:'),
  read: async ({ url }: { readonly url: string }) => {
    const path = fileURLToPath(url)
    const found = await stat(path).catch(() => null)
    if (found === null) throw new Error('there is no such file')
    if (!found.isFile()) throw new Error('it is no file')
    if (found.size > maxDocumentBytes) throw new Error(`it has more than ${maxDocumentBytes} bytes`)
    return readFile(path)
  },
}

/** Redirects are not followed: they lead to hosts that no document names. */
const network = {
  order: 2,
  timeout: timeoutMs,
  redirects: 0,
  maxContentLength: maxDocumentBytes,
  // A document on this machine may name a server of its own network; what a fetched one names is bounded by its reader.
  safeUrlResolver: false,
}

/** The text itself: it is parsed where its lines are kept. */
const asText = {
  order: 1,
  allowEmpty: true,
  canParse: true,
  parse: ({ data }: { readonly data: string | Buffer }) => data.toString(),
}

/** The text of a URL (`file:`, `https:` or `http:`), of at most `maxDocumentBytes` and within 10 seconds. Fails with the reason. */
export async function readReferenced(url: string): Promise<string> {
  const isLocal = url.startsWith('file:')
  try {
    const references = await $RefParser.resolve(
      // A schema that is all elsewhere; it has a URL that no reference has.
      'file:///.tokenwright/entry',
      { $ref: url },
      {
        resolve: { file: false, http: isLocal ? false : network, local: isLocal ? localFiles : false },
        parse: { json: false, yaml: false, text: false, binary: false, asText },
      } as ParserOptions,
    )
    return String(references.get(url))
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error })
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (message.includes('Too many redirects')) return 'it redirects to another address, which is not followed'
  return message.replace(/^Error downloading \S+: */, '').split('\n')[0] ?? ''
}
