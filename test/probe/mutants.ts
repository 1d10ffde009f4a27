// Token services that are broken on purpose, by the rule that each breaks, with one change each.
import { type Answer, type BrokenOptions, client, otherClient, type Reply } from './broken-service.ts'
import {
  answers,
  authenticated,
  basicOf,
  basicText,
  type Choice,
  challenged,
  fields,
  formOf,
  fromQuery,
  ignoresScope,
  isTokenRequest,
  lastOf,
  members,
  reads,
  refused,
  says,
  status,
  withBasic,
  withForm,
} from './departures.ts'

/** One broken service. */
export interface Mutant extends Pick<BrokenOptions, 'options' | 'server'> {
  /** What it does, as a sentence without its subject. */
  readonly breaks: string
  /** New for each service, as some remember. */
  readonly answer: () => Answer
  /** Rules that say the same of this change, beside the one. */
  readonly also?: readonly string[]
}

const correct: Answer = (asked, ask) => ask(asked)
const grantIs =
  (grant: string): Choice =>
  (asked, form) =>
    isTokenRequest(asked) && form.get('grant_type') === grant
const ofPassword = grantIs('password')
const ofRefresh = grantIs('refresh_token')
const ofClient = grantIs('client_credentials')
const at =
  (path: string): Choice =>
  (asked) =>
    asked.path === path
const isMetadata: Choice = ({ path }) => path.includes('/.well-known/')
const is =
  (...choices: readonly Choice[]): Choice =>
  (asked, form) =>
    choices.every((choice) => choice(asked, form))
const has =
  (name: string, value?: string): Choice =>
  (_asked, form) =>
    value === undefined ? form.has(name) : form.get(name) === value
const lacks =
  (...names: readonly string[]): Choice =>
  (_asked, form) =>
    names.every((name) => !form.has(name))
const noQuery: Choice = ({ query }) => query === ''
const noBasic: Choice = ({ headers }) => headers.authorization === undefined
const isAnonymous = is(noBasic, noQuery, lacks('client_id', 'client_secret', 'client_assertion'))
const isClientIdAlone = is(
  noBasic,
  noQuery,
  has('client_id', client.client_id),
  lacks('client_secret', 'client_assertion'),
)
const basicIs =
  (choice: (id: string, secret: string) => boolean): Choice =>
  (asked) => {
    const basic = basicOf(asked)
    return basic !== undefined && choice(...basic)
  }
const isKnown = (id: string) => id === client.client_id || id === otherClient.client_id
const wrongBasic = basicIs((id, secret) => id === client.client_id && /^no-such/.test(secret))
const unknownBasic = basicIs((id) => /^no-such/.test(id))
const isOther = basicIs((id, secret) => id === otherClient.client_id && secret === otherClient.client_secret)
/** A refusal that no rule but those of all refusals looks at. */
const ofOddName = is(isTokenRequest, has('GRANT_TYPE'))
const html = (body: string, code: number) => ({
  status: code,
  headers: { 'content-type': 'text/html' },
  body,
})
const without = (form: URLSearchParams, left: string) => [...form].filter(([name]) => name !== left)
const one = (breaks: string, answer: Answer, also: readonly string[] = []): readonly Mutant[] => [
  { breaks, answer: () => answer, also },
]

/** Assertions that are chosen authenticate, whatever is wrong with them. */
const trusts = (choice: (claims: Record<string, unknown>, header: Record<string, unknown>) => boolean) =>
  (async (asked, ask) => {
    const reply = await ask(asked)
    const assertion = formOf(asked).get('client_assertion')
    if (assertion === null || reply.status === 200) return reply
    const [header = {}, claims = {}] = assertion
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
    return choice(claims, header) ? ask(authenticated(asked)) : reply
  }) satisfies Answer

const isFresh = ({ exp, aud }: Record<string, unknown>) =>
  Number(exp) > 0 && aud !== 'https://other.example' && typeof exp === 'number' && exp * 1000 > Date.now()

/** Knows the tokens that were given out. */
const remembering =
  (answer: (tokens: { readonly access: Set<string>; readonly refresh: Set<string> }) => Answer) => () => {
    const tokens = { access: new Set<string>(), refresh: new Set<string>() }
    const own = answer(tokens)
    return (async (asked, ask) => {
      const reply = await own(asked, ask)
      if (reply !== undefined && asked.path === '/token' && reply.status === 200) {
        const { access_token, refresh_token } = JSON.parse(reply.body)
        tokens.access.add(access_token)
        if (refresh_token !== undefined) tokens.refresh.add(refresh_token)
      }
      return reply
    }) satisfies Answer
  }
const done = { status: 200, headers: {}, body: '' }

