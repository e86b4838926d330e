const KB = 1024
const MB = 1024 * KB
/** All of it, whatever is in it. */
export const LARGEST_REQUEST = 64 * MB
export const LARGEST_FILE = 10 * MB
/** Five thousand groups with six fields each, and their long names. */
export const LARGEST_FORM = 4 * MB
export const LIMITS = {
  files: 8_000, // one a group of the till; a field nobody has put a file into counts as well
  fields: 40_000,
  fieldSize: 64 * KB,
}
export const LONGEST_NAME = 300
/** What may stand before the token. */
export const MOST_UNTRUSTED = 64 * KB
/** A name and its value take so much more than their letters. */
export const A_FIELD = 100
export const IDLE_MS = 15_000
