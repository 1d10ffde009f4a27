// Canaries: credentials that change under every transport, given to the command in each way, and tokens that the service
// gives. Every failure is made to happen, at every level of logging and in every form of report, and nothing of them is
// found in what the command prints or leaves behind. A new report or a new failure is a row.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSelfSignedCertificate } from '../../src/host/certificate.ts'
import { probeFormats } from '../../src/report/probe-formats.ts'
import {
  type Answer,
  type Asked,
  listen,
  type RunningServer,
  reply,
  startRecording,
} from '../verify/service.ts'
import { transports, writtenInEveryWay } from '../verify/transports.ts'
import { startCommand } from './command.ts'

/** By the flag that gives them; none is a word, and each has what some transport escapes. */
const canaries = {
  'client-id': 'canary-id +/&=%?"\\é<x>',
  'client-secret': "canary-secret +/&=%41'`$(x)~ü",
  username: 'canary.user\t@ex.ample/"€"',
  password: ' canary pass;word%2B\\u0041 ',
  'refresh-token': '1//canary-refresh~+/=😀',
} as const
const jwtOf = (subject: string) =>
  [
    { alg: 'RS256', typ: 'JWT' },
    { sub: subject, aud: 'https://as.example' },
    `signature of ${subject}, 0123456789`,
  ]
    .map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url'))
    .join('.')
const issued = { access_token: jwtOf('canary-subject'), refresh_token: 'gJ8x2Vt0Qe-1/+rT5_kW9zLm.3==' }
const secrets = [
  ...Object.values(canaries),
  ...Object.values(issued),
  ...issued.access_token.split('.').slice(1),
]

/** The secrets that a text holds in any two transports. */
const forbidden = secrets.map((secret) => ({ secret, forms: [...writtenInEveryWay(secret)] }))
const secretsIn = (text: string) =>
  forbidden.filter(({ forms }) => forms.some((form) => text.includes(form))).map(({ secret }) => secret)

const everythingOf = ({ url, headers, body }: Asked) => `${url} ${JSON.stringify(headers)} ${body}`
const inHeader = (value: string) => encodeURIComponent(value).slice(0, 4000)
const tokens = { ...issued, token_type: 'Bearer', expires_in: 3600 }
const html =
  (status: number): Answer =>
  (response, asked) => {
    response.writeHead(status, {
      'content-type': 'text/html',
      'x-request': inHeader(everythingOf(asked)),
      'www-authenticate': asked.headers.authorization ?? `Bearer ${issued.access_token}`,
      'set-cookie': `session=${issued.refresh_token}`,
    })
    response.end(`<pre>${everythingOf(asked).replaceAll('<', '&lt;')}</pre><p>${JSON.stringify(tokens)}</p>`)
  }

/** A service that fails; its URL has no path. */
interface FailingService extends RunningServer {
  /** What it was asked; `undefined` where nothing can come that far. */
  readonly asked: readonly Asked[] | undefined
}
/** Starts a service, which may end the command by Ctrl-C. */
type Start = (interrupt: () => void) => Promise<FailingService>

const answering =
  (answer: Answer): Start =>
  () =>
    startRecording(answer)
const failures: ReadonlyArray<[what: string, start: Start]> = [
  ['has nothing at the path', answering(html(404))],
  ['is not there', async () => ({ ...(await closed()), asked: undefined })],
  [
    'refuses every client',
    answering((response, asked) =>
      reply(
        401,
        { error: 'invalid_client', error_description: everythingOf(asked) },
        { 'www-authenticate': 'Basic' },
      )(response, asked),
    ),
  ],
  ['breaks, and shows the request in a page of HTML', answering(html(500))],
  [
    'redirects to what it was sent',
    answering((response, asked) =>
      response
        .writeHead(302, { location: `/?${inHeader(everythingOf(asked))}#${issued.access_token}` })
        .end(JSON.stringify(tokens)),
    ),
  ],
  [
    'tells tokens in its refusals',
    answering(
      reply(400, {
        ...tokens,
        error: 'invalid_grant',
        error_description: `not ${issued.refresh_token}`,
        error_uri: issued.access_token,
      }),
    ),
  ],
  [
    'grants, and sends the request back in JSON',
    answering((response, asked) =>
      reply(
        200,
        {
          ...tokens,
          token_type: asked.body,
          expires_in: asked.headers.authorization,
          scope: [asked],
          [asked.body]: asked.body,
        },
        { 'cache-control': inHeader(everythingOf(asked)) },
      )(response, asked),
    ),
  ],
  [
    'has a certificate that nobody signed',
    () => overTls((_request, response) => void response.end(JSON.stringify(tokens))),
  ],
  ['never answers', answering(() => {})],
  ['hangs up', answering((response) => response.socket?.resetAndDestroy())],
  [
    'closes half-way through a token',
    answering((response, asked) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 9000 })
      response.write(`${JSON.stringify(tokens)}${everythingOf(asked)}`, () => response.socket?.destroy())
    }),
  ],
  [
    'sends what is no HTTP',
    answering((response, asked) =>
      response.socket?.end(`HTTP/1.1 ${everythingOf(asked)}\r\n\r\n${issued.access_token}`),
    ),
  ],
  [
    'is given up by Ctrl-C',
    async (interrupt) => {
      const service = await startRecording((response, asked) => {
        html(500)(response, asked)
        if (service.asked.length === 3) interrupt()
      })
      return service
    },
  ],
]