/** Every broken service, by the rule that it breaks. */
export const mutants: Readonly<Record<string, readonly Mutant[]>> = {
  'rfc6749-1.9-case': one(
    'takes a grant type in capitals',
    reads(has('grant_type', 'CLIENT_CREDENTIALS'), (asked, form) =>
      withForm(
        asked,
        [...form.entries()].map(([name, value]) => [
          name,
          value === 'CLIENT_CREDENTIALS' ? 'client_credentials' : value,
        ]),
      ),
    ),
  ),
  'rfc6749-1.9-case-of-names': one(
    'takes names in capitals',
    reads(has('GRANT_TYPE'), (asked, form) =>
      withForm(
        asked,
        [...form].map(([name, value]) => [name.toLowerCase(), value]),
      ),
    ),
  ),
  'rfc6749-2.3-one-mechanism': one(
    'looks at Basic and leaves the body aside',
    reads(
      is(isTokenRequest, has('client_secret'), (asked) => basicOf(asked) !== undefined),
      (asked, form) =>
        withForm(
          asked,
          [...form].filter(([name]) => !/^client_/.test(name)),
        ),
    ),
  ),
  'rfc6749-2.3-own-secret': one(
    'takes the secret of any client',
    reads(
      basicIs((id, secret) => id === client.client_id && secret === otherClient.client_secret),
      authenticated,
    ),
  ),
  'rfc6749-2.3.1-basic': one('does not know Basic', async (asked, ask) => {
    if (isTokenRequest(asked) && !noBasic(asked, formOf(asked))) return challenged('invalid_client')
    const reply = await ask(asked)
    return { ...reply, body: reply.body.replaceAll('"client_secret_basic",', '') }
  }),
  'rfc6749-2.3.1-basic-form-decoded': one(
    'compares Basic credentials as they are',
    (asked, ask) => {
      const text = basicText(asked)
      if (text === undefined || text === '' || asked.headers.authorization?.includes(', ')) return ask(asked)
      const [id = '', ...rest] = text.split(':')
      return ask(withBasic(asked, id, rest.join(':')))
    },
    ['rfc6749-b-needless-escapes'],
  ),
  'rfc6749-b-needless-escapes': one('knows one way of encoding alone', (asked, ask) => {
    const [text, basic] = [basicText(asked), basicOf(asked)]
    const isOdd = text !== undefined && basic !== undefined && basicText(withBasic(asked, ...basic)) !== text
    return isOdd && isKnown(basic[0]) && basic[1] === client.client_secret
      ? challenged('invalid_client')
      : ask(asked)
  }),
  'rfc6749-2.3.1-post': one(
    'does not know credentials in the body',
    async (asked, ask) => {
      if (isTokenRequest(asked) && noBasic(asked, formOf(asked)) && formOf(asked).has('client_secret'))
        return challenged('invalid_client')
      const reply = await ask(asked)
      return { ...reply, body: reply.body.replaceAll('"client_secret_post",', '') }
    },
    ['oauth2.1-2.4.1-post'],
  ),
  'rfc6749-2.3.1-not-in-uri': one('reads credentials from the URI', fromQuery('client_id', 'client_secret')),
  'rfc6749-3.2-post': one(
    'takes GET',
    reads(
      ({ method, path, query }) => method === 'GET' && path === '/token' && query !== '',
      (asked) => ({ ...withForm(asked, new URLSearchParams(asked.query)), method: 'POST', query: '' }),
    ),
  ),
  'rfc6749-3.2-empty-grant-type': one(
    'calls an empty grant_type an unsupported one',
    answers(has('grant_type', ''), refused('unsupported_grant_type')),
  ),
  'rfc6749-3.2-empty-scope': one(
    'calls an empty scope an invalid one',
    answers(has('scope', ''), refused('invalid_scope')),
  ),
  'rfc6749-3.2-empty-credentials': [
    ...one('takes an empty username for one', answers(has('username', ''), refused('invalid_grant'))),
    ...one('takes an empty password for one', answers(has('password', ''), refused('invalid_grant'))),
  ],
  'rfc6749-3.2-empty-refresh-token': one(
    'takes an empty refresh_token for one',
    answers(has('refresh_token', ''), refused('invalid_grant')),
  ),
  'rfc6749-3.2-unrecognized-parameters': one(
    'refuses what it does not know',
    answers(has('foo'), refused('invalid_request')),
  ),
  'rfc6749-3.2-repeated-grant-type': one(
    'keeps the first grant_type',
    reads(isTokenRequest, (asked, form) =>
      withForm(
        asked,
        [...form].filter(
          ([name], index, all) => name !== 'grant_type' || index === all.findIndex(([each]) => each === name),
        ),
      ),
    ),
  ),
  'rfc6749-3.2-repeated-scope': one('keeps the last scope', lastOf('scope')),
  'rfc6749-3.2-repeated-client-id': one('keeps the last client_id', lastOf('client_id')),
  'rfc6749-3.2-repeated-credentials': [
    ...one('keeps the last username', lastOf('username')),
    ...one('keeps the last password', lastOf('password')),
  ],
  'rfc6749-3.2-repeated-refresh-token': one('keeps the last refresh_token', lastOf('refresh_token')),
  'rfc6749-3.2-body-only': one('reads grant_type from the query', fromQuery('grant_type')),
  'rfc6749-3.2-user-in-body': one('reads users from the query', fromQuery('username', 'password')),
  'rfc6749-3.2.1-authentication': one(
    'serves whoever asks',
    reads(is(ofClient, isAnonymous), authenticated),
    ['rfc6749-5.2-no-client'],
  ),
  'rfc6749-3.2.1-client-id-alone': one(
    'takes a client_id for authentication',
    reads(is(ofClient, isClientIdAlone), authenticated),
    ['rfc6749-5.2-no-authentication'],
  ),
  'rfc6749-3.2.1-empty-secret': one(
    'takes an empty secret for the right one',
    reads(
      basicIs((id, secret) => id === client.client_id && secret === ''),
      authenticated,
    ),
  ),
  'rfc6749-3.2.1-client-id-beside-basic': one(
    'refuses a client_id beside Basic',
    answers(
      is(has('client_id'), lacks('client_secret'), (asked) => basicOf(asked) !== undefined),
      refused('invalid_request'),
    ),
  ),
  'rfc6749-3.3-scope-characters': one(
    'leaves malformed scopes aside',
    ignoresScope((scope) => /^["\\é]$/.test(scope)),
  ),
  'rfc6749-3.3-scope-bytes': one(
    'leaves scopes that are no text aside',
    ignoresScope((scope) => /[\0\uFFFD]/.test(scope)),
  ),
  'rfc6749-3.3-scope-delimiter': [
    ...one(
      'leaves scopes with tabs aside',
      ignoresScope((scope) => scope.includes('\t')),
    ),
    ...one(
      'reads a tab as a space',
      reads(
        (_asked, form) => form.get('scope') === 'read\twrite',
        (asked, form) => withForm(asked, [...without(form, 'scope'), ['scope', 'read write']]),
      ),
    ),
  ],
  'rfc6749-3.3-scope-case': one(
    'knows scopes in any case',
    ignoresScope((scope) => scope === 'READ WRITE'),
  ),
  'rfc6749-3.3-scope-order': one(
    'knows one order of scopes',
    answers(has('scope', 'write read'), refused('invalid_scope')),
  ),
  'rfc6749-3.3-scope-default': one(
    'calls a request without scope invalid',
    answers(
      is(isTokenRequest, (asked, form) => ofClient(asked, form) && (form.get('scope') ?? '') === ''),
      refused('invalid_request'),
    ),
  ),
  'rfc6749-3.3-unknown-scope': one(
    'leaves unknown scopes aside',
    ignoresScope((scope) => scope === 'no.such.scope'),
    ['rfc6749-6-scope'],
  ),
  'rfc6749-5.1-scope-told': one(
    'leaves aside what is too much',
    ignoresScope((scope) => / no\.such/.test(scope)),
  ),
  'rfc6749-3.3-scope-slashes': one(
    'calls slashes invalid requests',
    answers((_asked, form) => form.get('scope')?.includes('/accounts') === true, refused('invalid_request')),
  ),
  'rfc6749-4.1.3-no-code': one(
    'calls a request without code an invalid client',
    answers(has('grant_type', 'authorization_code'), refused('invalid_client')),
  ),
  'rfc6749-4.3.2-authentication': [
    ...one(
      'gives users a token without a client',
      reads(is(ofPassword, isAnonymous, has('username', 'probe-user')), authenticated),
    ),
    ...one('gives users a token for a client_id', reads(is(ofPassword, isClientIdAlone), authenticated)),
  ],
  'rfc6749-4.3.2-authentication-first': one(
    'blames the user for the client',
    answers(is(ofPassword, wrongBasic), challenged('invalid_grant', 400)),
  ),
  'rfc6749-4.3.2-username-and-password': [
    ...one(
      'calls a missing username a wrong one',
      answers(is(ofPassword, lacks('username')), refused('invalid_grant')),
    ),
    ...one(
      'calls a missing password a wrong one',
      answers(is(ofPassword, lacks('password')), refused('invalid_grant')),
    ),
  ],
  'rfc6749-4.4.3-no-refresh-token': one('gives clients refresh tokens', async (asked, ask) => {
    const reply = await ask(asked)
    return ofClient(asked, formOf(asked)) && reply.status === 200
      ? members({ refresh_token: 'x'.repeat(43) })(reply)
      : reply
  }),
  'rfc6749-5.1-json': [
    ...one(
      'sends tokens of users as text',
      says(ofPassword, (reply) =>
        reply.status === 200 ? fields({ 'content-type': 'text/plain' })(reply) : reply,
      ),
    ),
  ],
  'rfc6749-5.1-json-always': one(
    'sends a page to who wants one',
    says(({ headers }) => headers.accept === 'text/html', fields({ 'content-type': 'text/html' })),
    ['rfc6749-5.1-json'],
  ),
  'rfc6749-5.1-token-type': one('leaves token_type out', tokensOfUsers(members({ token_type: undefined })), [
    'rfc6749-7.1-bearer',
  ]),
  'rfc6749-5.1-expires-in': one('leaves expires_in out', tokensOfUsers(members({ expires_in: undefined }))),
  'rfc6749-a.14-expires-in-number': [
    ...one('sends expires_in as a string', tokensOfUsers(members({ expires_in: '3600' }))),
    ...one('sends a fraction', tokensOfUsers(members({ expires_in: 3600.5 }))),
    ...one('sends less than nothing', tokensOfUsers(members({ expires_in: -1 }))),
  ],
  'rfc6749-5.1-no-store': one(
    'lets caches store tokens',
    tokensOfUsers(fields({ 'cache-control': 'max-age=60' })),
  ),
  'rfc6749-5.1-pragma': one('has no Pragma', tokensOfUsers(fields({ pragma: '' }))),
  'rfc6749-a.4-scope-in-reply': [
    ...one('sends an empty scope', tokensOfUsers(members({ scope: '' }))),
    ...one('sends a list', tokensOfUsers(members({ scope: ['read'] }))),
    ...one('delimits by commas and spaces', tokensOfUsers(members({ scope: 'read,  write' }))),
  ],
  'rfc6749-a.12-token-characters': one(
    'gives tokens of any letters',
    tokensOfUsers(members({ access_token: 'é'.repeat(30) })),
    ['rfc6750-2.1-b64token'],
  ),
  'rfc6749-a.17-refresh-token-characters': one(
    'sends a refresh token of null',
    async (asked, ask) => {
      const reply = await ask(asked)
      return ofClient(asked, formOf(asked)) && reply.status === 200
        ? members({ refresh_token: null })(reply)
        : reply
    },
    ['rfc6749-4.4.3-no-refresh-token'],
  ),
  'rfc6749-7.1-bearer': one(
    'gives tokens of a type of its own',
    tokensOfUsers(members({ token_type: 'mac' })),
  ),
  'rfc6749-10.10-unguessable': one('counts its tokens', tokensOfUsers(members({ access_token: 'token-1' }))),
  'rfc6749-10.10-fresh-tokens': one('gives everybody the same token', async (asked, ask) => {
    const reply = await ask(asked)
    return ofClient(asked, formOf(asked)) && reply.status === 200
      ? members({ access_token: 'x'.repeat(43) })(reply)
      : reply
  }),
  'rfc6749-5.2-json': one('sends errors as text', says(ofOddName, fields({ 'content-type': 'text/plain' }))),
  'rfc6749-5.2-error': [
    ...one('has no code of errors', says(ofOddName, members({ error: undefined }))),
    ...one('has a number for one', says(ofOddName, members({ error: 17 })), ['rfc6749-5.2-registered-error']),
  ],
  'rfc6749-5.2-error-description': one(
    'describes errors in quotes',
    says(ofOddName, members({ error_description: 'no "grant_type"' })),
  ),
  'rfc6749-5.2-error-uri': one(
    'has an error_uri with spaces',
    says(ofOddName, members({ error_uri: 'see the manual' })),
  ),
  'rfc6749-5.2-registered-error': one('has codes of its own', says(ofOddName, members({ error: 'oops' }))),
  'rfc6749-5.2-status': [
    ...one('has 403 for errors', says(ofOddName, status(403))),
    ...one('has 401 for an unknown grant type', answers(ofOddName, challenged('unsupported_grant_type'))),
    ...one(
      'has 501 for a grant that it has not',
      answers(
        (_asked, form) => /^no-such/.test(form.get('grant_type') ?? ''),
        refused('unsupported_grant_type', 501),
      ),
    ),
    ...one(
      'has 401 for a wrong password',
      answers(
        is(ofPassword, has('username', 'probe-user'), has('password', 'no-such-tokenwright-probe-value')),
        challenged('invalid_grant'),
      ),
    ),
  ],
  'rfc6749-5.2-missing-grant-type': one(
    'calls a missing grant_type an unsupported one',
    answers(is(lacks('grant_type', 'GRANT_TYPE'), noQuery, has('foo')), refused('unsupported_grant_type')),
  ),
  'rfc6749-5.2-empty-body': one(
    'calls an empty body an unsupported grant',
    answers(
      is(noQuery, ({ body }) => body === ''),
      refused('unsupported_grant_type'),
    ),
  ),
  'rfc6749-5.2-unsupported-grant-type': one(
    'calls an unknown grant type an invalid grant',
    answers((_asked, form) => /^no-such/.test(form.get('grant_type') ?? ''), refused('invalid_grant')),
  ),
  'rfc6749-5.2-no-authentication': one(
    'calls a missing secret an invalid request',
    answers(is(ofClient, isClientIdAlone), refused('invalid_request')),
  ),
  'rfc6749-5.2-no-client': one(
    'calls a missing client an invalid request',
    answers(is(ofClient, isAnonymous), refused('invalid_request')),
  ),
  'rfc6749-5.2-unknown-client': one(
    'calls an unknown client unauthorized',
    answers(unknownBasic, challenged('unauthorized_client')),
    ['rfc6749-5.2-status'],
  ),
  'rfc6749-5.2-unknown-client-post': one(
    'calls an unknown client in the body unauthorized',
    answers((_asked, form) => /^no-such/.test(form.get('client_id') ?? ''), refused('unauthorized_client')),
  ),
  'rfc6749-5.2-wrong-secret': one(
    'calls a wrong secret an invalid grant',
    answers(is(ofClient, wrongBasic), challenged('invalid_grant')),
    ['rfc6749-5.2-status'],
  ),
  'rfc6749-5.2-wrong-secret-post': one(
    'calls a wrong secret in the body an invalid grant',
    answers(
      (_asked, form) =>
        form.get('client_id') === client.client_id && /^no-such/.test(form.get('client_secret') ?? ''),
      refused('invalid_grant'),
    ),
  ),
  'rfc6749-5.2-basic-401': one(
    'has 400 for a wrong secret by Basic',
    answers(is(ofClient, wrongBasic), challenged('invalid_client', 400)),
  ),
  'rfc6749-5.2-basic-challenge': one(
    'has a challenge of another scheme',
    answers(is(ofClient, wrongBasic), refused('invalid_client', 401, { 'www-authenticate': 'Bearer' })),
  ),
  'rfc6749-5.2-malformed-basic': one(
    'has a code of its own for malformed Basic',
    answers(({ headers }) => headers.authorization === 'Basic !!!!', refused('invalid_grant')),
  ),
  'rfc6749-5.2-unsupported-scheme': one(
    'calls another scheme an invalid request',
    answers(({ headers }) => headers.authorization === 'Bearer abc', refused('invalid_request')),
  ),
  'rfc6749-5.2-json-body': one(
    'reads JSON',
    reads(
      ({ path, headers }) => path === '/token' && headers['content-type'] === 'application/json',
      (asked) => withForm(asked, Object.entries(JSON.parse(asked.body))),
    ),
  ),
  'rfc6749-b-form-alone': one(
    'reads forms that do not say that they are',
    reads(
      ({ headers }) => headers['content-type'] === 'text/plain',
      (asked) => withForm(asked, new URLSearchParams(asked.body)),
    ),
  ),
  'rfc6749-b-charset': one(
    'refuses charset',
    answers(({ headers }) => /charset/.test(headers['content-type'] ?? ''), refused('invalid_request')),
  ),
  'rfc6749-b-space': one(
    'does not know %20',
    answers(({ body }) => body.includes('read%20write'), refused('invalid_scope')),
  ),
  'rfc6749-5.2-wrong-password': one(
    'calls a wrong password an invalid request',
    answers(
      (asked, form) =>
        ofPassword(asked, form) &&
        form.get('username') === 'probe-user' &&
        /^no-such/.test(form.get('password') ?? ''),
      refused('invalid_request'),
    ),
  ),
  'rfc6749-5.2-unknown-user': one(
    'calls an unknown user an invalid request',
    answers(
      (_asked, form) =>
        /^no-such-[a-z-]+$/.test(form.get('username') ?? '') && form.get('password') === 'no-such-password',
      refused('invalid_request'),
    ),
  ),
  'rfc6749-a.15-user-characters': one(
    'has 16 bits for a letter',
    answers((_asked, form) => form.get('password')?.includes('🔑') === true, refused('invalid_request')),
  ),
  'rfc6749-5.2-invalid-refresh-token': one(
    'calls an unknown refresh token an invalid request',
    answers((_asked, form) => /^no-such/.test(form.get('refresh_token') ?? ''), refused('invalid_request')),
  ),
  'rfc6749-5.2-access-token-as-refresh-token': [
    {
      breaks: 'calls an access token in the place of a refresh token an invalid request',
      answer: remembering(({ access }) =>
        answers((_asked, form) => access.has(form.get('refresh_token') ?? ''), refused('invalid_request')),
      ),
    },
  ],
  'rfc6749-5.2-long-refresh-token': one(
    'calls a long refresh token an invalid request',
    answers((_asked, form) => (form.get('refresh_token') ?? '').length > 1000, refused('invalid_request')),
  ),
  'rfc6749-5.2-no-echo': one(
    'shows pages with what it was sent',
    answers(
      (_asked, form) => form.get('scope')?.startsWith('<script>') === true,
      html('<script>alert(1)</script>', 413),
    ),
  ),
  'rfc6749-5.2-no-secrets': one(
    'tells the secret',
    says(ofOddName, members({ error_description: client.client_secret })),
  ),
  'rfc6749-6-authentication': [
    ...one('refreshes for whoever asks', reads(is(ofRefresh, isAnonymous), authenticated)),
    ...one('refreshes for a client_id', reads(is(ofRefresh, isClientIdAlone), authenticated)),
  ],
  'rfc6749-6-own-token': one('refreshes for any client', reads(is(ofRefresh, isOther), authenticated)),
  'rfc6749-6-refresh-token-required': one(
    'calls a missing refresh token an invalid grant',
    answers(is(ofRefresh, lacks('refresh_token')), refused('invalid_grant')),
  ),
  'rfc6749-6-scope': one('widens scopes', async (asked, ask) => {
    const form = formOf(asked)
    if (!ofRefresh(asked, form) || form.get('scope') !== 'no.such.scope') return ask(asked)
    form.delete('scope')
    return members({ scope: 'read no.such.scope' })(await ask(withForm(asked, form)))
  }),
  'rfc6750-2.1-b64token': one(
    'gives tokens with spaces',
    tokensOfUsers(members({ access_token: 'x y '.repeat(20) })),
  ),
  'rfc7009-2.1-authentication': [
    ...one('revokes for whoever asks', reads(is(at('/revoke'), isAnonymous), authenticated)),
    ...one('revokes for a client_id', reads(is(at('/revoke'), isClientIdAlone), authenticated)),
  ],
  'rfc7009-2.1-own-token': one('revokes for any client', reads(is(at('/revoke'), isOther), authenticated), [
    'rfc7009-2.1-own-refresh-token',
  ]),
  'rfc7009-2.1-own-refresh-token': [
    {
      breaks: 'revokes refresh tokens for any client',
      answer: remembering(({ refresh }) =>
        reads(
          is(at('/revoke'), isOther, (_asked, form) => refresh.has(form.get('token') ?? '')),
          authenticated,
        ),
      ),
    },
  ],
  'rfc7009-2.2-revoked': [
    {
      breaks: 'answers with 204',
      answer: remembering(({ access }) =>
        says(
          is(at('/revoke'), (_asked, form) => access.has(form.get('token') ?? '')),
          (reply) => (reply.status === 200 ? status(204)(reply) : reply),
        ),
      ),
    },
  ],
  'rfc7009-2.2-unknown-token': one('refuses to revoke what it does not know', (asked, ask) =>
    asked.path === '/revoke' && /^no-such/.test(formOf(asked).get('token') ?? '')
      ? refused('invalid_request')
      : ask(asked),
  ),
  'rfc7009-2.1-token': one('revokes nothing', (asked, ask) =>
    asked.path === '/revoke' && !formOf(asked).has('token') ? done : ask(asked),
  ),
  'rfc7009-2.1-refresh-token': [
    {
      breaks: 'only says that it revokes refresh tokens',
      answer: remembering(
        ({ refresh }) =>
          (asked, ask) =>
            asked.path === '/revoke' && refresh.has(formOf(asked).get('token') ?? '') ? done : ask(asked),
      ),
    },
  ],
  'rfc7009-2.1-access-token': [
    {
      breaks: 'only says that it revokes access tokens',
      answer: remembering(({ access }) => (asked, ask) => {
        const isOwn = !isAnonymous(asked, formOf(asked)) && !isClientIdAlone(asked, formOf(asked))
        return asked.path === '/revoke' && isOwn && access.has(formOf(asked).get('token') ?? '')
          ? done
          : ask(asked)
      }),
    },
  ],
  'rfc7662-2.2-active': one(
    'has a word for active',
    says(at('/introspect'), (reply) =>
      reply.body.includes('"active":true') ? members({ active: 'true' })(reply) : reply,
    ),
  ),
  'rfc7662-2.2-json': one(
    'tells of tokens as text',
    says(at('/introspect'), (reply) =>
      reply.body.includes('"active":true') ? fields({ 'content-type': 'text/plain' })(reply) : reply,
    ),
  ),
  'rfc7662-2.2-inactive': one(
    'refuses to tell of what it does not know',
    (asked, ask) =>
      asked.path === '/introspect' && /^no-such/.test(formOf(asked).get('token') ?? '')
        ? refused('invalid_request')
        : ask(asked),
    ['rfc7662-2.2-inactive-alone'],
  ),
  'rfc7662-2.2-inactive-alone': one(
    'tells more of what is inactive',
    says(at('/introspect'), (reply) =>
      reply.body.includes('"active":false') ? members({ client_id: client.client_id })(reply) : reply,
    ),
  ),
  'rfc7662-2.1-authorization': one(
    'tells whoever asks',
    reads(is(at('/introspect'), isAnonymous), authenticated),
    ['rfc7662-2.3-status'],
  ),
  'rfc7662-2.3-status': one(
    'has 404 for who is not authorized',
    says(is(at('/introspect'), isAnonymous), status(404)),
  ),
  'rfc7662-2.1-token': one('takes no token for an inactive one', (asked, ask) =>
    asked.path === '/introspect' && !formOf(asked).has('token')
      ? { status: 200, headers: { 'content-type': 'application/json' }, body: '{"active":false}' }
      : ask(asked),
  ),
  'rfc7523-3-audience': one(
    'takes assertions for others',
    trusts(({ aud }) => aud === 'https://other.example'),
  ),
  'rfc7523-3-expiry': [
    ...one(
      'takes old assertions',
      trusts(({ exp }) => typeof exp === 'number' && exp * 1000 < Date.now()),
    ),
    ...one(
      'takes assertions for ever',
      trusts(({ exp }) => exp === undefined),
    ),
  ],
  'rfc7523-3-signature': [
    ...one(
      'takes assertions without a signature',
      trusts((claims, { alg }) => isFresh(claims) && alg === 'none'),
    ),
    ...one(
      'takes assertions by anybody',
      trusts((claims, { alg }) => isFresh(claims) && alg !== 'none' && claims.iss !== undefined),
      ['rfc7521-4.2-assertion-type'],
    ),
  ],
  'rfc7521-4.2-assertion-type': one(
    'takes assertions of any type',
    reads((_asked, form) => form.get('client_assertion_type')?.includes('no-such') === true, authenticated),
  ),
  'rfc7523-3.1-jwt-bearer-grant': one(
    'calls a bad assertion an invalid client',
    answers(has('assertion'), refused('invalid_client')),
  ),
  'rfc8414-2-metadata': one(
    'has a number for its issuer',
    says(isMetadata, (reply) => (reply.status === 200 ? members({ issuer: 5 })(reply) : reply)),
    ['rfc8414-3.3-issuer'],
  ),
  'rfc8414-3.2-json': one(
    'sends metadata as text',
    says(isMetadata, fields({ 'content-type': 'text/plain' })),
  ),
  'rfc8414-3.3-issuer': one(
    'is somebody else',
    says(isMetadata, members({ issuer: 'https://other.example' })),
  ),
  'rfc8414-2-truth': one(
    'announces what it has not',
    says(isMetadata, members({ grant_types_supported: ['client_credentials', 'authorization_code'] })),
  ),
  'rfc8414-2-whole-truth': one(
    'does not announce what it has',
    says(isMetadata, members({ grant_types_supported: ['password'] })),
  ),
  'rfc8414-2-methods': one(
    'does not announce credentials in the body',
    says(
      isMetadata,
      members({ token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'] }),
    ),
  ),
  'rfc8628-3.5-unknown-device-code': one(
    'calls an unknown device an invalid client',
    answers(has('device_code'), refused('invalid_client')),
  ),
  'rfc8693-2.2.2-subject-token': one(
    'calls a missing token an invalid client',
    answers(
      is((_asked, form) => /token-exchange/.test(form.get('grant_type') ?? ''), lacks('subject_token')),
      refused('invalid_client'),
    ),
  ),
  'rfc8693-2.2.1-issued-token-type': one(
    'does not tell the type of what it exchanged',
    reads(has('subject_token'), (asked) => withForm(asked, [['grant_type', 'client_credentials']])),
  ),
  'rfc8707-2-unknown-resource': one(
    'calls an unknown resource an invalid request',
    answers(has('resource', 'https://unknown.example/'), refused('invalid_request')),
  ),
  'rfc8707-2-fragment': one(
    'takes a resource with a fragment',
    answers(has('resource', 'https://unknown.example/'), refused('invalid_target')),
  ),
  'rfc8707-2-two-resources': one('refuses two resources', (asked, ask) => {
    const { length } = formOf(asked).getAll('resource')
    if (length === 0) return ask(asked)
    return refused(length > 1 ? 'invalid_request' : 'invalid_target')
  }),
  'rfc9068-2-jwt': [
    {
      breaks: 'leaves a claim out',
      options: { accessTokens: { format: 'jwt', alg: 'ES256', seed: 'probe' } },
      answer: () =>
        tokensOfUsers((reply) => {
          const [header, claims = '', signature] = JSON.parse(reply.body).access_token.split('.')
          const { jti: _jti, ...rest } = JSON.parse(Buffer.from(claims, 'base64url').toString())
          const payload = Buffer.from(JSON.stringify(rest)).toString('base64url')
          return members({ access_token: [header, payload, signature].join('.') })(reply)
        }),
    },
  ],
  'rfc9110-15-answer': one('closes the connection', (asked, ask) =>
    ofOddName(asked, formOf(asked)) ? undefined : ask(asked),
  ),
  'rfc9110-5.3-two-authorizations': one(
    'takes the first of two fields',
    reads(
      ({ headers }) => headers.authorization?.includes(', ') === true,
      (asked) => ({
        ...asked,
        headers: { ...asked.headers, authorization: asked.headers.authorization?.split(', ')[0] ?? '' },
      }),
    ),
  ),
  'rfc9110-8.3.1-media-type-case': one('knows one spelling of the media type', (asked, ask) =>
    asked.headers['content-type']?.startsWith('App') ? refused('invalid_request') : ask(asked),
  ),
  'rfc9110-11.1-scheme-case': one('knows one spelling of the scheme', (asked, ask) =>
    asked.headers.authorization?.startsWith('bAsIc') ? challenged('invalid_client') : ask(asked),
  ),
  'rfc9110-10.1.1-continue': one('refuses who waits', (asked, ask) =>
    asked.headers.expect === undefined ? ask(asked) : refused('invalid_request'),
  ),
  'rfc9110-15.5.2-challenge': one(
    'has 401 without a challenge',
    answers(
      (_asked, form) =>
        form.get('client_id') === client.client_id && /^no-such/.test(form.get('client_secret') ?? ''),
      refused('invalid_client', 401),
    ),
  ),
  'rfc9110-15.5.6-allow': one(
    'does not say what is allowed',
    says(({ method }) => method === 'DELETE', fields({ allow: '' })),
  ),
  'rfc9110-5.1-field-names': one('knows one spelling of fields', (asked, ask) =>
    asked.rawHeaders.includes('hOST') ? refused('invalid_request') : ask(asked),
  ),
  'rfc9112-7.1-chunked': one('does not read chunks', (asked, ask) =>
    asked.headers['transfer-encoding'] === undefined ? ask(asked) : refused('invalid_request'),
  ),
  'rfc9112-3.2-host': [
    { breaks: 'does not ask for Host', server: { requireHostHeader: false }, answer: () => correct },
  ],
  'rfc9449-4.3-proof': one(
    'announces proofs and looks at none',
    says(isMetadata, members({ dpop_signing_alg_values_supported: ['ES256'] })),
    ['rfc9449-4.3-one-proof'],
  ),
  'rfc9449-4.3-one-proof': one('looks at no proofs where there are two', async (asked, ask) => {
    const { dpop = '' } = asked.headers
    if (dpop !== '' && !dpop.includes(', ')) return refused('use_dpop_nonce', 400, { 'dpop-nonce': 'n' })
    const reply = await ask(asked)
    return isMetadata(asked, formOf(asked))
      ? members({ dpop_signing_alg_values_supported: ['ES256'] })(reply)
      : reply
  }),
  'rfc9700-4.14.2-used-once': [
    {
      breaks: 'gives the same again for the same refresh token',
      answer: () => {
        const given = new Map<string, Promise<Awaited<ReturnType<Answer>>>>()
        return async (asked, ask) => {
          const token = formOf(asked).get('refresh_token') ?? ''
          const before = given.get(token)
          if (
            before !== undefined &&
            (await before)?.status === 200 &&
            basicOf(asked)?.[0] === client.client_id &&
            formOf(asked).getAll('refresh_token').length === 1
          )
            return before
          const reply = ask(asked)
          if (ofRefresh(asked, formOf(asked))) given.set(token, reply)
          return reply
        }
      },
    },
  ],
  'rfc9700-4.14.2-family': [
    {
      breaks: 'refuses a used refresh token, and thinks nothing of it',
      answer: () => {
        const used = new Set<string>()
        return async (asked, ask) => {
          const token = formOf(asked).get('refresh_token') ?? ''
          if (used.has(token) && basicOf(asked)?.[0] === client.client_id) return refused('invalid_grant')
          const isRefresh = ofRefresh(asked, formOf(asked))
          const reply = await ask(asked)
          if (isRefresh && reply.status === 200) used.add(token)
          return reply
        }
      },
    },
  ],
  'oauth2.1-3.2-cors': one(
    'names two origins, which lets no page read',
    says(isTokenRequest, fields({ 'access-control-allow-origin': '*, https://app.example' })),
  ),
}

/** Rules that no broken service is of, and why. */
export const withoutMutant: Readonly<Record<string, string>> = {
  'rfc6749-1.6-tls': 'it is of services of https, and is held against one that is silent to plain HTTP',
  'rfc6749-4.3.3-token': 'a password grant that gives no token is one that is not offered',
  'rfc6749-6-refresh': 'a refresh that gives no token is one that is not offered',
  'rfc7523-2.2-assertion': 'an assertion that gets no token is one that is not taken',
  'rfc8414-2-https': 'it is of services of https',
  'rfc9112-6.3-two-lengths': 'Node.js reads no such request',
  'rfc6585-4-too-many-requests': 'no rule brings it about',
  'rfc9449-5-dpop-token': 'the baseline has no proofs of possession',
  'rfc9449-11.1-replay': 'the baseline has no proofs of possession',
  'rfc9449-8-nonce': 'the baseline has no proofs of possession',
  'rfc9449-6.1-thumbprint': 'the baseline has no proofs of possession',
  'oauth2.1-2.4.1-post': 'it is broken with rfc6749-2.3.1-post',
}

/** Changes granted replies of the password grant, which no base of other rules is. */
function tokensOfUsers(change: (reply: Reply) => Reply): Answer {
  return says(ofPassword, (reply) => (reply.status === 200 ? change(reply) : reply))
}
