// Failing requests as people have them: what is read from each, what is refused, and what is secret from then on.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type RequestSource, readFailingRequest } from '../../src/probe/failing-request.ts'
import { tokenRequestOf } from '../../src/probe/given-request.ts'
import { differencesBetween, withDifferences } from '../../src/probe/request-differences.ts'
import { outgoingOf, type TokenRequest, tidied } from '../../src/probe/token-request.ts'
import { createRedactor } from '../../src/verify/redactor.ts'

const url = new URL('https://as.example/token')
const credentials = { client_id: 'given-client', client_secret: 'given-secret' }

function read(source: Omit<RequestSource, 'where'>): TokenRequest {
  return readFailingRequest({ where: 'the file', ...source }, url, {
    redactor: createRedactor([]),
    credentials,
  })
}

/** A request in a line: what the wire would have of it. */
function wireOf(request: TokenRequest): string {
  const { method, url: to, headers, body } = outgoingOf(request, url.origin)
  const fields = Object.entries(headers).map(([name, value]) => `${name}=${String(value)}`)
  return [method, String(to), ...fields, String(Buffer.from(body))].filter((part) => part !== '').join(' | ')
}

const form = 'content-type=application/x-www-form-urlencoded'
const basic = (text: string) => `authorization=Basic ${Buffer.from(text).toString('base64')}`

