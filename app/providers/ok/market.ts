import type { Caller, CatalogueTarget, Shop } from '../catalogue.ts'
import { createAsk, type Market } from './calls.ts'
import { CAPACITY } from './capacity.ts'
import { createCatalogs } from './catalogs.ts'
import { cardUrl, communityUrl, findCommunity, isBusiness, readCommunities } from './communities.ts'
import { createPhotos, PHOTOS_AT_ONCE } from './photos.ts'
import { createReader } from './reading.ts'
import { createWriter } from './writing.ts'

/** Changes of one round: their cards are read together, then each is sent by itself. */
const AT_ONCE = 25

const wait = (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms))

/** Goods of a group of Одноклассники (`market.*`, docs/platforms/ok.md); `url` is where calls go. */
export function okMarket(url: string, sleep = wait): CatalogueTarget {
  const market: Market = { url, sleep }
  return {
    capacity: CAPACITY,
    communities: (call) => readCommunities(createAsk(market, call)),
    community: (call, typed) => findCommunity(createAsk(market, call), typed),
    communityUrl,
    cardUrl,
    shop: (call, communityId) => createShop(market, call, communityId),
  }
}

function createShop(market: Market, call: Caller, gid: string): Shop {
  const ask = createAsk(market, call)
  const { cardsOf, ...reader } = createReader(ask, gid)
  let kind: Promise<boolean> | undefined
  const business = () => {
    kind ??= isBusiness(ask, gid)
    kind.catch(() => (kind = undefined))
    return kind
  }
  return {
    ...reader,
    ...createWriter(ask, gid, { cardsOf }, business),
    ...createCatalogs(ask, gid, { cardsOf }),
    ...createPhotos(ask, call, gid),
    atOnce: AT_ONCE,
    photosAtOnce: PHOTOS_AT_ONCE,
  }
}
