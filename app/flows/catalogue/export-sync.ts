import type { Context } from '../../context.ts'
import type { Link } from '../../store/sync-links.ts'
import type { User } from '../../store/users.ts'

const MOST_RUNS = 1_000

/** Everything kept of a person's goods, the goods themselves some at a time, without the pictures' bytes and the secret address of the file. */
export async function exportSync(ctx: Context, { id }: User): Promise<Record<string, unknown>> {
  const links = await ctx.syncLinks.list(id)
  const pairs: unknown[] = []
  for (const link of links) pairs.push(await exportPair(ctx, link))
  return { pairs, photos: await ctx.photos.list(id) }
}

async function exportPair(ctx: Context, link: Link) {
  const { groups } = await ctx.syncItems.groups(link.id)
  const runs = await ctx.syncRuns.history([link.id], MOST_RUNS)
  const byHand = [...(await ctx.syncOverrides.ofTill(link))].map(([productId, overrides]) => ({
    productId,
    ...overrides,
  }))
  return { ...link, groups, goods: goodsOf(ctx, link), byHand, runs }
}

async function* goodsOf(ctx: Context, { id }: Link) {
  for await (const page of ctx.syncItems.knownPages(id))
    yield page.map(({ product, linked }) => ({ product, itemId: linked?.itemId }))
}
