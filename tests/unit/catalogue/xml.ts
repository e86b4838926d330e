/** An element of a document: its children are elements and texts. */
export interface Node {
  name: string
  attributes: Record<string, string>
  children: (Node | string)[]
}

const TOKEN = /<(\/?)([a-z_]\w*)((?: \w+="[^<"]*")*)(\/?)>|([^<]+)/giy

/** XML 1.0 §2.2, and what it discourages. */
const FORBIDDEN = /[^\t\n\r\P{Cc}]|[\p{Cs}\ufffe\uffff]/u

/**
 * Reads as much of XML as a catalogue needs, and nothing that XML does not allow.
 * @throws Error for what is not well-formed
 */
export function readXml(text: string): Node {
  const [, declaration = ''] = /^(<\?xml version="1\.0" encoding="UTF-8"\?>\n)/.exec(text) ?? []
  if (!declaration) throw new Error('no declaration')
  if (FORBIDDEN.test(text)) throw new Error('a sign that is not allowed')
  const top: Node = { name: '', attributes: {}, children: [] }
  const open = [top]
  for (const [, closing, name = '', attributes = '', empty, words] of tokens(text, declaration)) {
    const inside = open.at(-1) ?? top
    if (words !== undefined) inside.children.push(unescape(words))
    else if (closing) close(open, name)
    else {
      const node: Node = { name, attributes: readAttributes(attributes), children: [] }
      inside.children.push(node)
      if (!empty) open.push(node)
    }
  }
  const [root, ...more] = top.children.filter((child) => typeof child !== 'string' || child.trim())
  if (open.length > 1 || !root || typeof root === 'string' || more.length > 0)
    throw new Error('not one whole element')
  return root
}

export const textOf = ({ children }: Node): string =>
  children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')

function* tokens(text: string, declaration: string): Generator<RegExpExecArray> {
  TOKEN.lastIndex = declaration.length
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const token = TOKEN.exec(text)
    if (!token) throw new Error(`not well-formed: ${text.slice(at, at + 80)}`)
    yield token
  }
}

function close(open: Node[], name: string) {
  if (open.length < 2 || open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`)
}

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/ (\w+)="([^"]*)"/g)]
  if (new Set(pairs.map(([, name]) => name)).size < pairs.length) throw new Error('twice')
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, unescape(value)]))
}

const SIGNS = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" } as const

function unescape(text: string): string {
  if (text.includes(']]>')) throw new Error(']]> in a text')
  return text.replace(/&(\w*;?)/g, (_all, name: string) => {
    const sign = SIGNS[name.slice(0, -1) as keyof typeof SIGNS] as string | undefined
    if (!sign || !name.endsWith(';')) throw new Error(`&${name} is nothing`)
    return sign
  })
}
