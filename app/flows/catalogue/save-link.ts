import type { Context } from '../../context.ts'
import { isTaken } from '../../store/db-errors.ts'
import { isSamePlace, isSameStore, type Link, type Route } from '../../store/sync-links.ts'
import type { Settings } from '../../catalogue/settings.ts'
import { namesNow, renamed } from './runs/refresh-names.ts'
import { connectedEndpoints, sourceOf } from './endpoints.ts'
import {
  type Ends,
  findRoute,
  type Found,
  type LinkRefusal,
  placeOf,
  refused,
  type LinkWish,
} from './find-route.ts'

const MINUTE_MS = 60_000

/**
 * Keeps a pair of store and community with its settings; `link` is the one that is changed. Both are looked up at their
 * platforms; a pair that stays as it was is only named anew by that, and kept where they do not tell. A store that is
 * another forgets its products, a community its cards.
 */
export async function saveLink(
  ctx: Context,
  userId: number,
  ends: Ends,
  link: Link | undefined,
  wish: LinkWish,
): Promise<{ id: number } | { refusal: LinkRefusal }> {
  const found = await routeOf(ctx, ends, link, wish)
  if ('refusal' in found) return found
  try {
    if (!link) return { id: await ctx.syncLinks.add(userId, found.route, wish.settings) }
    return await change(ctx, link, found.route, wish.settings)
  } catch (error) {
    if (isTaken(error)) return refused('target', 'pair_taken')
    throw error
  }
}

async function routeOf(
  ctx: Context,
  ends: Ends,
  link: Link | undefined,
  wish: LinkWish,
): Promise<Found> {
  if (!link || !isSamePlace(link, placeOf(ends, wish))) return findRoute(ctx, ends, wish)
  const way = (await connectedEndpoints(ctx, link)) ?? (await sourceOf(ctx, link))
  return { route: way ? renamed(link, await namesNow(link, way)) : link }
}

async function change(ctx: Context, link: Link, route: Route, settings: Settings) {
  const moved = !isSamePlace(link, route)
  // A run that has begun carries the old pair; it would bring back what is forgotten here.
  if (moved && (await ctx.syncRuns.active(link.id))) return refused('source', 'already_running')

  await ctx.syncLinks.change(link.id, route, settings)
  if (!isSameStore(link, route)) await ctx.syncItems.forgetAll(link.id)
  else if (moved) await ctx.syncItems.unlinkAll(link.id)
  if (link.settings.everyMinutes !== settings.everyMinutes)
    await ctx.syncLinks.setNextRun(link.id, await nextRunOf(ctx, link, settings))
  return { id: link.id }
}

/** When a pair runs next by these settings; the first run is always a person's. */
export async function nextRunOf(ctx: Context, { id }: Link, { everyMinutes }: Settings) {
  if (everyMinutes === 0 || !(await ctx.syncRuns.last(id))) return undefined
  return new Date(Date.now() + everyMinutes * MINUTE_MS)
}