const lines: ReadonlyArray<[what: string, line: string, wire: string]> = [
  [
    'data',
    "curl https://as.example/token -d 'a=1&b=x%20y'",
    `POST | https://as.example/token | ${form} | a=1&b=x%20y`,
  ],
  [
    'data in several flags',
    'curl https://as.example/token -d a=1 --data b=2',
    `POST | https://as.example/token | ${form} | a=1&b=2`,
  ],
  [
    'encoded data',
    "curl https://as.example/token --data-urlencode 'scope=a b&c'",
    `POST | https://as.example/token | ${form} | scope=a+b%26c`,
  ],
  [
    'raw data that begins like a file',
    "curl https://as.example/token --data-raw '@a=1'",
    `POST | https://as.example/token | ${form} | @a=1`,
  ],
  [
    'binary data',
    "curl --data-binary 'a=1' https://as.example/token",
    `POST | https://as.example/token | ${form} | a=1`,
  ],
  [
    'a user',
    'curl -u app:s3cr3t -d a=1 https://as.example/token',
    `POST | https://as.example/token | ${form} | ${basic('app:s3cr3t')} | a=1`,
  ],
  [
    'a user without a password',
    'curl -u app -d a=1 https://as.example/token',
    `POST | https://as.example/token | ${form} | ${basic('app:')} | a=1`,
  ],
  [
    'a user in the URL',
    'curl -d a=1 https://app:s3cr3t@as.example/token',
    `POST | https://as.example/token | ${form} | ${basic('app:s3cr3t')} | a=1`,
  ],
  ['a method', 'curl -XPUT https://as.example/token', 'PUT | https://as.example/token'],
  ['no data', 'curl https://as.example/token?a=1', 'GET | https://as.example/token?a=1'],
  ['data in the query', 'curl -G https://as.example/token -d a=1', 'GET | https://as.example/token?a=1'],
  [
    'JSON',
    `curl --json '{"a":"1"}' https://as.example/token`,
    'POST | https://as.example/token | accept=application/json | content-type=application/json | {"a":"1"}',
  ],
  [
    'a form of parts',
    'curl -F a=1 https://as.example/token',
    'POST | https://as.example/token | content-type=multipart/form-data; boundary=tokenwright-boundary | --tokenwright-boundary\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--tokenwright-boundary--\r\n',
  ],
  [
    'flags in one word',
    'curl -sSLkd a=1 https://as.example/token',
    `POST | https://as.example/token | ${form} | a=1`,
  ],
  ['no scheme', 'curl as.example/token -d a=1', `POST | https://as.example/token | ${form} | a=1`],
  [
    'another host, which is not asked',
    'curl https://elsewhere.example/oauth -d a=1',
    `POST | https://as.example/oauth | ${form} | a=1`,
  ],
  [
    'a line that goes on',
    'curl https://as.example/token \\\n  -H "X-A: b" \\\r\n  -d a=1',
    `POST | https://as.example/token | x-a=b | ${form} | a=1`,
  ],
  [
    'a number sign within words',
    "curl https://as.example/token#part -u app:a#b -d 'c=#'#d # and a 'comment",
    `POST | https://as.example/token | ${form} | ${basic('app:a#b')} | c=##d`,
  ],
  [
    'a comment between its lines',
    "curl https://as.example/token \\\n -d a=1 # it's one\n -d b=2",
    `POST | https://as.example/token | ${form} | a=1&b=2`,
  ],
  [
    'a backslash at the end of a line in single quotes',
    "curl https://as.example/token -d 'a=1\\\n2'",
    `POST | https://as.example/token | ${form} | a=1\\\n2`,
  ],
  [
    'a backslash at the end of a line in double quotes',
    'curl https://as.example/token -d "a=1\\\n2"',
    `POST | https://as.example/token | ${form} | a=12`,
  ],
  [
    'the name of Windows',
    'curl.exe https://as.example/token -d a=1',
    `POST | https://as.example/token | ${form} | a=1`,
  ],
  [
    'a user with a percent sign that is no escape',
    'curl -d a=1 https://app:50%zz@as.example/token',
    `POST | https://as.example/token | ${form} | ${basic('app:50%zz')} | a=1`,
  ],
  [
    'words of bytes',
    "curl https://as.example/token -d $'a=\\xc3\\xa9\\'\\u0021'",
    `POST | https://as.example/token | ${form} | a=é'!`,
  ],
  [
    'a copy from Chrome',
    `curl 'https://as.example/token' -H 'accept: */*' -H 'content-type: application/json' -b 'sid=1' -H 'sec-ch-ua: "A";v="1"' --data-raw $'{"a":"it\\'s"}' --compressed`,
    `POST | https://as.example/token | accept=*/* | sec-ch-ua="A";v="1" | content-type=application/json | {"a":"it's"}`,
  ],
  [
    'variables of credentials',
    'curl https://as.example/token --user "$CLIENT_ID:$CLIENT_SECRET" -d a=1',
    `POST | https://as.example/token | ${form} | ${basic('given-client:given-secret')} | a=1`,
  ],
  [
    'flags that say nothing of what is sent',
    'curl -qn --netrc --tlsv1 --tlsv1.0 --no-keepalive --keepalive-time 3 --retry-all-errors --proto =https --anyauth --no-silent -d a=1 -- https://as.example/token',
    `POST | https://as.example/token | ${form} | a=1`,
  ],
  [
    'parameters for the URL',
    "curl https://as.example/token?a=1 --url-query 'b=x y' --url-query +c=%20 -d d=1",
    `POST | https://as.example/token?a=1&b=x+y&c=%20 | ${form} | d=1`,
  ],
  [
    'parameters for the URL, in whose place curl puts the data',
    'curl -G https://as.example/token --url-query b=1 -d d=1',
    'GET | https://as.example/token?d=1',
  ],
  [
    'a pipe behind',
    'curl https://as.example/token -d a=1 | jq .',
    `POST | https://as.example/token | ${form} | a=1`,
  ],
  [
    'a pipe without spaces',
    'curl -d a=1 https://as.example/token 2>all|sh -x $HOME',
    `POST | https://as.example/token | ${form} | a=1`,
  ],
  [
    'its output elsewhere',
    'curl -m 2 https://as.example/token 2>&1 >> "a file" -d a=1 2> /dev/null >out>&2 &>all',
    `POST | https://as.example/token | ${form} | a=1`,
  ],
  [
    'signs of the shell within quotes',
    `curl https://as.example/token -d 'a=1|2>3' -d "b=4|5>6" -d c=\\|\\>`,
    `POST | https://as.example/token | ${form} | a=1|2>3&b=4|5>6&c=|>`,
  ],
  [
    'backticks that are none of the shell',
    'curl https://as.example/token -d \'a=`\' -d "b=\\`\\$" -d c=\\`',
    `POST | https://as.example/token | ${form} | a=\`&b=\`$&c=\``,
  ],
  [
    'a value that curl encodes otherwise than browsers do',
    "curl https://as.example/token --data-urlencode 'a=~*(b) c'",
    `POST | https://as.example/token | ${form} | a=~%2A%28b%29+c`,
  ],
  [
    'a line end at the end of its data',
    "curl https://as.example/token -d $'a=1\\n'",
    `POST | https://as.example/token | ${form} | a=1\n`,
  ],
  [
    'empty data among others',
    "curl https://as.example/token -d '' -d a=1 -d '' -d b=2",
    `POST | https://as.example/token | ${form} | a=1&&b=2`,
  ],
  [
    'a field that curl is told not to send',
    "curl https://as.example/token -u a:b -H 'Authorization:' -H 'content-type: ' -d a=1",
    'POST | https://as.example/token | a=1',
  ],
  [
    'a field without a value',
    "curl https://as.example/token -H 'Content-Type;' -d a=1",
    'POST | https://as.example/token | content-type= | a=1',
  ],
  [
    'a field that is there twice',
    "curl https://as.example/token -H 'Content-Type: a/b' -H 'content-type: c/d' -d a=1",
    'POST | https://as.example/token | content-type=a/b,c/d | a=1',
  ],
  [
    'Basic that is not well-formed',
    "curl https://as.example/token -H 'Authorization: Basic  YTpiYw' -d a=1",
    `POST | https://as.example/token | ${form} | authorization=Basic  YTpiYw | a=1`,
  ],
  [
    'JSON in a layout of its own',
    `curl https://as.example/token --json $'{\\n "a": 1, "a": 2}\\n'`,
    'POST | https://as.example/token | accept=application/json | content-type=application/json | {\n "a": 1, "a": 2}\n',
  ],
  [
    'a bearer',
    'curl https://as.example/token -H "Authorization: Bearer abcdef" -d a=1',
    `POST | https://as.example/token | ${form} | authorization=Bearer abcdef | a=1`,
  ],
]

