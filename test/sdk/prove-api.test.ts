// Prove's SDK against the mock as a node:http server, with the API on the same origin as Prove has it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tokenListener } from '../../src/host/listener.ts'
import { engineFor } from '../../src/host/options.ts'
import { type ProveOrigin, type StartApi, testProveApi } from './prove-api.ts'

testProveApi('the server', startServer)

async function startServer(api: StartApi): Promise<ProveOrigin> {
  const { engine } = engineFor({ services: ['prove'] })
  const answerToken = tokenListener(() => engine)
  const server = createServer((request, response) => {
    if (request.url !== '/v3/start') return answerToken(request, response)
    const [status, body] = api(request.headers.authorization ?? null)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    serverURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
