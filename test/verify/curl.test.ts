// Requests as lines of curl: what they look like, and what a server receives of them when bash runs them.
import { spawn, spawnSync } from 'node:child_process'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BasicSpelling, parseBasic } from '../../src/oauth/basic.ts'
import { parseForm } from '../../src/oauth/form.ts'
import { type CurlRequest, credentialVariables, curlLine } from '../../src/verify/curl.ts'
import { type RecordingServer, reply, startRecording } from './service.ts'

const form = 'application/x-www-form-urlencoded'
const url = 'https://as.example/token'
const id = { variable: credentialVariables.client_id }
const secret = { variable: credentialVariables.client_secret }
const grant_type = { literal: 'client_credentials' }
const base: CurlRequest = { method: 'POST', url, contentType: form, parameters: { grant_type } }

const lines: ReadonlyArray<[given: string, request: Partial<CurlRequest>, line: string]> = [
  [
    'a form',
    { parameters: { grant_type, scope: { literal: 'a b' }, client_id: id, client_secret: secret } },
    `--data-urlencode grant_type=client_credentials --data-urlencode 'scope=a b' --data-urlencode "client_id=$CLIENT_ID" --data-urlencode "client_secret=$CLIENT_SECRET"`,
  ],
  [
    'Basic',
    { basic: { client_id: id, client_secret: secret, spelling: 'raw' } },
    '--user "$CLIENT_ID:$CLIENT_SECRET" --data-urlencode grant_type=client_credentials',
  ],
  [
    'Basic with a wrong secret',
    { basic: { client_id: id, client_secret: { literal: 'wrong-value' }, spelling: 'raw' } },
    `--user "$CLIENT_ID":wrong-value --data-urlencode grant_type=client_credentials`,
  ],
  [
    'Basic in the form spelling',
    { basic: { client_id: id, client_secret: secret, spelling: 'form' } },
    `--user "$(jq -nr --arg v "$CLIENT_ID" '$v|@uri')":"$(jq -nr --arg v "$CLIENT_SECRET" '$v|@uri')" --data-urlencode grant_type=client_credentials`,
  ],
  [
    'JSON without secrets',
    { contentType: 'application/json' },
    `--header 'Content-Type: application/json' --data '{"grant_type":"client_credentials"}'`,
  ],
  ['no parameters', { parameters: {} }, "--data ''"],
  [
    'a header field',
    {
      headers: { 'X-Moov-Version': 'v2026.04.00', 'X-Empty': '', 'no token': 'x', '@file': 'x' },
      parameters: {},
    },
    "--header 'X-Moov-Version: v2026.04.00' --header 'X-Empty;' --data ''",
  ],
  [
    'characters that a terminal would act on',
    { parameters: { scope: { literal: "\u001b[2J'\u202e" } } },
    '--data scope=%1B%5B2J%27%E2%80%AE',
  ],
]

const awkward = {
  quotes: `'"\\ $(touch /tmp/never) \`id\` $HOME \${HOME} !! !x ~ # ; | & < > * ? [a] {b,c}`,
  encoded: '%41+ &=%?/:é€😀',
  'an at sign': '@/etc/passwd',
  'a hyphen': '-X',
  'an equals sign': '=x=',
  'line ends': '\nfirst\r\nsecond\t\n',
  nothing: '',
}
const inBash = ['bash', 'curl', 'jq'].every((name) => spawnSync(name, ['--version']).status === 0)

describe('a line of curl', () => {
  test.each(lines)('shows %s', (_given, request, line) => {
    expect(curlLine({ ...base, ...request })).toBe(`curl --include ${url} ${line}`)
  })

  test('has jq write JSON with secrets', () => {
    const parameters = { grant_type, client_id: id, 'o d\'d"': secret }
    expect(curlLine({ ...base, contentType: 'application/json', parameters })).toBe(
      `jq -n --arg client_id "$CLIENT_ID" --arg 'o d'\\''d"' "$CLIENT_SECRET" '{"grant_type":"client_credentials"} + $ARGS.named' | curl --include ${url} --header 'Content-Type: application/json' --data @-`,
    )
  })

  test('keeps an address and a method as they are', () => {
    const request = { ...base, method: 'PUT', url: "https://[::1]:8443/a'b?c=d&e", parameters: {} }
    expect(curlLine(request)).toBe(
      "curl --include --request PUT --globoff 'https://[::1]:8443/a'\\''b?c=d&e' --data ''",
    )
  })
})

