// Secrets: a hostile service sends back whatever it was sent, and nothing of it is found in what the command leaves behind.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatBase64 } from '../../src/oauth/base64.ts'
import { encodeFormValue } from '../../src/oauth/form.ts'
import { formatTerminal } from '../../src/report/terminal.ts'
import { runCommand } from '../cli/command.ts'
import { type Answer, type Asked, reply, startRecording } from './service.ts'

type Canaries = Readonly<
  Record<'CLIENT_ID' | 'CLIENT_SECRET' | 'USERNAME' | 'PASSWORD' | 'REFRESH_TOKEN', string>
>

const canaries: Readonly<Record<'awkward' | 'speaking', Canaries>> = {
  awkward: {
    CLIENT_ID: 'canary-id +/&=%?"\\é',
    CLIENT_SECRET: "canary-secret +/&=%41'`$(x)",
    USERNAME: 'canary-user\t@ex.ample',
    PASSWORD: 'canary-pass\nword€',
    REFRESH_TOKEN: '1//canary-refresh~+/=',
  },
  // Such as an error code or a scope could be, which are shown.
  speaking: {
    CLIENT_ID: 'canary.client',
    CLIENT_SECRET: 'canary secret',
    USERNAME: '1234567890',
    PASSWORD: 'canary=password',
    REFRESH_TOKEN: 'canary/refresh',
  },
}
const flags = ['client-id', 'client-secret', 'username', 'password', 'refresh-token'].flatMap((flag) => [
  `--${flag}`,
  `env:${flag.replace('-', '_').toUpperCase()}`,
])
const issued = ['gJ8x2Vt0Qe-1', 'rT5_kW9zLm.3']
const [access_token, refresh_token] = issued

/** Everything that came with a request, in one text. */
const everythingOf = ({ url, headers, body }: Asked): string => `${url} ${JSON.stringify(headers)} ${body}`

/** Every value that came with a request, read as the service would read it. */
const valuesOf = ({ headers, body }: Asked): readonly string[] => {
  const isJson = headers['content-type'] === 'application/json'
  const parameters: readonly string[] = isJson
    ? Object.values(JSON.parse(body || '{}') as Record<string, string>)
    : [...new URLSearchParams(body).values()]
  return [headers.authorization ?? 'none', ...parameters]
}

const header = (value: string) => encodeURIComponent(value).slice(0, 4000)
const hostile: ReadonlyArray<[sends: string, answer: Answer]> = [
  [
    'the whole request in every member',
    (response, asked) => {
      const all = everythingOf(asked)
      const body = {
        access_token: [all],
        token_type: all,
        expires_in: all,
        scope: all,
        code: all,
        message: [all],
      }
      reply(
        200,
        { ...body, error: all, error_description: all },
        { 'x-request-id': header(all) },
      )(response, asked)
    },
  ],
  [
    'each value in a member, and tokens where none should be',
    (response, asked) => {
      const values = valuesOf(asked)
      const [first, second, third = first, last = third] = [...values.slice(-2), ...values]
      const body = { access_token, refresh_token, token_type: first, expires_in: second, scope: third }
      reply(
        400,
        { ...body, error: last, message: first, code: second },
        { 'cache-control': header(last ?? '') },
      )(response, asked)
    },
  ],
  [
    'a number that is a secret, and its own tokens as everything else',
    (response, asked) => {
      const digits = valuesOf(asked).find((value) => /^\d+$/.test(value))
      const body = {
        access_token: [access_token],
        refresh_token: { refresh_token },
        token_type: access_token,
      }
      reply(200, { ...body, expires_in: Number(digits ?? 1) + 0.5, error: refresh_token, code: digits })(
        response,
        asked,
      )
    },
  ],
  [
    'the request as text, in the header and in the reason of its status',
    (response, asked) => {
      response.writeHead(500, header(everythingOf(asked)), {
        'content-type': `text/${header(valuesOf(asked).at(-1) ?? '')}`,
        'cache-control': header(asked.headers.authorization ?? ''),
        'set-cookie': `session=${access_token}`,
      })
      response.end(`${everythingOf(asked)} ${access_token}`)
    },
  ],
  [
    'a redirection to what it was sent',
    (response, asked) =>
      response
        .writeHead(302, { location: `/?${header(everythingOf(asked))}` })
        .end(JSON.stringify([refresh_token])),
  ],
  [
    'a reply that is no HTTP',
    (response, asked) => response.socket?.end(`HTTP/1.1 ${everythingOf(asked)}\r\n\r\n${access_token}`),
  ],
]
/** One by each credential, and one that is refused. */
const exchanges = ['client_credentials', 'client_credentials.unsupported_grant_type', 'refresh_token']
const services = [
  ['rfc6749', '/token'],
  ['moov', '/oauth2/token'],
] as const
const runs = hostile.flatMap(([sends, answer]) =>
  services.flatMap(([service, path]) =>
    (['awkward', 'speaking'] as const).map(
      (kind): [kind: typeof kind, service: string, sends: string, path: string, answer: Answer] => [
        kind,
        service,
        sends,
        path,
        answer,
      ],
    ),
  ),
)
let scratch: string

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'secrets-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('no secret is left', () => {
  test.concurrent.each(runs)(
    'of the %s ones given, by %s, which sends %s',
    async (kind, service, _sends, path, answer) => {
      const environment = canaries[kind]
      const temporary = mkdtempSync(join(scratch, 'tmp-'))
      const found: string[] = []
      await using hostileService = await startRecording((response, asked) => {
        // What is on the disk while the verifier is at work.
        found.push(...filesIn(temporary).flatMap((text) => secretsIn(text, environment)))
        answer(response, asked)
      })
      const target = ['--url', hostileService.origin + path, '--service', service, '--auth', 'post']
      const args = ['verify', ...target, ...flags, '--exchange', exchanges.join()]
      const { stdout, stderr } = await runCommand([...args, '--json'], {
        environment: { ...environment, TMPDIR: temporary },
      })
      const report = stdout === '' ? '' : formatTerminal(JSON.parse(stdout))
      found.push(...secretsIn(stdout + stderr + report, environment))
      expect(report + stderr).toMatch(/broken|received no reply/)
      expect(secretsIn(hostileService.asked.map(everythingOf).join(), environment)).toContain(
        environment.CLIENT_SECRET,
      )
      expect(found).toEqual([])
      expect(readdirSync(temporary)).toEqual([])
    },
  )

  test('because there is something to find', () => {
    for (const environment of Object.values(canaries)) {
      for (const canary of Object.values(environment)) {
        const forms = [canary, encodeURIComponent(canary), encodeFormValue(canary), JSON.stringify(canary)]
        for (const form of forms) expect(secretsIn(`a ${form} b`, environment)).toContain(canary)
      }
    }
    expect(secretsIn(`token ${access_token}`, canaries.awkward)).toEqual([access_token])
  })
})

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
}

/** The secrets that a text holds in any form, a JSON string within JSON included. */
function secretsIn(text: string, canaries: Canaries): readonly string[] {
  return [...Object.values(canaries), ...issued].filter((secret) => {
    const escaped = JSON.stringify(secret).slice(1, -1)
    const encoded = encodeURIComponent(secret)
    const base64 = formatBase64(secret).replaceAll('=', '')
    const forms = [secret, escaped, JSON.stringify(escaped).slice(1, -1), encoded, encoded.toLowerCase()]
    return [...forms, encodeFormValue(secret), base64].some((form) => text.includes(form))
  })
}
