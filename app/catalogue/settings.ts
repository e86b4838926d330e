import * as z from 'zod'
import { platformId } from './ids.ts'

/** What happens to the card of a product that is no longer there. */
export const FAREWELLS = ['hide', 'keep', 'delete'] as const

const WORDS = ['create', 'none', 'skip'] as const

/** A group's album: one made under the group's name, none, not carried at all, or one that the owner chose. */
export type GroupChoice = (typeof WORDS)[number] | { album: string }

/** Minutes between runs by the timetable; 0: by hand only. */
export const PACES = [10, 60, 360, 1440, 0] as const

/** What the price is rounded to, in kopecks: kopecks, roubles, tens of roubles…; `nines` ends in 9 roubles. */
export const ROUNDINGS = ['1', '100', '500', '1000', '5000', '10000', 'nines'] as const

const priceRule = z.object({
  /** −90 … 1000. */
  percent: z.number().min(-90).max(1000).default(0),
  /** Kopecks, after the percentage. */
  plus: z.number().int().min(-100_000_000).max(100_000_000).default(0),
  rounding: z.enum(ROUNDINGS).default('1'),
})
export type PriceRule = z.infer<typeof priceRule>

const byGroup = <T extends z.ZodType>(value: T) => z.record(z.string(), value).default({})

/** Kept before as the album's number alone. */
const groupChoice = z.union([
  z.enum(WORDS),
  z.object({ album: platformId }),
  z.number().transform((album) => ({ album: String(album) })),
])

const settings = z.object({
  /** For new cards. */
  categoryId: platformId.optional(),
  categories: byGroup(platformId),
  groups: byGroup(groupChoice),
  price: priceRule.prefault({}),
  prices: byGroup(priceRule),
  gone: z.enum(FAREWELLS).default('hide'),
  outOfStock: z.enum(FAREWELLS).default('hide'),
  /** For descriptions that are too short: {название}, {цена}, {единица}, {артикул} are filled in. */
  template: z
    .string()
    .max(2000)
    .default('{название}. Цена за 1 {единица}. Наличие уточняйте в сообщениях сообщества.'),
  cutNames: z.boolean().default(true),
  /** The owner's pictures for products without one, by their numbers. */
  photoId: z.number().int().positive().optional(),
  photos: byGroup(z.number().int().positive()),
  /** What has no photo at all gets a card that we draw: its name, on a ground by its group. */
  drawn: z.boolean().default(false),
  /** Also what is left out by default: alcohol, tobacco, medicine. */
  restricted: z.boolean().default(false),
  everyMinutes: z.literal(PACES).default(60),
})

/** How one catalogue is carried. */
export type Settings = z.infer<typeof settings>

/** Fills in what is missing; @throws ZodError for what cannot be meant. */
export const readSettings = (value: unknown): Settings => settings.parse(value)
