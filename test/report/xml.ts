// A strict reader of XML, of as much as reports are made of: elements, attributes, text, and the references of both.

/** An element with what is in it. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: ReadonlyArray<XmlElement | string>
}

interface OpenElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Array<XmlElement | string>
}

const character = /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u
const prolog = /^(?:<\?xml version="1\.0" encoding="UTF-8"\?>\n|<!DOCTYPE html>\n)/
const piece = /<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)/y
const references: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** Gives the root of a document. @throws Error where the text is not well-formed */
export function parseXml(text: string): XmlElement {
  if (!character.test(text)) throw new Error('a character that XML does not have')
  const document: OpenElement = { name: '', attributes: {}, children: [] }
  const open = [document]
  piece.lastIndex = prolog.exec(text)?.[0].length ?? fail(text, 0)
  while (piece.lastIndex < text.length) {
    const at = piece.lastIndex
    const [, closed, opened, attributes = '', isEmpty, content] = piece.exec(text) ?? fail(text, at)
    const current = open.at(-1) ?? fail(text, at)
    if (content !== undefined) current.children.push(decode(content))
    else if (closed !== undefined) {
      if (current.name !== closed) fail(text, at)
      open.pop()
    } else {
      const element = { name: opened ?? '', attributes: parseAttributes(attributes), children: [] }
      current.children.push(element)
      if (isEmpty === '') open.push(element)
    }
  }
  const [root, ...others] = document.children.filter(
    (child) => typeof child !== 'string' || child.trim() !== '',
  )
  if (open.length !== 1 || typeof root !== 'object' || others.length > 0) fail(text, text.length)
  return root as XmlElement
}

/** Every element of a name, at any depth. */
export function elementsOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.flatMap((child) => {
    if (typeof child === 'string') return []
    return [...(child.name === name ? [child] : []), ...elementsOf(child, name)]
  })
}

/** All text within an element. */
export function textOf(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')
}

function parseAttributes(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    decode(value),
  ])
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length)
    throw new Error(`an attribute twice:${text}`)
  return Object.fromEntries(pairs)
}

function decode(text: string): string {
  if (text.includes(']]>')) throw new Error('the end of CDATA in text')
  return text.replace(/&([^;]*);?/g, (reference, name) => {
    if (!reference.endsWith(';')) throw new Error(`a bare ampersand: ${reference.slice(0, 20)}`)
    return references[name] ?? fail(reference, 0)
  })
}

function fail(text: string, at: number): never {
  throw new Error(`not well-formed at ${at}: ${text.slice(at, at + 60)}`)
}