describe('a line of curl', () => {
  test.each(lines)('is read with %s', (_what, text, wire) => {
    expect(wireOf(read({ kind: 'curl', text }))).toBe(wire)
  })

  const refused: ReadonlyArray<[what: string, line: string, message: string]> = [
    [
      'another command',
      'wget https://as.example',
      'the file: expected a line that begins with curl, received another',
    ],
    [
      'a second command',
      'curl https://as.example && sh',
      'the file: expected one command of curl alone, received "&&", which is more than one',
    ],
    [
      'another command before a pipe',
      'echo a=1 | curl -d @- https://as.example',
      'the file: expected a line that begins with curl, received another',
    ],
    [
      'a variable that is set before it',
      'TOKEN=secret-of-mine curl https://as.example',
      'the file: expected a line that begins with curl, received one that begins with a variable; next: leave out what is before curl, and put values in the place of variables',
    ],
    [
      'backticks',
      'curl https://as.example -d a=`id`',
      'the file: expected values, or variables of credentials that were given, received another variable or a substitution; next: single quotes around a value with a dollar sign of its own',
    ],
    [
      'backticks in double quotes',
      'curl https://as.example -d "a=\\`x`"',
      'the file: expected values, or variables of credentials that were given, received another variable or a substitution; next: single quotes around a value with a dollar sign of its own',
    ],
    [
      'a copy for PowerShell',
      'curl https://as.example `\r\n  -d a=1',
      'the file: expected a line for bash, received one for PowerShell; next: in the browser, copy as cURL (bash)',
    ],
    [
      'a substitution',
      'curl https://as.example -d "$(id)"',
      'the file: expected values, or variables of credentials that were given, received another variable or a substitution; next: single quotes around a value with a dollar sign of its own',
    ],
    [
      'a variable of the machine',
      'curl https://as.example -d "a=$HOME"',
      'the file: expected values, or variables of credentials that were given, received another variable or a substitution; next: single quotes around a value with a dollar sign of its own',
    ],
    [
      'a secret with a dollar sign in double quotes',
      'curl https://as.example -u "cid:Tr0ub4dor$ecretPart99"',
      'the file: expected values, or variables of credentials that were given, received another variable or a substitution; next: single quotes around a value with a dollar sign of its own',
    ],
    [
      'a copy for cmd',
      'curl ^"https://as.example/token^" ^\n  -H ^"accept: */*^"',
      'the file: expected a line for bash, received one for cmd; next: in the browser, copy as cURL (bash)',
    ],
    [
      'another scheme',
      'curl file:///etc/passwd',
      'the file: expected an http or https URL, received another',
    ],
    [
      'a credential that was not given',
      'curl https://as.example -d "a=$PASSWORD"',
      'the file: expected values, or variables of credentials that were given, received the variable PASSWORD',
    ],
    [
      'a file',
      'curl https://as.example -d @/etc/passwd',
      'the file: expected what is sent in the line of curl itself, received a file with --data; next: put its content in the place of @…',
    ],
    [
      'an encoded file',
      'curl https://as.example --data-urlencode a@/etc/passwd',
      'the file: expected what is sent in the line of curl itself, received a file with --data-urlencode; next: put its content in the place of @…',
    ],
    [
      'a part that is a file',
      'curl https://as.example -F a=@/etc/passwd',
      'the file: expected what is sent in the line of curl itself, received a file with --form; next: put its content in the place of @…',
    ],
    [
      'a file of bytes',
      'curl https://as.example --data-binary @/etc/passwd',
      'the file: expected what is sent in the line of curl itself, received a file with --data-binary; next: put its content in the place of @…',
    ],
    [
      'a file of JSON',
      'curl https://as.example --json @/etc/passwd',
      'the file: expected what is sent in the line of curl itself, received a file with --json; next: put its content in the place of @…',
    ],
    [
      'a configuration',
      'curl -K /etc/passwd https://as.example',
      'the file: expected flags of curl that say what is sent, received -K',
    ],
    [
      'an unknown flag',
      'curl --frobnicate https://as.example',
      'the file: expected flags of curl that say what is sent, received --frobnicate',
    ],
    ['two URLs', 'curl https://as.example https://other.example', 'the file: expected one URL, received 2'],
    ['no URL', 'curl -d a=1', 'the file: expected one URL, received none'],
    [
      'a flag without its value',
      'curl https://as.example -d',
      'the file: expected a value after --data, received none',
    ],
    [
      'a field with a line end',
      "curl https://as.example -H $'A: b\\r\\nC: d'",
      'the file: expected header fields of HTTP, received one with other characters',
    ],
    ['nothing', '', 'the file: expected a line that begins with curl, received another'],
  ]
  test.each(refused)('is refused with %s', (_what, text, message) => {
    expect(() => read({ kind: 'curl', text })).toThrow(
      expect.objectContaining({ code: 'ERR_DOCUMENT_INVALID', message }),
    )
  })
})

