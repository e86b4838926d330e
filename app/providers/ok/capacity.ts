import type { Capacity } from '../../catalogue/capacity.ts'
import { visible } from '../../catalogue/clean.ts'
import { ROOM_FOR_LABEL } from './article.ts'
import { TITLE_LENGTH } from './catalogs.ts'

const ARTICLE = 50
/** Lengths are named nowhere; these are short enough to be safe (docs/platforms/ok.md#cards). */
const TITLE = 100
const TEXT = 3000

/** What a card can hold; the article takes its room from the description. */
export const CAPACITY: Capacity = {
  letters: visible,
  title: { least: 1, most: TITLE },
  description: { least: 1, most: TEXT - ARTICLE - ROOM_FOR_LABEL },
  article: ARTICLE,
  albumTitle: TITLE_LENGTH,
  dearest: 99_999_999_900,
  oldPrices: false,
  pieces: false,
  categories: false,
  picture: { shortest: 400, longest: 2560, narrowest: 2 },
  photos: 1, // more are documented nowhere
}
