const DAY_MS = 24 * 3600_000
const MOST = 10_000

/** Remembers names for a day, and no more of them than it can hold: who comes again later is new. */
export function createSeenDeliveries(now: () => number = Date.now) {
  const times = new Map<string, number>()

  function forgetOld() {
    for (const [name, at] of times) {
      if (times.size <= MOST && now() - at < DAY_MS) return
      times.delete(name)
    }
  }

  return {
    /** Whether it has been here; from now on it has. */
    before(name: string): boolean {
      forgetOld()
      if (times.has(name)) return true
      times.set(name, now())
      return false
    },
  }
}
