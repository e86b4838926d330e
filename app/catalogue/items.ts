import type { Drawing } from '../pictures/drawn/drawing.ts'

/** A card in a community's shop, in the words of no platform. Money is integer kopecks. */

/** A card as it should be. */
export interface Item {
  title: string
  description: string
  price: number
  /** What it cost before, shown crossed out; 0: none any more, absent: nothing is said of it. */
  oldPrice?: number
  /** The article a buyer sees, with the ending by which the card is known as ours. */
  sku: string
  /** Pieces; {@link UNLIMITED}; absent: the till does not tell, and nothing is sent. */
  stock?: number
  hidden: boolean
  /** Of a new card where the platform has categories; later the owner may choose another. */
  categoryId?: string
  /**
   * Which picture: `own:<id>` the owner's, `till:<version>` the till's, `drawn:<hash>` one we draw; absent: a card that is
   * there keeps what it has.
   */
  photo?: string
  /** The owner's other pictures of this product, in their order, as far as the place holds them. */
  more?: readonly string[]
  /** The picture for when that of the till cannot be had: the owner's for its group, or for all, or one we draw. */
  spare?: { photo: string; of: 'group' | 'all' | 'drawn' }
  /** What `drawn:` is drawn of, as its picture or its spare. */
  drawing?: Drawing
  /** The album it belongs to, or the group whose album is still to be made; absent: none. */
  album?: Placement
}

/** An album that is there, or one that is made for a group under a title. */
export type Placement = { id: string } | { groupId: string; title: string }

export const UNLIMITED = -1

/** A card as the community shows it now. What the platform does not tell is absent, which is not empty. */
export interface Shown {
  itemId: string
  title?: string
  description?: string
  price?: number
  /** 0: there is none. */
  oldPrice?: number
  sku?: string
  stock?: number
  /** Not to be bought, for whatever reason. */
  hidden?: boolean
  albums?: readonly string[]
}

export interface Album {
  id: string
  title: string
  /** Its picture, and what else an edit would take away if it were not said again. */
  cover?: string
  main?: true
  hidden?: true
}

/** Why a product does not go, or something did not work: a code of the texts, and what to fill in. */
export interface Reason {
  code: string
  values?: Readonly<Record<string, string | number>>
}