const posted = (address: string, text = 'grant_type=client_credentials') => ({
  request: {
    method: 'POST',
    url: address,
    headers: [
      { name: ':authority', value: 'as.example' },
      { name: 'Content-Type', value: 'application/x-www-form-urlencoded' },
    ],
    postData: { mimeType: 'application/x-www-form-urlencoded', text },
  },
})
const got = { request: { method: 'GET', url: 'https://as.example/token', headers: [] } }
const har = (...entries: readonly unknown[]) => JSON.stringify({ log: { version: '1.2', entries } })

describe('the host that a request was given for', () => {
  test.each([
    [
      'of a line of curl',
      { kind: 'curl', text: 'curl https://u:p@prod.example/token' },
      'https://prod.example',
    ],
    ['of the endpoint', { kind: 'curl', text: 'curl https://as.example/other' }, undefined],
    [
      'of an entry',
      { kind: 'har', text: har(posted('https://prod.example:444/token')) },
      'https://prod.example:444',
    ],
    ['of a whole URL', { kind: 'http', text: 'POST http://prod.example/token' }, 'http://prod.example'],
    ['of a field', { kind: 'http', text: 'POST /token\nHost: prod.example' }, 'https://prod.example'],
    [
      'of a field of HTTP/2',
      { kind: 'http', text: ':method: POST\n:path: /token\n:scheme: http\n:authority: prod.example' },
      'http://prod.example',
    ],
    ['of no field', { kind: 'http', text: 'POST /token' }, undefined],
    ['of a field that is no host', { kind: 'http', text: 'POST /token\nHost: a b' }, undefined],
  ] as const)('is kept where it is another: %s', (_what, source, origin) => {
    expect(read(source).origin).toBe(origin)
  })
})

