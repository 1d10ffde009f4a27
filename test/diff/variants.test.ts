// The built-in variants, release by release: what each step broke, and for whom.
import { describe, expect, test } from 'vitest'
import { diffVariants } from '../../src/diff/diff.ts'

type Line = readonly [layer: string, verdict: string, rule: string, sentence: string]

const introduced: Line = [
  'wire',
  'major',
  'client-authentication-introduced',
  'Clients are authenticated, by client_secret_post; they were not.',
]
const renamed = (name: string, other: string): Line => [
  'wire',
  'major',
  'request-parameter-renamed',
  `${name} is called ${other} on the wire.`,
]
const gone = (name: string): readonly [Line, Line] => [
  [
    'sdk',
    'major',
    'request-parameter-sdk-name-removed',
    `${name} is gone from code, where it was called ${name}.`,
  ],
  [
    'wire',
    'minor',
    'request-parameter-removed-with-grant',
    `${name} is gone with the grant that it was for; it was required when grant_type is password.`,
  ],
]
const nowRequired = (name: string): Line => [
  'wire',
  'major',
  'request-parameter-now-required',
  `${name} is now required; it was optional.`,
]
const toForm: readonly Line[] = [
  ['wire', 'major', 'content-type-removed', 'Requests may no longer be sent as application/json.'],
  ['wire', 'minor', 'content-type-added', 'Requests may be sent as application/x-www-form-urlencoded.'],
]
const notPromised = (name: string): Line => [
  'wire',
  'major',
  'reply-member-now-optional',
  `${name} of the reply is now optional; it was required.`,
]
const onlyForPassword = (name: string): Line => [
  'words',
  'patch',
  'request-parameter-required-for-same-grants',
  `${name} is now required when grant_type is password; it was required.`,
]

const steps: ReadonlyArray<readonly [title: string, before: string, after: string, lines: readonly Line[]]> =
  [
    [
      'A to B: a second grant, a secret, and the path of a realm',
      'prove/go-0.2.1',
      'prove/typescript-0.3.1',
      [
        introduced,
        [
          'wire',
          'major',
          'path-changed',
          'The path is /realms/US/protocol/openid-connect/token; it was /v3/token.',
        ],
        ['wire', 'minor', 'request-parameter-added-optional', 'client_secret is new: optional.'],
        [
          'wire',
          'minor',
          'request-parameter-values-widened',
          'grant_type now allows client_credentials, password; it allowed password.',
        ],
        onlyForPassword('password'),
        onlyForPassword('username'),
      ],
    ],
    [
      'B to C: the password grant is gone, and another path',
      'prove/typescript-0.3.1',
      'prove/typescript-0.3.5',
      [
        [
          'wire',
          'major',
          'path-changed',
          'The path is /token; it was /realms/US/protocol/openid-connect/token.',
        ],
        [
          'wire',
          'major',
          'request-parameter-values-narrowed',
          'grant_type now allows client_credentials; it allowed client_credentials, password.',
        ],
        gone('password')[0],
        gone('username')[0],
        gone('password')[1],
        gone('username')[1],
      ],
    ],
    ["C to C': JSON becomes a form", 'prove/typescript-0.3.5', 'prove/go-0.4.6', toForm],
    [
      "C' to D: id and secret are required",
      'prove/go-0.4.6',
      'prove/go-0.4.7',
      [nowRequired('client_id'), nowRequired('client_secret')],
    ],
    [
      'C to D: both at once',
      'prove/typescript-0.3.5',
      'prove/typescript-0.4.0',
      [...toForm, nowRequired('client_id'), nowRequired('client_secret')],
    ],
    [
      'D to E: the reply no longer promises to refresh',
      'prove/typescript-0.4.0',
      'prove/typescript-0.9.6',
      [notPromised('refresh_expires_in'), notPromised('refresh_token')],
    ],
    [
      'E to F: other names on the wire, and one in code',
      'prove/typescript-0.9.6',
      'prove/typescript-0.13.0',
      [
        renamed('client_id', 'ClientID'),
        [
          'sdk',
          'major',
          'request-parameter-sdk-name-changed',
          'client_id is called clientID in code; it was clientId.',
        ],
        renamed('client_secret', 'ClientSecret'),
        renamed('grant_type', 'GrantType'),
      ],
    ],
    [
      'E to F in Go: other names on the wire under the same table',
      'prove/go-0.9.0',
      'prove/go-0.11.0',
      [
        renamed('client_id', 'ClientID'),
        renamed('client_secret', 'ClientSecret'),
        renamed('grant_type', 'GrantType'),
      ],
    ],
    [
      "Moov's first Java SDK to its Ruby SDK: scope loses its plural",
      'moov/java-0.0.2',
      'moov/ruby',
      [
        ['wire', 'minor', 'client-authentication-added', 'Clients may authenticate by client_secret_post.'],
        ['wire', 'minor', 'content-type-added', 'Requests may be sent as application/x-www-form-urlencoded.'],
        renamed('scopes', 'scope'),
        ['wire', 'minor', 'request-parameter-added-optional', 'client_id is new: optional.'],
        ['wire', 'minor', 'request-parameter-added-optional', 'client_secret is new: optional.'],
        [
          'wire',
          'minor',
          'request-parameter-values-widened',
          'grant_type now allows client_credentials, refresh_token; it allowed client_credentials.',
        ],
        [
          'wire',
          'minor',
          'request-parameter-added-with-grant',
          'refresh_token is new, for a grant that is new as well: required when grant_type is refresh_token.',
        ],
        [
          'words',
          'patch',
          'request-parameter-example-changed',
          'scopes has the example /accounts.read /accounts.write; it had /moov/support.read /moov/support.write.',
        ],
        [
          'words',
          'patch',
          'request-parameter-required-for-same-grants',
          'scopes is now required when grant_type is client_credentials; it was required.',
        ],
        [
          'wire',
          'major',
          'reply-member-values-replaced',
          'token_type of the reply now allows Bearer; it allowed opaque, jwt.',
        ],
        [
          'wire',
          'minor',
          'reply-member-length-narrowed',
          'access_token of the reply now has at most 4096 characters; it had any length.',
        ],
        [
          'wire',
          'minor',
          'reply-member-length-narrowed',
          'refresh_token of the reply now has at most 4096 characters; it had any length.',
        ],
        ['wire', 'minor', 'reply-header-added-required', 'Header field x-request-id is new: required.'],
      ],
    ],
  ]

