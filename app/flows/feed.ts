import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Known } from '../store/sync-items.ts'
import type { Link } from '../store/sync-links.ts'
import type { Entry } from '../sync/entry.ts'
import { isGone } from '../sync/fate.ts'
import type { Group } from '../sync/goods.ts'
import { goodsCsv } from '../sync/goods-csv.ts'
import { judge } from '../sync/judge.ts'
import { createShelf, lineage, type Shelf } from '../sync/shelf.ts'
import { articleOf } from '../sync/sku.ts'
import { yml } from '../sync/yml.ts'
import { cardAddresses } from './card-address.ts'

/** The forms a catalogue is given out in. */
export type FeedKind = 'yml' | 'csv'

/** A link's goods as a file, with where its pictures are for everybody to see: an address that a photo's number ends. */
export interface Feed {
  link: Link
  kind: FeedKind
  photos: string
}

/** The file piece by piece: what is known of the till, by the rules by which cards are made. Nothing is asked of anybody. */
export async function* feed(
  ctx: Context,
  { link, kind, photos }: Feed,
): AsyncGenerator<string, void> {
  const { groups, albumOf } = await ctx.syncItems.groups(link.id)
  const shelf = createShelf({ groups, albumOf, albums: [] })
  const entries = entriesOf(ctx, link, shelf, photos)
  if (kind === 'csv') yield* goodsCsv(groups, entries)
  else yield* yml(frontOf(ctx, link), carriedOf(groups, link, shelf), entries)
}

/** What the owner does not want carried is nobody's business, not even its name. */
const carriedOf = (groups: readonly Group[], { settings }: Link, shelf: Shelf): Group[] =>
  groups.filter(
    ({ id }) => !lineage({ groupId: id }, shelf).some((one) => settings.groups[one] === 'skip'),
  )

/** Changes with the settings, with what the till is known to have, and with the cards a run has made. */
export async function feedVersion(ctx: Context, link: Link, kind: FeedKind): Promise<string> {
  const last = await ctx.syncRuns.last(link.id)
  const made = [kind, link.id, link.revision, link.changes, last?.id]
  return createHash('sha256').update(JSON.stringify(made)).digest('base64url').slice(0, 22)
}

/** Pictures of the owner's that a link's files name. */
export const feedPhotos = ({ settings }: Link): Set<number> =>
  new Set([settings.photoId, ...Object.values(settings.photos)].filter((id) => id !== undefined))

async function* entriesOf(
  ctx: Context,
  link: Link,
  shelf: Shelf,
  photos: string,
): AsyncGenerator<Entry> {
  const cardAt = cardAddresses(ctx, link)
  for await (const page of ctx.syncItems.knownPages(link.id))
    for (const known of page) {
      const entry = isGone(known) ? undefined : entryOf(known, link, shelf, { photos, cardAt })
      if (entry) yield entry
    }
}

/** A file needs neither category nor picture. Of pictures only the owner's are there for everybody. */
function entryOf(
  { product, linked }: Known,
  link: Link,
  shelf: Shelf,
  { photos, cardAt }: { photos: string; cardAt: ReturnType<typeof cardAddresses> },
): Entry | undefined {
  const verdict = judge(product, shelf, link.settings, linked ?? {})
  if (!('item' in verdict)) return undefined
  const { title, description, price, stock, hidden, photo } = verdict.item
  const [, own] = /^own:(\d+)$/.exec(photo) ?? []
  const article = articleOf(product)
  const url = linked && cardAt(linked.itemId)
  return {
    ...{ productId: product.id, title, description, price, hidden, unit: product.unit },
    ...(stock !== undefined && { stock }),
    ...(product.groupId !== undefined && { groupId: product.groupId }),
    ...(article && { article }),
    ...(own && { picture: `${photos}${own}.jpg` }),
    ...(url && { url }),
  }
}

/** Dated by the listing it is made of. */
const frontOf = ({ config }: Context, link: Link) => ({
  name: link.storeName,
  company: link.storeName,
  url: link.communityUrl || config.baseUrl,
  now: link.listedFrom ?? link.createdAt,
  timeZone: config.timeZone,
})
