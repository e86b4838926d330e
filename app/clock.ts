/** Two clocks: what a person would read off the wall, which may be set, and one that only goes forward. Milliseconds. */
export interface Clock {
  wall: () => number
  steady: () => number
}

/** This process's: a machine that sleeps stands the steady one still, a process that is stopped does not. */
export const CLOCK: Clock = { wall: () => Date.now(), steady: () => performance.now() }

/** Small steps, as a time service makes them, are no change of the clock. */
const SLACK_MS = 10_000

/**
 * Milliseconds until a stored moment that was put `mostMs` ahead at the most; none when it is past, and none when it is
 * further away than it can be, because the clock was set back since.
 */
export function msUntil(moment: Date | undefined, mostMs: number, now = CLOCK.wall()): number {
  const left = moment ? moment.getTime() - now : 0
  return left > 0 && left <= mostMs + SLACK_MS ? left : 0
}

/** Milliseconds since a stored moment; one that lies ahead was stored before the clock was set back, who knows when. */
export function msSince(moment: Date | undefined, now = CLOCK.wall()): number {
  const past = moment ? now - moment.getTime() : Infinity
  return past >= -SLACK_MS ? Math.max(0, past) : Infinity
}

/** Milliseconds since the machine was started: all its processes have the same, and nobody can set it (clock_gettime(2), CLOCK_MONOTONIC). */
export const ofMachine = (): number => Number(process.hrtime.bigint() / 1000n) / 1000
