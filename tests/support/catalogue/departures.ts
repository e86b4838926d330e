import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { onTestFinished } from 'vitest'

/** What undici says right after it has written to the socket, in the same breath. */
const WRITTEN = 'undici:request:bodyChunkSent'

interface Written {
  request: { origin: unknown; path: string }
}

/**
 * When each call to `origin` leaves from now on: monotonic milliseconds of its first byte, in the order in which they
 * left. A process that stands still delays what arrives, and this not. Calls with a body only; `path` is where they begin.
 */
export function watchDepartures(origin: string, path: string): number[] {
  const left: number[] = []
  const begun = new WeakSet()
  const note = (message: unknown) => {
    const { request } = message as Written
    if (String(request.origin) !== origin || !request.path.startsWith(path)) return
    if (begun.has(request)) return
    begun.add(request)
    left.push(performance.now())
  }
  subscribe(WRITTEN, note)
  onTestFinished(() => void unsubscribe(WRITTEN, note))
  return left
}

/** The milliseconds in which so many calls left after one another, the shortest first. */
export function shortestWindows(left: readonly number[], calls: number): number[] {
  return left
    .slice(calls - 1)
    .map((last, nth) => last - (left[nth] ?? 0))
    .sort((a, b) => a - b)
}
