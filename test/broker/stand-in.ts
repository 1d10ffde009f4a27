// A Pact Broker for tests: the part of its HAL interface that publishing, deploying and verification use, in memory.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A request that came. */
export interface Asked {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

/** A published pact. */
export interface StoredPact {
  readonly consumer: string
  readonly provider: string
  readonly consumerVersion: string
  readonly branch: string | undefined
  readonly buildUrl: string | undefined
  readonly sha: string
  readonly content: Readonly<Record<string, unknown>> & { readonly interactions: readonly object[] }
}

/** A verification result as it came. */
export interface StoredResult {
  readonly consumer: string
  readonly provider: string
  readonly sha: string
  readonly body: { readonly success: boolean; readonly providerApplicationVersion: string }
}

/** What is asked for when pacts are to be verified. */
export interface PactsQuery {
  readonly consumerVersionSelectors?: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly providerVersionBranch?: string
  readonly includePendingStatus?: boolean
  readonly includeWipPactsSince?: string
}

/** Answers in the broker's place; gives whether it did. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean

/** A broker that runs. */
export interface BrokerStandIn extends AsyncDisposable {
  readonly url: string
  readonly asked: readonly Asked[]
  readonly pacts: readonly StoredPact[]
  readonly results: readonly StoredResult[]
  /** The queries for pacts to verify. */
  readonly queries: readonly PactsQuery[]
  /** `pacticipant version` to its branches. */
  readonly branches: ReadonlyMap<string, ReadonlySet<string>>
  readonly tags: ReadonlyMap<string, ReadonlySet<string>>
  /** `environment` to the deployed `pacticipant version`s. */
  readonly deployed: ReadonlyMap<string, ReadonlySet<string>>
}

/** How the stand-in behaves. */
export interface BrokerOptions {
  /** The only value of `Authorization` that is let in. Default: everyone is. */
  readonly authorization?: string
  readonly fault?: Fault
  /** Where links lead to. Default: the broker itself. */
  readonly linkBase?: string
  readonly environments?: readonly string[]
}

/** Starts a broker on a free port. */
export async function startBroker(options: BrokerOptions = {}): Promise<BrokerStandIn> {
  const asked: Asked[] = []
  const store = createStore(options)
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const { method = '', url: path = '/' } = request
    const { authorization } = request.headers
    asked.push({ method, path, authorization, body })
    if (options.fault?.(request, response)) return
    if (options.authorization !== undefined && authorization !== options.authorization)
      return reply(response, 401, { error: { message: 'Unauthorized', received: authorization } })
    const [status, value] = store.answer(method, new URL(path, 'http://broker'), body, base())
    reply(response, status, value)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const base = () => options.linkBase ?? url
  return {
    ...store,
    url,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/hal+json;charset=utf-8' })
  response.end(JSON.stringify(value))
}

type Answer = readonly [status: number, body: unknown]

function createStore({ environments = ['test', 'production'] }: BrokerOptions) {
  const pacts: StoredPact[] = []
  const results: StoredResult[] = []
  const queries: PactsQuery[] = []
  const branches = new Map<string, Set<string>>()
  const tags = new Map<string, Set<string>>()
  const versions = new Set<string>()
  const deployed = new Map(environments.map((name) => [name, new Set<string>()]))

  const routes: ReadonlyArray<
    readonly [method: string, path: RegExp, answer: (part: (index: number) => string, ask: Ask) => Answer]
  > = [
    ['GET', /^\/$/, (_part, { base }) => [200, indexOf(base)]],
    ['POST', /^\/contracts\/publish$/, (_part, ask) => publish(ask)],
    ['POST', /^\/pacts\/provider\/([^/]+)\/for-verification$/, (part, ask) => pactsToVerify(part(1), ask)],
    [
      'GET',
      /^\/pacts\/provider\/([^/]+)\/consumer\/([^/]+)\/pact-version\/([^/]+)$/,
      (part, { base, path }) => {
        const pact = pacts.find(({ sha, consumer }) => sha === part(3) && consumer === part(2))
        if (pact === undefined) return [404, {}]
        const href = `${base}${path}/verification-results`
        return [
          200,
          {
            ...pact.content,
            interactions: pact.content.interactions.map((each, index) => ({
              _id: `${pact.sha.slice(0, 8)}-${index}`,
              ...each,
            })),
            createdAt: '2026-01-01T00:00:00+00:00',
            _links: { 'pb:publish-verification-results': { href } },
          },
        ]
      },
    ],
    [
      'POST',
      /^\/pacts\/provider\/([^/]+)\/consumer\/([^/]+)\/pact-version\/([^/]+)\/verification-results$/,
      (part, { body }) => {
        const result = JSON.parse(body)
        versions.add(`${part(1)} ${result.providerApplicationVersion}`)
        results.push({ provider: part(1), consumer: part(2), sha: part(3), body: result })
        return [201, { success: result.success }]
      },
    ],
    [
      'PUT',
      /^\/pacticipants\/([^/]+)\/branches\/([^/]+)\/versions\/([^/]+)$/,
      (part) => [201, { added: addTo(branches, `${part(1)} ${part(3)}`, part(2)) }],
    ],
    [
      'PUT',
      /^\/pacticipants\/([^/]+)\/versions\/([^/]+)\/tags\/([^/]+)$/,
      (part) => [201, { added: addTo(tags, `${part(1)} ${part(2)}`, part(3)) }],
    ],
    [
      'GET',
      /^\/pacticipants\/([^/]+)\/versions\/([^/]+)$/,
      (part, { base, path }) => {
        if (!versions.has(`${part(1)} ${part(2)}`)) return [404, { error: 'not found' }]
        const links = environments.map((name) => ({
          name,
          title: `Record deployment to ${name}`,
          href: `${base}${path}/deployed-versions/environment/${uuidOf(name)}`,
        }))
        return [200, { number: part(2), _links: { 'pb:record-deployment': links } }]
      },
    ],
    [
      'POST',
      /^\/pacticipants\/([^/]+)\/versions\/([^/]+)\/deployed-versions\/environment\/([^/]+)$/,
      (part) => {
        const name = environments.find((each) => uuidOf(each) === part(3)) ?? ''
        addTo(deployed, name, `${part(1)} ${part(2)}`)
        return [201, { uuid: part(3), currentlyDeployed: true }]
      },
    ],
    ['GET', /^\/matrix$/, (_part, { query }) => matrix(query)],
  ]

  function publish({ body, base }: Ask): Answer {
    const { pacticipantName, pacticipantVersionNumber, branch, buildUrl, contracts } = JSON.parse(body)
    const version = `${pacticipantName} ${pacticipantVersionNumber}`
    versions.add(version)
    if (branch !== undefined) addTo(branches, version, branch)
    for (const { consumerName, providerName, content } of contracts) {
      const decoded = Buffer.from(content, 'base64').toString('utf8')
      pacts.push({
        consumer: consumerName,
        provider: providerName,
        consumerVersion: pacticipantVersionNumber,
        branch,
        buildUrl,
        sha: createHash('sha1').update(decoded).digest('hex'),
        content: JSON.parse(decoded),
      })
    }
    const href = `${base}/pacticipants/${encodeURIComponent(pacticipantName)}`
    const notice = `Pact successfully published for ${pacticipantName} version ${pacticipantVersionNumber}.`
    return [
      200,
      {
        logs: [{ level: 'success', message: notice, deprecationWarning: 'Replaced by notices' }],
        notices: [{ type: 'success', text: notice }],
        _embedded: {
          pacticipant: { name: pacticipantName, _links: { self: { href } } },
          version: {
            number: pacticipantVersionNumber,
            _links: { self: { title: 'Version', name: pacticipantVersionNumber, href } },
          },
        },
        _links: {
          'pb:pacticipant': { title: 'Pacticipant', name: pacticipantName, href },
          'pb:pacticipant-version': { title: 'Version', name: pacticipantVersionNumber, href },
          'pb:pacticipant-version-tags': [],
          'pb:contracts': [{ title: 'Pact', name: notice, href }],
        },
      },
    ]
  }

  function pactsToVerify(provider: string, { base, body }: Ask): Answer {
    const query = JSON.parse(body) as PactsQuery
    queries.push(query)
    const { consumerVersionSelectors = [], includePendingStatus, includeWipPactsSince } = query
    const isSelected = ({ consumer, consumerVersion, branch }: StoredPact) =>
      consumerVersionSelectors.some((selector) => {
        if (selector.mainBranch === true) return branch === 'main'
        if (selector.deployedOrReleased === true)
          return [...deployed.values()].some((all) => all.has(`${consumer} ${consumerVersion}`))
        return branch === selector.branch
      })
    const isKnownGood = ({ sha }: StoredPact) =>
      results.some((result) => result.sha === sha && result.body.success)
    const chosen = pacts
      .filter((pact) => pact.provider === provider)
      .filter((pact) => isSelected(pact) || (includeWipPactsSince !== undefined && !isKnownGood(pact)))
    const unique = [...new Map(chosen.map((pact) => [`${pact.consumer} ${pact.sha}`, pact])).values()]
    const entries = unique.map((pact) => ({
      shortDescription: `version ${pact.consumerVersion} of ${pact.consumer}`,
      verificationProperties: {
        notices: [{ when: 'before_verification', text: `The pact at ${pact.consumerVersion} is verified.` }],
        ...(includePendingStatus && { pending: !isKnownGood(pact) }),
      },
      _links: {
        self: {
          href: `${base}/pacts/provider/${encodeURIComponent(provider)}/consumer/${encodeURIComponent(pact.consumer)}/pact-version/${pact.sha}`,
          name: `Pact between ${pact.consumer} (${pact.consumerVersion}) and ${provider}`,
        },
      },
    }))
    return [200, { _embedded: { pacts: entries }, _links: {} }]
  }

  /** The rows between a version and what is deployed to an environment. */
  function matrix(query: URLSearchParams): Answer {
    const name = query.get('q[][pacticipant]') ?? ''
    const version = query.get('q[][version]') ?? ''
    const inEnvironment = [...(deployed.get(query.get('environment') ?? '') ?? [])]
    const deployedOf = (other: string) =>
      inEnvironment.filter((each) => each.startsWith(`${other} `)).map((each) => each.slice(other.length + 1))
    const asConsumer = pacts
      .filter(({ consumer, consumerVersion }) => consumer === name && consumerVersion === version)
      .flatMap((pact) => {
        const theirs = deployedOf(pact.provider)
        return (theirs.length === 0 ? [undefined] : theirs).map((providerVersion) =>
          rowOf(pact, providerVersion),
        )
      })
    const asProvider = pacts
      .filter(({ provider, consumer, consumerVersion }) => {
        return provider === name && deployedOf(consumer).includes(consumerVersion)
      })
      .map((pact) => rowOf(pact, version))
    const rows = [...asConsumer, ...asProvider]
    const states = rows.map(({ verificationResult }) => verificationResult?.success ?? null)
    const isUnknown = states.includes(null) || !versions.has(`${name} ${version}`)
    const deployable = states.includes(false) ? false : isUnknown ? null : true
    const reason =
      deployable === true
        ? 'All required verification results are published and successful'
        : `There is no verified pact between version ${version} of ${name} and its partners`
    return [
      200,
      {
        summary: { deployable, reason, success: 0, failed: 0, unknown: 0 },
        notices: [{ type: deployable === true ? 'success' : 'error', text: reason }],
        matrix: rows,
      },
    ]
  }

  function rowOf(pact: StoredPact, providerVersion: string | undefined) {
    const result = results.findLast(
      ({ sha, consumer, body }) =>
        sha === pact.sha && consumer === pact.consumer && body.providerApplicationVersion === providerVersion,
    )
    return {
      consumer: { name: pact.consumer, version: { number: pact.consumerVersion } },
      provider: {
        name: pact.provider,
        version: providerVersion === undefined ? null : { number: providerVersion },
      },
      verificationResult: result === undefined ? null : { success: result.body.success, _links: {} },
    }
  }

  function answer(method: string, { pathname, searchParams }: URL, body: string, base: string): Answer {
    for (const [routeMethod, path, route] of routes) {
      const match = path.exec(pathname)
      if (match === null || routeMethod !== method) continue
      const part = (index: number) => decodeURIComponent(match[index] ?? '')
      return route(part, { base, path: pathname, query: searchParams, body })
    }
    return [404, { error: `no ${method} ${pathname}` }]
  }

  return { pacts, results, queries, branches, tags, deployed, answer }
}

interface Ask {
  readonly base: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): boolean {
  map.set(key, (map.get(key) ?? new Set()).add(value))
  return true
}

function uuidOf(environment: string): string {
  return createHash('sha1').update(environment).digest('hex').slice(0, 32)
}

function indexOf(base: string): unknown {
  const link = (path: string) => ({ href: `${base}${path}`, templated: path.includes('{') })
  return {
    _links: {
      self: link('/'),
      'pb:publish-contracts': link('/contracts/publish'),
      'pb:provider-pacts-for-verification': link('/pacts/provider/{provider}/for-verification'),
      'pb:pacticipant-version': link('/pacticipants/{pacticipant}/versions/{version}'),
      'pb:pacticipant-branch-version': link(
        '/pacticipants/{pacticipant}/branches/{branch}/versions/{version}',
      ),
      'pb:pacticipant-version-tag': link('/pacticipants/{pacticipant}/versions/{version}/tags/{tag}'),
      'pb:environments': link('/environments'),
    },
  }
}
