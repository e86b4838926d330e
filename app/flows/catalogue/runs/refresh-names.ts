import type { Context } from '../../../context.ts'
import { ProviderError } from '../../../errors.ts'
import type { Link, Route } from '../../../store/sync-links.ts'
import type { Claim } from '../../../store/sync-run-rows.ts'
import { whileOurs } from './run-lease.ts'
import type { SourceEndpoint, Endpoints } from '../endpoints.ts'

type Names = Pick<Route, 'storeName' | 'communityName'>

/** Keeps what a pair's store and community are called by now: their owners rename them. */
export async function refreshNames(
  ctx: Context,
  { run, link }: { run: Claim; link: Link },
  ends: SourceEndpoint | Endpoints,
): Promise<void> {
  const names = await namesNow(link, ends)
  await whileOurs(ctx, run, ({ syncLinks }) => syncLinks.setNames(link, names))
}

export const renamed = (link: Link, { storeName, communityName }: Names): Link =>
  link.target === undefined
    ? { ...link, storeName }
    : { ...link, storeName, communityName: communityName ?? link.communityName }

/** One call an end; where a platform does not tell, the name stays, and nobody has to wait for it. */
export async function namesNow(link: Link, ends: SourceEndpoint | Endpoints): Promise<Names> {
  const [store, community] = await Promise.all([
    told(() => storeNow(link, ends)),
    told(() => communityNow(link, ends)),
  ])
  return { storeName: store ?? link.storeName, communityName: community ?? link.communityName }
}

async function storeNow({ storeId }: Link, { source, fromTill }: SourceEndpoint) {
  const stores = await source.stores(fromTill)
  return stores.find(({ id }) => id === storeId)
}

async function communityNow(link: Link, ends: SourceEndpoint | Endpoints) {
  if (link.target === undefined || !('target' in ends)) return undefined
  const { communityId } = link
  const found = await ends.target.community?.(ends.toShop, communityId)
  return found?.id === communityId ? found : undefined
}

async function told(read: () => Promise<{ name: string; unnamed?: true } | undefined>) {
  try {
    const found = await read()
    return found?.unnamed ? undefined : found?.name
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return undefined
  }
}
