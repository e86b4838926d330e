import type { Capacity } from './capacity.ts'
import { USUAL } from '../pictures/frame.ts'
import { visible } from './clean.ts'

/** A table of ours: whatever a till has fits into it. */
export const TABLE: Capacity = {
  letters: visible,
  title: { least: 1, most: Infinity },
  description: { least: 0, most: Infinity },
  article: Infinity,
  albumTitle: Infinity,
  dearest: Infinity,
  oldPrices: false,
  pieces: true,
  categories: false,
  picture: USUAL,
  photos: 1,
}

/** Yandex's YML (yandex.ru/support/partnermarket, elements of `offer`): 150 characters of a name, 3,000 of a description. */
export const YML: Capacity = {
  ...TABLE,
  title: { least: 1, most: 150 },
  description: { least: 0, most: 3000 },
  oldPrices: true, // `oldprice`
}