/** A verb in a form of report: what it is given beside the target and the credentials. Files go to the folder that it works in. */
type Form = readonly [
  what: string,
  verb: 'verify' | 'probe' | 'explain',
  args: (folder: { readonly working: string; readonly given: string }, turn: number) => readonly string[],
]

const filesOf = (folder: string, forms: readonly string[]) =>
  forms.flatMap((form) => [`--${form}`, join(folder, `report.${form}`)])
const authentication = (turn: number) => ['--auth', turn % 2 === 0 ? 'post' : 'basic']
const failing = ({ given }: { readonly given: string }) => ['--curl', join(given, 'failing')]

const reports: readonly Form[] = [
  ['a verification as text', 'verify', (_folder, turn) => authentication(turn)],
  ['a verification as JSON', 'verify', (_folder, turn) => [...authentication(turn), '--json']],
  [
    'a verification in files of every kind, and annotations',
    'verify',
    ({ working }, turn) => [
      ...authentication(turn),
      ...filesOf(working, ['junit', 'markdown', 'sarif', 'html']),
      '--github',
      ...['--lock', '--lock-file', join(working, 'verification.lock.json')],
    ],
  ],
  [
    'a probe as text, and in files of every kind',
    'probe',
    ({ working }) => filesOf(working, Object.keys(probeFormats)),
  ],
  ['a probe as JSON', 'probe', () => ['--json']],
  [
    'an explanation as text and Markdown',
    'explain',
    (folder) => [...failing(folder), ...filesOf(folder.working, ['markdown'])],
  ],
  ['an explanation as JSON', 'explain', (folder) => [...failing(folder), '--json']],
]
const [asText] = reports

/** What a client sent, with the credentials in places that are no good. */
const failingLine = `curl https://as.example/token -u 'x:${issued.refresh_token}' \\
  --data-urlencode 'grant_type=client_credentials' \\
  --data-urlencode 'clientSecret=${canaries['client-secret'].replaceAll("'", "'\\''")}' \\
  --data-urlencode 'client_id=${canaries['client-id']}' -H 'X-Api-Key: ${encodeURIComponent(canaries['refresh-token'])}'
`

/** Whatever could make a part of the command say more; it has to be as silent as without. */
const talkative = {
  DEBUG: '*',
  LOG_LEVEL: 'trace',
  PACT_LOG_LEVEL: 'trace',
  RUST_LOG: 'trace',
  RUST_BACKTRACE: 'full',
  NODE_OPTIONS: '--trace-warnings --trace-deprecation --trace-uncaught',
}
const levels: ReadonlyArray<[name: string, environment: Readonly<Record<string, string>>]> = [
  ['nothing', {}],
  ...Object.entries(talkative).map(([name, value]): [string, Record<string, string>] => [
    name,
    { [name]: value },
  ]),
  ...['http', 'https,tls', 'net,stream', 'fetch,undici', 'child_process', '*'].map(
    (sections): [string, Record<string, string>] => [`NODE_DEBUG=${sections}`, { NODE_DEBUG: sections }],
  ),
]
/** By which way each credential is given, in turns: every way for every credential. */
const ways = ['env', 'file', 'cmd'] as const

let scratch: string
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'canaries-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('nothing of a canary is left by a service that', () => {
  const runs = failures.flatMap(([what, start], row) =>
    reports.map((form, column) => [what, form[0], start, form, row + column] as const),
  )
  test.concurrent.each(runs)('%s, by %s', async (_what, _name, start, form, turn) => {
    const { leaked, status, asked } = await run({ start, form, turn, environment: talkative })
    expect(leaked).toEqual([])
    // A service that grants whatever it is asked leaves nothing to explain.
    expect(form[1] === 'explain' ? [0, 1, 2, null] : [1, 2, null]).toContain(status)
    expect(asked?.length).not.toBe(0)
  })
})

