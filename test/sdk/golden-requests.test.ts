// The very bytes that the vendors' SDKs have been seen to send, replayed on raw sockets.
import { describe, expect, test } from 'vitest'
import { startTokenServer } from '../../src/host/server.ts'
import type { ClientMetadata } from '../../src/oauth/words.ts'
import { exchangeBytes, parseRawReply, rawRequest } from '../host/raw-socket.ts'

const operationClient = { client_id: "customer id+&=/é'!()*~", client_secret: 'sec ret' }
const hookClient = { client_id: "customer id+&=/é'!()*~", client_secret: 's%c' }
const basicClient = { client_id: 'pub key', client_secret: 's:e+c' }

const proveOperation = `POST /token HTTP/1.1
host: 127.0.0.1:48111
connection: keep-alive
Content-Type: application/x-www-form-urlencoded
Accept: application/json
cookie: 
user-agent: speakeasy-sdk/typescript 0.9.6 2.506.0 1.0.0 @prove-identity/prove-api
accept-language: *
sec-fetch-mode: cors
accept-encoding: gzip, deflate
`
const proveHook = `POST /token HTTP/1.1
host: 127.0.0.1:48111
connection: keep-alive
Content-Type: application/x-www-form-urlencoded
accept: */*
accept-language: *
sec-fetch-mode: cors
user-agent: node
accept-encoding: gzip, deflate
`
const basic = 'Authorization: Basic cHViIGtleTpzOmUrYw==\n'
const moov = (
  path: string,
  fields: { readonly afterAccept?: string; readonly afterVersion?: string },
) => `POST ${path} HTTP/1.1
host: 127.0.0.1:48111
Content-Type: application/json
Accept: application/json
${fields.afterAccept ?? ''}cookie: 
user-agent: speakeasy-sdk/typescript 26.7.1 2.924.0 v2026.07.00 @moovio/sdk
X-Moov-Version: v2026.07.00
${fields.afterVersion ?? ''}sec-fetch-mode: cors
`
const documentedMoovBody =
  '{"grant_type":"client_credentials","client_id":"5clTR_MdVrrkgxw2","client_secret":"dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-","scope":"/accounts.read /accounts.write"}'

const token = expect.stringMatching(/^[\w-]{43}$/)
const proveToken = { access_token: token, expires_in: 3600, token_type: 'Bearer' }
const moovToken = { token_type: 'Bearer', access_token: token, refresh_token: token, expires_in: 900 }

interface Row {
  readonly given: string
  readonly client: ClientMetadata
  readonly head: string
  readonly body: string
  readonly reply: readonly [status: number, body: unknown]
}

const requests: readonly Row[] = [
  {
    given: "Prove's operation v3TokenRequest",
    client: operationClient,
    head: proveOperation,
    body: "client_id=customer%20id%2B%26%3D%2F%C3%A9'!()*~&client_secret=sec%20ret&grant_type=client_credentials",
    reply: [200, proveToken],
  },
  {
    given: "Prove's operation v3TokenRequest without an argument",
    client: operationClient,
    head: proveOperation,
    body: '',
    reply: [401, { code: 8002, message: 'not authorized' }],
  },
  {
    given: "Prove's hook",
    client: hookClient,
    head: proveHook,
    body: 'grant_type=client_credentials&client_id=customer+id%2B%26%3D%2F%C3%A9%27%21%28%29*%7E&client_secret=s%25c',
    reply: [200, proveToken],
  },
  {
    given: "Moov's createAccessToken with body credentials",
    client: basicClient,
    head: moov('/oauth2/token', {}),
    body: documentedMoovBody,
    reply: [200, { ...moovToken, scope: '/accounts.read /accounts.write' }],
  },
  {
    given: "Moov's createAccessToken with Basic",
    client: basicClient,
    head: moov('/oauth2/token', { afterAccept: basic }),
    body: '{"grant_type":"client_credentials","scope":"/accounts.read"}',
    reply: [200, { ...moovToken, scope: '/accounts.read' }],
  },
  {
    given: "Moov's createAccessToken with Basic of one client and body credentials of another",
    client: basicClient,
    head: moov('/oauth2/token', { afterAccept: basic }),
    body: documentedMoovBody,
    reply: [400, { error: 'invalid_request' }],
  },
  {
    given: "Moov's createAccessToken with an access token in place of credentials",
    client: basicClient,
    head: moov('/oauth2/token', { afterVersion: 'Authorization: Bearer BEAR\n' }),
    body: '{"grant_type":"client_credentials","scope":"x"}',
    reply: [401, ''],
  },
  {
    given: "Moov's createAccessToken with a refresh token that was never issued",
    client: basicClient,
    head: moov('/oauth2/token', { afterAccept: basic }),
    body: '{"grant_type":"refresh_token","refresh_token":"RT1"}',
    reply: [400, { error: 'invalid_grant' }],
  },
  {
    given: "Moov's revokeAccessToken",
    client: basicClient,
    head: moov('/oauth2/revoke', { afterAccept: basic }),
    body: '{"token":"AT1","token_type_hint":"access_token"}',
    reply: [204, ''],
  },
]

describe('golden requests', () => {
  test.each(requests)('$given is answered with $reply.0', async ({ client, head, body, reply: expected }) => {
    await using server = await startTokenServer({ clients: [client] })
    const request = `${head}content-length: ${body.length}\n\n`.replaceAll('\n', '\r\n') + body
    // The connection stays open after the request, as the SDKs want it, until a second one has it closed.
    const farewell = rawRequest('GET /token HTTP/1.1', [])
    const reply = parseRawReply(await exchangeBytes(server.url, request + farewell))
    expect([reply.status, reply.body === '' ? '' : JSON.parse(reply.body)]).toEqual(expected)
    expect(parseRawReply(reply.rest).status).toBe(403)
  })
})
