/** Leaves of a text what a place can hold, as `Capacity.letters`. */
export type Letters = (text: string) => string

/** Accents join their letters; what nobody sees goes, but for what joins several signs into one picture. */
export const visible: Letters = (text) =>
  PLAIN.test(text) ? text : text.normalize('NFC').replace(UNSEEN, '')

const PLAIN = /^[\n\x20-\x7eА-яЁё]*$/

const UNSEEN = /[^\P{C}\s\u200d]/gu

/** One line of text within those letters; spaces are single. */
export const clean = (text: string, letters: Letters = visible): string =>
  letters(text).replace(/\s+/g, ' ').trim()

/** The same for text of several lines, with no more than one empty line between two. */
export const cleanLines = (text: string, letters: Letters = visible): string =>
  letters(text.replace(/\r\n?|[\u2028\u2029]/g, '\n'))
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
