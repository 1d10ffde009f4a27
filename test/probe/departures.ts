// Ways in which a broken service departs from the correct one.
import { formatForm } from '../../src/oauth/form.ts'
import type { Answer, Asked, Reply } from './broken-service.ts'
import { client } from './broken-service.ts'

/** What a request is, for a departure to choose by. */
export type Choice = (asked: Asked, form: URLSearchParams) => boolean

const formType = 'application/x-www-form-urlencoded'

/** The form of a request; empty when it is none. */
export function formOf({ headers, body }: Asked): URLSearchParams {
  return new URLSearchParams(headers['content-type']?.startsWith(formType) ? body : '')
}

/** Whether it is a request for a token, by a form and by `POST`. */
export function isTokenRequest({ method, path, headers }: Asked): boolean {
  return method === 'POST' && path === '/token' && (headers['content-type'] ?? '').startsWith(formType)
}

/** The reply to a refused request. */
export function refused(error: string, status = 400, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ error }),
  }
}

const challenge = { 'www-authenticate': 'Basic realm="token endpoint"' }

/** As {@link refused}, with what a client that tried Basic has to be told. */
export const challenged = (error: string, status = 401): Reply => refused(error, status, challenge)

/** Requests that are chosen have this reply. */
export const answers =
  (choice: Choice, reply: Reply): Answer =>
  (asked, correct) =>
    isTokenRequest(asked) && choice(asked, formOf(asked)) ? reply : correct(asked)

/** Requests that are chosen are read as others. */
export const reads =
  (choice: Choice, change: (asked: Asked, form: URLSearchParams) => Asked): Answer =>
  (asked, correct) =>
    correct(choice(asked, formOf(asked)) ? change(asked, formOf(asked)) : asked)

/** Replies to requests that are chosen are changed. */
export const says =
  (choice: Choice, change: (reply: Reply) => Reply): Answer =>
  async (asked, correct) => {
    const reply = await correct(asked)
    return choice(asked, formOf(asked)) ? change(reply) : reply
  }

/** With other parameters. */
export function withForm(asked: Asked, pairs: Iterable<readonly [string, string]>): Asked {
  const body = formatForm([...pairs])
  return { ...asked, headers: { ...asked.headers, 'content-type': formType }, body }
}

/** With the last of a parameter alone. */
export const lastOf = (...names: readonly string[]): Answer =>
  reads(isTokenRequest, (asked, form) =>
    withForm(
      asked,
      [...form].filter(
        ([name], index, all) =>
          !names.includes(name) || index === all.findLastIndex(([each]) => each === name),
      ),
    ),
  )

/** With parameters of the query in the body. */
export const fromQuery = (...names: readonly string[]): Answer =>
  reads(isTokenRequest, (asked, form) => {
    const query = [...new URLSearchParams(asked.query)].filter(([name]) => names.includes(name))
    return query.length === 0 ? asked : withForm(asked, [...form, ...query])
  })

/** As the client itself. */
export function authenticated(asked: Asked): Asked {
  const pairs = [...formOf(asked)].filter(([name]) => !/^client_/.test(name))
  return withBasic(withForm(asked, pairs), client.client_id, client.client_secret)
}

/** With Basic of form-encoded credentials. */
export function withBasic(asked: Asked, id: string, secret: string): Asked {
  const encoded = [id, secret].map((value) => new URLSearchParams([['', value]]).toString().slice(1))
  const authorization = `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`
  return { ...asked, headers: { ...asked.headers, authorization } }
}

/** The text of Basic before its Base64; `undefined` without. */
export function basicText({ headers: { authorization = '' } }: Asked): string | undefined {
  const [, basic] = /^basic (.*)$/i.exec(authorization) ?? []
  return basic === undefined ? undefined : Buffer.from(basic, 'base64').toString()
}

/** Id and secret of Basic. */
export function basicOf(asked: Asked): readonly [id: string, secret: string] | undefined {
  const text = basicText(asked)
  if (text === undefined) return undefined
  const [id = '', ...rest] = text.split(':')
  const decoded = (value: string) => new URLSearchParams(`x=${value}`).get('x') ?? ''
  return [decoded(id), decoded(rest.join(':'))]
}

/** With other members; `undefined` leaves one out. */
export const members =
  (change: Readonly<Record<string, unknown>>) =>
  (reply: Reply): Reply => ({
    ...reply,
    body: JSON.stringify({ ...JSON.parse(reply.body), ...change }),
  })

/** With other header fields; an empty one is left out. */
export const fields =
  (change: Readonly<Record<string, string>>) =>
  (reply: Reply): Reply => ({
    ...reply,
    headers: Object.fromEntries(
      Object.entries({ ...reply.headers, ...change }).filter(([, value]) => value !== ''),
    ),
  })

/** With another status. */
export const status =
  (status: number) =>
  (reply: Reply): Reply => ({ ...reply, status })

/** A scope that is chosen is left aside, without a word. */
export const ignoresScope =
  (choice: (scope: string) => boolean): Answer =>
  async (asked, correct) => {
    const form = formOf(asked)
    const scope = form.get('scope')
    if (!isTokenRequest(asked) || scope === null || !choice(scope)) return correct(asked)
    form.delete('scope')
    return members({ scope: undefined })(await correct(withForm(asked, form)))
  }
