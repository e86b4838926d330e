const DAY_MS = 24 * 3600_000
/** As fine as checks of a connection are counted. */
export const HALF_MS = 30 * 60_000
const SPAN_MS = 5 * 60_000

/** Half hours of a day: a day's checks are a row with a column for each. */
const HALVES = DAY_MS / HALF_MS

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9

/** A half hour of a day by UTC: `n17` counts what was checked from 08:30 to 09:00. */
export type Half = `n${Digit}` | `n${1 | 2 | 3}${Digit}` | `n4${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`

export const HALF_HOURS = Array.from({ length: HALVES }, (_, nth) => `n${nth}` as Half)

/** The day, since 1970, and its column. */
export function halfOf(at: Date): { day: number; half: Half } {
  const day = dayOf(at)
  return { day, half: `n${Math.floor((at.getTime() - day * DAY_MS) / HALF_MS)}` as Half }
}

/** When its half hour begins. */
export const halfHourOf = (at: Date): Date => new Date(Math.floor(at.getTime() / HALF_MS) * HALF_MS)

export const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS)

/** When the nth half hour of a day begins. */
export const beginOf = (day: number, nth: number): Date => new Date(day * DAY_MS + nth * HALF_MS)

/** Five minutes, counted since 1970: as fine as a platform's figures are. */
export const spanOf = (at: Date): number => Math.floor(at.getTime() / SPAN_MS)
