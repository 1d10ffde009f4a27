// What is kept of a client's last words: what it says failed, before where.
import { describe, expect, test } from 'vitest'
import { lastLinesOf } from '../../src/probe/last-lines.ts'
import { createRedactor } from '../../src/verify/redactor.ts'

const target = { url: 'http://127.0.0.1:54321' }
const frames = (count: number, frame: (number: number) => string) =>
  Array.from({ length: count }, (_, index) => frame(index + 1))
const nodeFrames = (count: number) =>
  frames(count, (number) => `    at call${number} (file:///shop.mjs:1:${number})`)

function kept(lines: readonly string[]): readonly string[] {
  return lastLinesOf({ text: lines.join('\n'), isCut: false }, target, createRedactor(['example-secret']))
}

const traces: ReadonlyArray<[from: string, lines: readonly string[], expected: readonly string[]]> = [
  [
    'Node.js, the line of the error and the upper frames',
    [
      'file:///shop.mjs:3',
      "  throw new Error('no orders')",
      '        ^',
      '',
      'Error: no orders with example-secret at http://127.0.0.1:54321/api',
      ...nodeFrames(10),
      '',
      'Node.js v24.1.0',
    ],
    [
      'file:///shop.mjs:3',
      "  throw new Error('no orders')",
      '        ^',
      'Error: no orders with **** at http://127.0.0.1:{port}/api',
      ...nodeFrames(3),
      'Node.js v24.1.0',
    ],
  ],
  [
    'Node.js with a cause, the lines of both errors',
    [
      'TypeError: fetch failed',
      ...nodeFrames(9),
      '    at async last (file:///shop.mjs:9:9) {',
      '  [cause]: Error: read ECONNRESET',
      ...nodeFrames(9).map((frame) => `  ${frame}`),
      "    code: 'ECONNRESET'",
      '  }',
      '}',
    ],
    [
      'TypeError: fetch failed',
      ...nodeFrames(3),
      '  [cause]: Error: read ECONNRESET',
      "    code: 'ECONNRESET'",
      '  }',
      '}',
    ],
  ],
  [
    'Node.js with many properties below the frames, the line of the error',
    [
      'before',
      'AxiosError: Request failed with status code 500',
      ...nodeFrames(9),
      '    at last (file:///shop.mjs:9:9) {',
      ...frames(20, (number) => `  property${number}: ${number},`),
      '}',
    ],
    [
      'AxiosError: Request failed with status code 500',
      ...frames(6, (number) => `  property${number + 14}: ${number + 14},`),
      '}',
    ],
  ],
  [
    'Java, what was thrown and what caused it',
    [
      'Exception in thread "main" java.io.IOException: no token',
      ...frames(9, (number) => `\tat shop.Sync.step${number}(Sync.java:${number})`),
      'Caused by: java.net.SocketException: Connection reset',
      ...frames(9, (number) => `\tat shop.Client.step${number}(Client.java:${number})`),
      '\t... 12 more',
    ],
    [
      'Exception in thread "main" java.io.IOException: no token',
      ...frames(6, (number) => ` at shop.Sync.step${number}(Sync.java:${number})`),
      'Caused by: java.net.SocketException: Connection reset',
    ],
  ],
  [
    'Ruby, the line of the error',
    [
      "sync.rb:3:in 'ask': no token (RuntimeError)",
      ...frames(9, (number) => `\tfrom sync.rb:${number}:in 'main'`),
    ],
    [
      "sync.rb:3:in 'ask': no token (RuntimeError)",
      ...frames(7, (number) => ` from sync.rb:${number}:in 'main'`),
    ],
  ],
  [
    'PHP, the line of the error',
    [
      'PHP Fatal error:  Uncaught Exception: no token in /shop/sync.php:3',
      'Stack trace:',
      ...frames(9, (number) => `#${number - 1} /shop/sync.php(${number}): ask()`),
      '#9 {main}',
      '  thrown in /shop/sync.php on line 3',
    ],
    [
      'PHP Fatal error:  Uncaught Exception: no token in /shop/sync.php:3',
      'Stack trace:',
      ...frames(5, (number) => `#${number - 1} /shop/sync.php(${number}): ask()`),
      '  thrown in /shop/sync.php on line 3',
    ],
  ],
  [
    'Go, the line of the panic',
    [
      'panic: no token',
      '',
      'goroutine 1 [running]:',
      ...frames(4, (number) => `main.step${number}()\n\t/shop/sync.go:${number} +0x1d`),
      'exit status 2',
    ],
    [
      'panic: no token',
      'goroutine 1 [running]:',
      'main.step1()',
      ' /shop/sync.go:1 +0x1d',
      'main.step2()',
      'main.step3()',
      'main.step4()',
      'exit status 2',
    ],
  ],
  [
    'Python, whose last line is the error',
    [
      'Traceback (most recent call last):',
      ...frames(5, (number) => `  File "sync.py", line ${number}, in step\n    step()`),
      'RuntimeError: no token',
    ],
    [
      '    step()',
      ...frames(3, (number) => `  File "sync.py", line ${number + 2}, in step\n    step()`).flatMap((pair) =>
        pair.split('\n'),
      ),
      'RuntimeError: no token',
    ],
  ],
  [
    'no trace, the last lines as they are',
    frames(20, (number) => `line ${number}`),
    frames(8, (number) => `line ${number + 12}`),
  ],
  [
    'a trace that is short enough, all of it',
    ['Error: no orders', ...nodeFrames(7)],
    ['Error: no orders', ...nodeFrames(7)],
  ],
]

describe('of a trace', () => {
  test.each(traces)('is kept: %s', (_from, lines, expected) => {
    expect(kept(lines)).toEqual(expected)
  })
})
