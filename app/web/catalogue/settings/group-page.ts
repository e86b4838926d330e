import type { GroupLine } from '../../../flows/catalogue/group-lines.ts'
import type { FieldErrors } from '../../kit/forms.ts'
import { type FormFields, groupIn } from './fields.ts'

/** Groups a page shows; what is set of the others stays, or is brought along. */
const PER_PAGE = 200

/** The part of a long list of groups that is shown. */
interface GroupPage {
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
export function broughtAlong(typed: FormFields, lines: readonly GroupLine[]): [string, string][] {
  const shown = new Set(lines.map(({ id }) => id))
  return Object.entries(typed).filter(([name]) => {
    const group = groupIn(name)
    return group !== undefined && !shown.has(group)
  })
}
