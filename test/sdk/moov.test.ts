// Moov's SDK against the mock as a node:http server.
import { startTokenServer } from '../../src/host/server.ts'
import { testMoov } from './moov.ts'

testMoov('the server', async () => {
  const { url, close } = await startTokenServer()
  return { serverURL: url, close }
})
