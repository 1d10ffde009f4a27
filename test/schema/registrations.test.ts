// Clients and users that cannot work are refused before anything is served.
import { describe, expect, test } from 'vitest'
import type { ClientMetadata, User } from '../../src/oauth/words.ts'
import { requireSoundRegistrations } from '../../src/schema/registrations.ts'

const unsound: ReadonlyArray<[given: string, clients: unknown, users: unknown, message: string]> = [
  [
    'clients that are no list',
    'web',
    [],
    'clients: the parameters: expected an array, received another string',
  ],
  ['a client that is null', [null], [], 'clients/0: "0": expected an object, received null'],
  ['a client without an id', [{}], [], 'clients/0/client_id: "client_id": expected a string'],
  [
    'a misspelled member',
    [{ client_id: 'a', clientSecret: 'canary' }],
    [],
    'clients/0/clientSecret: "clientSecret" is not a documented parameter',
  ],
  [
    'a secret method without a secret',
    [{ client_id: 'a', token_endpoint_auth_method: 'client_secret_basic' }],
    [],
    'clients/0: expected a client_secret for client_secret_basic, received none',
  ],
  [
    'a public client with a secret',
    [{ client_id: 'a', client_secret: 'canary', token_endpoint_auth_method: 'none' }],
    [],
    'clients/0: expected no client_secret for the method none, received one',
  ],
  ['a user without a password', [], [{ username: 'ada' }], 'users/0/password: "password": expected a string'],
]

describe('registrations', () => {
  test.each(unsound)('are refused with %s', (_given, clients, users, message) => {
    const call = () =>
      requireSoundRegistrations(clients as readonly ClientMetadata[], users as readonly User[])
    expect(call).toThrowError(
      expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: expect.stringContaining(message) }),
    )
    expect(call).toThrowError(expect.objectContaining({ message: expect.not.stringContaining('canary') }))
  })

  test('are taken when they are sound', () => {
    const clients: readonly ClientMetadata[] = [
      { client_id: 'a' },
      { client_id: 'b', client_secret: 'c', scope: 'read' },
    ]
    expect(requireSoundRegistrations(clients, [{ username: 'ada', password: 'lovelace' }])).toBe(undefined)
  })
})
