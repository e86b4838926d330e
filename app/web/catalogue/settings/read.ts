import type { Context } from '../../../context.ts'
import { type Offers, readOffers } from '../../../flows/catalogue/read-offers.ts'
import type { Ends } from '../../../flows/catalogue/find-route.ts'
import type { Provider } from '../../../providers/provider.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Reason } from '../../../catalogue/items.ts'
import type { GroupChoice, Settings } from '../../../catalogue/settings.ts'
import { type FormPlaces, wishedIn } from './draft.ts'
import {
  albumEntries,
  categoryEntries,
  createFinder,
  type Find,
  type Lists,
  plainChoice,
} from './lists.ts'
import { choiceText, type FormFields, groupIn, ofGroups } from './fields.ts'
import { readSettingsForm, type SentPhotos, type SettingsForm } from './form.ts'
import { wordsOf } from '../words.ts'

/**
 * Reads a form of settings against what the platforms offer. Only lists that something new was chosen from are asked for;
 * what is said of groups the store does not have is nobody's wish.
 */
export async function readSettingsSent(
  ctx: Context,
  ends: Ends,
  form: { link: Link | undefined; places: FormPlaces; fields: FormFields; photos: SentPhotos },
  basis: Settings,
): Promise<SettingsForm> {
  const { places, fields, photos } = form
  const known = await knownGroups(ctx, form.link, places, basis)
  const strange = [...groupsOf(fields), ...photos.groups.keys()].some((group) => !known.has(group))
  const offers = await readOffers(ctx, ends, wishedIn(places), {
    albums: choosesAlbum(fields, basis),
    categories: choosesCategory(fields, basis),
    groups: strange,
  })
  const there = groupsThere(known, offers.groups)
  const read = readSettingsForm(
    onlyOf(fields, there),
    basis,
    { ...photos, groups: new Map([...photos.groups].filter(([group]) => there(group))) },
    listsOf(offers, places, ends),
    { platform: ends.target.provider, capacity: ends.target.provider.target.capacity },
  )
  const unread = isReason(offers.groups) && unreadable(offers.groups, ends.source.provider)
  return unread ? { ...read, errors: { store_id: unread, ...read.errors } } : read
}

/** Groups that settings or listings of this pair name already. */
async function knownGroups(
  ctx: Context,
  link: Link | undefined,
  { storeId }: FormPlaces,
  { groups, categories, prices, photos }: Settings,
): Promise<Set<string>> {
  const named = [groups, categories, prices, photos].flatMap(Object.keys)
  if (link?.storeId !== storeId) return new Set(named)
  const listed = await ctx.syncItems.groups(link.id)
  return new Set([...named, ...listed.groups.map(({ id }) => id)])
}

const groupsOf = (fields: FormFields): string[] =>
  Object.keys(fields).flatMap((name) => groupIn(name) ?? [])

function groupsThere(known: ReadonlySet<string>, offered: Offers['groups']) {
  const listed = offered && !isReason(offered) ? offered : undefined
  return (group: string) => known.has(group) || (listed?.has(group) ?? isReason(offered))
}

const onlyOf = (fields: FormFields, there: (group: string) => boolean): FormFields =>
  Object.fromEntries(
    Object.entries(fields).filter(([name]) => {
      const group = groupIn(name)
      return group === undefined || there(group)
    }),
  )

const choosesAlbum = (fields: FormFields, { groups }: Settings): boolean =>
  [...ofGroups(fields, 'map')].some(
    ([group, text]) => plainChoice(text.trim()) === undefined && isNew(text, textOf(groups[group])),
  )

const choosesCategory = (fields: FormFields, { categoryId, categories }: Settings): boolean =>
  isNew(fields.category_id, categoryId) ||
  [...ofGroups(fields, 'cat')].some(([group, text]) => isNew(text, categories[group]))

const textOf = (choice: GroupChoice | undefined) => choice && choiceText(choice)

const isNew = (text = '', now: string | undefined) => text !== '' && text !== now

function listsOf(
  { albums, categories }: Offers,
  { communityId }: FormPlaces,
  { target }: Ends,
): Lists {
  if (communityId === '') return { album: nothing, category: nothing }
  const findIn = <T>(list: readonly T[] | Reason | undefined, find: (all: readonly T[]) => Find) =>
    list && (isReason(list) ? unreadable(list, target.provider) : find(list))
  const album = findIn(albums, (all) => createFinder(albumEntries(all)))
  const category = findIn(categories, (all) => createFinder(categoryEntries(all)))
  return { ...(album && { album }), ...(category && { category }) }
}

/** A file knows neither albums nor categories. */
const nothing = () => undefined

const isReason = (list: unknown): list is Reason =>
  typeof list === 'object' && list !== null && 'code' in list

function unreadable({ code, values }: Reason, platform: Provider): string {
  const { title, why } = wordsOf(code, platform, values)
  return `Не удалось проверить выбор. ${title}. ${why}`.trim()
}
