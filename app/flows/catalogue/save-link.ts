import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import { isTaken } from '../../store/db-errors.ts'
import { isSamePlace, isSameStore, type Link, type Route } from '../../store/sync-links.ts'
import type { SourcePlatform, TargetPlatform } from '../../providers/provider.ts'
import type { Settings } from '../../catalogue/settings.ts'
import { causeOf } from '../notices/failure-reason.ts'
import { namesNow } from './runs/refresh-names.ts'
import { type ReadyEnd, typedCommunity } from './sync-choices.ts'
import { callerOf, connectedEndpoints, sourceOf } from './endpoints.ts'

/** What a person wants: an empty community is a file only. */
export interface Wish {
  storeId: string
  communityId: string
  settings: Settings
}

/** Which half of the pair is at fault, and why: a code of the texts. */
export interface LinkRefusal {
  end: 'source' | 'target'
  code: string
  values: Readonly<Record<string, string | number>>
}

export interface Ends {
  source: ReadyEnd<SourcePlatform>
  target: ReadyEnd<TargetPlatform>
}

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
  wish: Wish,
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
  wish: Wish,
): Promise<Found> {
  if (!link || !isSamePlace(link, placeOf(ends, wish))) return findRoute(ctx, ends, wish)
  const way = (await connectedEndpoints(ctx, link)) ?? (await sourceOf(ctx, link))
  return { route: way ? { ...link, ...(await namesNow(link, way)) } : link }
}

/** Where a pair leads; without a community, into a file. */
const placeOf = ({ source, target }: Ends, { storeId, communityId }: Wish) => ({
  source: source.provider.key,
  target: communityId === '' ? undefined : target.provider.key,
  ...{ storeId, communityId },
})

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

/** The first run is always a person's. */
async function nextRunOf(ctx: Context, { id }: Link, { everyMinutes }: Settings) {
  if (everyMinutes === 0 || !(await ctx.syncRuns.last(id))) return undefined
  return new Date(Date.now() + everyMinutes * MINUTE_MS)
}

type Found = { route: Route } | { refusal: LinkRefusal }

const refused = (
  end: LinkRefusal['end'],
  code: string,
  values: LinkRefusal['values'] = {},
): { refusal: LinkRefusal } => ({ refusal: { end, code, values } })

async function findRoute(ctx: Context, ends: Ends, wish: Wish): Promise<Found> {
  const store = await storeOf(ctx, ends.source, wish)
  if ('refusal' in store) return store
  const place = placeOf(ends, wish)
  if (!place.target) return { route: { ...place, ...store, ...NO_COMMUNITY } }
  const community = await communityOf(ctx, ends.target, wish)
  return 'refusal' in community ? community : { route: { ...place, ...store, ...community } }
}

const NO_COMMUNITY = { communityId: '', communityName: '', communityUrl: '' }

async function storeOf(ctx: Context, { provider, connection }: Ends['source'], { storeId }: Wish) {
  const call = callerOf(ctx, connection, provider)
  const stores = await told('source', () => provider.source.stores(call))
  if ('refusal' in stores) return stores
  const store = stores.found.find(({ id }) => id === storeId)
  return store ? { storeId, storeName: store.name } : refused('source', 'choice_invalid')
}

async function communityOf(ctx: Context, end: Ends['target'], { communityId }: Wish) {
  const { provider, connection } = end
  const { target } = provider
  const call = callerOf(ctx, connection, provider)
  const listed = await told('target', () => target.communities(call))
  const named =
    'refusal' in listed
      ? await told('target', () => typedCommunity(target, call, communityId))
      : { found: listed.found.find(({ id }) => id === communityId) }
  if ('refusal' in named) return named
  if (!named.found) return refused('target', 'choice_invalid')
  const { id, name, url, market } = named.found
  if (!market) return refused('target', 'market_disabled', { group: name })
  return { communityId: id, communityName: name, communityUrl: url }
}

async function told<T>(end: LinkRefusal['end'], read: () => Promise<T>) {
  try {
    return { found: await read() }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    const { code, values } = causeOf(error)
    return refused(end, code, values)
  }
}
