import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Median and 95th percentile of the last checks, in milliseconds. */
export interface Latency {
  count: number
  median: number
  p95: number
}

const CHECKS_KEPT = 200
const RESOLUTION_MS = 20
const MINUTE_MS = 60_000

/** What this process has seen lately, for the page of administrators. It is kept in memory and ends with the process. */
export function createRecent() {
  const checks = new Map<string, number[]>()
  const turns = new Map<string, Date>()
  const lag = watchLag()

  return {
    noteCheck(platform: string, ms: number) {
      const known = checks.get(platform) ?? []
      if (known.push(ms) > CHECKS_KEPT) known.shift()
      checks.set(platform, known)
    },
    /** Undefined before the first check. */
    latency(platform: string): Latency | undefined {
      const sorted = (checks.get(platform) ?? []).toSorted((a, b) => a - b)
      if (sorted.length === 0) return undefined
      return { count: sorted.length, median: rank(sorted, 0.5), p95: rank(sorted, 0.95) }
    },
    noteTurn(platform: string, at = new Date()) {
      turns.set(platform, at)
    },
    /** When the platform's breaker last changed its state; undefined if it never did. */
    turnedAt: (platform: string): Date | undefined => turns.get(platform),
    /** Milliseconds that work waited for the event loop, 99 of 100 times at most, within the last minute or two. */
    lag: () => lag.read(),
    close() {
      lag.stop()
    },
  }
}

/** Nearest rank. */
const rank = (sorted: readonly number[], part: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0

/** What is measured is the distance of ticks, so the distance they should have is taken off. */
function watchLag() {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  let before = 0
  const worst = () => (delay.count > 0 ? delay.percentile(99) / 1e6 - RESOLUTION_MS : 0)
  const timer = setInterval(() => {
    before = worst()
    delay.reset()
  }, MINUTE_MS).unref()
  return {
    read: () => Math.max(0, before, worst()),
    stop() {
      clearInterval(timer)
      delay.disable()
    },
  }
}
