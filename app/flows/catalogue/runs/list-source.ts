import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../../../context.ts'
import { ProviderError } from '../../../errors.ts'
import type { Known } from '../../../store/sync-items.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Claim } from '../../../store/sync-run-rows.ts'
import type { Group, Product } from '../../../catalogue/goods.ts'
import { confirmedZeros, missesAfter, suspiciousZeros } from '../../../catalogue/listing.ts'
import { keepListing } from './keep-listing.ts'
import { noteUnreadable, productsById, readable } from './readable.ts'
import type { SourceEndpoint } from '../endpoints.ts'

/** How the till is looked at. */
export interface Look {
  /** Everything, not only what has changed. */
  whole: boolean
  /**
   * Whose it is: what is missing counts, and whoever has lost the run meanwhile keeps nothing of what it saw. Without one a
   * person only looks, and changes nothing.
   */
  run?: Claim
  /** A person decides by it, so that what is missing is decided at once: a run lists a second time for that. */
  byHand?: boolean
}

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

const NONE: ReadonlyMap<string, number> = new Map()
/** Clocks differ: what changed shortly before the last listing is asked for again. */
const OVERLAP_MS = 5 * 60_000

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

const byId = (products: readonly Product[]) =>
  new Map(products.map((product) => [product.id, product]))

function unknownTo(before: readonly Known[]): (product: Product) => boolean {
  const knownById = new Map(before.map((one) => [one.product.id, one]))
  return (product) => {
    const known = knownById.get(product.id)
    return !known || known.misses > 0 || !isDeepStrictEqual(known.product, product)
  }
}

/**
 * New counts of those whose count changes; only a whole listing tells that something is missing. What one misses and another
 * has is there, and is added to `products`.
 */
async function missesOf(
  before: readonly Known[],
  products: Map<string, Product>,
  { whole, run, byHand }: Look,
  list: () => Promise<Map<string, Product>>,
): Promise<Map<string, number>> {
  const known = new Map(before.map(({ product, misses }) => [product.id, misses]))
  let after = missesAfter(known, new Set(products.keys()), whole)
  if (whole && byHand && [...after.values()].includes(1)) {
    const second = run ? await list() : products // who looks is told what a second one is going to find
    if (second.size === 0) throw emptyStore(true)
    const { things, lossy } = readable([...second.values()], productsById(before))
    for (const product of things) if (!products.has(product.id)) products.set(product.id, product)
    after = missesAfter(after, new Set(products.keys()), !lossy)
  }
  return new Map([...after].filter(([id, count]) => known.get(id) !== count))
}

function merged(
  before: readonly Known[],
  products: ReadonlyMap<string, Product>,
  misses: ReadonlyMap<string, number>,
): Known[] {
  const old = new Set(before.map(({ product }) => product.id))
  const added = [...products.values()].filter(({ id }) => !old.has(id))
  return [
    ...before.map((known) => ({
      ...known,
      product: products.get(known.product.id) ?? known.product,
      misses: misses.get(known.product.id) ?? known.misses,
    })),
    ...added.map((product) => ({ product, misses: 0, linked: undefined })),
  ]
}

/** A store that had goods may be told as empty by mistake. */
const emptyStore = (hadGoods: boolean) =>
  new ProviderError('the store is empty', {
    code: 'store_empty',
    kind: hadGoods ? 'temporary' : 'configuration',
  })
