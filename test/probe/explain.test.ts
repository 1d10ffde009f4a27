// Explanations: what is wrong with a request, and the least that has to change, by services that are strict in known ways.
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTokenServer, type TokenServer } from '../../src/host/server.ts'
import { type JsonWebKey, jwtBearerAssertion } from '../../src/oauth/words.ts'
import { type ExplainOptions, type Explanation, explainRequest } from '../../src/probe/explain.ts'
import { readFailingRequest } from '../../src/probe/failing-request.ts'
import { tokenRequestOf } from '../../src/probe/given-request.ts'
import { differencesBetween, withDifferences } from '../../src/probe/request-differences.ts'
import { readClientKey } from '../../src/probe/signed-jwt.ts'
import { outgoingOf, type TokenRequest } from '../../src/probe/token-request.ts'
import {
  formatExplanation,
  formatExplanationJson,
  formatExplanationMarkdown,
} from '../../src/report/explanation.ts'
import { findService } from '../../src/service/lookup.ts'
import { services } from '../../src/services/services.ts'
import {
  ConnectionFailure,
  type Incoming,
  type Outgoing,
  openConnection,
} from '../../src/verify/connection.ts'
import { createRedactor } from '../../src/verify/redactor.ts'

const credentials = {
  client_id: 'canary-client',
  client_secret: 'canary-secret-values',
  username: 'canary-user',
  password: 'canary-password',
}
const wrong = 'canary-of-another-secret'
const signal = new AbortController().signal
let server: TokenServer

beforeAll(async () => {
  server = await startTokenServer({
    clients: [{ client_id: credentials.client_id, client_secret: credentials.client_secret }],
    users: [{ username: credentials.username, password: credentials.password }],
  })
})
afterAll(() => server.close())

/** Explains a line of curl at a path of the mock. */
async function explainLine(
  line: string,
  path: string,
  changed: Partial<ExplainOptions> = {},
): Promise<Explanation> {
  return await explainAt(new URL(server.url + path), line, changed)
}

async function explainAt(url: URL, line: string, changed: Partial<ExplainOptions>): Promise<Explanation> {
  const connection = openConnection({
    url,
    timeoutMs: 5000,
    endsAt: Number.POSITIVE_INFINITY,
    signal,
    environment: {},
    chance: () => 0,
  })
  const redactor = createRedactor(Object.values(credentials))
  const text = line.replace('https://as.example', url.origin)
  const request = readFailingRequest({ kind: 'curl', text, where: 'a line' }, url, {
    redactor,
    credentials,
  })
  try {
    const explanation = await explainRequest({
      ...{ url, services, request, credentials, redactor, send: connection.send },
      ...changed,
    })
    return redactor.redactDeep(explanation)
  } finally {
    connection.close()
  }
}

const lines = (explanation: Explanation) =>
  explanation.changes.map(({ what, sent, accepted }) => `${what}: ${sent} → ${accepted}`)

const token = (path: string, rest: string) => `curl 'https://as.example${path}' ${rest}`
const basic = '-u "$CLIENT_ID:$CLIENT_SECRET"'
const post = '--data-urlencode "client_id=$CLIENT_ID" --data-urlencode "client_secret=$CLIENT_SECRET"'
const grant = '-d grant_type=client_credentials'
const rfc = '/rfc6749/token'
const oauth = '/moov/oauth2/token'
const scope = "--data-urlencode 'scope=/accounts.read'"

