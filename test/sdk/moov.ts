// Moov's own SDK, unmodified, wherever its requests end: create, refresh and revoke, by Basic and body credentials.
import { Moov } from '@moovio/sdk'
import { APIError } from '@moovio/sdk/models/errors/apierror.js'
import { AuthTokenRequestError } from '@moovio/sdk/models/errors/authtokenrequesterror.js'
import { GenericError } from '@moovio/sdk/models/errors/genericerror.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** Where the SDK's requests end: Moov's token service. */
export interface MoovOrigin {
  /** Absent for the SDK's default server. */
  readonly serverURL?: string
  readonly close: () => Promise<void>
}

const clientId = '5clTR_MdVrrkgxw2'
const clientSecret = 'dNC-hg7sVm22jc3g_Eogtyu0_1Mqh_4-'
const security = { username: clientId, password: clientSecret }
const scope = '/accounts.read /accounts.write'
const create = { grantType: 'client_credentials', scope } as const
const token = expect.stringMatching(/^[\w-]{43}$/)
const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

/** The suite, once per kind of origin. */
export function testMoov(name: string, startOrigin: () => Promise<MoovOrigin>): void {
  describe(`@moovio/sdk and ${name}`, () => {
    let origin: MoovOrigin
    beforeEach(async () => {
      origin = await startOrigin()
    })
    afterEach(() => origin.close())

    const sdk = (basic?: typeof security) => {
      const { serverURL } = origin
      return new Moov({
        ...(serverURL !== undefined && { serverURL }),
        ...(basic && { security: basic }),
      }).authentication
    }

    const ways: ReadonlyArray<[way: string, basic: typeof security | undefined, body: object]> = [
      ['HTTP Basic', security, {}],
      ['body credentials', undefined, { clientId, clientSecret }],
      ['both at once', security, { clientId, clientSecret }],
    ]

    test.each(ways)('createAccessToken is granted a token with %s', async (_way, basic, body) => {
      const { headers, result } = await sdk(basic).createAccessToken({ ...create, ...body })
      expect(result).toEqual({
        tokenType: 'Bearer',
        accessToken: token,
        refreshToken: token,
        expiresIn: 900,
        scope,
      })
      expect(headers['x-request-id']).toEqual([uuid])
    })

    test.each(ways)(
      'a token is refreshed, and once revoked it is not, with %s',
      async (_way, basic, body) => {
        const authentication = sdk(basic)
        const refresh = (refreshToken: string) =>
          authentication.createAccessToken({ grantType: 'refresh_token', refreshToken, ...body })
        const first = await authentication.createAccessToken({ ...create, ...body })
        const second = await refresh(first.result.refreshToken)
        expect(second.result).toEqual({ ...first.result, accessToken: token, refreshToken: token })
        expect(second.result.accessToken).not.toBe(first.result.accessToken)
        const revoked = await authentication.revokeAccessToken({
          token: second.result.refreshToken,
          tokenTypeHint: 'refresh_token',
          ...body,
        })
        expect(revoked?.headers['x-request-id']).toEqual([uuid])
        const error = await refresh(second.result.refreshToken).catch((error: unknown) => error)
        expect(error).toBeInstanceOf(GenericError)
        expect(error).toMatchObject({ statusCode: 400, body: '{"error":"invalid_grant"}' })
      },
    )

    const wrong = { ...security, password: 'wrong' }
    const refusals: ReadonlyArray<
      [
        given: string,
        basic: typeof security | undefined,
        body: object,
        type: unknown,
        status: number,
        text: string,
      ]
    > = [
      ['a wrong secret in the header', wrong, create, APIError, 401, ''],
      [
        'a wrong secret in the body',
        undefined,
        { ...create, clientId, clientSecret: 'wrong' },
        APIError,
        401,
        '',
      ],
      ['a wrong secret in one of both', wrong, { ...create, clientId, clientSecret }, APIError, 401, ''],
      ['no credentials', undefined, create, APIError, 401, ''],
      [
        'no scope',
        security,
        { ...create, scope: undefined },
        AuthTokenRequestError,
        422,
        '{"scope":"is required"}',
      ],
      [
        'a scope in another syntax',
        security,
        { ...create, scope: 'a  b' },
        AuthTokenRequestError,
        422,
        '{"scope":"is not valid"}',
      ],
      [
        'no refresh token',
        security,
        { grantType: 'refresh_token' },
        AuthTokenRequestError,
        422,
        '{"refresh_token":"is required"}',
      ],
      [
        'an unknown refresh token',
        security,
        { grantType: 'refresh_token', refreshToken: 'unknown' },
        GenericError,
        400,
        '{"error":"invalid_grant"}',
      ],
    ]

    test.each(refusals)(
      'createAccessToken understands the refusal of %s',
      async (_given, basic, body, type, statusCode, text) => {
        const error = await sdk(basic)
          .createAccessToken(body as Parameters<ReturnType<typeof sdk>['createAccessToken']>[0])
          .catch((error: unknown) => error)
        expect(error).toBeInstanceOf(type)
        expect(error).toMatchObject({ statusCode, body: text })
      },
    )
  })
}
