// What an explanation shows of a request whose secret stands where no one looks for it, by a service that gives it all back.
import { describe, expect, test } from 'vitest'
import { explainRequest } from '../../src/probe/explain.ts'
import { readFailingRequest } from '../../src/probe/failing-request.ts'
import { outgoingOf } from '../../src/probe/token-request.ts'
import {
  formatExplanation,
  formatExplanationJson,
  formatExplanationMarkdown,
} from '../../src/report/explanation.ts'
import { findService } from '../../src/service/lookup.ts'
import { services } from '../../src/services/services.ts'
import type { Incoming, Outgoing } from '../../src/verify/connection.ts'
import { createRedactor } from '../../src/verify/redactor.ts'

const url = new URL('http://127.0.0.1/token')
const credentials = { client_id: 'given-client', client_secret: 'given-secret' }
const form = 'Content-Type: application/x-www-form-urlencoded'
const json = 'Content-Type: application/json'
const message = (head: readonly string[], body: string) => [...head, '', body].join('\n')
const posted = (body: string, ...fields: readonly string[]) =>
  message(['POST /token HTTP/1.1', ...fields], body)
const usual = 'grant_type=client_credentials'
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Gives back all that it was sent, as it came and decoded, and grants nothing. */
async function echo({ url: to = url, method, headers, body }: Outgoing): Promise<Incoming> {
  const sent = `${method} ${to.pathname}${to.search} ${JSON.stringify(headers)} ${String(Buffer.from(body))}`
  const basic = base64Of(String(headers.authorization ?? ''))
  const description = [decoded(sent), basic, sent].join(' ')
  return {
    status: 400,
    headers: {},
    body: JSON.stringify({ error: 'invalid_request', description, message: description }),
  }
}

function base64Of(field: string): string {
  return Buffer.from(field.split(' ')[1] ?? '', 'base64').toString()
}

function decoded(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/gi, (run) => decodeURIComponent(run))
}

