import type { GroupLine } from '../flows/till-choices.ts'
import { sameTitle } from '../sync/shelf.ts'
import type { Album } from '../sync/items.ts'
import { goods } from './amounts.ts'
import type { FieldErrors } from './forms.ts'
import { type Fields, idFor } from './sync-fields.ts'

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
  albums: Option[]
  /** It has rules of its own already, or something is wrong with them. */
  open: boolean
  photo: string | undefined
  /** It has something of its own. */
  own: boolean
}

const INDENTS = ['', ' ps-3', ' ps-4', ' ps-5']
const OWN = ['cat', 'pct', 'plus', 'round', 'photo'] as const

export function groupRows(
  lines: readonly GroupLine[],
  albums: readonly Album[] | undefined,
  { fields, errors }: { fields: Fields; errors: FieldErrors },
  photos: ReadonlyMap<string, string>,
): GroupRow[] {
  return lines.map((line) => ({
    key: line.id,
    id: idFor(`map[${line.id}]`),
    name: line.name,
    goods: goods(line.products),
    indent: INDENTS[Math.min(line.depth, INDENTS.length - 1)] ?? '',
    albums: albumOptions(line, albums, fields[`map[${line.id}]`]),
    open: OWN.some((name) => errors[`${name}[${line.id}]`]),
    photo: photos.get(line.id),
    own: photos.has(line.id) || OWN.some((name) => fields[`${name}[${line.id}]`]),
  }))
}

/** The album of the group's name first, or the one that would be made; then the others. */
function albumOptions(
  { name }: GroupLine,
  albums: readonly Album[] | undefined,
  chosen: string | undefined,
): Option[] {
  const own = albums?.find(({ title }) => sameTitle(title) === sameTitle(name))
  const first = own
    ? { value: String(own.id), label: own.title }
    : { value: 'create', label: `${name} (создать)` }
  const others = (albums ?? [])
    .filter((album) => album !== own)
    .map(({ id, title }) => ({ value: String(id), label: title }))
  const options = [
    first,
    ...others,
    ...unseen(albums, chosen),
    { value: 'none', label: 'Без подборки' },
    { value: 'skip', label: 'Не переносить' },
  ]
  const value = options.some((option) => option.value === chosen) ? chosen : first.value
  return options.map((option) => ({ ...option, selected: option.value === value }))
}

/** A choice made earlier is not lost because the list does not come today. */
const unseen = (albums: readonly Album[] | undefined, chosen = '') =>
  !albums && /^\d+$/.test(chosen) ? [{ value: chosen, label: 'Как сейчас' }] : []
