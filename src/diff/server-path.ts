// The path that the servers of a service have in common, below which its own paths are.

/** Without a slash at its end; `null` where no server is said, or several have paths of their own. */
export function basePathOf(servers: readonly string[]): string | null {
  const paths = new Set(servers.map(pathIn))
  const [path, ...others] = paths
  return path === undefined || others.length > 0 ? null : path
}

/** A server may be given by its path alone. @see OpenAPI 3.1 §4.8.5 */
function pathIn(server: string): string {
  const path = server.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/, '')
  return path.replace(/\/+$/, '')
}
