// Which interactions are replayed with what is at hand, and the reason for each that is not.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CredentialName, Credentials } from '../../src/fixture/message.ts'
import { selectServices, servedOf } from '../../src/service/lookup.ts'
import type { Service } from '../../src/service/service.ts'
import { moov } from '../../src/services/moov/service.ts'
import { prove } from '../../src/services/prove/service.ts'
import { rfc6749 } from '../../src/services/rfc6749/service.ts'
import type { PactFile, PactInteraction } from '../../src/verify/pact-interaction.ts'
import {
  obtainableGrants,
  type PlanOptions,
  planVerification,
  sourceOfRefreshToken,
} from '../../src/verify/plan.ts'
import { root } from '../source-files.ts'

const servedMoov = servedOf(moov)
/** A few of Prove's variants, at each of two endpoints. */
const [someOfProve = prove] = selectServices(
  [prove],
  ['prove/go-0.2.1', 'prove/typescript-0.3.5', 'prove/java-0.15.0', 'prove/typescript-0.9.6'],
)
const id = ['client_id'] as const
const client = ['client_id', 'client_secret'] as const
const user = ['username', 'password'] as const

const plans: ReadonlyArray<
  [
    given: string,
    service: Service,
    path: string,
    credentials: readonly CredentialName[],
    reasons: Readonly<Record<string, readonly (string | undefined)[]>>,
  ]
> = [
  [
    'a client',
    rfc6749,
    '/token',
    client,
    {
      'rfc6749/client_credentials': [undefined],
      'rfc6749/password': ['needs --password and --username'],
      'rfc6749/refresh_token': ['needs --refresh-token'],
    },
  ],
  [
    'a client and a user, by whom a refresh token can be had',
    rfc6749,
    '/token',
    [...client, ...user],
    {
      'rfc6749/client_credentials': [undefined],
      'rfc6749/password': [undefined],
      'rfc6749/refresh_token': [undefined],
    },
  ],
  [
    'a client without its secret',
    rfc6749,
    '/token',
    id,
    {
      'rfc6749/client_credentials': ['needs --client-secret'],
      'rfc6749/password': ['needs --client-secret and --password and --username'],
      'rfc6749/refresh_token': ['needs --client-secret and --refresh-token'],
    },
  ],
  [
    'a client, which gets refresh tokens of its own',
    servedMoov,
    '/oauth2/token',
    client,
    { 'moov/ruby': [undefined] },
  ],
  [
    'the path of one of two endpoints, below another',
    someOfProve,
    '/tenant/v3/token',
    [...client, ...user],
    {
      'prove/go-0.2.1': [undefined],
      'prove/typescript-0.3.5': ['documented at /token; give the URL of that endpoint'],
      'prove/java-0.15.0': ['documented at /token; give the URL of that endpoint'],
      'prove/typescript-0.9.6': ['documented at /token; give the URL of that endpoint'],
    },
  ],
  [
    'a path that no document names, which is taken for the first endpoint',
    someOfProve,
    '/as/token.oauth2',
    [...client, ...user],
    {
      'prove/go-0.2.1': ['documented at /v3/token; give the URL of that endpoint'],
      'prove/typescript-0.3.5': [undefined],
      'prove/java-0.15.0': [undefined],
      'prove/typescript-0.9.6': [undefined],
    },
  ],
]

const grants: ReadonlyArray<
  [
    given: string,
    service: Service,
    credentials: readonly CredentialName[],
    obtainable: readonly string[],
    refreshable: string | undefined,
  ]
