// contractTest() with clients that are wrong in one way each, and what is in the contract of one that is right.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type ContractCall,
  type ContractTestOptions,
  contractTest,
} from '../../src/contract/contract-test.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import { root } from '../source-files.ts'
import { type Departure, formOf, send, teamClient } from './team-client.ts'

const form = 'application/x-www-form-urlencoded'
const canary = 'aK9-canary-7Qz/+'
const right = `Basic ${btoa('example-client:example-secret')}`
const byPost = {
  service: 'rfc6749',
  variant: 'client_credentials',
  authentication: 'client_secret_post',
} as const
const byBasic = { ...byPost, authentication: 'client_secret_basic' } as const
const asJson = { service: 'moov', variant: 'ruby', authentication: 'client_secret_post' } as const
const granted = ['client_credentials']

/** Consumers of their own: one process that contradicts itself is refused. */
let consumers = 0
let consumer: string
let directory: string
beforeEach(() => {
  consumers += 1
  consumer = `web-shop-${consumers}`
  directory = mkdtempSync(join(tmpdir(), 'contract-test-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

type Chosen = Omit<ContractTestOptions, 'consumer' | 'directory'>

const run = (chosen: Chosen, call: (call: ContractCall) => unknown) =>
  contractTest({ consumer, directory, ...chosen }, call)

async function errorOf(chosen: Chosen, call: (call: ContractCall) => unknown): Promise<Error> {
  return run(chosen, call).then(
    () => new Error('kept'),
    (error: Error) => error,
  )
}

/** The whole message about one exchange. */
function message(
  { service, variant, authentication }: { service: string; variant: string; authentication: string },
  findings: readonly string[],
  next: readonly string[],
): string {
  return [
    `${consumer} does not keep ${service}/${variant} by ${authentication}; no contract was written`,
    '  client_credentials',
    ...findings.map((finding) => `    ${finding}`),
    ...next.map((step) => `  next: ${step}`),
  ].join('\n')
}

const parameters = 'send the parameters of RFC 6749 §4.4.2, each once, and no other'
const jsonParameters =
  'send the parameters of Moov Ruby SDK, docs/models/components/authtokenrequest.md, each once, and no other'
const values = 'send the credentials and parameters that the call is given'
const inBody = 'client_secret_post (id and secret in the body)'
const asField = 'client_secret_basic (HTTP Basic)'

const departures: ReadonlyArray<
  [
    does: string,
    chosen: typeof byPost | typeof byBasic | typeof asJson,
    departure: Departure,
    findings: readonly string[],
    next: readonly string[],
  ]
> = [
  [
    'spells a parameter in another way',
    byPost,
    { body: ({ client_id = '', ...others }) => formOf({ ...others, clientId: client_id }) },
    ['parameter "client_id": expected "example-client", received it as "clientId"'],
    [parameters],
  ],
  [
    'spells its secret in another way',
    byPost,
    { body: ({ client_secret = '', ...others }) => formOf({ ...others, ClientSecret: client_secret }) },
    ['parameter "client_secret": expected "example-secret", received it as "ClientSecret"'],
    [parameters],
  ],
  [
    'spells a member of JSON in another way',
    asJson,
    { body: ({ grant_type, ...others }) => JSON.stringify({ ...others, grantType: grant_type }) },
    ['parameter "grant_type": expected "client_credentials", received it as "grantType"'],
    [jsonParameters],
  ],
  [
    'leaves out a parameter',
    byPost,
    { body: ({ client_id, ...others }) => formOf(others) },
    ['parameter "client_id": expected "example-client", received nothing'],
    [parameters],
  ],
  [
    'adds a parameter that no document knows',
    byPost,
    { body: (sent) => formOf({ ...sent, audience: 'https://api.example' }) },
    ['parameter "audience": expected no such parameter, received it'],
    [parameters],
  ],
  [
    'adds a member of JSON',
    asJson,
    { body: (sent) => JSON.stringify({ ...sent, audience: null }) },
    ['parameter "audience": expected no such parameter, received it'],
    [jsonParameters],
  ],
  [
    'adds a documented parameter',
    byPost,
    { body: (sent) => formOf({ ...sent, scope: 'read' }) },
    ['parameter "scope": expected no such parameter, received it'],
    ["leave it out, or name it in parameters, such as { scope: '…' }, with the value that the client sends"],
  ],
  [
    'adds a parameter beside HTTP Basic',
    byBasic,
    { body: (sent) => formOf({ ...sent, client_id: 'example-client' }) },
    ['parameter "client_id": expected no such parameter, received it'],
    [parameters],
  ],
  [
    'sends a secret of its own',
    byPost,
    { body: (sent) => formOf({ ...sent, client_secret: canary }) },
    ['parameter "client_secret": expected "example-secret", received another value'],
    [values],
  ],
  [
    'sends white space around a value',
    byPost,
    { body: (sent) => formOf({ ...sent, client_secret: 'example-secret\n' }) },
    ['parameter "client_secret": expected "example-secret", received it with white space around'],
    [values],
  ],
  [
    'encodes a value twice',
    asJson,
    { body: (sent) => JSON.stringify({ ...sent, scope: encodeURIComponent(sent.scope ?? '') }) },
    ['parameter "scope": expected "/accounts.read /accounts.write", received it percent-encoded once more'],
    [values],
  ],
  [
    'sends an empty value',
    byPost,
    { body: (sent) => formOf({ ...sent, client_secret: '' }) },
    ['parameter "client_secret": expected "example-secret", received an empty string'],
    [values],
  ],
  [
    'sends a number in JSON',
    asJson,
    { body: (sent) => JSON.stringify({ ...sent, scope: 7 }) },
    ['parameter "scope": expected "/accounts.read /accounts.write", received a number'],
    [values],
  ],
  [
    'asks for another grant',
    byPost,
    { body: (sent) => formOf({ ...sent, grant_type: 'password' }) },
    ['parameter "grant_type": expected "client_credentials", received "password"'],
    [values],
  ],
  [
    'sends a parameter twice',
    byPost,
    { body: (sent) => `${formOf(sent)}&client_id=${canary}` },
    ['parameter "client_id": expected "example-client", received it more than once'],
    [parameters],
  ],
  [
    'sends a member of JSON twice',
    asJson,
    { body: (sent) => JSON.stringify(sent).replace('{', `{"scope":"${canary}",`) },
    ['parameter "scope": expected "/accounts.read /accounts.write", received it more than once'],
    [jsonParameters],
  ],
  [
    'sends JSON for a form',
    byPost,
    { contentType: 'application/json', body: (sent) => JSON.stringify(sent) },
    [`Content-Type: expected "${form}", received "application/json"`],
    [`send the body as ${form}`],
  ],
  [
    'sends the documented form where it said JSON',
    asJson,
    { contentType: form, body: formOf },
    [`Content-Type: expected "application/json", received "${form}"`],
    [`contentType: '${form}' chooses the documented form that the client sends`],
  ],
  [
    'sends JSON and calls it a form',
    byPost,
    { body: (sent) => JSON.stringify(sent) },
    ['body: expected a form, received a JSON object'],
    [`send the body as ${form}`],
  ],
  [
    'sends a form and calls it JSON',
    asJson,
    { body: formOf },
    ['body: expected a JSON object, received text that is not JSON'],
    ['send the body as application/json'],
  ],
  [
    'leaves the media type to fetch',
    byPost,
    { contentType: 'text/plain;charset=UTF-8' },
    [`Content-Type: expected "${form}", received "text/plain"`],
    [`send the body as ${form}`],
  ],
  [
    'goes to another path',
    byPost,
    { path: '/oauth/token' },
    ['path: expected /token, received /oauth/token'],
    ['send to tokenEndpoint, or to the documented path under url'],
  ],
  [
    'has a secret in the path',
    byPost,
    { path: `/${encodeURIComponent(canary)}/token` },
    ['path: expected /token, received /****/token'],
    ['send to tokenEndpoint, or to the documented path under url'],
  ],
  [
    'has a secret in the query',
    byPost,
    { path: `/token?client_secret=${canary}` },
    ['query: expected none, received "client_secret"'],
    ['send parameters in the body alone (RFC 6749 section 2.3.1)'],
  ],
  [
    'uses another method',
    byPost,
    { method: 'PUT' },
    ['method: expected POST, received PUT'],
    ['send POST (RFC 6749 section 3.2)'],
  ],
  [
    'asks by GET',
    byPost,
    { method: 'GET' },
    ['method: expected POST, received GET'],
    ['send POST (RFC 6749 section 3.2)'],
  ],
  [
    'uses HTTP Basic for the body',
    byPost,
    { authorization: right, body: ({ grant_type = '' }) => formOf({ grant_type }) },
    [`client authentication: expected ${inBody}, received ${asField}`],
    ["authentication: 'client_secret_basic' chooses the method, if it is the one that the client uses"],
  ],
  [
    'uses the body for HTTP Basic',
    byBasic,
    {
      authorization: '',
      body: (sent) => formOf({ ...sent, client_id: 'example-client', client_secret: canary }),
    },
    [`client authentication: expected ${asField}, received ${inBody}`],
    ["authentication: 'client_secret_post' chooses the method, if it is the one that the client uses"],
  ],
  [
    'uses both at once',
    byPost,
    { authorization: right },
    [`client authentication: expected ${inBody}, received ${asField} and ${inBody}`],
    ['authenticate by client_secret_post alone (RFC 6749 section 2.3)'],
  ],
  [
    'uses another scheme',
    byBasic,
    { authorization: `Bearer ${canary}` },
    [`client authentication: expected ${asField}, received an Authorization field of another scheme`],
    ['authenticate by client_secret_basic alone (RFC 6749 section 2.3)'],
  ],
  [
    'does not authenticate',
    byBasic,
    { authorization: '' },
    [`client authentication: expected ${asField}, received none`],
    ['authenticate by client_secret_basic alone (RFC 6749 section 2.3)'],
  ],
  [
    'has a secret of its own in HTTP Basic',
    byBasic,
    { authorization: `Basic ${btoa(`example-client:${encodeURIComponent(canary)}`)}` },
    ['Authorization, client_secret: expected "example-secret", received another value'],
    [values],
  ],
  [
    'leaves HTTP Basic without Base64',
    byBasic,
    { authorization: `Basic example-client:${canary}` },
    ['Authorization: expected Basic with Base64 of id:secret, each form-encoded, received another spelling'],
    ['write HTTP Basic as the service documents it'],
  ],
  [
    'writes basic',
    byBasic,
    { authorization: right.replace('Basic', 'basic') },
    ['Authorization: expected the scheme Basic, received it in another spelling'],
    ['spell it Basic: token services compare it so, though RFC 9110 does not'],
  ],
  [
    'sends a secret and nothing else',
    byPost,
    { body: () => canary },
    [
      `client authentication: expected ${inBody}, received none`,
      'parameter "grant_type": expected "client_credentials", received nothing',
      'parameter (a name that is not shown): expected no such parameter, received it',
    ],
    ['authenticate by client_secret_post alone (RFC 6749 section 2.3)', parameters],
  ],
]

const once =
  'let the call obtain a token and do nothing else: no discovery, no retry, no request that uses the token'
const early = 'mend what the client does before it sends; the cause has its stack'
const lenient = 'if the client needs other members of the reply, name them in needs'

const calls: ReadonlyArray<
  [does: string, call: (call: ContractCall) => unknown, findings: readonly string[], next: readonly string[]]
> = [
  [
    'sends nothing',
    () => undefined,
    ['request: expected POST /token, received none'],
    ['send it to url, and await the reply before the call ends'],
  ],
  [
    'throws before it sends',
    () => {
      throw new TypeError(`Cannot read properties of undefined (reading 'secret'): ${canary}`)
    },
    [
      "call: expected a request, received TypeError: Cannot read properties of undefined (reading 'secret'): ****/****",
    ],
    [early],
  ],
  [
    'throws an error of another realm, as in Jest',
    () => {
      throw runInNewContext('new RangeError("no client")')
    },
    ['call: expected a request, received RangeError: no client'],
    [early],
  ],
  [
    'throws what is no error',
    () => {
      throw canary
    },
    ['call: expected a request, received a value that is no Error'],
    [early],
  ],
  [
    'asks twice',
    async (call) => {
      await teamClient()(call)
      await teamClient()(call)
    },
    ['requests: expected POST /token once, received 2: POST /token, POST /token'],
    [once],
  ],
  [
    'looks for metadata first',
    async (call) => {
      await fetch(`${call.url}/.well-known/openid-configuration`)
      await teamClient()(call)
    },
    ['requests: expected POST /token once, received 2: GET /.well-known/openid-configuration, POST /token'],
    [once],
  ],
  [
    'tries a wrong request again',
    async (call) => {
      const wrong = teamClient({ method: 'PUT' })
      await wrong(call).catch(() => wrong(call))
    },
    [
      'requests: expected POST /token once, received 2: PUT /token, PUT /token',
      'method: expected POST, received PUT',
    ],
    [once, 'send POST (RFC 6749 section 3.2)'],
  ],
  [
    'throws at the granted reply',
    async (call) => {
      await teamClient()(call)
      throw new TypeError('refresh_token is required')
    },
    [
      'reply: expected a client that understands 200 with access_token, token_type, expires_in, received TypeError: refresh_token is required',
    ],
    [lenient],
  ],
  [
    'throws at the reply to a wrong request, which says nothing',
    teamClient({ body: (sent) => formOf({ ...sent, client_secret: canary }) }),
    ['parameter "client_secret": expected "example-secret", received another value'],
    [values],
  ],
]

describe('no contract is written for a client that', () => {
  test.each(departures)('%s', async (_does, chosen, departure, findings, next) => {
    const error = await errorOf({ ...chosen, exchanges: granted }, teamClient(departure))
    expect(error).toMatchObject({
      code: 'ERR_CONTRACT_CLIENT',
      message: message(chosen, findings, next),
    })
    expectNoCanary(error)
    expect(readdirSync(directory)).toEqual([])
  })

  test.each(calls)('%s', async (_does, call, findings, next) => {
    const error = await errorOf({ ...byPost, exchanges: granted }, call)
    expect(error).toMatchObject({ code: 'ERR_CONTRACT_CLIENT', message: message(byPost, findings, next) })
    expectNoCanary(error)
    expect(readdirSync(directory)).toEqual([])
  })

  test('is wrong in the ways of the guide, which quotes the message', async () => {
    const wrong: Departure = {
      contentType: 'application/json',
      body: ({ client_id, ...sent }) =>
        JSON.stringify({ ...sent, clientId: client_id, client_secret: canary, audience: 'shop' }),
    }
    const error = await errorOf({ ...byPost, exchanges: granted }, teamClient(wrong))
    const guide = readFileSync(join(root, 'docs/contracts.md'), 'utf8')
    expect(guide).toContain(`\n\`\`\`\n${error.message.replace(consumer, 'web-shop')}\n\`\`\`\n`)
  })

  test('does not come to an end', async () => {
    const error = await errorOf({ ...byPost, exchanges: granted, timeoutMs: 30 }, async (call) => {
      await teamClient()(call)
      await new Promise(() => {})
    })
    const finding = 'call: expected its end within 30 ms, received a request that was answered, and no end'
    const next = 'turn off retries, or give the call more time with timeoutMs'
    expect(error.message).toBe(message(byPost, [finding], [next]))
  })

  test('is wrong in several exchanges, and the message has all of them', async () => {
    const error = await errorOf(
      byPost,
      teamClient({ body: (sent) => formOf({ ...sent, client_secret: 'example-secret', tenant: '1' }) }),
    )
    expect(error.message).toBe(
      [
        `${consumer} does not keep rfc6749/client_credentials by client_secret_post; no contract was written`,
        '  client_credentials',
        '    parameter "tenant": expected no such parameter, received it',
        '  client_credentials.wrong_secret',
        '    parameter "client_secret": expected "tokenwright-wrong-value", received "example-secret"',
        '    parameter "tenant": expected no such parameter, received it',
        `  next: ${parameters}`,
        `  next: ${values}`,
      ].join('\n'),
    )
  })

  test('resolves at a refusal as though a token were granted', async () => {
    const call = async (call: ContractCall) => {
      const reply = (await (await send(call)).json()) as { access_token?: string }
      return reply.access_token
    }
    const error = await errorOf(byPost, call)
    expect(error.message).toBe(
      [
        `${consumer} does not keep rfc6749/client_credentials by client_secret_post; no contract was written`,
        '  client_credentials.wrong_secret',
        '    refusal: expected a call that throws at 401, received one that resolved as though a token were granted',
        "  next: let the client throw, or return the reply; if it reports refusals in another way, set refusals: 'any'",
      ].join('\n'),
    )
    expect((await run({ ...byPost, refusals: 'any' }, call)).interactions.length).toBe(2)
  })
})

describe('no value that a client sent or held', () => {
  test('is in its own error, which is told without them', async () => {
    process.env.TEAM_CLIENT_SECRET = 'correcthorse'
    const error = await errorOf({ ...byPost, exchanges: granted }, async (call) => {
      await teamClient()(call)
      const headers = { authorization: `Basic ${btoa(`id:${canary}`)}`, token: canary }
      throw Object.assign(new Error(`no ${canary} nor correcthorse in ${JSON.stringify(headers)}`), {
        headers,
      })
    }).finally(() => {
      delete process.env.TEAM_CLIENT_SECRET
    })
    expect((error.cause as Error).message).toBe(
      'no ****/**** nor **** in {"authorization":"Basic ****==","token":"****/****"}',
    )
    expect((error.cause as Error).stack).toMatch(
      /^Error: no \*\*\*\*\/\*{4} nor .*\n +at .*contract-test\.test\.ts/,
    )
    expectNoCanary(error)
    expect(inspect(error, { depth: 9 })).not.toContain('correcthorse')
  })

  test('is anywhere, whatever it is and wherever it went', async () => {
    const places: Readonly<Record<string, (secret: string) => Departure>> = {
      value: (secret) => ({ body: (sent) => formOf({ ...sent, client_secret: secret }) }),
      grant: (secret) => ({ body: (sent) => formOf({ ...sent, grant_type: secret }) }),
      another: (secret) => ({ body: (sent) => formOf({ ...sent, audience: secret }) }),
      name: (secret) => ({ body: (sent) => formOf({ ...sent, [secret]: 'x' }) }),
      whole: (secret) => ({ body: () => secret }),
      json: (secret) => ({
        contentType: 'application/json',
        body: () => JSON.stringify({ [secret]: secret }),
      }),
      broken: (secret) => ({ contentType: 'application/json', body: () => `{"client_secret":"${secret}` }),
      mediaType: (secret) => ({ contentType: `application/${secret.replace(/[+/=]/g, '')}` }),
      path: (secret) => ({ path: `/${secret}/token` }),
      query: (secret) => ({ path: `/token?${secret}=${secret}` }),
      basic: (secret) => ({ authorization: `Basic ${btoa(`example-client:${secret}`)}` }),
      bearer: (secret) => ({ authorization: `Bearer ${secret}` }),
      scheme: (secret) => ({ authorization: secret }),
    }
    const secrets = fc.stringMatching(/^[A-Za-z]{4}[0-9]{3}[A-Za-z0-9+/=_-]{8,16}$/)
    const authentications = fc.constantFrom('client_secret_basic' as const, 'client_secret_post' as const)
    const property = fc.asyncProperty(
      secrets,
      fc.constantFrom(...Object.keys(places)),
      authentications,
      async (secret, place, authentication) => {
        const wrong = places[place]?.(secret) ?? {}
        const error = await errorOf({ ...byPost, authentication, exchanges: granted }, async (call) => {
          const text = await (await send(call, wrong)).text()
          throw new Error(`${text} ${JSON.stringify(wrong)} ${wrong.body?.(call.parameters)} ${secret}`)
        })
        expect(error.message).not.toBe('kept')
        const shown = inspect(error, { depth: 9, showHidden: true })
        const forms = [secret, encodeURIComponent(secret), btoa(secret), secret.replace(/[+/=]/g, '')]
        expect(forms.filter((form) => shown.includes(form))).toEqual([])
      },
    )
    await fc.assert(property, { seed: 6749, numRuns: 120 })
  })

  test('is in the reply to a wrong request', async () => {
    const replies: string[] = []
    await errorOf({ ...byPost, exchanges: granted }, async (call) => {
      const response = await send(call, { body: (sent) => formOf({ ...sent, client_secret: canary }) })
      replies.push(`${response.status} ${await response.text()}`)
    })
    expect(replies).toEqual([
      '400 {"error":"invalid_request","error_description":"This is not the documented request; the error of the contract test says why."}',
    ])
  })
})

describe('a client that keeps a variant', () => {
  test('is called once for each granted exchange and each with a wrong credential', async () => {
    const seen: Omit<ContractCall, 'url' | 'tokenEndpoint'>[] = []
    await run({ service: 'rfc6749', variant: 'rfc6749/refresh_token' }, async (call) => {
      const { url, tokenEndpoint, ...rest } = call
      expect(tokenEndpoint).toBe(`${url}/token`)
      seen.push(rest)
      await teamClient()(call)
    })
    const credentials = {
      client_id: 'example-client',
      client_secret: 'example-secret',
      username: '',
      password: '',
      refresh_token: 'example-refresh-token',
    }
    const common = {
      grantType: 'refresh_token',
      scope: undefined,
      authentication: 'client_secret_basic',
      contentType: form,
    }
    const wrong = 'tokenwright-wrong-value'
    expect(seen).toEqual([
      {
        ...common,
        exchange: 'refresh_token',
        isRefused: false,
        credentials,
        parameters: { grant_type: 'refresh_token', refresh_token: 'example-refresh-token' },
      },
      {
        ...common,
        exchange: 'refresh_token.wrong_secret',
        isRefused: true,
        credentials: { ...credentials, client_secret: wrong },
        parameters: { grant_type: 'refresh_token', refresh_token: 'example-refresh-token' },
      },
      {
        ...common,
        exchange: 'refresh_token.unknown_refresh_token',
        isRefused: true,
        credentials: { ...credentials, refresh_token: wrong },
        parameters: { grant_type: 'refresh_token', refresh_token: wrong },
      },
    ])
  })

  test('can be put through any documented exchange', async () => {
    const exchanges = ['client_credentials.missing_scope', 'client_credentials.unsupported_grant_type']
    const { interactions } = await run({ ...asJson, exchanges }, teamClient())
    expect(interactions).toEqual(exchanges.map((id) => `moov/ruby#${id}#client_secret_post`))
  })

  test('may return the reply to a refusal in place of throwing', async () => {
    expect((await run(byPost, (call) => send(call))).interactions.length).toBe(2)
  })

  test('sends what the variant spells in its own way, by HTTP Basic', async () => {
    const chosen = { service: 'moov', variant: 'java-0.0.2', needs: ['token_type'] } as const
    const { file } = await run(chosen, async (call) => {
      expect([call.scope, Object.keys(call.parameters)]).toEqual([
        '/moov/support.read /moov/support.write',
        ['grant_type', 'scopes'],
      ])
      await teamClient()(call)
    })
    expect(JSON.parse(readFileSync(file, 'utf8')).interactions[0].response.matchingRules.body).toEqual({
      '$.token_type': rule({ match: 'regex', regex: '(?i)(opaque|jwt)' }),
    })
  })

  test('sends parameters with values of its own', async () => {
    const { file } = await run(
      { ...byPost, exchanges: granted, parameters: { scope: 'orders' } },
      async (call) => {
        expect([call.scope, call.parameters.scope]).toEqual(['orders', 'orders'])
        await teamClient()(call)
      },
    )
    expect(JSON.parse(readFileSync(file, 'utf8')).interactions[0].request.body.content).toBe(
      'client_id=example-client&client_secret=example-secret&grant_type=client_credentials&scope=orders',
    )
  })

  test('is of a service of your own', async () => {
    const [variant] = rfc6749.variants
    const service = {
      ...rfc6749,
      id: 'acme',
      variants: [{ ...variant, id: 'acme/login' }],
      clients: [{ client_id: 'acme-client', client_secret: 'acme-example' }],
    } as const
    const kept = await run({ service, variant: 'login', exchanges: granted }, async (call) => {
      expect(call.credentials.client_secret).toBe('acme-example')
      await teamClient()(call)
    })
    expect(kept).toEqual({
      consumer,
      provider: 'acme',
      file: join(directory, `${consumer}-acme.json`),
      interactions: ['acme/login#client_credentials#client_secret_basic'],
    })
  })
})

/** What Pact makes of one matcher. */
function rule(matcher: object): object {
  return { combine: 'AND', matchers: [matcher] }
}

describe('the reply that a contract asks for', () => {
  const contentType = rule({ match: 'regex', regex: '(?i)application/json(\\s*;.*)?' })
  const integer = rule({ match: 'integer' })
  const type = rule({ match: 'type' })
  const anyCase = rule({ match: 'regex', regex: '[Bb][Ee][Aa][Rr][Ee][Rr]' })
  const needs: ReadonlyArray<
    [what: string, chosen: Chosen, content: Readonly<Record<string, unknown>>, rules: readonly object[]]
  > = [
    [
      'has by default what every client needs',
      byPost,
      { access_token: 'example-access-token', expires_in: 3600, token_type: 'Bearer' },
      [type, integer, anyCase],
    ],
    [
      'has only what is needed',
      { ...byPost, needs: ['access_token'] },
      { access_token: 'example-access-token' },
      [type],
    ],
    [
      'has the token type exactly where the client needs it so',
      { ...byPost, needs: ['token_type'], tokenType: 'exact' },
      { token_type: 'Bearer' },
      [rule({ match: 'equality' })],
    ],
    [
      'has the token type exactly where the document does',
      { service: 'prove', variant: 'typescript-0.9.6', needs: ['token_type'] },
      { token_type: 'Bearer' },
      [rule({ match: 'equality' })],
    ],
    [
      'has the token type in any case where the client does not mind',
      { service: 'prove', variant: 'typescript-0.9.6', needs: ['token_type'], tokenType: 'any_case' },
      { token_type: 'Bearer' },
      [rule({ match: 'regex', regex: '(?i)bearer' })],
    ],
    [
      'has no token type where none is promised',
      { service: 'prove', variant: 'typescript-0.1.1' },
      { access_token: 'example-access-token', expires_in: 3600 },
      [type, integer],
    ],
    [
      'has what no document promises where the client needs it',
      { service: 'rfc6749', variant: 'password', needs: ['access_token', 'refresh_token'] },
      { access_token: 'example-access-token', refresh_token: 'example-refresh-token' },
      [type, type],
    ],
  ]

  test.each(needs)('%s', async (_what, chosen, content, rules) => {
    const { file } = await run(chosen, teamClient())
    const [{ response }] = JSON.parse(readFileSync(file, 'utf8')).interactions
    const paths = Object.keys(content).map((member) => `$.${member}`)
    expect(response).toEqual({
      status: 200,
      headers: { 'Content-Type': ['application/json'] },
      body: { content, contentType: 'application/json', encoded: false },
      matchingRules: {
        header: { 'Content-Type': contentType },
        body: Object.fromEntries(paths.map((path, index) => [path, rules[index]])),
      },
    })
  })
})

describe('the contract', () => {
  test('has what other tests have put there, sorted, and nothing of Pact itself', async () => {
    await run({ service: 'rfc6749', variant: 'password' }, teamClient())
    await run(byPost, teamClient())
    const { file } = await run(byBasic, teamClient())
    expect(file).toBe(join(directory, `${consumer}-rfc6749.json`))
    expect(readdirSync(directory)).toEqual([`${consumer}-rfc6749.json`])
    const contract = JSON.parse(readFileSync(file, 'utf8'))
    expect([contract.consumer, contract.provider, contract.metadata]).toEqual([
      { name: consumer },
      { name: 'rfc6749' },
      { pactSpecification: { version: '4.0' } },
    ])
    const keys = contract.interactions.map(({ key }: { key: string }) => key)
    expect(keys).toEqual([
      'rfc6749/client_credentials#client_credentials#client_secret_basic',
      'rfc6749/client_credentials#client_credentials#client_secret_post',
      'rfc6749/client_credentials#client_credentials.wrong_secret#client_secret_basic',
      'rfc6749/client_credentials#client_credentials.wrong_secret#client_secret_post',
      'rfc6749/password#password#client_secret_basic',
      'rfc6749/password#password.wrong_password#client_secret_basic',
      'rfc6749/password#password.wrong_secret#client_secret_basic',
    ])
    // Pact keeps the last of two interactions that have one description.
    const descriptions = contract.interactions.map(({ description }: { description: string }) => description)
    expect(new Set(descriptions).size).toBe(keys.length)
  })

  test('is the same in whatever order it was written', async () => {
    const first = readFileSync((await run(byPost, teamClient())).file, 'utf8')
    await run({ ...byPost, exchanges: ['client_credentials.wrong_secret'] }, teamClient())
    expect(readFileSync((await run({ ...byPost, exchanges: granted }, teamClient())).file, 'utf8')).toBe(
      first,
    )
  })

  test('has an interaction of an earlier run replaced', async () => {
    const { file } = await run({ ...byPost, exchanges: granted }, teamClient())
    const contract = JSON.parse(readFileSync(file, 'utf8'))
    contract.interactions[0].description = 'of an earlier run'
    writeFileSync(file, JSON.stringify(contract))
    await run({ ...byPost, exchanges: granted }, teamClient())
    expect(JSON.parse(readFileSync(file, 'utf8')).interactions[0].description).toBe(
      'rfc6749/client_credentials: a client_credentials request is granted, by client_secret_post',
    )
  })

  test('is contradicted by no other test of the run', async () => {
    const { file } = await run({ ...byPost, exchanges: granted }, teamClient())
    const before = readFileSync(file, 'utf8')
    const error = await errorOf({ ...byPost, exchanges: granted, needs: ['access_token'] }, teamClient())
    expect(error).toMatchObject({
      code: 'ERR_CONTRACT_INVALID',
      message: `expected the same content of rfc6749/client_credentials#client_credentials#client_secret_post in ${file} from every test of this run, received two; next: test one client with one set of options, or give each a consumer name of its own`,
    })
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  const others: ReadonlyArray<[what: string, text: string, received: string]> = [
    ['half a file', '{"interactions":[', 'received text that is not JSON'],
    ['null', 'null', 'received one of other origin'],
    [
      'a contract of another tool',
      JSON.stringify({ interactions: [{ description: 'theirs' }] }),
      'received one of other origin',
    ],
    [
      'a contract of another consumer',
      JSON.stringify({ consumer: { name: 'web/shop' }, provider: { name: 'rfc6749' }, interactions: [] }),
      'received one of other origin',
    ],
  ]

  test.each(others)('does not take the place of %s', async (_what, text, received) => {
    const file = join(directory, `${consumer}-rfc6749.json`)
    writeFileSync(file, text)
    expect(await errorOf(byPost, teamClient())).toMatchObject({
      code: 'ERR_CONTRACT_INVALID',
      message: `expected ${file} to be a contract of this consumer with this service that contractTest has written, ${received}; next: remove it, or choose another directory`,
    })
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(readdirSync(directory)).toEqual([`${consumer}-rfc6749.json`])
  })

  test('has a name that stays in the folder, whatever the consumer is called', async () => {
    const names = [`../../@acme/web: shop ${consumers}`, `.hidden ${consumers}`]
    for (const name of names) await contractTest({ consumer: name, directory, ...byPost }, teamClient())
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual([
      `-@acme-web-shop-${consumers}-rfc6749.json`.slice(1),
      `hidden-${consumers}-rfc6749.json`,
    ])
  })

  test('says where it cannot be written', async () => {
    writeFileSync(join(directory, 'file'), '')
    const error = await contractTest(
      { consumer, directory: join(directory, 'file'), ...byPost },
      teamClient(),
    ).catch((error: unknown) => error)
    expect(error).toMatchObject({
      code: 'ERR_OPTION_INVALID',
      message: expect.stringMatching(/^expected a folder that contracts can be written to: E[A-Z]+: /),
    })
  })

  test('goes to pacts unless it is told otherwise', async () => {
    const before = process.cwd()
    mkdirSync(join(directory, 'project'))
    process.chdir(join(directory, 'project'))
    try {
      expect((await contractTest({ consumer, ...byPost }, teamClient())).file).toBe(
        join('pacts', `${consumer}-rfc6749.json`),
      )
      expect(existsSync(join(directory, 'project', 'pacts', `${consumer}-rfc6749.json`))).toBe(true)
    } finally {
      process.chdir(before)
    }
  })
})

describe('an option that cannot be meant', () => {
  const options: ReadonlyArray<[what: string, chosen: object, code: string, message: string | RegExp]> = [
    [
      'no consumer',
      { consumer: '' },
      'ERR_OPTION_INVALID',
      /^expected consumer to be the name of the client/,
    ],
    ['an unknown service', { service: 'acme' }, 'ERR_SERVICE_UNKNOWN', /^expected the id of a service/],
    [
      'an unsound service',
      { service: { id: 'acme' } },
      'ERR_SERVICE_INVALID',
      /^the service "acme" is not sound/,
    ],
    [
      'an unknown variant',
      { variant: 'acme' },
      'ERR_VARIANT_UNKNOWN',
      'expected a variant id, got "rfc6749/acme"; known ids: rfc6749/client_credentials, rfc6749/password, rfc6749/refresh_token',
    ],
    [
      'an unknown exchange',
      { exchanges: ['acme'] },
      'ERR_EXCHANGE_UNKNOWN',
      /^expected an exchange of rfc6749/,
    ],
    [
      'no exchange',
      { exchanges: [] },
      'ERR_EXCHANGE_UNKNOWN',
      /^expected exchanges that a document answers, got none/,
    ],
    [
      'an exchange that no document answers',
      { service: 'prove', variant: 'typescript-0.9.6', exchanges: ['client_credentials.missing_client_id'] },
      'ERR_EXCHANGE_UNKNOWN',
      /^expected exchanges that a document answers, got "client_credentials.missing_client_id"; known ids: client_credentials, /,
    ],
    [
      'another client authentication',
      { authentication: 'none' },
      'ERR_OPTION_INVALID',
      'expected authentication to be one of client_secret_basic, client_secret_post, got "none"',
    ],
    [
      'another media type',
      { contentType: 'application/json' },
      'ERR_OPTION_INVALID',
      `expected contentType to be one of ${form}, got "application/json"`,
    ],
    [
      'a member that no reply has',
      { needs: ['id_token'] },
      'ERR_OPTION_INVALID',
      'expected needs to be one of access_token, token_type, expires_in, refresh_token, scope, got "id_token"',
    ],
    [
      'a credential among the parameters',
      { parameters: { client_secret: canary } },
      'ERR_OPTION_INVALID',
      'expected parameters to be one of scope, got "client_secret"',
    ],
    [
      'a value that no document allows',
      { parameters: { scope: '"' } },
      'ERR_OPTION_INVALID',
      /^a value of parameters is not documented: "scope": expected /,
    ],
  ]

  test.each(options)('%s', async (_what, chosen, code, message) => {
    let isCalled = false
    const error = await contractTest(
      { consumer, directory, ...byBasic, authentication: undefined, ...chosen } as ContractTestOptions,
      () => {
        isCalled = true
      },
    ).catch((error: unknown) => error)
    expect(error).toMatchObject({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
    expectNoCanary(error as Error)
    expect(isCalled).toBe(false)
  })
})

function expectNoCanary(error: Error): void {
  const forms = [canary, 'canary', encodeURIComponent(canary), btoa(`id:${canary}`)]
  const text = inspect(error, { depth: 9, showHidden: true })
  expect(forms.filter((form) => text.includes(form))).toEqual([])
}
