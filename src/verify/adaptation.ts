// A contract's interaction made to fit the service under test: another media type, and the refusals that a profile knows.
import { formatForm } from '../oauth/form.ts'
import type { ContentType } from '../oauth/words.ts'
import type { Exchange, WireParameters } from '../service/exchanges.ts'
import type {
  MatchingRule,
  PactBody,
  PactInteraction,
  PactRequest,
  PactResponse,
} from './pact-interaction.ts'
import type { Profile, ProfileRefusal } from './profiles.ts'

/** What an interaction is made to fit. */
export interface Fit {
  readonly contentType?: ContentType | undefined
  readonly profile?: Profile | undefined
  /** What every request has beside the contract's parameters. */
  readonly parameters?: WireParameters | undefined
}

/** The interaction as it is sent to the service under test, and what is expected of that service. */
export function adapt(interaction: PactInteraction, exchange: Exchange, fit: Fit): PactInteraction {
  const refusal = refusalOf(exchange, fit.profile)
  return {
    ...interaction,
    request: recode(interaction.request, fit),
    response: refusal === undefined ? interaction.response : expect(interaction.response, refusal),
  }
}

/** What a profile knows of an exchange, by its id or by its fault alone. */
export function refusalOf({ id, grantType }: Exchange, profile?: Profile): ProfileRefusal | undefined {
  return profile?.refusals?.[id] ?? profile?.refusals?.[id.slice(grantType.length + 1)]
}

/** The media type of a request, without its parameters. */
export function contentTypeOf({ headers }: PactRequest): string {
  const [field = ''] = headers?.['Content-Type'] ?? headers?.['content-type'] ?? []
  return field.split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** The parameters of a request's body, with the contract's examples. */
export function parametersOf({ body }: PactRequest): Readonly<Record<string, unknown>> {
  if (body === undefined) return {}
  if (typeof body.content !== 'string') return body.content as Readonly<Record<string, unknown>>
  return body.contentType?.includes('json')
    ? JSON.parse(body.content)
    : Object.fromEntries(new URLSearchParams(body.content))
}

/** The same parameters in another media type, and further ones; generators find them by name in either. */
function recode(request: PactRequest, { contentType: chosen, parameters: further = {} }: Fit): PactRequest {
  const contentType = chosen ?? contentTypeOf(request)
  if (contentTypeOf(request) === contentType && Object.keys(further).length === 0) return request
  const parameters = { ...parametersOf(request), ...further }
  const content =
    contentType === 'application/json'
      ? parameters
      : formatForm(Object.entries(parameters).map(([name, value]) => [name, String(value)]))
  const body: PactBody = { content, contentType, encoded: false }
  const { matchingRules: _matchingRules, ...rest } = request
  const others = Object.entries(request.headers ?? {}).filter(
    ([name]) => name.toLowerCase() !== 'content-type',
  )
  return { ...rest, body, headers: { ...Object.fromEntries(others), 'Content-Type': [contentType] } }
}

function expect(response: PactResponse, { status, error }: ProfileRefusal): PactResponse {
  const { status: statusRule, ...rules } = response.matchingRules ?? {}
  const expected: PactResponse = {
    ...response,
    status: status?.[0] ?? response.status,
    matchingRules: {
      ...rules,
      ...(status !== undefined && { status: { $: ruleOf({ match: 'statusCode', status }) } }),
      ...(status === undefined && statusRule !== undefined && { status: statusRule }),
    },
  }
  if (error === undefined) return expected
  const [first] = error
  const { body: _body, headers: _headers, ...bare } = expected
  if (first === undefined) return { ...bare, matchingRules: pick(expected, 'status') }
  return {
    ...expected,
    body: { content: { error: first } },
    matchingRules: {
      ...expected.matchingRules,
      body: { '$.error': ruleOf({ match: 'regex', regex: error.join('|') }) },
    },
  }
}

function ruleOf(matcher: MatchingRule['matchers'][number]): MatchingRule {
  return { combine: 'AND', matchers: [matcher] }
}

function pick({ matchingRules }: PactResponse, name: 'status'): NonNullable<PactResponse['matchingRules']> {
  const rule = matchingRules?.[name]
  return rule === undefined ? {} : { [name]: rule }
}
