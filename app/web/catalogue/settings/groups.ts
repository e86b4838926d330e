import type { GroupLine } from '../../../flows/catalogue/group-lines.ts'
import { goods } from '../../kit/amounts.ts'
import type { ListEntry } from './lists.ts'
import { idFor } from './fields.ts'
import { createAlbums, type GroupRow, type Rows } from './album-options.ts'

/** Options of all rows together that still make a page of a sensible size; more, and the list stands on it once. */
const MOST_OPTIONS = 4_000
const INDENTS = ['', ' ps-3', ' ps-4', ' ps-5']
const OWN = ['cat', 'pct', 'plus', 'round', 'photo', 'photo_off'] as const

/** Whether each row has room for a list of its own. */
export const fitsRows = (rows: number, list: readonly ListEntry[] | undefined): boolean =>
  rows * (list?.length ?? 0) <= MOST_OPTIONS

export function groupRows(lines: readonly GroupLine[], rows: Rows): GroupRow[] {
  const { fields, errors, categories, photos } = rows
  const albumsOf = createAlbums(rows, fitsRows(lines.length, rows.albums))
  const categoryOf = new Map(categories?.map(({ id, label }) => [id, label]))
  return lines.map((line) => {
    const category = fields[`cat[${line.id}]`] ?? ''
    return {
      key: line.id,
      id: idFor(`map[${line.id}]`),
      name: line.name,
      goods: goods(line.products),
      indent: INDENTS[Math.min(line.depth, INDENTS.length - 1)] ?? '',
      ...albumsOf(line, fields[`map[${line.id}]`]?.trim()),
      category: categoryOf.get(category) ?? category,
      open: OWN.some((name) => errors[`${name}[${line.id}]`]),
      photo: photos.get(line.id),
      own: photos.has(line.id) || OWN.some((name) => fields[`${name}[${line.id}]`]),
    }
  })
}
