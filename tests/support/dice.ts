/** Chance that comes again: the same seed, the same throws (mulberry32). */
export interface Dice {
  /** From 0 up to, not including, `below`. */
  below(below: number): number
  /** True so often of a hundred. */
  percent(chance: number): boolean
  /** One of these; undefined of none. */
  of<T>(these: readonly T[]): T | undefined
}

export function createDice(seed: number): Dice {
  let state = seed | 0
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    percent: (chance) => next() * 100 < chance,
    of: (these) => these[below(these.length)],
  }
}
