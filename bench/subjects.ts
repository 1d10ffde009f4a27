// The token requests that are measured, one per service: each is granted with the documented example credentials.

/** The example client of `rfc6749`, for servers that are told which client to know. */
export const exampleClient = { id: 'example-client', secret: 'example-secret', scope: 'read write' } as const

/** A service under load. */
export interface Subject {
  readonly service: string
  /** As the mock serves it. */
  readonly path: string
  readonly contentType: string
  readonly body: string
}

const form = 'application/x-www-form-urlencoded'

export const rfc6749: Subject = {
  service: 'rfc6749',
  path: '/token',
  contentType: form,
  body: 'grant_type=client_credentials&client_id=example-client&client_secret=example-secret&scope=read+write',
}

/** A grant that leaves a refresh token behind with every reply. */
export const rfc6749Password: Subject = {
  ...rfc6749,
  body: 'grant_type=password&username=example-user&password=example-password&client_id=example-client&client_secret=example-secret',
}

export const subjects: readonly Subject[] = [
  rfc6749,
  {
    service: 'prove',
    path: '/token',
    contentType: form,
    body: 'client_id=customer_id&client_secret=secret&grant_type=client_credentials',
  },
  {
    service: 'moov',
    path: '/oauth2/token',
    contentType: 'application/json',
    body: JSON.stringify({
      client_id: '5clTR_MdVrrkgxw2',
      client_secret: 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-',
      grant_type: 'client_credentials',
      scope: '/accounts.read /accounts.write',
    }),
  },
]

/** One reply to a subject's request, which must be a token. */
export async function firstReply(url: string, { path, contentType, body }: Subject): Promise<string> {
  const headers = { 'content-type': contentType }
  const response = await fetch(url + path, { method: 'POST', headers, body })
  const text = await response.text()
  if (response.ok && text.includes('access_token')) return text
  throw new Error(`expected a token from ${path}, received ${response.status} ${text}`)
}
