/** What of a card is words and numbers. */
export const CONTENT = ['title', 'description', 'price', 'oldPrice', 'stock', 'sku'] as const

/** All that is compared value by value; its picture and albums are known in other ways. */
export const COMPARED = [...CONTENT, 'hidden'] as const
export type Compared = (typeof COMPARED)[number]

/** Of each field its `markOf` when it was sent last. */
export type Sent = Readonly<Partial<Record<Compared, string>>>

/** How the platform shows what we sent, read right after our own write, and how often it came back so. */
export interface KeptOtherwise {
  /** `markOf` what came back; null: nothing. Of an album, its id: the card was not in it. */
  shown: string | null
  times: number
}
export type Ways = Readonly<Partial<Record<Compared | 'album', KeptOtherwise>>>

/** What we know of a card of ours. */
export interface Linked {
  productId: string
  itemId: string
  /** What was sent last; absent: adopted, nothing was. */
  sent?: Sent
  /** What the platform keeps another way than it was sent. */
  ways?: Ways
  /** Key of the picture that was sent last, or of the one that could not be had, and the hash of its bytes. */
  photo?: string
  photoHash?: string
  /** The album we put it into. */
  albumId?: string
}
