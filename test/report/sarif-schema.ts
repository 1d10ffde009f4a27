// The part of the schema of SARIF 2.1.0 that reports use, with no property admitted beside it, and what GitHub asks for besides.

const text = { type: 'string', minLength: 1 }
const message = closed({ text }, ['text'])
const multiformat = closed({ text, markdown: text }, ['text'])
const level = { enum: ['none', 'note', 'warning', 'error'] }
const bag = { type: 'object', properties: { tags: { type: 'array', items: text, uniqueItems: true } } }

const rule = closed(
  {
    id: text,
    shortDescription: multiformat,
    fullDescription: multiformat,
    help: multiformat,
    defaultConfiguration: closed({ level }, []),
    properties: bag,
  },
  // GitHub requires the descriptions and the help.
  ['id', 'shortDescription', 'fullDescription', 'help'],
)

const location = closed(
  {
    physicalLocation: closed(
      {
        artifactLocation: closed({ uri: { type: 'string', pattern: "^[\\w.~%!$&'()*+,;=:@/-]+$" } }, ['uri']),
        region: closed({ startLine: { type: 'integer', minimum: 1 } }, ['startLine']),
      },
      ['artifactLocation', 'region'],
    ),
    logicalLocations: { type: 'array', items: closed({ fullyQualifiedName: text }, []) },
  },
  ['physicalLocation'],
)

const result = closed(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: 0 },
    level,
    message,
    locations: { type: 'array', items: location, minItems: 1 },
    partialFingerprints: closed(
      { primaryLocationLineHash: { type: 'string', pattern: '^[0-9a-f]{32}:1$' } },
      ['primaryLocationLineHash'],
    ),
    properties: bag,
  },
  ['ruleId', 'message', 'locations', 'partialFingerprints'],
)

const invocation = closed(
  {
    executionSuccessful: { type: 'boolean' },
    toolExecutionNotifications: { type: 'array', items: closed({ level, message }, ['message']) },
  },
  ['executionSuccessful'],
)

const run = closed(
  {
    tool: closed(
      { driver: closed({ name: text, rules: { type: 'array', items: rule, uniqueItems: true } }, ['name']) },
      ['driver'],
    ),
    automationDetails: closed({ id: { type: 'string', pattern: '/$' } }, []),
    invocations: { type: 'array', items: invocation },
    results: { type: 'array', items: result },
    properties: bag,
  },
  ['tool', 'results'],
)

/** A log. */
export const sarifSchema = closed(
  {
    $schema: { const: 'https://json.schemastore.org/sarif-2.1.0.json' },
    version: { const: '2.1.0' },
    runs: { type: 'array', items: run, minItems: 1, maxItems: 1 },
  },
  ['version', 'runs'],
)

function closed(properties: Readonly<Record<string, object>>, required: readonly string[]) {
  return { type: 'object', properties, required, additionalProperties: false }
}