describe('a HAR file', () => {
  test.each([
    ['the only request', har(posted('https://as.example/token')), undefined],
    [
      'the only one that is sent to the endpoint',
      har(got, posted('https://as.example/log', 'a=1'), posted('https://as.example/token')),
      undefined,
    ],
    [
      'the only one with a grant',
      har(posted('https://x.example/log', 'a=1'), posted('https://x.example/oauth')),
      undefined,
    ],
    [
      'the one that is named',
      har(posted('https://as.example/token', 'a=1'), posted('https://as.example/token')),
      2,
    ],
  ])('gives %s', (_what, text, entry) => {
    const { method, parameters } = read({ kind: 'har', text, entry })
    expect([method, parameters]).toEqual(['POST', [{ name: 'grant_type', value: 'client_credentials' }]])
  })

  test('gives parameters that are listed in place of a text', () => {
    const entry = posted('https://as.example/token', '')
    Object.assign(entry.request.postData, { params: [{ name: 'scope', value: 'a b' }] })
    expect(read({ kind: 'har', text: har(entry) }).parameters).toEqual([{ name: 'scope', value: 'a b' }])
  })

  const form = 'application/x-www-form-urlencoded'
  const multipart = 'multipart/form-data; boundary=xyz'
  const parts = [
    ['Content-Disposition: form-data; name="grant_type"', '', 'client_credentials', ''],
    [
      'Content-Type: text/plain',
      'content-disposition: form-data; filename="f"; name=scope',
      '',
      'a',
      'b',
      '',
    ],
  ].map((lines) => `--xyz\r\n${lines.join('\r\n')}`)
  const partsText = `${parts.join('')}--xyz--\r\n`
  const body = (postData: object) =>
    har({ request: { method: 'POST', url: 'https://as.example/token', headers: [], postData } })
  const param = (name: string, value: string) => ({ name, value })
  const encoded64 = (text: string) => Buffer.from(text).toString('base64')
  const bodies: ReadonlyArray<[what: string, postData: object, parameters: readonly object[], sent: string]> =
    [
      [
        'a form in Base64',
        { mimeType: form, text: encoded64('a=1&b=2'), encoding: 'base64' },
        [param('a', '1'), param('b', '2')],
        `POST | https://as.example/token | content-type=${form} | a=1&b=2`,
      ],
      [
        'parts as a text, whose boundary stays',
        { mimeType: multipart, text: partsText },
        [param('grant_type', 'client_credentials'), param('scope', 'a\r\nb')],
        `POST | https://as.example/token | content-type=${multipart} | ${partsText}`,
      ],
      [
        'parts in Base64',
        { mimeType: multipart, text: encoded64(partsText), encoding: 'base64' },
        [param('grant_type', 'client_credentials'), param('scope', 'a\r\nb')],
        `POST | https://as.example/token | content-type=${multipart} | ${partsText}`,
      ],
      [
        'parts that are listed',
        { mimeType: 'multipart/form-data', params: [param('a', '1')] },
        [param('a', '1')],
        'POST | https://as.example/token | content-type=multipart/form-data; boundary=tokenwright-boundary | --tokenwright-boundary\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--tokenwright-boundary--\r\n',
      ],
      [
        'listed parameters as browsers write them',
        { mimeType: form, params: [param('client_id', 'example%2Dclient'), param('scope', 'a+b')] },
        [
          {
            ...param('client_id', 'example-client'),
            written: { instead: 'client_id=example-client', text: 'client_id=example%2Dclient' },
          },
          param('scope', 'a b'),
        ],
        `POST | https://as.example/token | content-type=${form} | client_id=example%2Dclient&scope=a+b`,
      ],
      [
        'listed parameters that are decoded',
        { mimeType: form, params: [param('client_secret', '100%25 & more')] },
        [param('client_secret', '100%25 & more')],
        `POST | https://as.example/token | content-type=${form} | client_secret=100%2525+%26+more`,
      ],
      [
        'listed parameters with a percent sign that is no escape',
        { mimeType: form, params: [param('client_id', 'a%2Db'), param('client_secret', '50%zz')] },
        [param('client_id', 'a%2Db'), param('client_secret', '50%zz')],
        `POST | https://as.example/token | content-type=${form} | client_id=a%252Db&client_secret=50%25zz`,
      ],
    ]
  test.each(bodies)('gives a body: %s', (_what, postData, parameters, sent) => {
    const request = read({ kind: 'har', text: body(postData), entry: 1 })
    expect([request.parameters, wireOf(request)]).toEqual([parameters, sent])
  })

  test.each([
    [
      'what is no JSON',
      '<html>',
      undefined,
      'the file: expected a HAR file with log.entries, received what is no JSON',
    ],
    [
      'other JSON',
      '{"log":{}}',
      undefined,
      'the file: expected a HAR file with log.entries, received other JSON',
    ],
    ['null', 'null', undefined, 'the file: expected a HAR file with log.entries, received other JSON'],
    [
      'no entries',
      har(),
      undefined,
      'the file: expected one request to a token endpoint, received none; next: --entry N, counted from 1',
    ],
    [
      'entries that are none',
      har(null, 1, { request: { method: 1 } }),
      undefined,
      'the file: expected one request to a token endpoint, received none; next: --entry N, counted from 1',
    ],
    [
      'two requests to the endpoint',
      har(posted('https://as.example/token'), got, posted('https://as.example/token')),
      undefined,
      'the file: expected one request to a token endpoint, received 2, the entries 1, 3; next: --entry with one of them',
    ],
    ['too few entries', har(got), 3, 'the file: expected a request in the entry 3, received 1 entries'],
    ['an entry that is none', har(null), 1, 'the file: expected a request in the entry 1, received none'],
    [
      'a request without a URL',
      har({ request: { method: 'POST', url: 'nowhere', headers: null } }),
      1,
      'the file: expected the http or https URL of a request, received another text',
    ],
    [
      'a request of another scheme',
      har({ request: { method: 'POST', url: 'file:///etc/passwd', headers: null } }),
      1,
      'the file: expected the http or https URL of a request, received another text',
    ],
  ])('is refused with %s', (_what, text, entry, message) => {
    expect(() => read({ kind: 'har', text, entry })).toThrow(
      expect.objectContaining({ code: 'ERR_DOCUMENT_INVALID', message }),
    )
  })
})

