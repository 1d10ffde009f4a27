// `tokenwright mock`: the services as a server on this machine, until it is told to stop.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { formatExplanation } from '../engine/explanation.ts'
import type { JournalEntry } from '../engine/journal.ts'
import { startTokenServer, type TokenServer, type TokenServerOptions } from '../host/server.ts'
import type { ClientMetadata, SigningAlgorithm } from '../oauth/words.ts'
import type { Config } from '../service/config.ts'
import { TokenwrightError } from '../service/error.ts'
import type { ChosenOptions } from '../service/options.ts'
import { readVariable } from '../verify/credentials.ts'
import { loadConfig } from './config.ts'
import { formatFailure } from './failure.ts'
import { type Arguments, listOf, type Verb } from './flags.ts'
import type { Follower } from './watch.ts'

const defaultPort = 6749

export const mock: Verb = {
  name: 'mock',
  summary: 'Serves token services on this machine, as strict as the vendors document them.',
  positionals: [],
  flags: {
    service: {
      value: 'ID,…',
      isRepeatable: true,
      sentence: 'Services or single variants to serve, or paths of your own. Default: all.',
    },
    port: { value: 'N', sentence: `Port to listen on, 0 for a free one. Default: ${defaultPort}.` },
    host: { value: 'ADDRESS', sentence: 'Address to listen on. Default: 127.0.0.1.' },
    cert: { value: 'FILE', sentence: 'Serve https with this certificate, as PEM; together with --key.' },
    key: { value: 'FILE', sentence: 'The private key of the certificate, as PEM.' },
    'self-signed': {
      sentence: 'Serve https with a certificate made for localhost; needs the package selfsigned.',
    },
    client: {
      value: 'ID:SECRET',
      isRepeatable: true,
      sentence: 'One more client, beside the documented examples.',
    },
    option: {
      value: 'SERVICE.NAME=VALUE',
      isRepeatable: true,
      sentence: 'A choice that the documents leave open, such as moov.expires_in=unix_time.',
    },
    jwt: {
      value: 'ALG',
      sentence: 'Access tokens as JWTs, signed by ES256, RS256 or EdDSA. Default: opaque.',
    },
    protect: {
      value: 'PATH,…',
      isRepeatable: true,
      sentence: 'Stub routes that ask for an access token, such as /v3/*.',
    },
    'admin-token': {
      value: 'env:NAME',
      sentence: 'What the admin API asks for. Default: nothing on loopback; elsewhere it is off without.',
    },
    config: {
      value: 'FILE',
      sentence: 'Configuration. Default: tokenwright.config.ts, .js or .json, where there is one.',
    },
    watch: { sentence: 'Reload the configuration, and services of your own, when their files change.' },
    json: { sentence: 'Print one line of JSON when listening.' },
    verbose: { sentence: 'Print every request, and why it was refused, on stderr.' },
  },
  hasVariables: true,
  run: async (input) => {
    boundProcess()
    const sources = {
      file: input.one('config'),
      directory: process.cwd(),
      environment: process.env,
      services: listOf(input.all('service')),
    }
    const watched = input.has('watch') ? await (await import('./watch.ts')).watchConfig(sources) : undefined
    const options = optionsOf(input, watched?.config ?? (await loadConfig(sources)))
    const server = await startTokenServer(options)
    if (input.has('verbose'))
      server.journal.subscribe((entry) => process.stderr.write(`${formatEntry(entry)}\n`))
    const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    process.stdout.write(`${formatServer(server, input)}\n`)
    void watched?.follow(reloading(server, options, (config) => optionsOf(input, config)))
    await stopped
    await server.close()
    return 0
  },
}

/**
 * Patterns of services of one's own are matched in linear time when they backtrack too often: none can stop the server.
 * And the heap at most doubles before it is collected, where V8 lets a small one grow fourfold: tokens that are forgotten do
 * not pile up. Collecting sooner saves little memory, and takes a tenth of the time of a token.
 */
function boundProcess(): void {
  const v8 = process.getBuiltinModule('node:v8')
  v8.setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
  v8.setFlagsFromString('--heap-growing-percent=100')
  const { PerformanceObserver } = process.getBuiltinModule('node:perf_hooks')
  const collections = new PerformanceObserver(() => {
    const young = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    if (young === undefined || young.space_size < mostYoungBytes) return
    v8.setFlagsFromString('--semi-space-growth-factor=1')
    collections.disconnect()
  })
  collections.observe({ entryTypes: ['gc'] })
}

/** Where the part of the heap for what is new stops growing: beyond it memory doubles, and nothing gets faster. */
const mostYoungBytes = 32 * 1_048_576

/** A value chosen for an option of a service. */
interface Choice {
  readonly service: string
  readonly name: string
  readonly value: string
}

