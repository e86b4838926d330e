import { createHash } from 'node:crypto'
import type { Context } from '../../../context.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Entry } from '../../../catalogue/entry.ts'
import { isGone } from '../../../catalogue/decide-step.ts'
import type { Capacity } from '../../../catalogue/capacity.ts'
import { TABLE, YML } from '../../../catalogue/file-capacity.ts'
import type { Group } from '../../../catalogue/goods.ts'
import { goodsCsv } from '../../../catalogue/goods-csv.ts'
import { createGroupIndex, lineage, type GroupIndex } from '../../../catalogue/group-index.ts'
import { createOfferIds } from '../../../catalogue/sku.ts'
import { yml } from '../../../catalogue/yml.ts'
import { cardAddresses, communityAddress } from '../card-address.ts'
import { ownedOf } from '../goods/owned.ts'
import { entryOf } from './feed-entry.ts'

/** The forms a catalogue is given out in. */
export type FeedKind = 'yml' | 'csv'

/** A link's goods as a file, and the address under which its pictures and pages are for everybody to see. */
export interface Feed {
  link: Link
  kind: FeedKind
  base: string
}

/** The file piece by piece: what is known of the till, by the rules by which cards are made. Nothing is asked of anybody. */
export async function* feed(
  ctx: Context,
  { link, kind, base }: Feed,
): AsyncGenerator<string, void> {
  const { groups, albumOf } = await ctx.syncItems.groups(link.id)
  const groupIndex = createGroupIndex({ groups, albumOf, albums: [], capacity: CAPACITY[kind] })
  const entries = entriesOf(ctx, link, groupIndex, base)
  if (kind === 'csv') yield* goodsCsv(groups, entries)
  else yield* yml(frontOf(ctx, link), carriedOf(groups, link, groupIndex), entries)
}

/** What the owner does not want carried is nobody's business, not even its name. */
const carriedOf = (groups: readonly Group[], { settings }: Link, groupIndex: GroupIndex): Group[] =>
  groups.filter(
    ({ id }) =>
      !lineage({ groupId: id }, groupIndex).some((one) => settings.groups[one] === 'skip'),
  )

const CAPACITY: Record<FeedKind, Capacity> = { yml: YML, csv: TABLE }

/** Another one where what is written of the same goods is different. */
const FORM = 5

/** Changes with the settings, with what the till is known to have, and with the cards a run has made. */
export async function feedVersion(ctx: Context, link: Link, kind: FeedKind): Promise<string> {
  const last = await ctx.syncRuns.last(link.id)
  const made = [FORM, kind, link.id, link.revision, link.storeName, link.changes, last?.id]
  return createHash('sha256').update(JSON.stringify(made)).digest('base64url').slice(0, 22)
}

/** Pictures of the owner's that a link's files name. */
export async function feedPhotos(ctx: Context, link: Link): Promise<Set<number>> {
  const { photoId, photos } = link.settings
  const ofGoods = [...(await ctx.syncGoodPhotos.ofTill(link)).values()].flat()
  return new Set([photoId, ...Object.values(photos), ...ofGoods].filter((id) => id !== undefined))
}

async function* entriesOf(
  ctx: Context,
  link: Link,
  groupIndex: GroupIndex,
  base: string,
): AsyncGenerator<Entry> {
  const addresses = { base, cardAt: cardAddresses(ctx, link) }
  const idFor = createOfferIds()
  const owned = await ownedOf(ctx, link)
  for await (const page of ctx.syncItems.knownPages(link.id))
    for (const known of page) {
      const offerId = idFor(known.product.id) // also of what is gone: others do not take its number
      const entry = isGone(known)
        ? undefined
        : entryOf(known, link, groupIndex, addresses, owned(known.product.id))
      if (entry) yield { ...entry, offerId }
    }
}

/** Dated by the listing it is made of. */
const frontOf = (ctx: Context, link: Link) => ({
  name: link.storeName,
  company: link.storeName,
  url: communityAddress(ctx, link) ?? ctx.config.baseUrl,
  now: link.listedFrom ?? link.createdAt,
  timeZone: ctx.config.timeZone,
})