describe('the text of an HTTP message', () => {
  test.each([
    [
      'line ends of either kind',
      'POST /token HTTP/1.1\nHost: x\nContent-Type: application/json\n\n{"a":1}\n',
      'POST | https://as.example/token | content-type=application/json | {"a":1}',
    ],
    [
      'a whole URL',
      'POST https://other.example/oauth?x=1 HTTP/1.1\r\n\r\na=1',
      'POST | https://as.example/oauth?x=1 | a=1',
    ],
    [
      'a line end that is counted',
      'POST /token HTTP/1.1\nContent-Length: 4\n\na=1\n',
      'POST | https://as.example/token | a=1\n',
    ],
    [
      'a line end that is not counted',
      'POST /token HTTP/1.1\nContent-Length: 3\n\na=1\n',
      'POST | https://as.example/token | a=1',
    ],
    [
      'the fields of HTTP/2 among its own',
      'POST /token HTTP/2\n:authority: as.example\n:method: POST\n:path: /token\nx-a: b\n\na=1',
      'POST | https://as.example/token | x-a=b | a=1',
    ],
    [
      'the fields of HTTP/2 in the place of a request line',
      ':authority: prod.example\n:method: POST\n:path: /oauth?x=1\n:scheme: https\nx-a: b\n\na=1',
      'POST | https://as.example/oauth?x=1 | x-a=b | a=1',
    ],
    ['no body', 'GET /token\n', 'GET | https://as.example/token'],
    [
      'a field that goes on',
      'POST /token HTTP/1.1\nX-A: b\n  c\n\n',
      'POST | https://as.example/token | x-a=b c',
    ],
    [
      'chunks',
      'POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n',
      'POST | https://as.example/token | a=1',
    ],
    [
      'a body that is neither',
      'POST /token HTTP/1.1\nContent-Type: application/json\n\n{"a":',
      'POST | https://as.example/token | content-type=application/json | {"a":',
    ],
    [
      'a path of another host',
      'POST //evil.example/token HTTP/1.1\n\n',
      'POST | https://as.example//evil.example/token',
    ],
  ])('is read with %s', (_what, text, wire) => {
    expect(wireOf(read({ kind: 'http', text }))).toBe(wire)
  })

  test.each([
    [
      'no request line',
      'a=1',
      'the file: expected a request line such as POST /token HTTP/1.1, received another first line',
    ],
    [
      'fields of HTTP/2 without a path',
      ':method: POST\n:authority: as.example',
      'the file: expected a request line such as POST /token HTTP/1.1, received another first line',
    ],
    [
      'a method of other characters',
      'P0ST /token HTTP/1.1',
      'the file: expected a request line such as POST /token HTTP/1.1, received another first line',
    ],
    [
      'a line that is no field',
      'POST /token HTTP/1.1\nhunter2',
      'the file: expected header fields such as Accept: application/json, then an empty line, received a line of another kind',
    ],
    [
      'a field of control characters',
      'POST /token HTTP/1.1\nA: \u0001\n\n',
      'the file: expected header fields of HTTP, received one with other characters',
    ],
  ])('is refused with %s', (_what, text, message) => {
    expect(() => read({ kind: 'http', text })).toThrow(
      expect.objectContaining({ code: 'ERR_DOCUMENT_INVALID', message }),
    )
  })
})

