import './tools/require-node.mjs'
import { defineConfig } from 'vitest/config'

/** What starts hundreds of processes or services, or runs the suite in a copy of the project: it has a command of its own. */
const thorough = [
  'test/broken/**/*.test.ts',
  'test/broker/secrets.test.ts',
  'test/cli/canaries.test.ts',
  'test/cli/explain.test.ts',
  'test/cli/probe.test.ts',
  'test/cli/scenarios.test.ts',
  'test/contributing.test.ts',
  'test/import/whole-way.test.ts',
  'test/broker/whole-way.test.ts',
  'test/cli/watch.test.ts',
  'test/contract/parallel.test.ts',
  'test/import/openapi-properties.test.ts',
  'test/probe/basic-spelling.test.ts',
  'test/probe/client-command.test.ts',
  'test/probe/ended.test.ts',
  'test/probe/mutants.test.ts',
  'test/probe/sdks-tolerate.test.ts',
  'test/probe/servers.test.ts',
  'test/probe/tolerate.test.ts',
  'test/probe/tolerance-guide.test.ts',
  'test/readme.test.ts',
  'test/verify/broken.test.ts',
  'test/verify/examples.test.ts',
  'test/verify/mock.test.ts',
  'test/verify/safety.test.ts',
  'test/verify/secrets.test.ts',
  'test/verify/targets.test.ts',
  'test/probe/hostile.test.ts',
]

/** Tests of functions alone: they change nothing of the process that they run in, and share it. */
const pure = ['diff', 'engine', 'fixture', 'import', 'oauth', 'report', 'schema', 'service'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
)

/** Tests of hosts that have nothing to do with MSW. */
const withoutMsw = ['backstop', 'delivery', 'event-stream', 'fetch', 'fuzz', 'server-limits', 'tls'].map(
  (name) => `test/host/${name}.test.ts`,
)

export default defineConfig({
  test: {
    watch: false,
    pool: 'forks',
    // Most tests wait for other processes, so that a worker for each processor does not slow the main one.
    maxWorkers: '100%',
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: { name: 'suite', include: ['test/**/*.test.ts'], exclude: [...thorough, ...pure] },
      },
      {
        extends: true,
        test: { name: 'pure', include: pure, exclude: thorough, isolate: false },
      },
      {
        // The same host tests and MSW tests once more, on the oldest major version of MSW that is supported.
        extends: true,
        resolve: {
          alias: [{ find: /^msw(?=\/|$)/, replacement: 'msw2' }],
        },
        test: {
          name: 'msw2',
          include: ['test/**/msw*.test.ts', 'test/host/**/*.test.ts'],
          exclude: withoutMsw,
        },
      },
      { extends: true, test: { name: 'thorough', include: thorough } },
    ],
  },
})
