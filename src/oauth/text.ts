// Strings as values of their own.

/** The same text without the longer one that it is a part of, which the engine of JavaScript would keep alive with it. */
export function detach(text: string): string {
  return text === '' ? text : JSON.parse(JSON.stringify(text))
}