describe('a form with a value that was not encoded', () => {
  const secret = 'p@ss:w0rd/+%&=x'
  const text = `grant_type=client_credentials&client_id=app&client_secret=${secret}`

  test('is read as far as its pairs can be told apart, and sent as it is', () => {
    const request = read({ kind: 'curl', text: `curl https://as.example/token -d '${text}'` })
    expect(request.parameters.map(({ name, value }) => [name, value])).toEqual([
      ['grant_type', 'client_credentials'],
      ['client_id', 'app'],
      ['client_secret', secret],
    ])
    expect(wireOf(request)).toBe(`POST | https://as.example/token | ${form} | ${text}`)
  })

  test('is none where no name is one of a parameter', () => {
    const { syntax, parameters } = read({ kind: 'curl', text: "curl https://as.example/token -d 'a=%&b=c'" })
    expect([syntax, parameters]).toEqual(['other', []])
  })

  test('is secret as a whole and in pieces', () => {
    const redactor = createRedactor([])
    readFailingRequest({ kind: 'http', text: `POST /token\n\n${text}`, where: 'x' }, url, {
      redactor,
      credentials,
    })
    expect(redactor.redact(`${secret} | p@ss:w0rd/+% | p@ss:w0rd/ %`)).toBe('**** | **** | ****')
  })
})