describe('the built-in variants', () => {
  test.each(steps)('%s', (_title, before, after, lines) => {
    const { changes, verdict } = diffVariants(before, after)
    const said = changes.map((change) => [change.layer, change.verdict, change.rule, change.sentence])
    expect(said).toEqual(lines)
    expect(verdict).toBe('major')
  })

  test('one wire in four languages differs in nothing but names in code, which are left out', () => {
    const same = ['prove/java-0.15.0', 'prove/typescript-0.9.6', 'prove/go-0.9.0', 'prove/csharp-1.1.0']
    const differences = same.map((id) => diffVariants('prove/java-0.15.0', id))
    expect(differences.map(({ changes, notCompared }) => [changes, notCompared])).toEqual([
      [[], []],
      ...[
        'prove/java-0.15.0 (Java), prove/typescript-0.9.6 (TypeScript)',
        'prove/go-0.9.0 (Go), prove/java-0.15.0 (Java)',
        'prove/csharp-1.1.0 (C#), prove/java-0.15.0 (Java)',
      ].map((both) => [[], [`names and types in code, which each language has its own of: ${both}`]]),
    ])
  })

  test('a change carries the data that it was read from, on both sides', () => {
    const [change] = diffVariants('prove/go-0.9.0', 'prove/go-0.11.0').changes
    expect(change).toEqual({
      rule: 'request-parameter-renamed',
      area: 'request',
      layer: 'wire',
      verdict: 'major',
      subject: 'client_id',
      before: 'client_id',
      after: 'ClientID',
      sentence: 'client_id is called ClientID on the wire.',
      reason: 'Clients still use the old name on the wire, and the other side does not know it.',
      provenance: {
        before: {
          file: 'Prove Go SDK 0.9.0, docs/models/components/v3tokenrequest.md',
          pointer: '/request/oneOf/0/properties/client_id',
          words: '{"type":"string","minLength":1,"examples":["customer_id"]}',
        },
        after: {
          file: 'Prove Go SDK 0.11.0, docs/models/components/v3tokenrequest.md',
          pointer: '/request/oneOf/0/properties/ClientID',
          words: '{"type":"string","minLength":1,"examples":["customer_id"]}',
        },
      },
    })
  })

  test('an id that is not known is refused with those that are', () => {
    expect(() => diffVariants('prove/go-0.9.0', 'prove/go-9')).toThrow(
      'expected a variant id, got "prove/go-9"; known ids: ',
    )
  })
})