/** Flags stand above the file; each key of the file that no flag touches is the option of that name. */
function optionsOf(input: Arguments, { $schema: _, ...config }: Config): TokenServerOptions {
  const port = input.integer('port', 0, 65_535)
  const host = input.one('host')
  const jwt = input.one('jwt')
  const adminToken = input.one('admin-token')
  const options = input.all('option').map((text) => parseOption(input.nameOf('option'), text))
  return {
    port: defaultPort,
    ...config,
    clients: [
      ...(config.clients ?? []),
      ...input.all('client').map((text) => parseClient(input.nameOf('client'), text)),
    ],
    options: choose(config.options ?? {}, options),
    protect: [...(config.protect ?? []), ...listOf(input.all('protect'))],
    ...(jwt !== undefined && {
      accessTokens: { ...config.accessTokens, format: 'jwt', alg: jwt as SigningAlgorithm },
    }),
    ...(adminToken !== undefined && { adminToken: readVariable('admin-token', adminToken, process.env) }),
    ...tlsOf(input),
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
  }
}

/** Has the server take each new configuration, and says so. */
function reloading(
  server: TokenServer,
  { port, host, adminToken }: TokenServerOptions,
  toOptions: (config: Config) => TokenServerOptions,
): Follower {
  return {
    apply: (config) => {
      const next = toOptions(config)
      server.reload(next)
      const served = server.services.map(({ id }) => id).join(', ')
      const isListening = next.port === port && next.host === host && next.adminToken === adminToken
      const stays = isListening ? '' : '; port, host and adminToken change at the next start'
      process.stderr.write(`tokenwright: reloaded; serves ${served}${stays}\n`)
    },
    report: (error) => {
      process.stderr.write(
        `${formatFailure(error)}\ntokenwright: not reloaded; what was served before stays\n`,
      )
    },
  }
}

function choose(chosen: ChosenOptions, choices: readonly Choice[]): ChosenOptions {
  const services = new Map(Object.entries(chosen))
  for (const { service, name, value } of choices)
    services.set(service, { ...services.get(service), [name]: value })
  return Object.fromEntries(services)
}

function parseOption(name: string, text: string): Choice {
  const [, service, option, value] = /^([^=]+)\.([^.=]+)=(.+)$/.exec(text) ?? []
  if (service !== undefined && option !== undefined && value !== undefined)
    return { service, name: option, value }
  throw new TokenwrightError(
    'ERR_OPTION_INVALID',
    `expected ${name} to be SERVICE.NAME=VALUE, received ${JSON.stringify(text)}`,
  )
}

function parseClient(name: string, text: string): ClientMetadata {
  const colon = text.indexOf(':')
  if (colon < 1 || colon === text.length - 1) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected ${name} to be ID:SECRET, received it without an id, a colon or a secret`,
    )
  }
  return { client_id: text.slice(0, colon), client_secret: text.slice(colon + 1) }
}

function tlsOf(input: Arguments): Pick<TokenServerOptions, 'tls'> {
  const cert = input.one('cert')
  const key = input.one('key')
  const isSelfSigned = input.has('self-signed')
  if ((cert === undefined) !== (key === undefined)) {
    const received = cert === undefined ? '--key' : '--cert'
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      `expected --cert and --key together, received ${received} alone`,
    )
  }
  if (isSelfSigned && cert !== undefined) {
    throw new TokenwrightError(
      'ERR_OPTION_INVALID',
      'expected either --self-signed or --cert and --key, received both',
    )
  }
  if (isSelfSigned) return { tls: 'self-signed' }
  if (cert === undefined || key === undefined) return {}
  return { tls: { cert: readPem('cert', cert), key: readPem('key', key) } }
}

function readPem(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code
    throw new TokenwrightError('ERR_OPTION_INVALID', `cannot read --${flag} ${file}: ${why}`, { cause })
  }
}

function formatServer({ url, certificate, services }: TokenServer, input: Arguments): string {
  if (input.has('json'))
    return JSON.stringify({ url, ...(input.has('self-signed') && { certificate }), services })
  const rows = services.flatMap(({ id, endpoints }) =>
    endpoints.map(({ url: own, root_url, variants, kind }) => {
      const accepts = variants.length > 0 ? variants.join(', ') : kind
      return `  ${id.padEnd(8)} ${(root_url ?? own).padEnd(44)} ${accepts}`
    }),
  )
  return [`tokenwright mock listens on ${url}`, ...rows].join('\n')
}

function formatEntry({ method, path, status, variant, refused }: JournalEntry): string {
  const why = refused === undefined ? (variant ?? '') : formatExplanation(refused)
  return `${method} ${path} ${status} ${why}`.replace(/[^\x20-\x7e]/g, '?').trimEnd()
}