describe('whatever is given', () => {
  const fragment = fc.constantFrom(
    ...[
      'grant_type',
      'client_credentials',
      'client_secret',
      '=',
      '&',
      '&&',
      '%',
      '%2D',
      '%zz',
      '+',
      ' ',
      '\n',
      '\r\n',
    ],
    ...[
      '\ufeff',
      '{',
      '}',
      '"a"',
      ':',
      ',',
      '1',
      'é',
      '--xyz',
      'Content-Disposition: form-data; name="a"',
      '~',
      '/',
    ],
  )
  const text = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(''))
  const types = [
    '',
    'application/x-www-form-urlencoded',
    'application/json',
    'text/plain',
    'a/b',
    'multipart/form-data; boundary=xyz',
  ]
  const field = fc.tuple(
    fc.constantFrom('content-type', 'Content-Type', 'authorization', 'x-a'),
    fc.constantFrom(
      ...types,
      'Basic YTpi',
      'basic  YTpi',
      'Basic YTpiYw',
      'Basic YTpi-_8=',
      'Basic a',
      'Bearer x',
    ),
  )
  const query = fc.array(fc.constantFrom('a', '=', '&', '%20', '+', '%2d', '~', '%'), { maxLength: 8 })

  test('goes out as it was given', () => {
    fc.assert(
      fc.property(text, fc.array(field, { maxLength: 4 }), query, (body, headers, search) => {
        const to = new URL(`https://as.example/token?a=1${search.join('')}`)
        const outgoing = outgoingOf(tokenRequestOf({ method: 'POST', url: to, headers, body }), to.origin)
        const sent = Object.entries(outgoing.headers).map(([name, value]) => [name, [value].flat()])
        const names = [...new Set(headers.map(([name]) => name.toLowerCase()))]
        const given = names.map((name) => [
          name,
          headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value),
        ])
        expect([String(outgoing.url), sent.sort(), String(Buffer.from(outgoing.body))]).toEqual([
          to.href,
          given.sort(),
          body,
        ])
      }),
      { seed: 20265, numRuns: 2000 },
    )
  })

  test('becomes what is written as usual by the differences that are named', () => {
    const bytes = (request: TokenRequest) => {
      const outgoing = outgoingOf(request, 'https://as.example')
      return [String(outgoing.url), outgoing.headers, String(Buffer.from(outgoing.body))]
    }
    fc.assert(
      fc.property(text, fc.array(field, { maxLength: 4 }), query, (body, headers, search) => {
        const to = new URL(`https://as.example/token?a=1${search.join('')}`)
        const given = tokenRequestOf({ method: 'POST', url: to, headers, body })
        const names = [...given.parameters, ...given.query].map(({ name }) => name)
        // A parameter that is there twice is a difference of its own.
        fc.pre(given.syntax !== 'other' && new Set(names).size === names.length)
        const usual = tidied(given)
        expect(bytes(withDifferences(given, differencesBetween(given, usual)))).toEqual(bytes(usual))
      }),
      { seed: 20266, numRuns: 2000 },
    )
  })
})

describe('the secrets of a request', () => {
  const text = [
    'POST /token?api_key=canary-query HTTP/1.1',
    'Authorization: Basic Y2FuYXJ5LWlkOmNhbmFyeS1zZWNyZXQ=',
    'X-Api-Key: canary-field',
    'Content-Type: application/json',
    '',
    '{"grant_type":"urn:x:canary-free","code":"canary-code","nested":{"deep":["canary-deep"]},"n":12345678}',
  ].join('\n')

  test('are known before anything else is done, wherever they stand', () => {
    const redactor = createRedactor([])
    readFailingRequest({ kind: 'http', text, where: 'x' }, url, { redactor, credentials })
    expect(redactor.redact(text.replace(/\n/g, ' '))).toBe(
      'POST /token?api_key=**** HTTP/1.1 Authorization: Basic **** X-Api-Key: **** Content-Type: application/json  {"grant_type":"urn:x:canary-free","code":"****","nested":{"deep":["****"]},"n":****}',
    )
  })

  test('are the whole body where it cannot be read', () => {
    const redactor = createRedactor([])
    readFailingRequest({ kind: 'http', text: 'POST /token\n\n{"canary-body', where: 'x' }, url, {
      redactor,
      credentials,
    })
    expect(redactor.redact('a {"canary-body b')).toBe('a **** b')
  })
})
