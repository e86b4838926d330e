import type { Capacity } from '../../../catalogue/capacity.ts'
import { sameTitle } from '../../../catalogue/group-names.ts'
import type { GroupLine } from '../../../flows/catalogue/group-lines.ts'
import type { FieldErrors } from '../../kit/forms.ts'
import type { FormFields } from './fields.ts'
import { ALBUM_WORDS, type ListEntry, plainChoice, TO_BE_MADE } from './lists.ts'

/** One of a select. */
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
  fields: FormFields
  errors: FieldErrors
  albums: readonly ListEntry[] | undefined
  categories: readonly ListEntry[] | undefined
  /** Group → the name of its photo. */
  photos: ReadonlyMap<string, string>
  /** What the shop can hold. */
  capacity: Capacity
}

export function createAlbums({ albums, capacity }: Rows, inRows: boolean) {
  const keyOf = (title: string) => sameTitle(title, capacity)
  const titled = new Map(albums?.map((entry): [string, ListEntry] => [keyOf(entry.label), entry]))
  const byId = new Map(albums?.map((entry): [string, ListEntry] => [entry.id, entry]))

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
const firstOf = (name: string, own: ListEntry | undefined) =>
  own ? { value: own.id, label: own.label } : { value: 'create', label: `${name}${TO_BE_MADE}` }

function optionsOf(
  first: { value: string; label: string },
  albums: readonly ListEntry[] | undefined,
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
const unseen = (albums: readonly ListEntry[] | undefined, chosen = '') =>
  !albums && plainChoice(chosen) === undefined ? [{ value: chosen, label: 'Как сейчас' }] : []
