import type { Caller, CatalogueTarget, Habits, Shop } from '../catalogue.ts'
import { CAPACITY } from './capacity.ts'
import { AT_ONCE, createBatch } from './batch.ts'
import { createAlbums } from './albums.ts'
import { readCategories } from './categories.ts'
import { findCommunity, readCommunities } from './communities.ts'
import { communityUrl } from './community.ts'
import { createAsk, type Market } from './market-calls.ts'
import { createReader } from './market-read.ts'
import { createWriter } from './market-write.ts'
import { createPhotos, PHOTOS_AT_ONCE } from './photos.ts'

const wait = (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms))

/** Goods of a ВКонтакте community (`market.*`, docs/platforms/vk.md); `domain` is that of the communities' pages. */
export function vkMarket(apiUrl: string, domain: string, sleep = wait): CatalogueTarget {
  const market: Market = { apiUrl, sleep }
  return {
    capacity: CAPACITY,
    communities: (call) => readCommunities(createAsk(market, call), domain),
    community: (call, typed) => findCommunity(createAsk(market, call), domain, typed),
    async categories(call, communityId) {
      const ask = createAsk(market, call)
      return readCategories(await ask('market.getCategories', { group_id: communityId }))
    },
    communityUrl: (id) => communityUrl(domain, id),
    // A window over the community's page, which goes by the numbers of both (docs/platforms/vk.md#communities).
    cardUrl: (id, itemId) => `${communityUrl(domain, id)}?w=product-${id}_${itemId}`,
    shop: (call, communityId, habits) => createShop(market, call, Number(communityId), habits),
  }
}

function createShop(market: Market, call: Caller, groupId: number, habits: Habits): Shop {
  const ask = createAsk(market, call)
  const batch = createBatch(ask, habits)
  const ownerId = -groupId
  return {
    ...createReader(ask, ownerId),
    ...createWriter(ask, batch, ownerId),
    ...createPhotos(ask, call, groupId),
    ...createAlbums(ask, batch, ownerId),
    atOnce: AT_ONCE,
    photosAtOnce: PHOTOS_AT_ONCE,
  }
}
