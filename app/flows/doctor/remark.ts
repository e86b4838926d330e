/** What a look at one part of the installation found. `remedy`: what to do; whatever is wrong has one. */
export interface Remark {
  about: Part
  state: 'good' | 'note' | 'bad'
  words: string
  remedy?: string
}

export type Part =
  | 'environment'
  | 'addresses'
  | 'database'
  | 'keys'
  | 'clock'
  | 'mail'
  | 'platforms'
  | 'jobs'
  | 'runs'
  | 'backups'
  | 'disk'
  | 'versions'

export const good = (about: Part, words: string): Remark => ({ about, state: 'good', words })
/** Not as it could be, and nothing fails by it. */
export const note = (about: Part, words: string, remedy: string): Remark => ({
  about,
  state: 'note',
  words,
  remedy,
})
export const bad = (about: Part, words: string, remedy: string): Remark => ({
  about,
  state: 'bad',
  words,
  remedy,
})
