import type { OkRefusal } from './refusal.ts'

/** Whether a card is on display; the first is, the next two are and cannot be bought, the rest are not. */
export type Status = 'ACTIVE' | 'SOLD' | 'OUT_OF_STOCK' | 'CLOSED' | 'AUTO_CLOSED'

/** A group with its goods, or a public page, which is `business`. */
export interface OkGroup {
  id: string
  name: string
  shortName: string
  business: boolean
  /** Goods may be added. */
  market: boolean
  roles: Map<string, 'ADMIN' | 'MODERATOR' | 'MEMBER'>
  products: Map<string, OkProduct>
  catalogs: Map<string, OkCatalog>
}

/** A card. Its price in kopecks, the end of its display in ms. */
export interface OkProduct {
  id: string
  title: string
  description: string
  price: number
  currency: string
  status: Status
  /** Undefined: for ever. */
  until: number | undefined
  photoIds: readonly string[]
  catalogIds: readonly string[]
}

export interface OkCatalog {
  id: string
  name: string
  adminRestricted: boolean
}

/** A photo on its way: an address that waits for it, then a token, then a card's. */
export interface OkPhoto {
  id: string
  groupId: string
  token?: string
  bytes?: Buffer
  usedBy?: string
  until: number
}

/** A write that was done, whether or not its answer arrived. */
export interface OkWrite {
  method: string
  params: Readonly<Record<string, string>>
  productId: string | undefined
}

/** A refusal on command. */
export interface OkTrouble {
  method: string
  refusal: OkRefusal
  times: number
  after: number
  /** The work is done all the same. */
  worked: boolean
}

/** Where the manual is silent, what this OK does; a test takes either way. */
export interface OkRules {
  longestTitle: number
  longestText: number
  /** An edit puts a card that is closed on display again. */
  editShows: boolean
  /** A card that is in no catalog says nothing of catalogs. */
  silentCatalogs: boolean
  /** `market.getByIds` gives so many at the most, and says nothing of the others. */
  idsAtOnce: number
  mostProducts: number
}

/** The market's side of the simulator. */
export interface OkMarket {
  groups: Map<string, OkGroup>
  photos: Map<string, OkPhoto>
  rules: OkRules
  troubles: OkTrouble[]
  /** Answers of these methods are lost so many times more. */
  dropped: Map<string, number>
  writes: OkWrite[]
  /** Calls by method so far. */
  made: Map<string, number>
  lastId: bigint
}

export const createMarket = (groups: OkGroup[]): OkMarket => ({
  groups: new Map(groups.map((one) => [one.id, one])),
  photos: new Map(),
  rules: {
    longestTitle: 100,
    longestText: 3000,
    editShows: true,
    silentCatalogs: true,
    idsAtOnce: 30,
    mostProducts: Infinity,
  },
  troubles: [],
  dropped: new Map(),
  writes: [],
  made: new Map(),
  lastId: 153_220_117_000_000n,
})

/** The next number for a card, a catalog or a photo: longer than a number of JavaScript is exact. */
export function nextId(market: OkMarket): string {
  market.lastId += 1n
  return `${market.lastId}${String(Number(market.lastId % 1000n)).padStart(3, '0')}`
}
