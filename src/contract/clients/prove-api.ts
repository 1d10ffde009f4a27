// Prove's TypeScript SDK, from npm, as a contract's client.
import { createRequire } from 'node:module'
import type { ContractClient } from '../client.ts'

const packageName = '@prove-identity/prove-api'

/** The SDK as it is installed; `undefined` when it is not. */
export async function loadProveApi(): Promise<ContractClient | undefined> {
  const version = installedVersion()
  if (version === undefined) return undefined
  const { Proveapi } = await import('@prove-identity/prove-api')
  const { HTTPClient } = await import('@prove-identity/prove-api/lib/http.js')
  return {
    name: `${packageName} ${version}`,
    canSend: ({ parameters }) =>
      ['client_id', 'client_secret', 'grant_type'].every((name) => parameters[name] !== undefined),
    send: async (baseUrl, _located, { parameters }) => {
      let status = 0
      const httpClient = new HTTPClient().addHook('response', (response) => {
        status = response.status
      })
      const sdk = new Proveapi({ serverURL: baseUrl, httpClient })
      try {
        await sdk.v3.v3TokenRequest({
          clientId: parameters.client_id ?? '',
          clientSecret: parameters.client_secret ?? '',
          grantType: parameters.grant_type ?? '',
        })
      } catch (error) {
        if (!isDocumentedRefusal(error)) throw error
      }
      return status
    },
  }
}

/** The SDK's own classes for the documented error replies; any other error means that it did not understand the reply. */
function isDocumentedRefusal(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ErrorT' || error.name === 'Error401')
}

function installedVersion(): string | undefined {
  const require = createRequire(import.meta.url)
  try {
    return (require(`${packageName}/package.json`) as { version: string }).version
  } catch {
    return undefined
  }
}
