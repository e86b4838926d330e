import type { GroupLine } from '../../../flows/catalogue/source-choices.ts'
import { goods } from '../../kit/amounts.ts'
import type { Capacity } from '../../../catalogue/capacity.ts'
import type { FieldErrors } from '../../kit/forms.ts'
import { ALBUM_WORDS, type Entry, plainChoice, TO_BE_MADE } from './lists.ts'
import { type Fields, groupIn, idFor } from './fields.ts'
import { sameTitle } from '../../../catalogue/group-index.ts'

export interface Option {
  value: string
  label: string
  selected: boolean
  disabled?: boolean
}

/** Where a group's products go, and what it has of its own. */
export interface GroupRow {
  key: string
  id: string
  name: string
  goods: string
  indent: string
  /** What is chosen, in words: for a field with a list beside it. */
  album: string
  /** Undefined where the list stands once on the page. */
  albums: Option[] | undefined
  category: string
  /** It has rules of its own already, or something is wrong with them. */
  open: boolean
  photo: string | undefined
  /** It has something of its own. */
  own: boolean
}

/** What the rows are drawn with. */
export interface Rows {
  fields: Fields
  errors: FieldErrors
  albums: readonly Entry[] | undefined
  categories: readonly Entry[] | undefined
  /** Group → the name of its photo. */
  photos: ReadonlyMap<string, string>
  /** What the shop can hold. */
  capacity: Capacity
}

/** Options of all rows together that still make a page of a sensible size; more, and the list stands on it once. */
const MOST_OPTIONS = 4_000
const INDENTS = ['', ' ps-3', ' ps-4', ' ps-5']
const OWN = ['cat', 'pct', 'plus', 'round', 'photo', 'photo_off'] as const

/** Whether each row has room for a list of its own. */
export const fitsRows = (rows: number, list: readonly Entry[] | undefined): boolean =>
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

function createAlbums({ albums, capacity }: Rows, inRows: boolean) {
  const keyOf = (title: string) => sameTitle(title, capacity)
  const titled = new Map(albums?.map((entry): [string, Entry] => [keyOf(entry.label), entry]))
  const byId = new Map(albums?.map((entry): [string, Entry] => [entry.id, entry]))

  return ({ name }: GroupLine, chosen: string | undefined): Pick<GroupRow, 'album' | 'albums'> => {
    const first = firstOf(name, titled.get(keyOf(name)))
    if (!inRows) {
      const known = byId.get(chosen ?? '')?.label ?? wordOf(chosen)
      return {
        album: known ?? (!chosen || chosen === 'create' ? first.label : chosen),
        albums: undefined,
      }
    }
    const options = optionsOf(first, albums, chosen)
    return { album: '', albums: options }
  }
}

const wordOf = (chosen = '') =>
  chosen === 'none' || chosen === 'skip' ? ALBUM_WORDS[chosen] : undefined

/** The album of the group's name, or the one that would be made. */
const firstOf = (name: string, own: Entry | undefined) =>
  own ? { value: own.id, label: own.label } : { value: 'create', label: `${name}${TO_BE_MADE}` }

function optionsOf(
  first: { value: string; label: string },
  albums: readonly Entry[] | undefined,
  chosen: string | undefined,
): Option[] {
  const others = (albums ?? [])
    .filter(({ id }) => id !== first.value)
    .map(({ id, label }) => ({ value: id, label }))
  const options = [
    first,
    ...others,
    ...unseen(albums, chosen),
    { value: 'none', label: ALBUM_WORDS.none },
    { value: 'skip', label: ALBUM_WORDS.skip },
  ]
  const value = options.some((option) => option.value === chosen) ? chosen : first.value
  return options.map((option) => ({ ...option, selected: option.value === value }))
}

/** A choice made earlier is not lost because the list does not come today. */
const unseen = (albums: readonly Entry[] | undefined, chosen = '') =>
  !albums && plainChoice(chosen) === undefined ? [{ value: chosen, label: 'Как сейчас' }] : []

/** Groups a page shows; what is set of the others stays, or is brought along. */
const PER_PAGE = 200

/** The part of a long list of groups that is shown. */
export interface GroupPage {
  lines: readonly GroupLine[]
  page: number
  pages: number
  /** Groups found, of all. */
  found: number
  find: string
}

/** The groups whose names contain what is looked for; the page a fault is on comes first. */
export function groupPage(
  all: readonly GroupLine[],
  { page, find }: { page: string; find: string },
  errors: FieldErrors,
): GroupPage {
  const words = find.toLowerCase().split(/\s+/)
  const found = all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE))
  const wrong = new Set(Object.keys(errors).map(groupIn))
  const fault = found.findIndex(({ id }) => wrong.has(id))
  const wanted = /^\d{1,4}$/.test(page) ? Number(page) : 1
  const shown = fault < 0 ? Math.min(Math.max(wanted, 1), pages) : Math.floor(fault / PER_PAGE) + 1
  const lines = found.slice((shown - 1) * PER_PAGE, shown * PER_PAGE)
  return { lines, page: shown, pages, found: found.length, find }
}

/** What was typed of groups that are not shown, and differs from what is kept. */
export function broughtAlong(typed: Fields, lines: readonly GroupLine[]): [string, string][] {
  const shown = new Set(lines.map(({ id }) => id))
  return Object.entries(typed).filter(([name]) => {
    const group = groupIn(name)
    return group !== undefined && !shown.has(group)
  })
}
