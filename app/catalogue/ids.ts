import * as z from 'zod'

/**
 * What a platform calls its cards, albums, categories and photos by: text whose meaning only the platform knows. Kept JSON
 * of before has numbers.
 */
export const platformId = z.union([z.string().min(1), z.number().transform(String)])

const naturally = new Intl.Collator('en', { numeric: true })

/** Platforms count up: what has the smaller number in its id was there first. Negative: `a` was. */
export const inOrderOfIds = (a: string, b: string): number =>
  naturally.compare(a, b) || (a < b ? -1 : Number(a > b))
