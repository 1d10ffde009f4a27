// Moov's SDK at its only server, https://api.moov.io, which MSW intercepts.
import { server } from '../../mocks/node.ts'
import { testMoov } from './moov.ts'

testMoov('MSW', async () => {
  server.listen()
  return { close: async () => server.close() }
})
