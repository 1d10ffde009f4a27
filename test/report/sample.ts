// Verifications to report on: one of every outcome, one without a finding, and one whose every word is hostile.
import type { Verification, VerifiedInteraction } from '../../src/verify/verification.ts'

const request = 'curl --include https://as.example/token --user "$CLIENT_ID:$CLIENT_SECRET"'

/** An interaction of the baseline that was kept, but for what is said. */
export function interactionOf(said: Partial<VerifiedInteraction>): VerifiedInteraction {
  return {
    consumer: 'RFC 6749 2012',
    variant: 'rfc6749/password',
    contract: 'contracts/rfc6749/password.json',
    exchange: 'password',
    client_authentication: 'client_secret_basic',
    verdict: 'kept',
    differences: [],
    document: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.3',
    request,
    ...said,
  }
}

/** A verification of these interactions, counted. */
export function verificationOf(interactions: readonly VerifiedInteraction[]): Verification {
  const count = (verdict: string) =>
    interactions.filter((each) => each.verdict === verdict && !each.pending).length
  return {
    url: 'https://as.example/token',
    service: 'rfc6749',
    client_authentication: 'client_secret_basic',
    interactions,
    kept: count('kept'),
    broken: count('broken'),
    skipped: count('skipped'),
  }
}

const refused = ['wrong_secret', 'wrong_token', 'missing_refresh_token', 'reused'].map((name) =>
  interactionOf({
    variant: 'rfc6749/refresh_token',
    exchange: `refresh_token.${name}`,
    verdict: 'skipped',
    reason: 'needs --refresh-token',
    document: 'RFC 6749 §6',
  }),
)

/** One of every outcome, and a run that ended early. */
export const sample: Verification = {
  ...verificationOf([
    interactionOf({}),
    interactionOf({
      exchange: 'password.wrong_password',
      verdict: 'broken',
      differences: [
        { rule: 'documented-refusal', where: 'status', expected: '400', received: '200' },
        {
          rule: 'rfc6749-5.2-error',
          where: 'body $.error',
          expected: '"invalid_grant"',
          received: 'nothing',
        },
        {
          rule: 'rfc6749-5.2-error',
          where: 'body $.error_description',
          expected: 'a text matching ^(no|bad) [a-z]{3,}$',
          received: '"<b>no</b> | `x` ]]> & [a](https://a.example)"',
        },
      ],
      request: `${request} --data-urlencode grant_type=password --data-urlencode "username=$USERNAME" --data-urlencode password=wrong-value`,
    }),
    interactionOf({
      consumer: 'checkout',
      exchange: 'password.unsupported_grant_type',
      verdict: 'broken',
      pending: true,
      differences: [
        {
          rule: 'rfc6749-5.1-no-store',
          where: 'header Cache-Control',
          expected: 'a value matching \\bno-store\\b',
          received: 'none',
        },
      ],
      request: `jq -n --arg client_id "$CLIENT_ID" '{"grant_type":"urn:example:none"} + $ARGS.named' | ${request} --data @-`,
    }),
    interactionOf({
      exchange: 'password.missing_username',
      client_authentication: 'none',
      verdict: 'skipped',
      reason: 'the target asks no user',
    }),
    ...refused,
  ]),
  profile: 'keycloak',
  ended: 'the deadline of 60000 ms passed',
}

/** Nothing but what was kept. */
export const keptAlone: Verification = verificationOf([interactionOf({})])

/** What a service may send, by what is hostile in it. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'terminal escapes': 'a\u001b[2J\u001b]0;owned\u0007\u009b31mb\u007f\b\0',
  'line ends': 'a\r\n::error::owned\n| b |\u0085\u2028\u2029',
  'bidi overrides': 'a\u202eb\u2066c\u200f\u061c\ufeff',
  'lone surrogates': 'a\ud800b\udc00',
  'no characters': '\ufffe\uffff\u{1ffff}\u{e0041}',
  'the end of CDATA': ']]><![CDATA[',
  markup: '</script><script>alert(1)</script><img src=x onerror="x"> &lt;&#0; \'"--><!--',
  Markdown: '| a | `b` ``c`` ```\n# d\n[e](javascript:f) ![g](h) @everyone #1 <details> \\| ***x*** :smile:',
  'commands of a runner': '##vso[task.setvariable]x ##[error]y ##teamcity[z ::stop-commands::w %0A::error::v',
  'a property': 'a:b,c%d::e',
  'placeholders and links': '{0} {{1}} [a](1) %s %1$s',
  'a long text': '\u{1f600}'.repeat(3000),
}

/** A verification in which each word that data can choose is the text. */
export function hostileVerification(text: string): Verification {
  const hostile = interactionOf({
    consumer: text,
    variant: text,
    exchange: text,
    client_authentication: text,
    document: text,
    request: text,
  })
  const differences = [
    { rule: 'rfc6749-5.2-error', where: text, expected: text, received: text },
    { rule: 'rfc6749-5.2-status', where: text, expected: text, received: text },
  ] as const
  return {
    ...verificationOf([
      hostile,
      { ...hostile, verdict: 'broken', differences },
      { ...hostile, verdict: 'broken', pending: true, differences },
      { ...hostile, verdict: 'skipped', reason: text },
    ]),
    url: text,
    service: text,
    profile: text,
    ended: text,
  }
}
