import { request } from 'undici'
import { percentile } from './children.ts'

/** Asks an address every few milliseconds and keeps the times; tells median, p99 and maximum in the end. */
const [address = '', everyMs = '5', cookie] = process.argv.slice(2)
const times: number[] = []
const stopped = new AbortController()

async function ask() {
  const begun = performance.now()
  const { body } = await request(address, { headers: { ...(cookie && { cookie }) } })
  await body.dump()
  times.push(performance.now() - begun)
}

process.on('message', () => {
  stopped.abort()
  const sorted = times.toSorted((a, b) => a - b)
  process.send?.({
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    max: sorted.at(-1),
  })
})
await ask()
times.length = 0
process.send?.('ready')
while (!stopped.signal.aborted) {
  void ask().catch(() => times.push(Infinity))
  await new Promise((wake) => setTimeout(wake, Number(everyMs)))
}
