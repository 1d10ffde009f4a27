// The body that a client sent, read as what it looks like: a wrong media type is told apart from what is in it.
import { parseForm } from '../oauth/form.ts'
import { repeatedMember } from '../oauth/json.ts'
import type { ReceivedRequest } from './mock-server.ts'

/** What a body holds: its parameters, or why they cannot be read. */
export type ReceivedBody =
  | { readonly pairs: ReadonlyArray<readonly [string, unknown]> }
  | { readonly unreadable: string }

/** Reads a body as JSON where it says so or looks like it, else as a form. */
export function bodyOf({ headers, body }: ReceivedRequest): ReceivedBody {
  const text = new TextDecoder().decode(body)
  const isJson = /json/i.test(String(headers['content-type'] ?? '')) || text.trimStart().startsWith('{')
  if (!isJson) {
    const pairs = parseForm(text)
    return pairs === undefined ? { unreadable: 'a form with a broken percent escape' } : { pairs }
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { unreadable: 'JSON that is no object' }
    const repeated = repeatedMember(text)
    const again: ReadonlyArray<readonly [string, unknown]> = repeated === undefined ? [] : [[repeated, '']]
    return { pairs: [...Object.entries(value), ...again] }
  } catch {
    return { unreadable: text === '' ? 'nothing' : 'text that is not JSON' }
  }
}

/** The names of the parameters in a body; none when it cannot be read. */
export function namesOf(request: ReceivedRequest): ReadonlySet<string> {
  const body = bodyOf(request)
  return new Set('pairs' in body ? body.pairs.map(([name]) => name) : [])
}

/** A media type without its parameters; empty when there is none. */
export function mediaTypeOf(field: string | string[] | undefined): string {
  return String(field ?? '')
    .split(';', 1)[0]
    ?.trim() as string
}
