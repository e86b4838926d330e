import type { Category } from '../../../providers/catalogue.ts'
import type { Album } from '../../../catalogue/items.ts'
import type { GroupChoice } from '../../../catalogue/settings.ts'
import { sameTitle } from '../../../catalogue/group-names.ts'

/** An entry of a list a person chooses from: what they read, and what the platform calls it by. */
export interface ListEntry {
  label: string
  id: string
}

export const ALBUM_WORDS = { none: 'Без подборки', skip: 'Не переносить' } as const
/** What stands behind a group's name while its album is not there. */
export const TO_BE_MADE = ' (создать)'

/** Albums by what they are called; two of one name have their ids behind it. */
export const albumEntries = (albums: readonly Album[]): ListEntry[] =>
  distinct(albums.map(({ id, title }) => ({ label: title, id })))

/** Leaves of the tree, each with the whole way to it. */
export const categoryEntries = (categories: readonly Category[]): ListEntry[] =>
  distinct(categories.map(({ id, path }) => ({ label: path.join(' → '), id })))

function distinct(entries: readonly ListEntry[]): ListEntry[] {
  const counts = new Map<string, number>()
  for (const { label } of entries)
    counts.set(sameTitle(label), (counts.get(sameTitle(label)) ?? 0) + 1)
  return entries.map(({ label, id }) => ({
    label: counts.get(sameTitle(label)) === 1 ? label : `${label} (№ ${id})`,
    id,
  }))
}

/** Finds the id of what was chosen; words where the list cannot be read just now. */
export type Find = ((text: string) => string | undefined) | string

/** What a form's choices have to stand in; a list nothing new was chosen from is missing. */
export interface Lists {
  album?: Find
  category?: Find
}

/** Finds the id of what was chosen or typed: one of the list, or a name that stands in it once. */
export function createFinder(entries: readonly ListEntry[]): (text: string) => string | undefined {
  const byId = new Set(entries.map(({ id }) => id))
  const byLabel = new Map(entries.map(({ label, id }) => [sameTitle(label), id]))
  return (text) => (byId.has(text) ? text : byLabel.get(sameTitle(text)))
}

/** What a group's field says without a list: a word of ours, or nothing chosen, which is an album of the group's name. */
export function plainChoice(text: string): Extract<GroupChoice, string> | undefined {
  if (text === '' || text === 'create' || text.endsWith(TO_BE_MADE)) return 'create'
  if (text === 'none' || text === ALBUM_WORDS.none) return 'none'
  return text === 'skip' || text === ALBUM_WORDS.skip ? 'skip' : undefined
}
