import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../../../context.ts'
import type { Known } from '../../../store/sync-items.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Group, Product } from '../../../catalogue/goods.ts'
import { confirmedZeros, suspiciousZeros } from '../../../catalogue/listing.ts'
import { keepListing } from './keep-listing.ts'
import { noteUnreadable, productsById, readable } from './readable.ts'
import type { SourceEndpoint } from '../endpoints.ts'
import { byId, emptyStore, type Look, merged, missesOf, NONE, unknownTo } from './merge-listing.ts'

/** The till's goods as they are known after the listing, with the cards they have. */
export interface ListedSource {
  known: Known[]
  groups: Group[]
  albumOf: Map<string, string>
  /** Album → what we called it last. */
  titles: Map<string, string>
  /** Something is different from what the last run carried. */
  changed: boolean
  /** Listings of the link that found something new, this one included. */
  changes: number
}

/** Clocks differ: what changed shortly before the last listing is asked for again. */
export const OVERLAP_MS = 5 * 60_000

/**
 * Lists a store's groups and products and keeps what has changed. A listing that breaks off changes nothing.
 * @throws ProviderError `store_empty` when a whole listing is empty, or what the platform's failure is
 */
export async function listSource(
  ctx: Context,
  link: Link,
  { source, fromTill }: SourceEndpoint,
  look: Look,
): Promise<ListedSource> {
  const { whole, run } = look
  const counts = run !== undefined
  const from = new Date(Date.now() - OVERLAP_MS)
  const since = whole ? undefined : link.listedFrom
  const list = () => listed(source.products(fromTill, link.storeId, since))
  const listedGroups = await source.groups(fromTill, link.storeId)
  const before = await ctx.syncItems.known(link.id)
  const answer = [...(await withConfirmedZeros(before, list)).values()]
  noteUnreadable(ctx, link, [...listedGroups, ...answer])
  if (!since && answer.length === 0) throw emptyStore(before.length > 0)
  const { things, lossy } = readable(answer, productsById(before))
  const products = byId(things)
  const complete = since === undefined && !lossy

  const misses = await missesOf(before, products, { ...look, whole: complete }, list)
  const changed = [...products.values()].filter(unknownTo(before))
  const knownGroups = await ctx.syncItems.groups(link.id)
  const groups = readableGroups(listedGroups, knownGroups.groups)
  const regrouped = !isDeepStrictEqual(knownGroups.groups, groups)
  const found = changed.length > 0 || regrouped || (counts && misses.size > 0)
  const changes = await keepListing(ctx, link, run, {
    ...{ found, changed, misses: counts ? misses : NONE },
    ...(regrouped && { groups }),
    ...(counts && { listed: { from, complete } }),
  })

  return {
    known: merged(before, products, misses),
    groups,
    albumOf: knownGroups.albumOf,
    titles: knownGroups.titles,
    changed: found || link.behind,
    changes,
  }
}

/** A group nobody can read may be any of those that are missing. */
function readableGroups(listed: readonly Group[], known: readonly Group[]): Group[] {
  const { things, lossy } = readable(listed, new Map(known.map((group) => [group.id, group])))
  return onceEach(lossy ? [...known, ...things] : things)
}

/** A list that had to begin again names some of them twice; the later one counts. */
const onceEach = (groups: readonly Group[]): Group[] => [
  ...new Map(groups.map((group) => [group.id, group])).values(),
]

async function listed(pages: AsyncIterable<Product[]>): Promise<Map<string, Product>> {
  const found = new Map<string, Product>()
  for await (const page of pages) for (const product of page) found.set(product.id, product)
  return found
}

/** Many products sold out at once are believed when a second listing says the same. */
async function withConfirmedZeros(
  before: readonly Known[],
  list: () => Promise<Map<string, Product>>,
): Promise<Map<string, Product>> {
  const first = await list()
  const old = before.map(({ product }) => product)
  if (!suspiciousZeros(old, [...first.values()])) return first
  const second = await list()
  return byId(confirmedZeros([...first.values()], [...second.values()]))
}
