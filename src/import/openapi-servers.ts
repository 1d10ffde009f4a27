// Where an operation is served: the servers of the operation, of its path or of the document, with the variables filled in.
import type { Fact } from './imported.ts'
import {
  childOf,
  follow,
  itemsOf,
  membersOf,
  type Place,
  provenanceOf,
  requireList,
  requireText,
} from './openapi-place.ts'

/** What an operation's servers are looked for in, the nearest first. */
export interface Around {
  readonly place: Place
  readonly pathItem: Place
  readonly document: Place
}

/** Base URLs. `null`: none are stated. @throws `ERR_DOCUMENT_INVALID` */
export function serversAround(around: Around): Fact<readonly string[]> | null {
  for (const place of [around.place, around.pathItem, around.document]) {
    const stated = childOf(place, 'servers')
    if (stated === null) continue
    const servers = itemsOf(requireList(stated, '`servers`')).map(serverUrl)
    if (servers.length > 0) return { value: servers, provenance: provenanceOf(stated) }
  }
  return null
}

/** A sentence on each variable that has other values, or none. */
export function serverReview(around: Around): readonly string[] {
  const stated = [around.place, around.pathItem, around.document].flatMap(
    (place) => childOf(place, 'servers') ?? [],
  )
  const [servers] = stated
  return servers === undefined
    ? []
    : itemsOf(servers).flatMap((server) => variablesOf(server).flatMap(variableReview))
}

function serverUrl(server: Place): string {
  const at = childOf(follow(server), 'url')
  const url = at === null ? '/' : requireText(at, 'the `url` of a server')
  const variables = new Map(variablesOf(server))
  return url.replace(/\{([^{}]*)\}/g, (variable, name: string) => {
    const stated = variables.get(name)
    const value = stated === undefined ? null : childOf(stated, 'default')
    return value === null ? variable : String(value.value)
  })
}

function variablesOf(server: Place): readonly (readonly [name: string, variable: Place])[] {
  const variables = childOf(follow(server), 'variables')
  return variables === null ? [] : membersOf(variables)
}

function variableReview([name, variable]: readonly [string, Place]): readonly string[] {
  const chosen = childOf(variable, 'default')
  if (chosen === null) return [`the server's \`${name}\` has no default`]
  const values = childOf(variable, 'enum')
  const others = (values === null ? [] : itemsOf(values))
    .map(({ value }) => String(value))
    .filter((value) => value !== String(chosen.value))
  return others.length === 0
    ? []
    : [
        `the server's \`${name}\` may be ${others.map((value) => `\`${value}\``).join(', ')} as well as \`${chosen.value}\``,
      ]
}