const mistakes: ReadonlyArray<[what: string, path: string, line: string, changes: readonly string[]]> = [
  ['the path', rfc, token('/oauth/token', `${basic} ${grant}`), ['path: /oauth/token → /rfc6749/token']],
  ['the method', rfc, token(rfc, `-X PUT ${basic} ${grant}`), ['method: PUT → POST']],
  [
    'JSON',
    rfc,
    token(rfc, `${basic} --json '{"grant_type":"client_credentials"}'`),
    ['Content-Type: application/json → application/x-www-form-urlencoded'],
  ],
  [
    'a form that is said to be JSON',
    rfc,
    token(rfc, `${basic} ${grant} -H 'Content-Type: application/json'`),
    ['Content-Type: application/json → application/x-www-form-urlencoded'],
  ],
  [
    'JSON that is said to be a form',
    rfc,
    token(rfc, `${basic} -d '{"grant_type":"client_credentials"}'`),
    ['body: JSON → a form'],
  ],
  [
    'a form of parts',
    rfc,
    token(rfc, `${basic} -F grant_type=client_credentials`),
    ['Content-Type: multipart/form-data → application/x-www-form-urlencoded'],
  ],
  [
    'a name in another spelling',
    rfc,
    token(rfc, `${basic} -d grantType=client_credentials`),
    ['name of a parameter: grantType → grant_type'],
  ],
  [
    'another name of the secret',
    rfc,
    token(
      rfc,
      `--data-urlencode "client_id=$CLIENT_ID" --data-urlencode "clientSecret=$CLIENT_SECRET" ${grant}`,
    ),
    ['name of a parameter: clientSecret → client_secret'],
  ],
  [
    'another grant',
    rfc,
    token(rfc, `${basic} -d grant_type=clientcredentials`),
    ['parameter grant_type: "clientcredentials" → "client_credentials"'],
  ],
  [
    'a grant in capitals',
    rfc,
    token(rfc, `${basic} -d grant_type=CLIENT_CREDENTIALS`),
    ['parameter grant_type: "CLIENT_CREDENTIALS" → "client_credentials"'],
  ],
  ['no grant', rfc, token(rfc, `${basic} -d x=y`), ['parameter grant_type: missing → "client_credentials"']],
  [
    'a grant in the URL',
    rfc,
    token(`${rfc}?grant_type=client_credentials`, `-X POST ${basic}`),
    [
      'Content-Type: none → application/x-www-form-urlencoded',
      'parameter grant_type: in the URL → in the body',
    ],
  ],
  ['two grants', rfc, token(rfc, `${basic} ${grant} ${grant}`), ['parameter grant_type: 2 times → once']],
  ['no credentials', rfc, token(rfc, grant), ['client credentials: not there → by Basic']],
  [
    'credentials in both places',
    rfc,
    token(rfc, `${basic} ${post} ${grant}`),
    ['client credentials: by Basic and in the body → by Basic'],
  ],
  [
    'a bearer in the place of Basic',
    rfc,
    token(rfc, `-H 'Authorization: Bearer canary-bearer' ${grant}`),
    ['client credentials: by another scheme of Authorization → by Basic'],
  ],
  [
    'a wrong secret',
    rfc,
    token(rfc, `-u "$CLIENT_ID:${wrong}" ${grant}`),
    ['client_secret: another value than the given one → the given value'],
  ],
  [
    'a wrong client',
    rfc,
    token(rfc, `-u "canary-another:$CLIENT_SECRET" ${grant}`),
    ['client_id: another value than the given one → the given value'],
  ],
  [
    'a scope of bad syntax',
    rfc,
    token(rfc, `${basic} ${grant} --data-urlencode 'scope=a"b'`),
    ['parameter scope: "a\\"b" → "/accounts.read /accounts.write"'],
  ],
  [
    'no scope',
    oauth,
    token('/moov/oauth2/token', `${basic} ${grant}`),
    ['parameter scope: missing → "/accounts.read /accounts.write"'],
  ],
  [
    'a scope by the name of an SDK',
    oauth,
    token('/moov/oauth2/token', `${basic} ${grant} --data-urlencode 'Scope=/accounts.read'`),
    ['name of a parameter: Scope → scope'],
  ],
  [
    'a bad header',
    oauth,
    token('/moov/oauth2/token', `${basic} ${grant} ${scope} -H 'X-Moov-Version: latest'`),
    ['header x-moov-version: there → not there'],
  ],
  [
    'what is neither a form nor JSON',
    rfc,
    token(rfc, `${basic} --data-raw '{"grant_type":'`),
    [
      'body: neither a form nor JSON (application/x-www-form-urlencoded) → a form (application/x-www-form-urlencoded)',
    ],
  ],
  [
    'a wrong password',
    rfc,
    token(rfc, `${basic} -d grant_type=password -d "username=$USERNAME" -d password=${wrong}`),
    ['password: another value than the given one → the given value'],
  ],
  [
    'four things at once',
    rfc,
    token('/oauth', `-u "$CLIENT_ID:${wrong}" --json '{"grantType":"client_credentials","audience":"x"}'`),
    [
      'path: /oauth → /rfc6749/token',
      'Content-Type: application/json → application/x-www-form-urlencoded',
      'name of a parameter: grantType → grant_type',
      'client_secret: another value than the given one → the given value',
    ],
  ],
]

describe('a request that fails because of', () => {
  test.each(mistakes)('%s is explained by that alone', async (_what, path, line, changes) => {
    const explanation = await explainLine(line, path)
    expect([explanation.outcome, lines(explanation), explanation.isMinimal, explanation.notes]).toEqual([
      'explained',
      changes,
      true,
      [],
    ])
    expect(explanation.sent).toBeLessThanOrEqual(40)
    const texts = [formatExplanation, formatExplanationJson, formatExplanationMarkdown].map((format) =>
      format(explanation),
    )
    expect(texts.join('\n')).not.toMatch(/canary|Y2FuYX/)
  })
})