> = [
  ['nothing', rfc6749, [], [], undefined],
  ['a client', rfc6749, client, ['client_credentials'], undefined],
  ['a client and a user', rfc6749, [...client, ...user], ['client_credentials', 'password'], 'password'],
  [
    'a client and a refresh token, which is not spent',
    servedMoov,
    [...client, 'refresh_token'],
    ['client_credentials'],
    'client_credentials',
  ],
  ['a client id alone', servedMoov, id, [], undefined],
  ['a user, where no client authenticates', someOfProve, [...id, ...user], ['password'], 'password'],
  [
    'a user, where clients authenticate',
    { ...rfc6749, clientAuthentication: moov.clientAuthentication },
    [...id, ...user],
    [],
    undefined,
  ],
]

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plan-'))
  mkdirSync(join(directory, 'moov'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const grantedByBasic = 'moov/ruby#client_credentials#client_secret_basic'

describe('a plan', () => {
  test.each(plans)('with %s', (_given, service, path, names, reasons) => {
    const planned = plan({ service, path, credentials: credentialsOf(names) })
    const found = Object.fromEntries(
      service.variants.map(({ id }) => [
        id,
        [...new Set(planned.filter(({ variant }) => variant.id === id).map(({ skipped }) => skipped))],
      ]),
    )
    expect(found).toEqual(reasons)
  })

  test('has the exchanges that were asked for, in the order of the service', () => {
    expect(exchangesOf({ exchanges: ['client_credentials'] })).toEqual([
      'client_credentials by client_secret_basic',
      'client_credentials by client_secret_post',
    ])
    expect(
      exchangesOf({
        exchanges: ['client_credentials.wrong_secret', 'client_credentials'],
        authentication: 'client_secret_post',
      }),
    ).toEqual([
      'client_credentials by client_secret_post',
      'client_credentials.wrong_secret by client_secret_post',
    ])
  })

  test('has every method where each request chooses its own', () => {
    const planned = plan({
      service: servedMoov,
      path: '/oauth2/token',
      credentials: credentialsOf(client),
      authentication: 'client_secret_post',
      exchanges: ['client_credentials'],
    })
    expect(planned.map(({ interaction }) => interaction.key)).toEqual([
      'moov/ruby#client_credentials#client_secret_basic',
      'moov/ruby#client_credentials#client_secret_post',
    ])
  })

  test('is not made of an exchange that no variant has', () => {
    expect(() => exchangesOf({ exchanges: ['client_credentials', 'nonsense'] })).toThrow(
      expect.objectContaining({
        code: 'ERR_EXCHANGE_UNKNOWN',
        message: expect.stringMatching(
          /^expected an exchange of rfc6749, got "nonsense"; known ids: client_credentials, /,
        ),
      }),
    )
  })

  const files: ReadonlyArray<[what: string, text: string | undefined, problem: RegExp]> = [
    [
      'is not there',
      undefined,
      /^expected the contract of moov\/ruby at .*ruby\.json, found none; next: tokenwright contracts --service moov\/ruby --out /,
    ],
    ['is not JSON', '{', /ruby\.json is not JSON: /],
    [
      'is no contract',
      '{}',
      /ruby\.json is not a contract that tokenwright has written; next: tokenwright contracts, or contractTest\(\) of tokenwright\/pact$/,
    ],
    [
      'is null',
      'null',
      /ruby\.json is not a contract that tokenwright has written; next: tokenwright contracts, or contractTest\(\) of tokenwright\/pact$/,
    ],
    [
      'has no list of interactions',
      '{"interactions":{}}',
      /ruby\.json is not a contract that tokenwright has written; next: tokenwright contracts, or contractTest\(\) of tokenwright\/pact$/,
    ],
    [
      'has a value that no state supplies, in whose place the example would be sent',
      JSON.stringify({
        interactions: [
          {
            key: 'moov/ruby#password.missing_username#client_secret_post',
            response: { status: 400 },
            comments: { tokenwright: { exchange: 'password.missing_username' } },
            providerStates: [{ name: 'a registered client' }],
            request: { generators: { body: { '$.password': { expression: '$' + '{password}' } } } },
          },
        ],
      }),
      /ruby\.json is not a contract that tokenwright has written; next: tokenwright contracts, or contractTest\(\) of tokenwright\/pact$/,
    ],
    [
      'is a contract of another tool',
      '{"interactions":[{"description":"a request"}]}',
      /ruby\.json is not a contract that tokenwright has written; next: tokenwright contracts, or contractTest\(\) of tokenwright\/pact$/,
    ],
  ]
  const lost =
    /^expected .*ruby\.json to have "moov\/ruby#client_credentials#client_secret_basic" once; next: tokenwright contracts$/
  const damages: ReadonlyArray<
    [what: string, damage: (interactions: PactInteraction[]) => PactInteraction[]]
  > = [
    ['has lost an interaction', (all) => all.filter(({ key }) => key !== grantedByBasic)],
    ['has an interaction twice', (all) => [...all, ...all.filter(({ key }) => key === grantedByBasic)]],
    [
      'has an interaction under the label of another',
      (all) => {
        const other = all.find(({ key }) => key !== grantedByBasic)
        return all.map((each) =>
          each.key === grantedByBasic && other ? { ...each, comments: other.comments } : each,
        )
      },
    ],
  ]
  test.each(damages)('is not made of a contract that %s', (_what, damage) => {
    const pact = JSON.parse(readFileSync(join(root, 'contracts/moov/ruby.json'), 'utf8')) as PactFile
    const text = JSON.stringify({ ...pact, interactions: damage([...pact.interactions]) })
    writeFileSync(join(directory, 'moov', 'ruby.json'), text)
    expect(() =>
      plan({ service: servedMoov, path: '/oauth2/token', credentials: {}, contracts: [directory] }),
    ).toThrow(expect.objectContaining({ code: 'ERR_CONTRACT_INVALID', message: expect.stringMatching(lost) }))
  })

  test('has each interaction once, though a file is named twice', () => {
    const file = join(root, 'contracts/moov/ruby.json')
    const sameFile = `${root}/contracts/../contracts/moov/ruby.json`
    const keysOf = (contracts: readonly string[]) =>
      plan({ service: moov, path: '/oauth2/token', credentials: {}, contracts }).map(
        ({ interaction }) => interaction.key,
      )
    expect(keysOf([file]).length).toBeGreaterThan(0)
    expect(keysOf([file, sameFile])).toEqual(keysOf([file]))
  })

  test.each(files)('is not made of a contract that %s', (_what, text, problem) => {
    const file = join(directory, 'moov', 'ruby.json')
    if (text === undefined) rmSync(file, { force: true })
    else writeFileSync(file, text)
    expect(() =>
      plan({ service: servedMoov, path: '/oauth2/token', credentials: {}, contracts: [directory] }),
    ).toThrow(
      expect.objectContaining({ code: 'ERR_CONTRACT_INVALID', message: expect.stringMatching(problem) }),
    )
  })
})

describe('the grants to be had', () => {
  test.each(grants)('with %s', (_given, service, names, obtainable, refreshable) => {
    const found = obtainableGrants(service, credentialsOf(names))
    expect(found.map(({ grantType }) => grantType)).toEqual(obtainable)
    expect(sourceOfRefreshToken(service, credentialsOf(names))?.grantType).toBe(refreshable)
  })
})

/** A plan for a token endpoint at a path. */
function plan({
  path,
  ...options
}: { path: string } & Pick<PlanOptions, 'service' | 'credentials'> & Partial<PlanOptions>) {
  return planVerification({ url: new URL(path, 'https://as.example'), maxRefusals: 100, ...options })
}

function exchangesOf(options: Partial<PlanOptions>): readonly string[] {
  return plan({
    service: rfc6749,
    path: '/token',
    credentials: credentialsOf(client),
    ...options,
  }).map(({ interaction }) => {
    const { exchange, client_authentication } = interaction.comments.tokenwright
    return `${exchange} by ${client_authentication}`
  })
}

function credentialsOf(names: readonly CredentialName[]): Credentials {
  return Object.fromEntries(names.map((name) => [name, `real ${name}`]))
}
