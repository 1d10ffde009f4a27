// What can stand before the path of an endpoint: an address on the web, and nothing of a single request.

/** Whether a text is an http(s) URL without credentials, query, fragment and template. */
export function isBaseUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || /[{}?#\s]/.test(text) || !URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return username === '' && password === ''
}

/** The text with nothing that could be a password. */
export function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//****@').replace(/[?#].*$/s, (rest) => `${rest.slice(0, 1)}****`)
}