/** A service that grants a token to what is written to the letter, and to nothing else. */
async function strict({ method, headers, body }: Outgoing): Promise<Incoming> {
  const pairs = [
    'grant_type=client_credentials',
    `client_id=${credentials.client_id}`,
    `client_secret=${credentials.client_secret}`,
  ]
  const encoded = Buffer.from(`${credentials.client_id}:${credentials.client_secret}`).toString('base64')
  const { authorization = '' } = headers
  const text = String(Buffer.from(body))
  const parts = text.split('&')
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded'
  const isBasic = authorization === `Basic ${encoded}` && parts.includes('grant_type=client_credentials')
  const isPost = authorization === '' && pairs.every((pair) => parts.includes(pair))
  const isSound =
    method === 'POST' && isForm && (isBasic || isPost) && parts.every((part) => /^\w+=[\w.-]+$/.test(part))
  return isSound
    ? { status: 200, headers: {}, body: '{"access_token":"abcdefgh"}' }
    : { status: 400, headers: {}, body: '{"error":"invalid_request"}' }
}

const letters = `grant_type=client_credentials&client_id=${credentials.client_id}&client_secret=${credentials.client_secret}`
const base64 = Buffer.from(`${credentials.client_id}:${credentials.client_secret}`).toString('base64')

/** The body's pairs as a line of curl shows them. */
const maskedPairs = 'grant_type=client_credentials&client_id=****&client_secret=****'

const slips: ReadonlyArray<[what: string, rest: string, changes: readonly string[], sent: string]> = [
  [
    'a line end after the body',
    `-d $'${letters}\\n'`,
    ['body: a line end after the last parameter → none'],
    ` --data-raw $'grant_type=client_credentials\\x26client_id=\\x2a\\x2a\\x2a\\x2a\\x26client_secret=\\x2a\\x2a\\x2a\\x2a\\x0a'`,
  ],
  [
    'a line end before the body, and another mistake',
    `--data-binary $'\\n${letters}' -X PUT`,
    ['method: PUT → POST', 'body: a line end before the first parameter → none'],
    ` --data-raw $'\\x0agrant_type`,
  ],
  [
    'white space',
    `-d ' ${letters}'`,
    ['body: white space before the first parameter → none'],
    " --data-raw ' grant",
  ],
  [
    'no Content-Type',
    `-H 'Content-Type:' -d '${letters}'`,
    ['Content-Type: none → application/x-www-form-urlencoded'],
    " --header 'Content-Type:' ",
  ],
  [
    'Content-Type twice',
    `-H 'Content-Type: application/x-www-form-urlencoded' -H 'Content-Type: application/json' -d '${letters}'`,
    ['Content-Type: given twice → once'],
    " --header 'Content-Type: application/x-www-form-urlencoded' --header 'Content-Type: application/json' ",
  ],
  [
    'Content-Type twice, the first of them wrong',
    `-H 'Content-Type: text/plain' -H 'Content-Type: application/x-www-form-urlencoded' -d '${letters}'`,
    ['Content-Type: text/plain → application/x-www-form-urlencoded', 'Content-Type: given twice → once'],
    " --header 'Content-Type: text/plain' --header 'Content-Type: application/x-www-form-urlencoded' ",
  ],
  [
    'Authorization twice',
    `-H 'Authorization: Basic ${base64}' -H 'Authorization: Bearer canary-bearer' -d grant_type=client_credentials`,
    ['Authorization: given twice → once'],
    " --header 'Authorization: Bearer ****'",
  ],
  [
    'empty data',
    `-d '${letters}' -d '' -d x=1`,
    ['body: empty pairs (&&) → none'],
    ` --data-raw '${maskedPairs}&&x=****'`,
  ],
  [
    'an ampersand at the end',
    `-d '${letters}&'`,
    ['body: empty pairs (&&) → none'],
    ` --data-raw '${maskedPairs}&'`,
  ],
  [
    'Base64 without padding',
    `-H 'Authorization: Basic ${base64.replace(/=+$/, '')}' -d grant_type=client_credentials`,
    ['Authorization: not well-formed Basic (no padding) → Basic'],
    " --header 'Authorization: Basic ****' ",
  ],
  [
    'two spaces',
    `-H 'Authorization: Basic  ${base64}' -d grant_type=client_credentials`,
    ['Authorization: not well-formed Basic (two spaces) → Basic'],
    " --header 'Authorization: Basic  ****' ",
  ],
  [
    'a scheme in lower case, and two spaces',
    `-H 'Authorization: basic  ${base64}' -d grant_type=client_credentials`,
    ['Authorization: not well-formed Basic (two spaces) → Basic', 'scheme of Authorization: basic → Basic'],
    " --header 'Authorization: basic  ****' ",
  ],
  [
    'an escape of what needs none',
    `-d '${letters.replace('client_credentials', 'client%5fcredentials')}'`,
    ['percent-encoding: of grant_type in another way → as browsers encode forms'],
    ` --data-raw 'grant_type=client%5fcredentials&client_id=****&client_secret=****'`,
  ],
]

