// A reply as a client gets it: read to its end, or to where the connection breaks, without the values of its tokens.
import type { RunningHost } from './hosts.ts'

/** A reply, or the lack of one. */
export type Observed = ObservedReply | { readonly lost: string }

/** A reply as it came. */
export interface ObservedReply {
  readonly status: number
  /** Those that a service says; what the host adds is left out. */
  readonly headers: Readonly<Record<string, string>>
  /** Tokens are as many asterisks. */
  readonly body: string
  /** Whether the connection broke in the middle of the body. */
  readonly isCutOff?: true
}

const ofTheHost = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'tokenwright-reason',
  'transfer-encoding',
])
const tokens = /((?:access|refresh)_token(?:":"|=))([\w-]+)(?=["&]|$)/g
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What a client gets to see of the reply to a request. */
export async function observe(host: RunningHost, path: string, init: RequestInit): Promise<Observed> {
  try {
    const response = await host.fetch(path, init)
    return response.type === 'error' ? { lost: 'network error' } : await readObserved(response)
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: string } }
    return { lost: cause?.code ?? 'network error' }
  }
}

async function readObserved({ status, headers, body }: Response): Promise<ObservedReply> {
  const decoder = new TextDecoder()
  const told = [...headers].filter(([name]) => !ofTheHost.has(name))
  const observed = {
    status,
    headers: Object.fromEntries(told.map(([name, value]) => [name, value.replace(uuid, '{uuid}')])),
  }
  let text = ''
  try {
    for await (const chunk of body ?? []) text += decoder.decode(chunk, { stream: true })
  } catch {
    return { ...observed, body: withoutTokens(text), isCutOff: true }
  }
  return { ...observed, body: withoutTokens(text) }
}

function withoutTokens(text: string): string {
  return text.replace(tokens, (_all, name: string, value: string) => name + '*'.repeat(value.length))
}
