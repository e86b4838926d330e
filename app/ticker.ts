import type { Clock } from './clock.ts'

/** The next so many dates of a timetable, by the clock on the wall. */
export type Upcoming = (count: number) => readonly Date[]

/** A timetable kept by two clocks. */
export interface Ticker {
  /** The second that is due now, handed out once however many were missed; undefined when none is. */
  take(): Date | undefined
  /** Milliseconds until the next look is worth it. */
  waitMs(): number
  /** How far ticks are apart at the moment, milliseconds. */
  periodMs(): number
}

const AHEAD = 4
/** What a time service corrects at a time is no change of the clock. */
const STEP_MS = 1000

/**
 * Due is what either clock says: the one on the wall, so that a jump forward and a machine's sleep lose nothing, and the
 * steady one, so that a clock set back starves nothing. Missed ticks are one tick; what came by the steady clock alone
 * stands for the nearest of the timetable's.
 */
export function createTicker(upcoming: Upcoming, { wall, steady }: Clock): Ticker {
  let next = plan(wall())

  function plan(after: number) {
    const now = wall()
    const dates = upcoming(AHEAD).map((date) => date.getTime())
    const found = dates.findIndex((date) => date > after)
    const index = found < 0 ? dates.length - 1 : found
    const at = dates[index] ?? Infinity
    const gap = (dates[index + 1] ?? at) - at || at - (dates[index - 1] ?? now)
    return { at, deadline: steady() + at - now, gap, period: Math.max(gap, at - now) }
  }

  return {
    take() {
      const now = wall()
      const ahead = next.at - now
      if (ahead > 0 && steady() < next.deadline) return undefined
      const setBack = ahead > STEP_MS
      const tick = setBack ? now - (now % 1000) : next.at
      next = plan(setBack ? now + next.gap / 2 : Math.max(now, next.at))
      return new Date(tick)
    },
    waitMs: () => Math.max(0, Math.min(next.at - wall(), next.deadline - steady())),
    periodMs: () => next.period,
  }
}
