// What differs between a request and the same as it is usually written: nothing of what it says, and yet services refuse it.
import { foreign } from './foreign-words.ts'
import type { RequestDifference } from './request-differences.ts'
import {
  type Authorization,
  type BodyWriting,
  credentialIn,
  endsInSecret,
  isIllFormed,
  type Parameter,
  type TokenRequest,
  tidiedAuthorization,
  writingOf,
} from './token-request.ts'

/** Changes by which a request is written as usual; what it says stays the same. */
export function writingDifferences(sent: TokenRequest, accepted: TokenRequest): readonly RequestDifference[] {
  const differences = [
    ...(sent.syntax === accepted.syntax ? bodyWriting(sent) : []),
    ...queryWriting(sent),
    ...authorizationWriting(sent),
  ]
  return differences.map((difference) => ({ ...difference, isWriting: true }))
}

function bodyWriting(sent: TokenRequest): readonly RequestDifference[] {
  const { before, after, gap, whole } = writingOf(sent)
  const isForm = sent.syntax === 'form'
  const last = sent.parameters.at(-1)
  const credential = last && endsInSecret(sent) ? credentialIn(last.name) : undefined
  const toWriting = (change: Partial<BodyWriting>) => (request: TokenRequest) =>
    request.writing === undefined ? request : { ...request, writing: { ...request.writing, ...change } }
  const around: readonly RequestDifference[] = [
    {
      what: 'body',
      sent: `${spaceWords(before)} before ${isForm ? 'the first parameter' : 'it'}`,
      accepted: 'none',
      apply: toWriting({ before: '' }),
    },
    {
      what: 'body',
      sent: `${spaceWords(after)} after ${isForm ? 'the last parameter' : 'it'}`,
      accepted: 'none',
      ...(credential && { credential }),
      apply: toWriting({ after: '' }),
    },
    {
      what: 'body',
      sent: sent.syntax === 'json' ? 'JSON in another layout' : 'parts in another layout',
      accepted: 'as usual',
      apply: toWriting({ whole: undefined }),
    },
  ]
  const isThere = [before !== '', after !== '', whole !== undefined]
  const hasGap = gap !== '' || sent.parameters.some((parameter) => parameter.gap !== undefined)
  return [
    ...around.filter((_, index) => isThere[index]),
    ...(hasGap ? [emptyPairs(toWriting({ gap: '' }))] : []),
    ...(isForm ? pairWriting(sent.parameters, 'parameters') : []),
  ]
}

function spaceWords(text: string): string {
  if (text === '\ufeff') return 'a byte order mark'
  return /^(?:\r?\n)$/.test(text) ? 'a line end' : /^[\r\n]+$/.test(text) ? 'line ends' : 'white space'
}

function emptyPairs(withoutLast: (request: TokenRequest) => TokenRequest): RequestDifference {
  const withoutGap = ({ gap: _gap, ...parameter }: Parameter): Parameter => parameter
  return {
    what: 'body',
    sent: 'empty pairs (&&)',
    accepted: 'none',
    apply: (request) => {
      const tidy = withoutLast(request)
      return { ...tidy, parameters: tidy.parameters.map(withoutGap) }
    },
  }
}

function queryWriting(sent: TokenRequest): readonly RequestDifference[] {
  return pairWriting(sent.query, 'query')
}

/** Each pair that is ill-formed by itself, and all others that are encoded otherwise in one. */
function pairWriting(
  parameters: readonly Parameter[],
  place: 'parameters' | 'query',
): readonly RequestDifference[] {
  const asUsual = (names: readonly string[]) => (request: TokenRequest) => ({
    ...request,
    [place]: request[place].map((parameter) =>
      names.includes(parameter.name) ? tidy(parameter) : parameter,
    ),
  })
  const written = parameters.filter((parameter) => parameter.written !== undefined)
  const broken = uniqueNames(written.filter(isIllFormed))
  const others = uniqueNames(written).filter((name) => !broken.includes(name))
  return [
    ...broken.map((name): RequestDifference => {
      const credential = credentialIn(name)
      return {
        what: `parameter ${foreign(name)}`,
        sent: 'not percent-encoded',
        accepted: 'percent-encoded',
        ...(credential && { credential }),
        apply: asUsual([name]),
      }
    }),
    ...(others.length === 0
      ? []
      : [
          {
            what: place === 'query' ? 'percent-encoding in the URL' : 'percent-encoding',
            sent: `of ${foreign(others.join(', '))} in another way`,
            accepted: 'as browsers encode forms',
            apply: asUsual(others),
          },
        ]),
  ]
}

function tidy({ written: _written, ...parameter }: Parameter): Parameter {
  return parameter
}

function uniqueNames(parameters: readonly Parameter[]): readonly string[] {
  return [...new Set(parameters.map(({ name }) => name))]
}

type Basic = Extract<Authorization, { readonly scheme: string }>

function authorizationWriting({ authorization }: TokenRequest): readonly RequestDifference[] {
  if (authorization === undefined || 'value' in authorization) return []
  const faults = faultsOf(authorization)
  if (faults.length === 0) return []
  return [
    {
      what: 'Authorization',
      sent: `not well-formed Basic (${faults.join(', ')})`,
      accepted: 'Basic',
      apply: (request) =>
        request.authorization === undefined
          ? request
          : { ...request, authorization: tidiedAuthorization(request.authorization) },
    },
  ]
}

function faultsOf({ separator = ' ', written }: Basic): readonly string[] {
  const { text = '', instead = '' } = written ?? {}
  const paddingOf = (encoded: string) => /=*$/.exec(encoded)?.[0].length ?? 0
  const [padding, wanted] = [paddingOf(text), paddingOf(instead)]
  const faults = [
    separator !== ' ' && (/^ {2}$/.test(separator) ? 'two spaces' : 'other white space than one space'),
    /\s/.test(text) && 'white space within Base64',
    /[-_]/.test(text) && 'Base64 in the alphabet of URLs',
    padding < wanted && (padding === 0 ? 'no padding' : 'too little padding'),
    padding > wanted && 'too much padding',
  ].filter((fault) => fault !== false)
  return faults.length === 0 && written !== undefined ? ['encoded in another way'] : faults
}
