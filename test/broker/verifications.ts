// Contracts and verifications of them, made up for tests.
import type { Contract } from '../../src/broker/contracts.ts'
import type { Verification, VerifiedInteraction } from '../../src/verify/verification.ts'

/** A contract of `web` with one interaction for each exchange of `acme/login`. */
export function contractOf(
  exchanges: readonly string[],
  {
    consumer = 'web',
    variant = 'acme/login',
    more = {},
  }: { consumer?: string; variant?: string; more?: object } = {},
): Contract {
  return {
    consumer: { name: consumer },
    provider: { name: 'acme' },
    interactions: exchanges.map((exchange) => ({
      type: 'Synchronous/HTTP',
      description: `${exchange}, by client_secret_basic`,
      key: `${variant}#${exchange}#client_secret_basic`,
      pending: false,
      comments: {
        tokenwright: { variant, exchange, client_authentication: 'client_secret_basic', sent_by: 'web' },
      },
      request: { method: 'POST', path: '/token' },
      response: { status: 200 },
      ...more,
    })),
    metadata: { pactSpecification: { version: '4.0' } },
  } as Contract
}

/** What became of one exchange. */
export function verified(
  exchange: string,
  verdict: VerifiedInteraction['verdict'],
  more: Partial<VerifiedInteraction> = {},
): VerifiedInteraction {
  return {
    consumer: 'web',
    variant: 'acme/login',
    contract: 'acme.json',
    exchange,
    client_authentication: 'client_secret_basic',
    verdict,
    differences:
      verdict === 'broken'
        ? [
            { rule: 'rfc6749-5.2-status', where: 'status', expected: '401', received: '400' },
            {
              rule: 'rfc6749-5.2-error',
              where: 'body $.error',
              expected: '"invalid_client"',
              received: 'a string',
            },
          ]
        : [],
    ...(verdict === 'skipped' && { reason: 'needs --refresh-token' }),
    document: 'https://acme.example/docs',
    request: 'curl https://acme.example/token',
    ...more,
  }
}

/** A run over the interactions. */
export function verificationOf(
  interactions: readonly VerifiedInteraction[],
  more: Partial<Verification> = {},
): Verification {
  const count = (verdict: VerifiedInteraction['verdict']) =>
    interactions.filter((each) => each.verdict === verdict).length
  return {
    url: 'https://acme.example/token',
    service: 'acme',
    interactions,
    kept: count('kept'),
    broken: count('broken'),
    skipped: count('skipped'),
    ...more,
  }
}

/** The same, of interactions that were fetched. */
export function ofFetched(
  [{ url = '' } = {}]: ReadonlyArray<{ readonly url?: string }>,
  verification: Verification,
): Verification {
  return {
    ...verification,
    interactions: verification.interactions.map((each) => ({ ...each, contract: url })),
  }
}
