// How a secret is written on its way: what the redactor has to find, and what is looked for where nothing may be left.
// Written apart from the redactor, which reads where this writes.

/** A way to write a text; the given text is well-formed. */
export type Transport = readonly [name: string, write: (text: string) => string]

const utf8 = (text: string) => [...Buffer.from(text)]
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
const units = (text: string) => Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))
const points = (text: string) => [...text].map((character) => character.codePointAt(0) ?? 0)
const lowerHex = (text: string) => text.replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase())
const json = (text: string) => JSON.stringify(text).slice(1, -1)
const base64 = (text: string) => Buffer.from(text).toString('base64')
const form = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)
const xml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

/** One of each, the text as it is among them. */
export const transports: readonly Transport[] = [
  ['as it is', (text) => text],
  ['percent-encoded', (text) => encodeURIComponent(text)],
  ['percent-encoded in lower case', (text) => lowerHex(encodeURIComponent(text))],
  ['percent-encoded throughout', (text) => utf8(text).reduce((all, byte) => `${all}%${hex(byte, 2)}`, '')],
  [
    'percent-encoded throughout in upper case',
    (text) => utf8(text).reduce((all, byte) => `${all}%${hex(byte, 2).toUpperCase()}`, ''),
  ],
  ['form-encoded', form],
  ['form-encoded in lower case', (text) => lowerHex(form(text))],
  ['escaped in JSON', json],
  ['escaped in JSON with its slashes', (text) => json(text).replaceAll('/', '\\/')],
  ['escaped in JSON throughout', (text) => units(text).reduce((all, unit) => `${all}\\u${hex(unit, 4)}`, '')],
  [
    'escaped in JSON as ASCII in upper case',
    (text) => json(text).replace(/[^ -~]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4).toUpperCase()}`),
  ],
  ['escaped in XML', xml],
  ['escaped in XML in decimals', (text) => points(text).reduce((all, point) => `${all}&#${point};`, '')],
  [
    'escaped in XML in hexadecimals',
    (text) => points(text).reduce((all, point) => `${all}&#x${point.toString(16).toUpperCase()};`, ''),
  ],
  ['in Base64', base64],
  ['in Base64 without padding', (text) => base64(text).replaceAll('=', '')],
  ['in the Base64 of URLs', (text) => Buffer.from(text).toString('base64url')],
  ['in the Base64 of URLs with padding', (text) => base64(text).replaceAll('+', '-').replaceAll('/', '_')],
  ...['x', 'xy'].map(
    (before): Transport => [
      `in longer Base64, from byte ${before.length}`,
      (text) => base64(`${before}${text}zz`),
    ],
  ),
]

/** Of the Base64 of a longer text, the characters that the text alone decides. */
function middle(before: string, text: string): string {
  const [start, end] = [before.length * 8, (before.length + utf8(text).length) * 8]
  return base64(`${before}${text}zz`).slice(Math.ceil(start / 6), Math.floor(end / 6))
}

/** What each transport makes of a text, however it goes on before and behind. */
function writtenOnce(text: string): readonly string[] {
  const middles = ['', 'x', 'xy'].map((before) => middle(before, text))
  const whole = transports.filter(([name]) => !name.startsWith('in longer')).map(([, write]) => write(text))
  return [...whole, ...middles, ...middles.map((part) => part.replaceAll('+', '-').replaceAll('/', '_'))]
}

/** A text in every transport, and in every two of them within each other: what no output may have in it. */
export function writtenInEveryWay(text: string): ReadonlySet<string> {
  const once = writtenOnce(text)
  return new Set([...once, ...once.flatMap(writtenOnce)])
}