describe('a request that a strict service refuses because of', () => {
  test.each(slips)(
    '%s is sent as it was given, and explained by that',
    async (_what, rest, changes, sent) => {
      const explanation = await explainLine(token(rfc, rest), rfc, {
        send: strict,
        services: [findService(services, 'rfc6749')],
      })
      expect([explanation.outcome, lines(explanation), explanation.isMinimal]).toEqual([
        'explained',
        changes,
        true,
      ])
      expect(explanation.failing.request).toContain(sent)
      expect(explanation.mended).not.toBe(explanation.failing.request)
      expect(JSON.stringify(explanation)).not.toMatch(/canary|Y2FuYX/)
    },
  )
})

describe('a secret that was not percent-encoded', () => {
  const given = { client_id: 'app', client_secret: 'p@ss:w0rd/+%&=x' }
  const shouldBe = new URLSearchParams({ grant_type: 'client_credentials', ...given }).toString()
  const encodes = async ({ body, headers }: Outgoing): Promise<Incoming> =>
    headers.authorization === undefined && String(Buffer.from(body)) === shouldBe
      ? { status: 200, headers: {}, body: '{"access_token":"abcdefgh"}' }
      : { status: 401, headers: {}, body: '{"error":"invalid_client"}' }
  const withSecret = (client_secret: string) => ({ ...given, client_secret })

  test.each([
    ['with a percent sign that is no escape', given],
    ['with a plus', withSecret('one+two/three')],
  ])('is named: %s', async (_what, own) => {
    const wanted = new URLSearchParams({ grant_type: 'client_credentials', ...own }).toString()
    const send = async (request: Outgoing) =>
      encodes({ ...request, body: Buffer.from(String(Buffer.from(request.body)) === wanted ? shouldBe : '') })
    const explanation = await explainLine(
      token(rfc, `-d 'grant_type=client_credentials&client_id=app&client_secret=${own.client_secret}'`),
      rfc,
      { send, credentials: own, services: [findService(services, 'rfc6749')] },
    )
    expect([explanation.outcome, lines(explanation), explanation.isMinimal]).toEqual([
      'explained',
      ['parameter client_secret: not percent-encoded → percent-encoded'],
      true,
    ])
    expect(formatExplanation(explanation)).not.toMatch(/p@ss|w0rd|one.two|three/)
  })

  test('is shown no oftener than a wrong one', async () => {
    const seen: string[] = []
    const send = async (request: Outgoing) => {
      seen.push(String(Buffer.from(request.body)))
      return encodes(request)
    }
    const line = `-d 'grantType=client_credentials&client_id=app&client_secret=${given.client_secret}'`
    const { outcome } = await explainLine(token(rfc, line), rfc, {
      send,
      credentials: given,
      maxRefusals: 0,
      services: [findService(services, 'rfc6749')],
    })
    expect([outcome, seen.filter((body) => body.includes(given.client_secret))]).toEqual(['explained', []])
  })
})

describe('Basic in lower case', () => {
  test('is shown as it was sent where it is refused', async () => {
    const { failing, mended, changes } = await explainLine(
      token(rfc, `-H 'Authorization: basic ${base64}' ${grant}`),
      rfc,
      { send: strict, services: [findService(services, 'rfc6749')] },
    )
    expect([changes, failing.request, mended]).toEqual([
      [{ what: 'scheme of Authorization', sent: 'basic', accepted: 'Basic' }],
      `curl --include ${server.url}${rfc} --header 'Authorization: basic ****' --data-urlencode grant_type=client_credentials`,
      `curl --include ${server.url}${rfc} --user "$CLIENT_ID:$CLIENT_SECRET" --data-urlencode grant_type=client_credentials`,
    ])
  })
})

