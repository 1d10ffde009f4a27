// `tokenwright record-deployment`: a version of an application to an environment of the broker.
import { recordDeployment } from '../broker/deployment.ts'
import {
  brokerFlags,
  requireBroker,
  requiredFlag,
  requirePlain,
  revisionOf,
  runFlags,
  runOf,
} from './broker-flags.ts'
import type { Verb } from './flags.ts'

const name = 'record-deployment'

export const recordDeploymentVerb: Verb = {
  name,
  summary: 'Records in a Pact Broker that a version was deployed to an environment.',
  positionals: [],
  flags: {
    pacticipant: {
      value: 'NAME',
      sentence: 'The application: a consumer, or the id of a service. Required.',
    },
    version: { value: 'VERSION', sentence: 'Its version. Default: the commit, by CI or git.' },
    environment: { value: 'NAME', sentence: "One of the broker's environments. Required." },
    'application-instance': {
      value: 'NAME',
      sentence: 'Which of several instances in the environment.',
    },
    ...brokerFlags,
    ...runFlags,
    json: { sentence: 'Print one line of JSON.' },
  },
  run: async (input) => {
    const broker = await requireBroker(input, process.env)
    const pacticipant = requiredFlag(input, name, 'pacticipant')
    const environment = requiredFlag(input, name, 'environment')
    const version = requirePlain('version', revisionOf(input, process.env).version)
    const instance = input.one('application-instance')
    if (instance !== undefined) requirePlain('application-instance', instance)
    await recordDeployment(broker, { pacticipant, version }, environment, runOf(input), instance)
    const line = input.has('json')
      ? JSON.stringify({ pacticipant, version, environment, ...(instance !== undefined && { instance }) })
      : `recorded  ${pacticipant} ${version} in ${environment}`
    process.stdout.write(`${broker.redact(line)}\n`)
    return 0
  },
}
