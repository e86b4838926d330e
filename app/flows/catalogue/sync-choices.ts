import type { Context } from '../../context.ts'
import { ProviderError, ShopRefused } from '../../errors.ts'
import type { Caller, CatalogueTarget, Category, Community } from '../../providers/catalogue.ts'
import type { Store } from '../../catalogue/goods.ts'
import type { Album } from '../../catalogue/items.ts'
import type { Connection } from '../../store/connection.ts'
import type { Provider, SourcePlatform, TargetPlatform } from '../../providers/provider.ts'
import type { Capacity } from '../../catalogue/capacity.ts'
import { type Cause, causeOf } from '../notices/failure-reason.ts'
import { callerOf } from './endpoints.ts'
import { readGoods, type SourceGoods } from './source-choices.ts'

/** An end that is connected. */
export interface ReadyEnd<P extends Provider = Provider> {
  provider: P
  connection: Connection
}

/** Which store and which community are looked into; the first that will do where it is left open. */
export interface WantedPair {
  storeId?: string | undefined
  communityId?: string | undefined
}

/** What could not be read, and why: a code of the texts. */
export interface Unread extends Cause {
  provider: Provider
}

/** What there is to choose from. What could not be read is empty, and `unread` says why. */
export interface Choices {
  stores: readonly Store[]
  store: Store | undefined
  goods: SourceGoods | undefined
  communities: readonly Community[]
  /** The platform would not list them: the person names theirs. */
  unlisted: boolean
  community: Community | undefined
  albums: readonly Album[] | undefined
  categories: readonly Category[] | undefined
  unread: readonly Unread[]
}

type Reading = <T>(provider: Provider, read: () => Promise<T>) => Promise<T | undefined>

/** Asks both platforms at once; their failures are told, never thrown. */
export async function readChoices(
  ctx: Context,
  source: ReadyEnd<SourcePlatform>,
  target: ReadyEnd<TargetPlatform>,
  wanted: WantedPair,
): Promise<Choices> {
  const unread: Unread[] = []
  const reading: Reading = async (provider, read) => {
    try {
      return await read()
    } catch (error) {
      unread.push(unreadOf(provider, error))
      return undefined
    }
  }
  const [till, shop] = await Promise.all([
    tillChoices(ctx, source, { ...wanted, capacity: target.provider.target.capacity }, reading),
    shopChoices(ctx, target, wanted, reading),
  ])
  return { ...till, ...shop, unread: onceEach(unread) }
}

function unreadOf(provider: Provider, error: unknown): Unread {
  if (!(error instanceof ProviderError)) throw error
  return { provider, ...causeOf(error.of(provider.key)) }
}

async function tillChoices(
  ctx: Context,
  end: ReadyEnd<SourcePlatform>,
  wanted: WantedPair & { capacity: Capacity },
  reading: Reading,
) {
  const { provider, connection } = end
  const { source } = provider
  const call = callerOf(ctx, connection, provider)
  const stores = (await reading(provider, () => source.stores(call))) ?? []
  const store = stores.find(({ id }) => id === wanted.storeId) ?? stores[0]
  const goods =
    store && (await reading(provider, () => readGoods(source, call, store.id, wanted.capacity)))
  return { stores, store, goods }
}

async function shopChoices(
  ctx: Context,
  end: ReadyEnd<TargetPlatform>,
  wanted: WantedPair,
  reading: Reading,
) {
  const { provider, connection } = end
  const { target } = provider
  const nothing = { albums: undefined, categories: undefined }
  const call = callerOf(ctx, connection, provider)
  const listed = await reading(provider, () => target.communities(call))
  const communities = listed ?? []
  const community = listed
    ? chosenOf(listed, wanted.communityId)
    : await reading(provider, () => typedCommunity(target, call, wanted.communityId))
  const seen = { communities, unlisted: listed === undefined, community }
  if (!community?.market) return { ...seen, ...nothing }

  const shop = target.shop(call, community.id, { singly: false, onSingly: () => Promise.resolve() })
  const [albums, categories] = await Promise.all([
    reading(provider, () => shop.albums()),
    reading(provider, async () => target.categories?.(call, community.id)),
  ])
  return { ...seen, albums, categories }
}

function chosenOf(communities: readonly Community[], id: string | undefined) {
  if (id === '') return undefined
  return (
    communities.find((community) => community.id === id) ??
    communities.find(({ market }) => market) ??
    communities[0]
  )
}

/**
 * The one a person named because the platform would not list theirs.
 * @throws ShopRefused community_unknown
 */
export async function typedCommunity(
  target: CatalogueTarget,
  call: Caller,
  typed: string | undefined,
): Promise<Community | undefined> {
  if (!typed) return undefined
  const found = await target.community?.(call, typed)
  if (found) return found
  throw new ShopRefused('no such community', {
    code: 'community_unknown',
    kind: 'configuration',
    scope: 'account',
  })
}

/** The same trouble at several calls is one. */
const onceEach = (unread: readonly Unread[]): Unread[] => [
  ...new Map(unread.map((one) => [`${one.provider.key} ${one.code}`, one])).values(),
]