describe('an explanation', () => {
  test('says of a request that is accepted that there is nothing to explain, after one request', async () => {
    const { outcome, sent, failing, isUnsteady } = await explainLine(token(rfc, `${basic} ${grant}`), rfc)
    expect([outcome, sent, failing.status, isUnsteady]).toEqual(['accepted', 1, 200, false])
  })

  test('says that the request was given for another host than it was sent to', async () => {
    const line = `curl https://canary-client:canary-secret-values@prod.example:8443${rfc} ${grant}`
    const { outcome, notes, failing } = await explainLine(line, rfc)
    expect([outcome, notes]).toEqual([
      'accepted',
      [`the request was given for https://prod.example:8443; what is sent goes to ${server.url} instead`],
    ])
    expect(failing.request).toContain(server.url)
  })

  test('says of a service that does not answer alike each time that it does not', async () => {
    const replies = [{ status: 500, headers: {}, body: 'no' }]
    const send = async () =>
      replies.shift() ?? { status: 200, headers: {}, body: '{"access_token":"abcdefgh"}' }
    const { outcome, sent, isUnsteady } = await explainLine(token(rfc, grant), rfc, { send })
    expect([outcome, sent, isUnsteady]).toEqual(['accepted', 2, true])
  })

  const undecided: ReadonlyArray<[what: string, reply: Incoming | undefined, words: string]> = [
    ['429', { status: 429, headers: {}, body: 'slow down' }, 'answered 429'],
    ['503', { status: 503, headers: {}, body: '<h1>away</h1>' }, 'answered 503'],
    ['500', { status: 500, headers: {}, body: '{"error":"server_error"}' }, 'answered 500'],
    ['a redirect', { status: 302, headers: { location: '/login' }, body: '' }, 'answered 302'],
    ['no reply', undefined, 'not answered'],
  ]
  test.each(undecided)(
    'takes %s for neither yes nor no: asks again, and then ends',
    async (_what, reply, words) => {
      const send = async () => {
        if (reply === undefined) throw new ConnectionFailure('it was reset', false)
        return reply
      }
      const { outcome, sent, isMinimal, notes } = await explainLine(token(rfc, grant), rfc, { send })
      expect([outcome, sent, isMinimal, notes]).toEqual([
        'ended',
        3,
        false,
        [`a request was ${words} 3 times, which is neither yes nor no`],
      ])
    },
  )

  const withForm = { services: [findService(services, 'rfc6749/client_credentials')] }
  const grants = { status: 200, headers: {}, body: '{"access_token":"abcdefgh"}' }
  const refuses = { status: 401, headers: {}, body: '{"error":"invalid_client"}' }

  /** A service that wants Basic, with replies of its own in between. */
  const wantsBasic = (interrupt: (asked: number, isGood: boolean) => Incoming | undefined) => {
    let asked = 0
    return async ({ headers }: Outgoing): Promise<Incoming> => {
      asked += 1
      const isGood = String(headers.authorization ?? '').startsWith('Basic ')
      return interrupt(asked, isGood) ?? (isGood ? grants : refuses)
    }
  }

  test('asks again where a service that is away for a moment would be taken for one that refuses', async () => {
    const send = wantsBasic((asked) => (asked % 2 === 1 ? { status: 503, headers: {}, body: '' } : undefined))
    const explanation = await explainLine(token(rfc, `${grant} -H 'A: b'`), rfc, { send, ...withForm })
    expect([explanation.outcome, lines(explanation), explanation.isMinimal]).toEqual([
      'explained',
      ['client credentials: not there → by Basic'],
      true,
    ])
  })

  test('says of a change that was never answered that it may not be needed', async () => {
    const send = wantsBasic((asked, isGood) =>
      asked > 3 && !isGood ? { status: 502, headers: {}, body: '' } : undefined,
    )
    const { outcome, isMinimal, notes } = await explainLine(token(rfc, `${grant} -X PUT`), rfc, {
      send,
      ...withForm,
    })
    expect([outcome, isMinimal, notes]).toEqual([
      'explained',
      false,
      ['a request was answered 502 3 times, which is neither yes nor no'],
    ])
  })

  test('sends what it found once more, and says nothing that does not hold', async () => {
    let granted = 0
    const send = wantsBasic((_asked, isGood) => {
      if (isGood) granted += 1
      return isGood && granted > 1 ? refuses : undefined
    })
    const { outcome, changes, isMinimal, notes } = await explainLine(token(rfc, grant), rfc, {
      send,
      ...withForm,
    })
    expect([outcome, changes, isMinimal, notes]).toEqual([
      'ended',
      [],
      false,
      ['the changes were accepted one way and refused another: the service does not answer alike each time'],
    ])
  })

  test('says what was tried where nothing is accepted', async () => {
    const { outcome, tried, changes } = await explainLine(token(oauth, `${basic} ${grant}`), oauth, {
      services: [findService(services, 'rfc6749/client_credentials')],
    })
    expect([outcome, changes]).toEqual(['no_variant', []])
    expect(new Set(tried.map(({ status }) => status))).toEqual(new Set([401, 422]))
  })

  test('sends no more requests than it may, and says so', async () => {
    const { outcome, sent, notes, isMinimal } = await explainLine(
      token('/oauth', `--json '{"grantType":"client_credentials","clientId":"a","b":"c"}' -H 'A: b'`),
      rfc,
      { maxRequests: 8, services: [findService(services, 'rfc6749/client_credentials')] },
    )
    expect([outcome, sent, isMinimal]).toEqual(['explained', 8, false])
    expect(notes).toEqual(['no more than 8 requests were to be sent: --max-requests'])
  })

  test('shows a wrong secret three times at most, and less often if it may not', async () => {
    const shown = async (maxRefusals?: number) => {
      let count = 0
      const url = new URL(server.url + rfc)
      const connection = openConnection({
        url,
        timeoutMs: 5000,
        endsAt: Number.POSITIVE_INFINITY,
        signal,
        environment: {},
        chance: () => 0,
      })
      const send = (request: Outgoing): Promise<Incoming> => {
        if (
          JSON.stringify(request.headers).includes(
            Buffer.from(`${credentials.client_id}:${wrong}`).toString('base64'),
          )
        )
          count += 1
        return connection.send(request)
      }
      const explanation = await explainLine(
        token('/oauth', `-u "$CLIENT_ID:${wrong}" -d grantType=client_credentials -H 'A: b'`),
        rfc,
        { send, maxRefusals },
      )
      connection.close()
      return [count, explanation.outcome, explanation.isMinimal, lines(explanation).length]
    }
    expect(await shown()).toEqual([3, 'explained', true, 3])
    expect(await shown(2)).toEqual([2, 'explained', false, 3])
  })

  test.each([
    ['a body that breaks off', `${basic} --data-raw '{"client_secret":"${wrong}"'`],
    ['a list', `${basic} -H 'Content-Type: application/json' --data-raw '[{"password":"${wrong}"}]'`],
    ['Basic without a colon', `-H 'Authorization: Basic ${Buffer.from(wrong).toString('base64')}' ${grant}`],
  ])('does not show a wrong secret in %s where none may be shown', async (_where, line) => {
    let count = 0
    const send = async (request: Outgoing): Promise<Incoming> => {
      const text = `${JSON.stringify(request.headers)}${String(Buffer.from(request.body))}`
      if ([wrong, Buffer.from(wrong).toString('base64')].some((secret) => text.includes(secret))) count += 1
      return refuses
    }
    const { notes } = await explainLine(token(rfc, line), rfc, { send, maxRefusals: 0, ...withForm })
    expect([count, notes.length]).toEqual([0, 1])
  })

  test('has the lines of both requests, which differ in what was changed', async () => {
    const { failing, mended } = await explainLine(
      token(rfc, `-u "$CLIENT_ID:${wrong}" -d grantType=client_credentials`),
      rfc,
    )
    expect([failing.request, mended]).toEqual([
      `curl --include ${server.url}${rfc} --user "$CLIENT_ID:$SENT_CLIENT_SECRET" --data-urlencode grantType=client_credentials`,
      `curl --include ${server.url}${rfc} --user "$CLIENT_ID:$CLIENT_SECRET" --data-urlencode grant_type=client_credentials`,
    ])
  })
})

