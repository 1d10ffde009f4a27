// `tokenwright publish`: contracts to a Pact Broker.
import { readContracts } from '../broker/contracts.ts'
import { publishContracts } from '../broker/deployment.ts'
import { requireBranch } from '../broker/revision.ts'
import { brokerFlags, requireBroker, requirePlain, revisionOf, runFlags, runOf } from './broker-flags.ts'
import { listOf, type Verb } from './flags.ts'

export const publish: Verb = {
  name: 'publish',
  summary: 'Publishes contracts to a Pact Broker, as those of a version of their consumers.',
  positionals: [],
  flags: {
    contracts: {
      value: 'PATH,…',
      isRepeatable: true,
      sentence: 'Folders and files of contracts. Default: contracts.',
    },
    version: { value: 'VERSION', sentence: "The consumers' version. Default: the commit, by CI or git." },
    branch: { value: 'BRANCH', sentence: "The consumers' branch. Default: by CI or git." },
    'build-url': { value: 'URL', sentence: 'The build that publishes. Default: by CI.' },
    ...brokerFlags,
    ...runFlags,
    json: { sentence: 'Print one line of JSON per contract.' },
  },
  run: async (input) => {
    const broker = await requireBroker(input, process.env)
    const paths = listOf(input.all('contracts'))
    const files = readContracts(paths.length > 0 ? paths : ['contracts'])
    const revision = revisionOf(input, process.env)
    const version = requirePlain('version', revision.version)
    const branch = requirePlain('branch', requireBranch(revision))
    const { buildUrl } = revision
    if (buildUrl !== undefined) requirePlain('build-url', buildUrl)
    await publishContracts(broker, files, { ...revision, version, branch }, runOf(input))
    for (const { contract } of files) {
      const [consumer, service] = [contract.consumer.name, contract.provider.name]
      const line = input.has('json')
        ? JSON.stringify({ consumer, service, version, branch })
        : `published  ${consumer} ${version} (${branch})  ${service}`
      process.stdout.write(`${broker.redact(line)}\n`)
    }
    return 0
  },
}
