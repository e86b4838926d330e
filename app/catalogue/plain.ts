import { decodeHTMLStrict } from 'entities'

/**
 * What a reader sees of a text that came as HTML, with line breaks for its blocks: tags go, entities become their signs,
 * once. `5 < 10`, `<3`, `A&B` and `<мини>` are no HTML and stay. To be called where a text comes in, and nowhere else.
 */
export const plain = (text: string): string => decoded(withoutTags(text))

/** The same on one line, without spaces around it. */
export const plainLine = (text: string): string => plain(text).replace(/\s+/g, ' ').trim()

const TAG = /<(\/?)([a-z][a-z\d]*(?::[a-z]+)?)(\s[^<>]*)?\/?>/gi
const UNSEEN = /<!--[^]*?(?:-->|$)|<(script|style)(?:\s[^<>]*)?>[^]*?(?:<\/\1\s*>|$)/gi
const CLOSED = /<\/([a-z])>/gi

function withoutTags(text: string): string {
  if (!text.includes('<')) return text
  const seen = text.replace(UNSEEN, '')
  const closed = new Set(Array.from(seen.matchAll(CLOSED), ([, name]) => name))
  return seen.replace(TAG, (tag, closing: string, name: string, attributes?: string) =>
    isTag(name, closed) || attributes?.includes('=') ? shownFor(name.toLowerCase(), closing) : tag,
  )
}

/** `<S>` is a size until it is closed somewhere; `<o:p>` is a word processor's. */
function isTag(name: string, closed: ReadonlySet<string | undefined>): boolean {
  if (name.includes(':')) return true
  if (!Object.hasOwn(SHOWN, name.toLowerCase())) return false
  return name.length > 1 || name === 'p' || closed.has(name)
}

function shownFor(name: string, closing: string): string {
  if (name === 'li') return closing ? '\n' : '\n• '
  return SHOWN[name] ?? ''
}

/** Elements of HTML people paste, by what a browser makes of their ends. */
const SHOWN: Readonly<Record<string, string>> = Object.fromEntries([
  ...'address article blockquote br center dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tbody tfoot thead title tr ul'
    .split(' ')
    .map((name) => [name, '\n'] as const),
  ...'td th'.split(' ').map((name) => [name, ' '] as const),
  ...'a abbr acronym b big body button cite code col colgroup del em figure font head html i iframe img input ins label link mark meta nobr object param q s small source span strike strong sub sup tt u var video wbr'
    .split(' ')
    .map((name) => [name, ''] as const),
])

/** With the semicolon; the commonest are known without it, as browsers know them. */
const ENTITY =
  /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});|&nbsp|&(?:quot|amp|lt|gt|laquo|raquo|[mn]dash)(?![a-z;])/gi

const decoded = (text: string): string =>
  text.includes('&') ? text.replace(ENTITY, (written) => signOf(written)) : text

/** A till that shouts writes `&QUOT;` and `&NBSP;`. */
function signOf(written: string): string {
  const entity = written.endsWith(';') ? written : `${written};`
  const sign = decodeHTMLStrict(entity)
  if (sign !== entity) return sign
  const quiet = decodeHTMLStrict(entity.toLowerCase())
  return quiet === entity.toLowerCase() ? written : quiet
}
