import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Browser } from '../../tests/support/browser.ts'
import { finish, startChild } from './children.ts'

const LOOK_EVERY_MS = 100
const MB = 1024 * 1024

/** Times of a page, in milliseconds. */
export interface Times {
  count: number
  p50: number
  p99: number
  max: number
}

/** Watches this process's memory and event loop from now on. */
export function watch() {
  const before = process.memoryUsage()
  let most = before
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() > most.rss) most = process.memoryUsage()
  }, LOOK_EVERY_MS)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  return () => {
    clearInterval(timer)
    delay.disable()
    return {
      before: Math.round(before.rss / MB),
      grown: Math.round((most.rss - before.rss) / MB),
      of: memory(before) + ' → ' + memory(most),
      longestStopMs: Math.round(delay.max / 1e6),
    }
  }
}

const memory = ({ heapUsed, heapTotal, arrayBuffers }: NodeJS.MemoryUsage) =>
  `heap ${Math.round(heapUsed / MB)} of ${Math.round(heapTotal / MB)}, buffers ${Math.round(arrayBuffers / MB)}`

/** Somebody who has signed in looks at the dashboard again and again while something else goes on. */
export async function whileLooking<T>(
  origin: string,
  cookie: string,
  everyMs: number,
  work: () => Promise<T>,
): Promise<[T, Times | undefined]> {
  if (everyMs === 0) return [await work(), undefined]
  const { child } = await startChild('ping', [`${origin}/connections`, String(everyMs), cookie])
  const result = await work()
  return [result, (await finish(child)) as Times]
}

export async function signedIn(
  origin: string,
  person: { email: string; password: string },
): Promise<string> {
  const browser = new Browser(origin)
  await browser.signIn(person)
  const { status } = await browser.get('/connections')
  if (status !== 200) throw new Error(`the dashboard answers ${status}`)
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}
