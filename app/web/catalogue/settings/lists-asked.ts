import type { Link } from '../../../store/sync-links.ts'
import type { FormPlaces } from './draft.ts'
import type { FormFields } from './fields.ts'
import type { GroupPart } from './page.ts'

/** A button that asks for other lists or another part of them, or another pair than the one they were read for. */
export const asksForLists = (fields: FormFields, places: FormPlaces): boolean =>
  asksForSome(fields) ||
  (fields.seen_store ?? places.storeId) !== places.storeId ||
  (fields.seen_group ?? places.communityId) !== places.communityId

export const asksForSome = (fields: FormFields): boolean =>
  isSearch(fields) || Boolean(fields.show) || Boolean(fields.page)

/** By its button, or by Enter in its field: then no button is named, and what is looked for is not what is shown. */
const isSearch = ({ show, save, page, find = '', found = '' }: FormFields): boolean =>
  show === 'find' || (!show && !save && !page && find.trim() !== found.trim())

/** Which groups are shown: a search begins at its first page. */
export function partOf(fields: FormFields): GroupPart {
  const { page, at_page: now, find, found } = fields
  if (isSearch(fields)) return { find: find ?? '', page: '1' }
  return { find: found ?? '', page: page ?? now ?? '1' }
}

export function listsOf(
  link: Link | undefined,
  { storeId, target, communityId }: FormPlaces,
  fields: FormFields,
): string {
  const { find = '', page = '' } = partOf(fields)
  const query = new URLSearchParams({
    ...{ link: String(link?.id ?? 'new'), store_id: storeId, group_id: communityId },
    ...(fields.target && { target }),
    ...(find !== '' && { find }),
    ...(page !== '1' && { page }),
  })
  return `/sync/settings?${query.toString()}${asksForSome(fields) ? '#groups' : ''}`
}
