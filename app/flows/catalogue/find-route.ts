import type { Settings } from '../../catalogue/settings.ts'
import { ProviderError } from '../../errors.ts'
import type { Context } from '../../context.ts'
import type { SourcePlatform, TargetPlatform } from '../../providers/provider.ts'
import { callerOf } from './endpoints.ts'
import { causeOf } from '../notices/failure-reason.ts'
import type { Route } from '../../store/sync-links.ts'
import { type ReadyEnd, typedCommunity } from './sync-choices.ts'

/** What a person wants: without a community, a file only. */
export interface LinkWish {
  storeId: string
  communityId: string | undefined
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

/** Where a pair leads; without a community, into a file. */
export const placeOf = ({ source, target }: Ends, { storeId, communityId }: LinkWish) => ({
  source: source.provider.key,
  target: communityId === undefined ? undefined : target.provider.key,
  ...{ storeId, communityId },
})

export type Found = { route: Route } | { refusal: LinkRefusal }

export const refused = (
  end: LinkRefusal['end'],
  code: string,
  values: LinkRefusal['values'] = {},
): { refusal: LinkRefusal } => ({ refusal: { end, code, values } })

export async function findRoute(ctx: Context, ends: Ends, wish: LinkWish): Promise<Found> {
  const store = await storeOf(ctx, ends.source, wish)
  if ('refusal' in store) return store
  const start = { source: ends.source.provider.key, ...store }
  const { communityId } = wish
  if (communityId === undefined) return { route: start }
  const community = await communityOf(ctx, ends.target, communityId)
  return 'refusal' in community ? community : { route: { ...start, ...community } }
}

async function storeOf(
  ctx: Context,
  { provider, connection }: Ends['source'],
  { storeId }: LinkWish,
) {
  const call = callerOf(ctx, connection, provider)
  const stores = await told('source', () => provider.source.stores(call))
  if ('refusal' in stores) return stores
  const store = stores.found.find(({ id }) => id === storeId)
  return store ? { storeId, storeName: store.name } : refused('source', 'choice_invalid')
}

async function communityOf(ctx: Context, end: Ends['target'], communityId: string) {
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
  return { target: provider.key, communityId: id, communityName: name, communityUrl: url }
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
