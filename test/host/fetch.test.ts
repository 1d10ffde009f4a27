// The fetch handler alone: what it keeps of a body, and which parts of a URL it does not look at.
import { describe, expect, test } from 'vitest'
import { systemWait } from '../../src/host/ambient.ts'
import { answerRequest, tokenFetch } from '../../src/host/fetch.ts'
import { createCountingEngine } from './counting-engine.ts'

describe('the fetch handler', () => {
  test('keeps no more of a body than the engine has to see', async () => {
    const { engine, receivedBytes } = createCountingEngine(10)
    const chunks = ReadableStream.from(Array.from({ length: 100 }, () => new Uint8Array(6)))
    const request = new Request('https://mock.example/token', {
      method: 'POST',
      body: chunks,
      duplex: 'half',
    })
    const target = { path: '/token', origin: 'https://mock.example' }
    expect((await answerRequest({ engine, wait: systemWait }, request, target)).status).toBe(413)
    // The limit is passed in the second chunk, of six bytes like the first.
    expect(receivedBytes()).toBe(12)
  })

  const urls: readonly string[] = [
    'https://mock.example/token',
    'http://localhost:6749/token',
    'https://mock.example/token?a=b#c',
  ]

  test.each(urls)('answers at %s', async (url) => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'customer_id',
      client_secret: 'secret',
    })
    expect((await tokenFetch()(new Request(url, { method: 'POST', body }))).status).toBe(200)
  })
})
