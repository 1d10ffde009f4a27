// The journal as server-sent events: each request as it is answered. @see HTML standard, server-sent events
import type { ServerResponse } from 'node:http'
import type { Journal, JournalEntry } from '../engine/journal.ts'
import type { HttpRequest } from '../oauth/message.ts'

/**
 * Sends entries as they come, and those after `Last-Event-ID` first. What a reader has not taken yet is not kept for it
 * but read from the journal later; a reader that has missed entries there is let go, and may come again.
 */
export function streamEntries(
  { method, headers }: HttpRequest,
  response: ServerResponse,
  journal: Journal,
): null {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.flushHeaders()
  if (method === 'HEAD') {
    response.end()
    return null
  }
  if (response.destroyed) return null
  const { add, resume } = createFeed(response, journal, lastEventIn(headers['last-event-id']))
  // The server leaves connections half open for clients that still wait; a reader that ends its side has left.
  response.req.socket.once('end', () => response.destroy())
  response.on('drain', resume)
  response.on('error', () => response.destroy())
  response.on('close', journal.subscribe(add))
  resume()
  return null
}

function lastEventIn(field: string | string[] | undefined): number | undefined {
  const text = String(field ?? '')
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** What one reader is sent: kept entries after `after`, where that is given, and every entry to come. */
function createFeed(response: ServerResponse, journal: Journal, after: number | undefined) {
  let last = beforeFirst(journal.entries(), after)
  let isWaiting = false
  const add = (entry: JournalEntry) => {
    if (isWaiting || response.destroyed) return
    last = entry.id
    isWaiting = !response.write(formatEvent(entry))
  }
  const resume = () => {
    isWaiting = false
    for (const entry of journal.find({ since: last })) {
      if (isWaiting) return
      if (entry.id > last + 1) return void response.destroy()
      add(entry)
    }
  }
  return { add, resume }
}

/** The id before the first entry that a reader is sent, which came after `after` and is still kept, or is to come. */
function beforeFirst(entries: readonly JournalEntry[], after: number | undefined): number {
  const first = after === undefined ? undefined : entries.find(({ id }) => id > after)
  return first === undefined ? (entries.at(-1)?.id ?? 0) : first.id - 1
}

function formatEvent(entry: JournalEntry): string {
  return `id: ${entry.id}\nevent: request\ndata: ${JSON.stringify(entry)}\n\n`
}
