import type { Item } from '../items.ts'
import type { Linked } from '../linked.ts'

/**
 * What is kept of a card whose own picture could not be had: which one was tried, and what stands in its place. It counts
 * as that picture until either of them is another, or the picture can be had after all.
 */
export const triedPhoto = ({ photo, spare }: Pick<Item, 'photo' | 'spare'>): string =>
  `tried:${spare?.photo ?? ''}:${photo}`

/** The card has a picture that stands for the wanted one. */
export const isTried = ({ photo }: Pick<Linked, 'photo'>): boolean =>
  photo?.startsWith('tried:') ?? false

/** The card has the picture it should have, or what stands for it. */
export const hasPhoto = ({ photo }: Pick<Linked, 'photo'>, item: Item): boolean =>
  photo === pictureKey(item) || photo === triedPhoto(item)

/** What is kept of all pictures of a card, in their order. */
export const pictureKey = ({ photo = '', more = [] }: Pick<Item, 'photo' | 'more'>): string =>
  [photo, ...more].join('+')

/** Whether a card has more than a main picture, as far as we put it there. */
export const hasMore = ({ photo }: Pick<Linked, 'photo'>): boolean =>
  photo !== undefined && /^own:\d+\+/.test(photo)
