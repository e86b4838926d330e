import { createHash } from 'node:crypto'
import path from 'node:path'

/** Files by the names they are asked for, below /assets. */
export type Files = ReadonlyMap<string, Buffer>

/** As many as tell contents apart that ever were. */
const HASH_LENGTH = 10

export const hashOf = (body: Buffer): string =>
  createHash('sha256').update(body).digest('hex').slice(0, HASH_LENGTH)

/**
 * Plain name → name by content (`app.css` → `app.1f0c….css`), and the files under the latter. Sheets name other files, so
 * they are changed first and named last.
 */
export function namedByContent(files: Files): { names: Record<string, string>; named: Files } {
  const sheets = [...files].filter(([name]) => name.endsWith('.css'))
  const names = namesOf([...files].filter(([name]) => !name.endsWith('.css')))
  const leading = sheets.map(([name, body]) => [name, renamed(body, names)] as const)
  Object.assign(names, namesOf(leading))
  const all = new Map([...files, ...leading])
  return { names, named: new Map([...all].map(([name, body]) => [names[name] ?? name, body])) }
}

const namesOf = (files: readonly (readonly [string, Buffer])[]): Record<string, string> =>
  Object.fromEntries(files.map(([name, body]) => [name, nameByContent(name, body)]))

function nameByContent(name: string, body: Buffer): string {
  const { name: stem, ext } = path.parse(name)
  return `${stem}.${hashOf(body)}${ext}`
}

function renamed(sheet: Buffer, names: Record<string, string>): Buffer {
  const text = sheet.toString()
  return Buffer.from(text.replaceAll(NAMED_IN_SHEET, (name) => names[name] ?? name))
}

const NAMED_IN_SHEET = /(?<=url\(["']?)[\w.-]+(?=["']?\))/g
