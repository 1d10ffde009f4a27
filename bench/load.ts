// Load on a server: many connections, one request after another on each, and every reply must be a success.
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import autocannon from 'autocannon'
import type { MeasuredServer } from './child.ts'
import type { Subject } from './subjects.ts'

/** How a server bore a load. */
export interface Load {
  readonly requestsPerSecond: number
  /** Of the server's own process: what other processes on the machine take does not count. */
  readonly requestsPerCpuSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** How long a load lasts. */
export type Extent = { readonly duration: number } | { readonly amount: number }

const connections = 32

/** @throws {Error} when a reply is no success */
export async function loadOn(server: MeasuredServer, subject: Subject, extent: Extent): Promise<Load> {
  const microseconds = createHistogram()
  const before = await server.usage()
  const begin = performance.now()
  const { '2xx': replies, non2xx, errors } = await send(server.url, subject, extent, microseconds)
  const seconds = (performance.now() - begin) / 1000
  const after = await server.usage()
  if (replies === 0 || non2xx > 0 || errors > 0) {
    throw new Error(
      `expected nothing but 2xx from ${subject.service}, received ${replies}, ${non2xx} others and ${errors} errors`,
    )
  }
  return {
    requestsPerSecond: replies / seconds,
    requestsPerCpuSecond: replies / (after.cpuSeconds - before.cpuSeconds),
    p50Ms: microseconds.percentile(50) / 1000,
    p99Ms: microseconds.percentile(99) / 1000,
  }
}

/** autocannon's own latencies are whole milliseconds, too coarse here. */
function send(
  url: string,
  { path, contentType, body }: Subject,
  extent: Extent,
  microseconds: RecordableHistogram,
): Promise<autocannon.Result> {
  const headers = { 'content-type': contentType }
  const options = {
    url: url + path,
    method: 'POST',
    headers,
    body,
    connections,
    sampleInt: 100,
    ...extent,
  } as const
  return new Promise((resolve, reject) => {
    const run = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
    run.on('response', (_client, _status, _bytes, responseMs) => {
      microseconds.record(Math.max(1, Math.round(responseMs * 1000)))
    })
  })
}
