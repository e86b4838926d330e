import type { Frame } from '../pictures/frame.ts'
import type { Letters } from './clean.ts'

/** How many characters, at least and at most. */
export interface Range {
  least: number
  most: number
}

/**
 * What a place goods are shown at can hold of a product, be it a platform or a file. Lengths are in characters of what
 * `letters` leaves, money is kopecks.
 */
export interface Capacity {
  /** What of a text can be kept there, sign by sign; spaces and lines are put in order afterwards. */
  letters: Letters
  title: Range
  description: Range
  /** The longest article, the ending by which a card is known as ours included. */
  article: number
  albumTitle: number
  dearest: number
  /** It shows what a thing cost before, crossed out. */
  oldPrices: boolean
  /** It says how many pieces there are; where it does not, a thing is there or has run out. */
  pieces: boolean
  /** A new card needs one of the platform's categories. */
  categories: boolean
  picture: Frame
  /** Pictures of one card, the main one included. */
  photos: number
}