describe('a client with a private key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = privateKey.export({ format: 'jwk' }) as JsonWebKey
  const keys = [{ ...(publicKey.export({ format: 'jwk' }) as JsonWebKey), kid: 'one' }]
  const client_id = 'client-with-a-key'
  let own: TokenServer
  beforeAll(async () => {
    const method = 'private_key_jwt' as const
    const clients = [{ client_id, token_endpoint_auth_method: method, jwks: { keys } }]
    own = await startTokenServer({ services: ['rfc6749'], clients })
  })
  afterAll(() => own.close())

  const rest = '-d client_id=client-with-a-key -d grant_type=client_credentials'
  const explainOwn = (line: string, key: JsonWebKey | undefined) => {
    const url = new URL(`${own.url}/rfc6749/token`)
    return explainAt(url, line, {
      services: [findService(services, 'rfc6749')],
      credentials: { client_id },
      key: key && readClientKey({ ...key, kid: 'one' }),
    })
  }

  test('is told that an assertion is missing, or that its own is not taken', async () => {
    const without = await explainOwn(token(rfc, rest), jwk)
    const stale = await explainOwn(
      token(rfc, `${rest} -d client_assertion_type=${jwtBearerAssertion} -d client_assertion=canary-old`),
      jwk,
    )
    expect([lines(without), lines(stale)]).toEqual([
      [
        `parameter client_assertion_type: missing → "${jwtBearerAssertion}"`,
        "parameter client_assertion: missing → a new one by the client's key",
      ],
      ["parameter client_assertion: a value → a new one by the client's key"],
    ])
    expect([without.isMinimal, stale.isMinimal]).toEqual([true, true])
    expect([without.revoked, stale.revoked].every((revoked) => revoked > 0)).toBe(true)
    expect(without.mended).toContain('$CLIENT_ASSERTION')
    expect(JSON.stringify([without, stale])).not.toMatch(/canary|eyJ/)
  })

  test('is told nothing of assertions without it', async () => {
    const { outcome, changes } = await explainOwn(token(rfc, rest), undefined)
    expect([outcome, changes]).toEqual(['no_variant', []])
  })
})

