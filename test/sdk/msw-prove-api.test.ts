// Prove's SDK at its default server, https://platform.uat.proveapis.com, which MSW intercepts.
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { tokenHandlers } from '../../mocks/handlers.ts'
import { type ProveOrigin, type StartApi, testProveApi } from './prove-api.ts'

testProveApi('MSW', interceptServers)

async function interceptServers(api: StartApi): Promise<ProveOrigin> {
  const server = setupServer(
    ...tokenHandlers(),
    http.post('https://platform.uat.proveapis.com/v3/start', ({ request }) => {
      const [status, body] = api(request.headers.get('authorization'))
      return HttpResponse.json(body as Record<string, unknown>, { status })
    }),
  )
  server.listen()
  return { close: async () => server.close() }
}
