import type { Context } from '../../../context.ts'
import type { Shop } from '../../../providers/catalogue.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Claim } from '../../../store/sync-run-rows.ts'
import type { Album, Shown } from '../../../catalogue/items.ts'
import type { Capacity } from '../../../catalogue/capacity.ts'
import type { Linked } from '../../../catalogue/linked.ts'
import { plan } from '../../../catalogue/plan.ts'
import type { Plan } from '../../../catalogue/steps.ts'
import { type ListedSource, listSource } from './list-source.ts'
import type { Look } from './merge-listing.ts'
import { whileOurs } from './run-lease.ts'
import type { Endpoints } from '../endpoints.ts'
import { ownedOf } from '../goods/owned.ts'
import { keepShowings } from '../goods/keep-showings.ts'
import { tryAgainPhotos } from '../try-again-photos.ts'

/** What there is to do, and how many cards the community shows. */
export interface PlannedRun {
  plan: Plan
  shown: number
  /** Listings of the link that found something new, by now. */
  changes: number
  /** Gone from the till for good, without a card: nothing more to know of them. */
  forgotten: string[]
}

/** Reads the till, then the community, and says what there is to do; nothing is sent. Undefined: nothing has changed. */
export async function planRun(
  ctx: Context,
  link: Link,
  way: Endpoints,
  look: Look,
  onTarget?: () => Promise<void>,
): Promise<PlannedRun | undefined> {
  const listed = await listSource(ctx, link, way, look)
  if (!look.whole && !listed.changed && !(await isChanged(ctx, link))) return undefined
  const till = { ...listed, known: await tryAgainPhotos(ctx, link, way, listed.known) }
  await onTarget?.()
  const { capacity } = way.target
  const shop = shopOf(ctx, link, way, look.run)
  const { items, albums } = await shop.read()
  await nameKnown(ctx, link, till, { albums, run: look.run })
  const shown = await withMissing(shop, items, till)
  const planNow = () => planOf(ctx, link, till, { shown, albums, capacity })
  const plan = await (look.run ? planHeld(ctx, link, look.run, planNow) : planNow())
  const products = till.known.map(({ product }) => product)
  await keepShowings(ctx, link, look.run, { products, showings: plan.showings })
  return {
    plan,
    shown: items.length,
    changes: till.changes,
    forgotten: till.known
      .filter(({ misses, linked }) => misses >= 2 && !linked)
      .map(({ product }) => product.id),
  }
}

/** Since the last run a person has changed settings, or photos of a product. */
async function isChanged({ syncRuns }: Context, { id, revision }: Link): Promise<boolean> {
  const last = await syncRuns.last(id)
  return last !== undefined && last.linkRevision !== revision
}

/** The community's goods, with what is known of its habits. */
export const shopOf = (
  ctx: Context,
  link: Link,
  { target, toShop }: Endpoints,
  run?: Claim,
): Shop => {
  if (link.target === undefined) throw new Error('goods of a file go into no community')
  return target.shop(toShop, link.communityId, {
    singly: link.singly,
    onSingly: () => whileOurs(ctx, run, ({ syncLinks }) => syncLinks.setSingly(link.id)),
  })
}

/** What an album was called when it was made, nobody noted before there was need to: it goes by what it is called now. */
async function nameKnown(
  ctx: Context,
  { id }: Link,
  till: ListedSource,
  { albums, run }: { albums: readonly Album[]; run: Claim | undefined },
) {
  const ours = new Set(till.albumOf.values())
  const nameless = albums.filter((album) => ours.has(album.id) && !till.titles.has(album.id))
  if (nameless.length === 0) return
  await whileOurs(ctx, run, ({ syncItems }) => syncItems.noteTitles(id, nameless))
  for (const album of nameless) till.titles.set(album.id, album.title)
}

/** A card that the listing leaves out is asked for by its number before it counts as deleted. */
async function withMissing(
  shop: Shop,
  items: readonly Shown[],
  { known }: ListedSource,
): Promise<Shown[]> {
  const there = new Set(items.map(({ itemId }) => itemId))
  const missing = known.flatMap(({ linked }) =>
    linked && !there.has(linked.itemId) ? [linked.itemId] : [],
  )
  return missing.length > 0 ? [...items, ...(await shop.find(missing))] : [...items]
}

interface ShopNow {
  capacity: Capacity
  shown: readonly Shown[]
  albums: readonly Album[]
}

/** What a run plans is its own: of two pairs that want a card at once, one plans again without it. */
async function planHeld(
  ctx: Context,
  link: Link,
  run: Claim,
  planNow: () => Promise<Plan>,
): Promise<Plan> {
  for (;;) {
    const mine = await planNow()
    const lost = await whileOurs(ctx, run, ({ syncHolds }) => syncHolds.take(link, mine.holds))
    if (lost === 0) return mine
  }
}

async function planOf(ctx: Context, link: Link, till: ListedSource, shop: ShopNow): Promise<Plan> {
  const owned = await ownedOf(ctx, link)
  return plan({
    ...shop,
    products: till.known.map(({ product, misses }) => ({
      product,
      misses,
      ...owned(product.id),
    })),
    groups: till.groups,
    albumOf: till.albumOf,
    titles: till.titles,
    linked: till.known.flatMap(({ linked }): Linked[] => (linked ? [linked] : [])),
    settings: link.settings,
    held: await ctx.syncHolds.ofOthers(link),
  })
}