describe('the tokens that an explanation was granted', () => {
  const wrongName = token(rfc, `${basic} -d grantType=client_credentials`)

  test('are revoked where the metadata of the service says where', async () => {
    const before = server.journal.entries().at(-1)?.id ?? 0
    const { outcome, revoked } = await explainLine(wrongName, rfc, withOne)
    const entries = server.journal.entries().filter(({ id }) => id > before)
    const issued = entries.filter((entry) => entry.issued?.includes('access_token') === true).length
    const taken = entries.filter(({ path, refused }) => path === '/rfc6749/revoke' && refused === undefined)
    expect([outcome, revoked, taken.length]).toEqual(['explained', issued, issued])
    expect(issued).toBeGreaterThan(0)
  })

  const metadata: ReadonlyArray<[what: string, members: object, sent: string | undefined]> = [
    ['no endpoint', {}, undefined],
    ['an endpoint at another host', { revocation_endpoint: 'https://evil.example/revoke' }, undefined],
    [
      'an endpoint that takes secrets in its body',
      {
        revocation_endpoint: 'http://127.0.0.1/revoke',
        revocation_endpoint_auth_methods_supported: ['client_secret_post'],
      },
      `/revoke token=abcdefgh&client_id=${credentials.client_id}&client_secret=${credentials.client_secret}`,
    ],
  ]
  test.each(metadata)('are revoked as the metadata says: %s', async (_what, members, sent) => {
    const asked: string[] = []
    const url = new URL('http://127.0.0.1/token')
    const send = async ({ url: to = url, body }: Outgoing): Promise<Incoming> => {
      if (to.pathname === '/token') return { status: 200, headers: {}, body: '{"access_token":"abcdefgh"}' }
      if (to.pathname.startsWith('/.well-known/'))
        return { status: 200, headers: {}, body: JSON.stringify({ token_endpoint: String(url), ...members }) }
      asked.push(`${to.pathname} ${String(Buffer.from(body))}`)
      return { status: 200, headers: {}, body: '' }
    }
    const options = { url, services, request: accepted, credentials, send, redactor: createRedactor([]) }
    const { outcome, revoked } = await explainRequest({
      ...options,
      request: { ...accepted, path: '/token' },
    })
    expect([outcome, revoked, asked]).toEqual(['accepted', asked.length, sent === undefined ? [] : [sent]])
  })

  test('are kept where a refresh token was given, which might end with them', async () => {
    const refresh = { ...credentials, refresh_token: 'canary-refresh' }
    const { outcome, revoked } = await explainLine(wrongName, rfc, { ...withOne, credentials: refresh })
    expect([outcome, revoked]).toEqual(['explained', 0])
  })
})

const withOne = { services: [findService(services, 'rfc6749/client_credentials')] }

const named = ({ parameters }: TokenRequest, name: string) => parameters.some((each) => each.name === name)
const rename =
  (from: string, to: string) =>
  (request: TokenRequest): TokenRequest => ({
    ...request,
    parameters: request.parameters.map((each) => (each.name === from ? { ...each, name: to } : each)),
  })