const places: ReadonlyArray<[where: string, message: (secret: string) => string]> = [
  ['behind a semicolon', (secret) => posted(`${usual};client_secret=${secret}`, form)],
  ['on the next line', (secret) => posted(`${usual}\nclient_id=app\nclient_secret=${secret}`, form)],
  ['behind a space', (secret) => posted(`${usual} client_secret=${secret}`, form)],
  ['in the scope', (secret) => posted(`${usual}&scope=read;client_secret=${secret}`, form)],
  ['in the audience', (secret) => posted(`${usual}&audience=https://x.example/?key=${secret}`, form)],
  [
    'in Referer',
    (secret) => posted(usual, form, `Referer: https://app.example/cb?code=${secret}&access_token=x${secret}`),
  ],
  [
    'in the fragment of Referer',
    (secret) => posted(usual, form, `Referer: https://app.example/cb#access_token=${secret}`),
  ],
  ['in Origin', (secret) => posted(usual, form, `Origin: https://app:${secret}@app.example`)],
  ['in User-Agent', (secret) => posted(usual, form, `User-Agent: shop/1.0 (key ${secret})`)],
  ['as a version in User-Agent', (secret) => posted(usual, form, `User-Agent: shop/${secret}`)],
  ['in Accept', (secret) => posted(usual, form, `Accept: application/json; secret=${secret}`)],
  ['in Cache-Control', (secret) => posted(usual, form, `Cache-Control: ${secret}`)],
  ['in redirect_uri', (secret) => posted(`${usual}&redirect_uri=https://x.example/?token=${secret}`, form)],
  [
    'in an encoded redirect_uri',
    (secret) => posted(`${usual}&redirect_uri=${encodeURIComponent(`https://u:${secret}@x.example/`)}`, form),
  ],
  ['in Content-Type', (secret) => posted(usual, `Content-Type: text/plain; secret=${secret}`)],
  ['in the path', (secret) => message([`POST /token/${secret} HTTP/1.1`, form], usual)],
  [
    'in a parameter of the path',
    (secret) => message([`POST /token;client_secret=${secret} HTTP/1.1`, form], usual),
  ],
  ['as the query', (secret) => message([`POST /token?${secret} HTTP/1.1`, form], usual)],
  ['in the query', (secret) => message([`POST /token?grant_type=x;secret=${secret} HTTP/1.1`, form], usual)],
  ['in a list', (secret) => posted(JSON.stringify([{ client_secret: secret }]), json)],
  [
    'in a list that is said to be a form',
    (secret) => posted(JSON.stringify([{ client_secret: secret }]), form),
  ],
  ['in JSON that breaks off', (secret) => posted(`{"grant_type":"x","client_secret":"${secret}"`, json)],
  ['in XML', (secret) => posted(`<token><secret>${secret}</secret></token>`, 'Content-Type: text/xml')],
  ['as a body of Base64', (secret) => posted(base64(secret), form)],
  ['as the body', (secret) => posted(secret, form)],
  ['as Basic without a colon', (secret) => posted(usual, form, `Authorization: Basic ${base64(secret)}`)],
  [
    'in another scheme',
    (secret) => posted(usual, form, `Authorization: Digest username="app", response="${secret}"`),
  ],
  [
    'in a form that is not encoded',
    (secret) => posted(`${usual}&client_id=a%&client_secret=${secret}%zz&=x${secret}`, form),
  ],
  ['behind an empty pair', (secret) => posted(`${usual}&&client_secret=${secret}&`, form)],
  [
    'in a member that is there twice',
    (secret) => posted(`{ "client_secret": "${secret}", "client_secret": "x${secret}"}`, json),
  ],
  [
    'in parts',
    (secret) =>
      posted(
        `--xyz\nContent-Disposition: form-data; name="client_secret"\n\n${secret}\n--xyz--\n`,
        'Content-Type: multipart/form-data; boundary=xyz',
      ),
  ],
  [
    'in a second Authorization',
    (secret) =>
      posted(
        usual,
        form,
        'Authorization: Bearer abcd',
        `Authorization: Digest username="app", response="${secret}"`,
      ),
  ],
  ['in a second Content-Type', (secret) => posted(usual, form, `Content-Type: text/plain; secret=${secret}`)],
  [
    'in Basic that is not well-formed',
    (secret) => posted(usual, form, `Authorization: basic  ${base64(`app:${secret}`).replace(/=+$/, '')}`),
  ],
  [
    'in a second Authorization, in Base64',
    (secret) =>
      posted(usual, form, 'Authorization: Bearer abcd', `Authorization: Basic ${base64(`app:${secret}`)}`),
  ],
  [
    'in a field of its own, in Base64',
    (secret) => posted(usual, form, `X-Authorization: Basic ${base64(`app:${secret}`)}`),
  ],
  [
    'in JSON within JSON',
    (secret) => posted(JSON.stringify({ grant_type: 'x', auth: { client_secret: secret } }), json),
  ],
  ['as a charset', (secret) => posted(usual, `Content-Type: text/plain; charset=${secret}`)],
  ['as a scheme', (secret) => posted(usual, form, `Authorization: ${secret} x`)],
  ['as Authorization without a scheme', (secret) => posted(usual, form, `Authorization: ${secret}`)],
]
const secrets = ['Canary-S3cret_of.7', 'q9Canary~Z8=x1', 'canaryofletters']

describe('a secret', () => {
  test.each(places.flatMap(([where, write]) => secrets.map((secret) => [where, secret, write] as const)))(
    '%s is in no explanation: %s',
    async (_where, secret, write) => {
      const redactor = createRedactor(Object.values(credentials))
      const text = write(secret)
      const request = readFailingRequest({ kind: 'http', text, where: 'x' }, url, { redactor, credentials })
      const explanation = await explainRequest({
        ...{ url, request, credentials, redactor, send: echo },
        services: [findService(services, 'rfc6749/client_credentials')],
      })
      const shown = [formatExplanation, formatExplanationJson, formatExplanationMarkdown].map((format) =>
        format(explanation),
      )
      for (const form of [secret, encodeURIComponent(secret), base64(secret)])
        expect(shown.join('\n')).not.toContain(form)
      expect(explanation.outcome).toBe('no_variant')
    },
  )

  const given = 'k3y&p4rt2word=Tail9and'
  const misplaced: ReadonlyArray<[what: string, text: string, hidden: readonly string[]]> = [
    ['a name', posted(`${usual}&hunter2secretvalue=1`, form), ['hunter2secretvalue']],
    ['a name of digits', posted(`${usual}&9f86d081884c7d659a2feaa0=1`, form), ['9f86d081884c7d659a2feaa0']],
    ['a field', posted(usual, form, 'sk-live-51Habcdef9: 1'), ['51habcdef9']],
    [
      'a name in JSON within JSON',
      posted('{"grant_type":"x","auth":{"sk_live_51Habcdef":true},"x":[{"Older-S3cret!":1}]}', json),
      ['51Habcdef', 'Older-S3cret'],
    ],
    ['a number', posted('{"grant_type":"x","pin":{"a":471193}}', json), ['471193']],
    ['the given one, in pieces', posted(`${usual}&client_secret=${given}`, form), ['p4rt2word', 'Tail9and']],
    ['the given one, in small letters', posted(usual, form, 'Given-S3cret.9: 1'), ['given-s3cret']],
  ]
  test.each(misplaced)('as %s is in no explanation', async (_what, text, hidden) => {
    const own = { ...credentials, client_secret: given, password: 'given-s3cret.9' }
    const redactor = createRedactor(Object.values(own))
    const request = readFailingRequest({ kind: 'http', text, where: 'x' }, url, {
      redactor,
      credentials: own,
    })
    const explanation = await explainRequest({
      ...{ url, request, credentials: own, redactor, send: echo },
      services: [findService(services, 'rfc6749/client_credentials')],
    })
    const shown = [formatExplanation, formatExplanationJson, formatExplanationMarkdown].map((format) =>
      format(explanation).toLowerCase(),
    )
    for (const each of hidden) expect(shown.join('\n')).not.toContain(each.toLowerCase())
  })

  test('is not looked for in what is plain: the words of an answer stay', () => {
    const redactor = createRedactor([])
    const text = message(
      [
        ...[
          'POST /oauth2/v1/token HTTP/1.1',
          form,
          'Accept: application/json, */*;q=0.5',
          'Accept-Language: de-CH,de;q=0.9',
        ],
        ...[
          'Origin: https://app.example',
          'User-Agent: curl/8.5.0',
          'Cache-Control: no-cache',
          'Accept-Encoding: gzip, br',
        ],
      ],
      `${usual}&scope=openid+/accounts.read+https://graph.example/.default&audience=https://api.example/&redirect_uri=https://app.example/cb`,
    )
    readFailingRequest({ kind: 'http', text, where: 'x' }, url, { redactor, credentials })
    expect(redactor.redact(text)).toBe(text)
  })

  test('in XML is found without its elements, which paths may be called like', () => {
    const redactor = createRedactor([])
    const text = posted('<token><key>canary-key</key></token>', 'Content-Type: text/xml')
    readFailingRequest({ kind: 'http', text, where: 'x' }, url, { redactor, credentials })
    expect(redactor.redact(`${url} canary-key`)).toBe(`${url} ****`)
  })
})

describe('a body that is no form', () => {
  test.each([
    ['a list', JSON.stringify([{ client_secret: 'a=b' }])],
    ['Base64', 'c2VjcmV0IG9mIGFwcA=='],
    ['Base64 with little padding', 'c2VjcmV0IG9mIGFwcDE='],
    ['a name of other characters', 'a b=c'],
  ])('is sent as it is: %s', (_what, body) => {
    const given = { redactor: createRedactor([]), credentials }
    const request = readFailingRequest({ kind: 'http', text: posted(body, form), where: 'x' }, url, given)
    expect(String(Buffer.from(outgoingOf(request, url.origin).body))).toBe(body)
  })
})
