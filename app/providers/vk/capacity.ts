import type { Capacity } from '../../catalogue/capacity.ts'
import { letters } from './letters.ts'

/** What a card can hold (docs/platforms/vk.md#cards, #albums, #photos). */
export const CAPACITY: Capacity = {
  letters,
  title: { least: 4, most: 100 },
  description: { least: 10, most: 4000 }, // no upper bound is named; this is a page of text
  article: 50,
  albumTitle: 128,
  dearest: 99_999_999_999_900,
  oldPrices: true,
  pieces: true,
  categories: true,
  picture: { shortest: 400, longest: 2560, narrowest: 2 }, // width and height together stay under 14000
  photos: 5,
}