describe.skipIf(!inBash)('a line of curl, pasted into bash', () => {
  let server: RecordingServer

  beforeAll(async () => {
    server = await startRecording(reply(200, {}))
  })
  afterAll(() => server[Symbol.asyncDispose]())

  /** As an interactive bash reads it, in which `!` has a meaning of its own. */
  const paste = async (request: Partial<CurlRequest>, secretValue: string) => {
    const line = curlLine({ ...base, ...request, url: `${server.origin}/token` })
    const environment = {
      PATH: process.env.PATH,
      LC_ALL: 'C',
      CLIENT_ID: `id ${secretValue.replaceAll(':', '')}`,
    }
    const bash = spawn('bash', ['--noprofile', '--norc', '-s'], {
      env: { ...environment, CLIENT_SECRET: secretValue, HOME: '/nonexistent' },
    })
    bash.stdin.end(`set -o history\nset -H\n${line}\n`)
    const [stdout, stderr] = await Promise.all([textOf(bash.stdout), textOf(bash.stderr)])
    expect([line, stdout.split('\r\n')[0], stderr.includes('bash:')]).toEqual([
      line,
      'HTTP/1.1 200 OK',
      false,
    ])
    const asked = server.asked.at(-1)
    return { id: environment.CLIENT_ID, headers: asked?.headers ?? {}, body: asked?.body ?? '' }
  }
  const values = Object.entries(awkward)

  test.each(values)('sends a form with %s, as a variable and as it is', async (_name, value) => {
    const parameters = { grant_type, scope: { literal: [value, 'b'] }, client_secret: secret, 'a&b"$': id }
    const { id: sentId, headers, body } = await paste({ parameters }, value)
    expect([headers['content-type'], parseForm(body)]).toEqual([
      form,
      [
        ['grant_type', 'client_credentials'],
        ['scope', value],
        ['scope', 'b'],
        ['client_secret', value],
        ['a&b"$', sentId],
      ],
    ])
  })

  test.each(values)('sends JSON with %s, as a variable and as it is', async (_name, value) => {
    const contentType = 'application/json; charset=utf-8'
    const literals = { list: { literal: [value, 1, true, null] }, [`${value}!`]: { literal: value } }
    const secrets = await paste({ contentType, parameters: { ...literals, client_secret: secret } }, value)
    expect([secrets.headers['content-type'], JSON.parse(secrets.body)]).toEqual([
      contentType,
      { list: [value, 1, true, null], [`${value}!`]: value, client_secret: value },
    ])
    const plain = await paste({ contentType, parameters: literals }, value)
    expect(JSON.parse(plain.body)).toEqual({ list: [value, 1, true, null], [`${value}!`]: value })
  })

  const spelled = values.flatMap(([name, value]) =>
    (['raw', 'form'] as const).map((spelling): [string, BasicSpelling, string] => [name, spelling, value]),
  )

  test.each(spelled)('sends Basic with %s in %s spelling', async (_name, spelling, value) => {
    const basic = { client_id: id, client_secret: secret, spelling }
    const { id: client_id, headers } = await paste({ basic }, value)
    const encoded = headers.authorization?.replace('Basic ', '') ?? ''
    expect(parseBasic(encoded, spelling)).toEqual({ client_id, client_secret: value })
    const wrong = await paste({ basic: { ...basic, client_secret: { literal: value } } }, value)
    expect(parseBasic(wrong.headers.authorization?.replace('Basic ', '') ?? '', spelling)).toEqual({
      client_id,
      client_secret: value,
    })
  })

  test.each(values)('sends a header field with %s', async (_name, value) => {
    const { headers } = await paste({ headers: { 'X-Odd': value }, parameters: {} }, value)
    const sent = Buffer.from(String(headers['x-odd']), 'latin1').toString()
    expect(sent).toBe(value.replace(/[\r\n]/g, ' ').trim())
  })
})