/** An accepted request, and ways to spoil it: what a service that minds looks at, and the change that mends it. */
const accepted: TokenRequest = {
  method: 'POST',
  path: rfc,
  query: [],
  headers: [['accept', 'application/json']],
  contentType: 'application/x-www-form-urlencoded',
  syntax: 'form',
  parameters: [
    { name: 'grant_type', value: 'client_credentials' },
    { name: 'client_id', value: credentials.client_id },
    { name: 'client_secret', value: credentials.client_secret },
    { name: 'scope', value: 'read' },
  ],
  body: '',
  authorization: undefined,
}
interface Spoiler {
  readonly spoil: (request: TokenRequest) => TokenRequest
  readonly isSound: (request: TokenRequest) => boolean
  readonly change: string
}
const spoilers: readonly Spoiler[] = [
  {
    spoil: (request) => ({ ...request, path: '/elsewhere' }),
    isSound: ({ path }) => path === rfc,
    change: 'path: /elsewhere → /rfc6749/token',
  },
  {
    spoil: (request) => ({ ...request, method: 'PUT' }),
    isSound: ({ method }) => method === 'POST',
    change: 'method: PUT → POST',
  },
  {
    spoil: (request) => ({ ...request, contentType: 'application/json', syntax: 'json' }),
    isSound: ({ syntax }) => syntax === 'form',
    change: 'Content-Type: application/json → application/x-www-form-urlencoded',
  },
  {
    spoil: rename('client_id', 'clientId'),
    isSound: (request) => named(request, 'client_id'),
    change: 'name of a parameter: clientId → client_id',
  },
  {
    spoil: rename('client_secret', 'ClientSecret'),
    isSound: (request) => named(request, 'client_secret'),
    change: 'name of a parameter: ClientSecret → client_secret',
  },
  {
    spoil: rename('scope', 'Scope'),
    isSound: (request) => named(request, 'scope'),
    change: 'name of a parameter: Scope → scope',
  },
  {
    spoil: (request) => ({
      ...request,
      parameters: [...request.parameters, { name: 'audience', value: 'x' }],
    }),
    isSound: (request) => !named(request, 'audience'),
    change: 'parameter audience: there → not there',
  },
  {
    spoil: (request) => ({ ...request, headers: [...request.headers, ['x-a', 'b']] }),
    isSound: ({ headers }) => !headers.some(([name]) => name === 'x-a'),
    change: 'header x-a: there → not there',
  },
  {
    spoil: (request) => ({ ...request, query: [{ name: 'y', value: 'z' }] }),
    isSound: ({ query }) => query.length === 0,
    change: 'parameter y: in the URL → not in the URL',
  },
  {
    spoil: (request) => ({
      ...request,
      parameters: request.parameters.filter(({ name }) => name !== 'grant_type'),
    }),
    isSound: (request) => named(request, 'grant_type'),
    change: 'parameter grant_type: missing → "client_credentials"',
  },
]
const failingBy = (chosen: readonly Spoiler[]) =>
  chosen.reduce((request, { spoil }) => spoil(request), accepted)
const some = fc.subarray([...spoilers], { minLength: 1 })

describe('the differences of two requests', () => {
  test('lead from one to the other, all together', () => {
    fc.assert(
      fc.property(some, (chosen) => {
        const failing = failingBy(chosen)
        const mended = withDifferences(failing, differencesBetween(failing, accepted))
        const bytes = (request: TokenRequest) => {
          const parameters = request.parameters.toSorted((one, other) => one.name.localeCompare(other.name))
          const { method, url, headers, body } = outgoingOf({ ...request, parameters }, 'http://a.example')
          return [method, String(url), headers, String(body)]
        }
        expect(bytes(mended)).toEqual(bytes(accepted))
      }),
      { seed: 20263, numRuns: 200 },
    )
  })

  test('are explained by those that the service minds, and by no other', async () => {
    const cases = some.chain((chosen) =>
      fc.tuple(fc.constant(chosen), fc.subarray([...chosen], { minLength: 1 })),
    )
    const ofForm = findService(services, 'rfc6749/client_credentials')
    const clientAuthentication = { ...ofForm.clientAuthentication, methods: ['client_secret_post' as const] }
    const service = { ...ofForm, clientAuthentication }
    await fc.assert(
      fc.asyncProperty(cases, async ([chosen, minded]) => {
        const send = async ({ url, method, headers, body }: Outgoing): Promise<Incoming> => {
          const fields = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
          const request = tokenRequestOf({
            ...{ method, headers: fields, body: String(Buffer.from(body)) },
            url: url ?? new URL('http://none.example'),
          })
          return minded.every(({ isSound }) => isSound(request))
            ? { status: 200, headers: {}, body: '{"access_token":"abcdefgh"}' }
            : { status: 400, headers: {}, body: '{"error":"invalid_request"}' }
        }
        const explanation = await explainRequest({
          ...{ url: new URL(`http://127.0.0.1${rfc}`), services: [service], credentials, send },
          request: failingBy(chosen),
          redactor: createRedactor([]),
          parameters: { scope: 'read' },
          maxRequests: 150,
        })
        expect([explanation.outcome, explanation.isMinimal]).toEqual(['explained', true])
        expect(lines(explanation).sort()).toEqual(minded.map(({ change }) => change).sort())
        expect(explanation.sent).toBeLessThanOrEqual(150)
      }),
      { seed: 20264, numRuns: 200 },
    )
  })
})