describe('nothing of a canary is left at the level of', () => {
  test.concurrent.each(levels)('%s', async (_name, environment) => {
    const { leaked, stdout, stderr, asked } = await run({
      start: answering(html(500)),
      form: asText,
      turn: 0,
      environment,
    })
    expect(leaked).toEqual([])
    const isRefused = 'NODE_DEBUG' in environment
    expect([stdout === '', asked?.length === 0, stderr.includes('expected NODE_DEBUG to be unset')]).toEqual([
      isRefused,
      isRefused,
      isRefused,
    ])
  })
})

describe('there is something to find', () => {
  test('in what the service is asked', async () => {
    for (const verb of ['verify', 'probe', 'explain']) {
      const form = reports.find((each) => each[1] === verb)
      const asked = [0, 1].map((turn) => run({ start: answering(html(400)), form, turn, environment: {} }))
      const sent = (await Promise.all(asked)).flatMap((each) => each.asked ?? []).map(everythingOf)
      expect(secretsIn(sent.join())).toEqual(expect.arrayContaining([canaries['client-secret']]))
    }
    const verifying = [0, 1].map((turn) =>
      run({ start: answering(html(500)), form: asText, turn, environment: {} }),
    )
    const sent = (await Promise.all(verifying)).flatMap((each) => each.asked ?? []).map(everythingOf)
    expect(secretsIn(sent.join())).toEqual(Object.values(canaries))
  })

  test.each(transports)('of what is %s', (_name, write) => {
    for (const secret of secrets) expect(secretsIn(`a ${write(secret)} b`)).toContain(secret)
  })
})

interface Run {
  readonly start: Start
  readonly form: Form | undefined
  readonly turn: number
  readonly environment: Readonly<Record<string, string>>
}

/** Runs the command against a service; what it leaves is also looked at while it runs. */
async function run({ start, form, turn, environment }: Run) {
  const [, verb, args] = form ?? [undefined, 'verify', () => []]
  const [given = '', working = '', temporary = ''] = ['given-', 'working-', 'tmp-'].map((name) =>
    mkdtempSync(join(scratch, name)),
  )
  const variables = Object.entries(canaries).map(([flag, value]) => [variableOf(flag), value])
  for (const [flag, value] of Object.entries(canaries))
    writeFileSync(join(given, flag), `${value}\n`, { mode: 0o600 })
  writeFileSync(join(given, 'failing'), failingLine)
  // The refresh token is sent where none can be asked for with a password.
  const isLeftOut = (flag: string) => turn % 2 === 1 && (flag === 'username' || flag === 'password')
  const flags = Object.keys(canaries).flatMap((flag, index) => {
    if (isLeftOut(flag)) return []
    const way = ways[(index + turn) % ways.length]
    const file = join(given, flag)
    return [
      `--${flag}`,
      way === 'env' ? `env:${variableOf(flag)}` : way === 'file' ? `file:${file}` : `cmd:cat '${file}'`,
    ]
  })
  const found: string[] = []
  const look = () => found.push(...[working, temporary].flatMap((folder) => secretsIn(filesIn(folder))))
  const running: { child?: ReturnType<typeof startCommand> } = {}
  await using service = await start(() => {
    look()
    running.child?.kill('SIGINT')
  })
  const target = ['--url', `${service.origin}/token`, '--service', 'rfc6749', '--timeout', '700']
  const child = startCommand([verb, ...target, ...flags, ...args({ working, given }, turn)], {
    directory: working,
    environment: { ...Object.fromEntries(variables), TMPDIR: temporary, ...environment },
  })
  running.child = child
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  look()
  return { stdout, stderr, status, asked: service.asked, leaked: [...found, ...secretsIn(stdout + stderr)] }
}

function variableOf(flag: string): string {
  return flag.toUpperCase().replaceAll('-', '_')
}

function filesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${name} ${readFileSync(join(parentPath, name), 'utf8')}`)
    .join('\n')
}

async function closed(): Promise<RunningServer> {
  const server = await listen(() => {})
  await server[Symbol.asyncDispose]()
  return { ...server, [Symbol.asyncDispose]: async () => {} }
}

async function overTls(listener: RequestListener): Promise<FailingService> {
  const { cert, key } = await createSelfSignedCertificate()
  const server = createServer({ cert, key }, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: undefined,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
