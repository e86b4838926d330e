import { setTimeout as pause } from 'node:timers/promises'
import { type Figures, openScene } from './sync-scene.ts'
import { signedIn, type Times, watch, whileLooking } from './sync-watch.ts'

/**
 * What carrying a catalogue costs: `npm run bench:sync -- 2000 3 150 25` (products, requests a second, milliseconds VK
 * takes, milliseconds between looks at the dashboard; 0 looks: none, for a figure of memory that is the run's alone).
 * A busy machine tells on it: VK's second is measured by a process that has to get its turn.
 */
const PRODUCTS = Number(process.argv[2] ?? 2000)
const PACE = Number(process.argv[3] ?? 3)
const LATENCY_MS = Number(process.argv[4] ?? 150)
const LOOK_EVERY_MS = Number(process.argv[5] ?? 25)
const IDLE_MS = 30_000
const EDITS_A_REQUEST = 25
/** Ten pages in one `execute`. */
const CARDS_A_REQUEST = 2000
const MOST_GROWN_MB = 60

const scene = await openScene(PRODUCTS, PACE, LATENCY_MS)
const cookie = await signedIn(scene.origin, scene.person)
const looking = <T>(work: () => Promise<T>) =>
  whileLooking(scene.origin, cookie, LOOK_EVERY_MS, work)
const promises: [promise: string, figure: string, kept: boolean][] = []
const note = (promise: string, figure: string, kept: boolean) =>
  void promises.push([promise, figure, kept])

console.log(
  `${PRODUCTS} products, ${PACE} requests a second, answers after ${LATENCY_MS} ms, ` +
    (LOOK_EVERY_MS ? `a look every ${LOOK_EVERY_MS} ms, SQLite` : 'nobody looks, SQLite'),
)
const idle = await look()
const watched = watch()
const [first, busy] = await looking(() => measured('first load'))
const { before, grown, of, longestStopMs } = watched()
const idleAfter = await look()

const perProduct = first.requests / first.cards
note('first load: 1.3 requests a product', perProduct.toFixed(3), perProduct <= 1.3)
noteTime('first load', first, 1.05)
const unchanged = await measured('unchanged')
const fewest = Math.max(3, 1 + Math.ceil((PRODUCTS + 1) / CARDS_A_REQUEST))
note(`unchanged: ${fewest} requests`, String(unchanged.requests), unchanged.requests <= fewest)
await scene.edit('all prices')
const prices = await measured('all prices')
const most = Math.floor((first.cards / EDITS_A_REQUEST) * 1.1)
note(`all prices: ${most} requests`, String(prices.requests), prices.requests <= most)
noteTime('all prices', prices, 1.08)
await scene.edit('one price')
const one = await measured('one price')
note(`one price: ${fewest + 1} requests`, String(one.requests), one.requests <= fewest + 1)
const { tooFast } = await scene.figures()
note('too many in a second: never', String(tooFast), tooFast === 0)
note(
  `memory: ${MOST_GROWN_MB} MB more`,
  `${grown} MB over ${before} MB, later ${Math.round(process.memoryUsage.rss() / 1024 / 1024) - before} MB`,
  grown < MOST_GROWN_MB,
)
if (idle && idleAfter && busy) notePages(idle, idleAfter, busy)
await scene.close()

console.log(`memory in MB, before → at the most: ${of}`)
console.log(`event loop stopped for ${longestStopMs} ms at the longest`)
for (const [promise, figure, kept] of promises)
  console.log(`${promise.padEnd(42)}${figure.padEnd(36)}${kept ? 'kept' : 'BROKEN'}`)
process.exit(promises.every(([, , kept]) => kept) ? 0 : 1)

/** Against the time that as many calls take at the pace that is allowed. */
function noteTime(name: string, { seconds, requests }: Measured, most: number) {
  const ratio = seconds / (requests / PACE)
  note(`${name}: ${most} of requests / pace`, ratio.toFixed(3), ratio <= most)
}

async function look(): Promise<Times | undefined> {
  const [, times] = await looking(() => pause(LOOK_EVERY_MS ? IDLE_MS : 0))
  return times
}

type Measured = Figures & { seconds: number }

/** Carries everything there is to carry, and tells what VK was asked for it. */
async function measured(name: string): Promise<Measured> {
  const asked = await scene.figures()
  const begun = performance.now()
  const cpu = process.cpuUsage()
  const run = await scene.run()
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const now = await scene.figures()
  const requests = now.requests - asked.requests
  const methods = Object.entries(now.byMethod)
    .map(([method, count]) => [method, count - (asked.byMethod[method] ?? 0)] as const)
    .filter(([, count]) => count > 0)
  console.log(
    `${name}: ${seconds.toFixed(1)} s, CPU ${((user + system) / 1e6).toFixed(1)} s, ${requests} requests ` +
      `(${methods.map(([method, count]) => `${method} ${count}`).join(', ')}); ` +
      `created ${run.created}, updated ${run.updated}, failed ${run.failed}, skipped ${run.skipped}`,
  )
  for (const { code, count } of await scene.reasons(run)) console.log(`  ${code}: ${count}`)
  return { ...now, requests, seconds }
}

function notePages(idleBefore: Times, idleLater: Times, during: Times) {
  const usual = (idleBefore.p99 + idleLater.p99) / 2
  const said = ({ p50, p99, max, count }: Times) =>
    `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(1)} ms over ${count}`
  console.log(`/connections idle before: ${said(idleBefore)}; after: ${said(idleLater)}`)
  console.log(`/connections during the first load: ${said(during)}`)
  const ratio = during.p99 / usual
  note('/connections p99: twice the idle one', ratio.toFixed(2), ratio <= 2)
}
