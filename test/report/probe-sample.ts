// Probes to report on: one of every verdict and outcome, and one whose every word is hostile.
import type { JudgedRule, MatrixCell } from '../../src/probe/probed.ts'
import type { ReportedProbe } from '../../src/report/probe.ts'

/** A kept rule, but for what is said. */
export function ruleOf(said: Partial<JudgedRule>): JudgedRule {
  return {
    id: 'rfc6749-5.1-token',
    level: 'MUST',
    sentence: 'A granted request has a token.',
    source: 'RFC 6749 §5.1',
    verdict: 'kept',
    reason: '',
    requests: [
      {
        request: 'curl --include https://as.example/token --user "$CLIENT_ID":"$CLIENT_SECRET"',
        status: 200,
        error: null,
        received: '200 application/json, token_type "Bearer"',
      },
    ],
    ...said,
  }
}

/** An accepted cell, but for what is said. */
export function cellOf(said: Partial<MatrixCell>): MatrixCell {
  return {
    variants: ['rfc6749/client_credentials'],
    grantType: 'client_credentials',
    contentType: 'application/x-www-form-urlencoded',
    authentication: 'client_secret_basic',
    spelling: 'documented',
    outcome: 'accepted',
    status: 200,
    error: null,
    reason: '',
    request: 'curl --include https://as.example/token --data grant_type=client_credentials',
    ...said,
  }
}

const refused = {
  outcome: 'refused',
  status: 400,
  error: 'invalid_request',
  reason: 'no "grant_type"',
} as const
const untried = {
  outcome: 'not_tried',
  status: null,
  error: null,
  reason: 'needs a private key of the client',
} as const
const [json, post] = ['application/json', 'client_secret_post']

const rules: readonly JudgedRule[] = [
  ruleOf({}),
  ruleOf({
    id: 'rfc6749-5.2-status',
    sentence: 'A refusal has status 400.',
    source: 'RFC 6749 §5.2, §3.2',
    verdict: 'broken',
    reason: 'expected status 400, received 200 application/json, error "a|b\u202e<script>"',
    requests: [
      {
        request: 'POST /token HTTP/1.1\\r\\n\nHost: as.example\\r\\n\n\\r\\n',
        status: 200,
        error: 'a|b\u202e<script>',
        received: '200 application/json, error "a|b\u202e<script>"',
      },
      {
        request: `curl --include https://as.example/token --data refresh_token=${'x'.repeat(10_000)}`,
        status: null,
        error: null,
        received: 'no reply: the connection was reset',
      },
    ],
  }),
  ruleOf({
    id: 'rfc6749-5.1-pragma',
    level: 'SHOULD',
    sentence: 'A token has Pragma.',
    verdict: 'broken',
    reason: 'expected header pragma, received none',
  }),
  ruleOf({
    id: 'rfc9700-2.4-no-password-grant',
    level: 'observed',
    sentence: 'The password grant is not offered.',
    source: 'RFC 9700 §2.4',
    verdict: 'broken',
    reason: 'expected error unsupported_grant_type, received a token',
  }),
  ruleOf({
    id: 'rfc9449-5-dpop-token',
    source: 'RFC 9449 §5',
    verdict: 'not_applicable',
    reason: 'the service has no dpop',
    requests: [],
  }),
  ruleOf({
    id: 'rfc6585-4-too-many-requests',
    level: 'SHOULD',
    source: 'RFC 6585 §4',
    verdict: 'not_tried',
    reason: 'the run had no reply of status 429',
    requests: [],
  }),
]

/** One of every verdict, outcome and level, with what changed. */
export const sample: ReportedProbe = {
  url: 'https://as.example/token',
  capabilities: {
    client_credentials: true,
    password: false,
    refresh_token: false,
    client_secret_basic: true,
    client_secret_post: false,
    private_key_jwt: false,
    form: true,
    json: false,
    client_secret: true,
    confidential_client: true,
    encoded_credentials: false,
    other_client: false,
    scope: false,
    several_scopes: false,
    introspection: false,
    revocation: false,
    metadata: true,
    jwt_access_token: false,
    at_jwt: false,
    dpop: false,
    cors: false,
    https: true,
    refusals: true,
  },
  rules,
  scores: [
    { of: 'all', level: 'MUST', kept: 1, judged: 2 },
    { of: 'all', level: 'SHOULD', kept: 0, judged: 1 },
    { of: 'all', level: 'observed', kept: 0, judged: 1 },
    { of: 'RFC 6585', level: 'SHOULD', kept: 0, judged: 0 },
    { of: 'RFC 6749', level: 'MUST', kept: 1, judged: 2 },
    { of: 'RFC 6749', level: 'SHOULD', kept: 0, judged: 1 },
    { of: 'RFC 9449', level: 'MUST', kept: 0, judged: 0 },
    { of: 'RFC 9700', level: 'observed', kept: 0, judged: 1 },
  ],
  matrix: [
    cellOf({ variants: ['rfc6749/client_credentials', 'prove/go-0.2.1'] }),
    cellOf({ authentication: post, ...refused }),
    cellOf({ variants: ['prove/go-0.2.1'], authentication: post, ...refused, status: 401, error: null }),
    cellOf({ contentType: json, ...refused, status: 415, reason: '' }),
    cellOf({ authentication: 'private_key_jwt', ...untried }),
    cellOf({ spelling: 'camelCase', ...refused }),
    cellOf({ spelling: 'PascalCase' }),
    cellOf({ variants: ['rfc6749/password'], grantType: 'password', ...untried, reason: 'needs --username' }),
  ],
  sent: 42,
  changes: [
    { what: 'rule rfc6749-5.2-status', before: 'kept', after: 'broken', isWorse: true },
    { what: 'capability metadata', before: 'not offered', after: 'offered', isWorse: false },
  ],
}

/** A probe in which each word that a service or a file can choose is the text. */
export function hostileProbe(text: string): ReportedProbe {
  const requests = [{ request: text, status: 200, error: text, received: text }]
  const said = { id: text, sentence: text, source: text, reason: text, requests }
  return {
    ...sample,
    url: text,
    ended: text,
    rules: [
      ruleOf({ ...said, verdict: 'broken' }),
      ruleOf({ ...said, id: `${text}2`, verdict: 'broken', level: 'SHOULD' }),
      ruleOf({ ...said, id: `${text}3`, verdict: 'not_tried' }),
    ],
    matrix: [
      cellOf({ variants: [text, `${text}2`], grantType: text, request: text }),
      cellOf({ variants: [text], ...refused, error: text, reason: text, request: text }),
      cellOf({ variants: [text], authentication: post, ...untried, reason: text }),
    ],
    changes: [{ what: text, before: text, after: text, isWorse: true }],
  }
}
