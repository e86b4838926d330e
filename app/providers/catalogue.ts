import type { Capacity } from '../catalogue/capacity.ts'
import type { Group, Image, Product, Store } from '../catalogue/goods.ts'
import type { Album, Item, Shown } from '../catalogue/items.ts'
import type { ShopRefused } from '../errors.ts'
import type { Api } from './api.ts'

/**
 * Runs one call with tokens that are fresh at that moment, and once more with renewed ones when the platform calls them
 * invalid. A call reads its answer inside, so that a refusal in the body is seen.
 */
export type Caller = <T>(use: (api: Api) => Promise<T>) => Promise<T>

/** A platform goods come from. Every list is whole, or the call throws ProviderError. */
export interface CatalogueSource {
  stores(call: Caller): Promise<Store[]>
  groups(call: Caller, storeId: string): Promise<Group[]>
  /** Page by page; with `since`, what has changed from then on. */
  products(call: Caller, storeId: string, since?: Date): AsyncIterable<Product[]>
  /**
   * Bytes of a product's picture, 5 MB at the most.
   * @throws ProviderError of kind `permission`: `image_missing` nothing is there, `image_too_large`, `image_elsewhere` its
   * address is not one we go to; others as calls do
   */
  image(call: Caller, image: Image): Promise<Uint8Array>
}

/** A platform goods are shown on. */
export interface CatalogueTarget {
  capacity: Capacity
  /** Those in which the person may change the goods, or nearly so: only trying tells. */
  communities(call: Caller): Promise<Community[]>
  /** The one a person typed the number, the name or the address of; undefined: there is none. */
  community?(call: Caller, typed: string): Promise<Community | undefined>
  /** Absent where goods have none. */
  categories?(call: Caller, communityId: string): Promise<Category[]>
  shop(call: Caller, communityId: string, habits: Habits): Shop
  /** Where a buyer sees a community: by its id, since its short address may change hands. */
  communityUrl(communityId: string): string
  /** Where a buyer sees a card, by ids alone too. */
  cardUrl(communityId: string, itemId: string): string
}

export interface Community {
  id: string
  name: string
  /** The platform did not say; `name` is a stand-in. */
  unnamed?: true
  /** Where a person looks at it. */
  url: string
  /** Goods are switched on. */
  market: boolean
}

/** A leaf of the platform's tree, with the names that lead to it, its own last. */
export interface Category {
  id: string
  path: readonly string[]
}

/** What was learnt about a community and is kept between runs. */
export interface Habits {
  /** The platform has refused several writes in one request. */
  singly: boolean
  /** Called once when it does. */
  onSingly: () => Promise<void>
}

/**
 * The goods of one community. Ids of cards, albums, categories and photos are text that only the platform understands.
 * Whatever it throws is ShopRefused or ProviderError.
 */
export interface Shop {
  /** Everything that is there, hidden cards included; whole, or it throws. */
  read(): Promise<{ items: Shown[]; albums: Album[] }>
  /** The albums alone. */
  albums(): Promise<Album[]>
  /** Cards by their ids; those that are gone are missing from the answer. */
  find(itemIds: readonly string[]): Promise<Shown[]>
  /** Changes up to {@link Shop.atOnce} cards, in one request where the platform allows; outcomes in the same order. */
  change(changes: readonly Change[]): Promise<Outcome[]>
  /** A new card's id. A temporary failure that is not `unsent` leaves open whether there is one now. */
  add(item: Item, photoId: string, morePhotoIds?: readonly string[]): Promise<string>
  /** Photo ids for JPEGs, in their order, each good for one card. */
  upload(pictures: readonly Uint8Array[]): Promise<string[]>
  addAlbum(title: string): Promise<string>
  /** Another title; all else of the album stays. */
  renameAlbum(album: Album, title: string): Promise<void>
  /** Puts cards into an album; being there already is success. */
  place(albumId: string, itemIds: readonly string[]): Promise<Outcome[]>
  /** Takes cards out of albums; not being there is success. */
  take(moves: readonly { itemId: string; albumId: string }[]): Promise<Outcome[]>
  readonly atOnce: number
  readonly photosAtOnce: number
}

/** One card's change; `set` says what is to be different, and always whether it is hidden: an edit may show it again. */
export type Change =
  | {
      itemId: string
      /** `morePhotoIds`: those behind the main one; none empties its place, absent leaves what is there. */
      set: Partial<Omit<Item, 'photo' | 'more' | 'album' | 'categoryId'>> &
        Pick<Item, 'hidden'> & { photoId?: string; morePhotoIds?: readonly string[] }
    }
  | { itemId: string; remove: true }

/** `same`: the platform says there was nothing to change. */
export type Outcome = { done: true; same: boolean } | { done: false; refusal: ShopRefused }
