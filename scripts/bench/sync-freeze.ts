import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { endingOf } from '../../app/catalogue/sku.ts'
import type { Write } from '../../tests/simulators/vk/state.ts'
import { buildWorkers } from '../../tests/support/built.ts'
import { createDice } from '../../tests/support/dice.ts'
import { startPostgres } from '../../tests/support/postgres.ts'
import { openWorkerShop, startWorker } from '../../tests/support/catalogue/worker-shop.ts'

/**
 * Two instances on one PostgreSQL carry a first load, and one of them is frozen (SIGSTOP) again and again; each is the first
 * process of a pid namespace of its own where the system lets us, so that host names and pids are equal:
 * `npm run bench:sync-freeze`, with FREEZES=10 FREEZE_S=60 GOODS=300 PACE=1 SEED=… (PACE: requests a second and token; a slow
 * one makes room for many freezes). Promises: every card once, counts right, no step done twice, nothing left for the next
 * run. A call that was under way in a freeze may be one too many for its second, and is waited out.
 */
const { FREEZES = '10', FREEZE_S = '60', GOODS = '300', PACE = '1', SEED } = process.env
const seed = Number(SEED ?? Math.floor(Math.random() * 1e6))
const goods = Number(GOODS)
const pace = Number(PACE)
/** From one freeze to the next at the most. */
const GAP_MS = 12_000
/** A run that has not ended by then after the last freeze is stuck. */
const GIVE_UP_MS = 10 * 60_000
const NAMESPACE = ['unshare', '--pid', '--fork', '--kill-child']

await buildWorkers()
const dice = createDice(seed)
const postgres = await startPostgres()
const database = { DATABASE_URL: postgres.url }
const shop = await openWorkerShop({ products: goods, pace, database })
const { ctx, vk, community } = shop
Object.assign(vk, { perSecond: pace, latencyMs: 300 })
const own = isAllowed(NAMESPACE)
const both = [await open('one'), await open('other')]

console.log(
  `seed ${seed}: ${goods} goods, ${pace} requests a second, ${FREEZES} freezes of ${FREEZE_S} s, ` +
    (own ? 'pid 1 in a namespace each' : 'one pid namespace'),
)
const id = await shop.begin()
const begun = performance.now()
let freezes = 0
while (freezes < Number(FREEZES)) {
  await pause(1_000 + dice.below(GAP_MS))
  if (await isOver()) break
  freezes += 1
  await freeze(freezes)
}
const giveUp = performance.now() + GIVE_UP_MS
while (!(await isOver()) && performance.now() < giveUp) await pause(200)

const run = await ctx.syncRuns.find(id)
const seconds = Math.round((performance.now() - begun) / 1000)
const first = figures(vk.writes)
vk.writes.length = 0
if (await isOver()) await carryAgain()
const after = figures(vk.writes)
const errors = both.flatMap((one) => one.lines().filter((line) => line.includes('"level":"error"')))
for (const { process: child } of both) {
  const ended = once(child, 'close')
  child.kill('SIGKILL')
  await ended
}
await shop.close()
postgres.stop()

for (const error of errors) console.log(error)
const endings = [...community.items.values()].map(({ sku }) => endingOf(sku))
const promises: [promise: string, figure: number | string | undefined, kept: boolean][] = [
  ['the run ends well', run?.state, run?.state === 'done'],
  ['created', run?.created, run?.created === goods],
  ['failed', run?.failed, run?.failed === 0],
  ['cards', endings.length, endings.length === goods],
  ['cards twice', endings.length - new Set(endings).size, new Set(endings).size === goods],
  ['made twice', first.again.join(', ') || 0, first.again.length === 0],
  ['writes of the next run', after.writes, after.writes === 0],
  ['errors in the logs', errors.length, errors.length === 0],
]
for (const [promise, figure, kept] of promises)
  console.log(`${promise.padEnd(28)}${String(figure).padEnd(12)}${kept ? 'kept' : 'BROKEN'}`)
console.log(
  `${freezes} freezes in ${seconds} s, ${run?.fence} claims, ${first.writes} writes, ${vk.tooFast} calls too many in a second`,
)
process.exit(promises.every(([, , kept]) => kept) ? 0 : 1)

/** An instance, and the process it is as we see it. */
async function open(name: string) {
  const worker = startWorker(shop.env, { before: own ? NAMESPACE : [] })
  process.on('exit', () => worker.process.kill('SIGKILL'))
  const { instance } = await worker.listening
  const { pid = 0 } = worker.process
  return { ...worker, name, instance, pid: own ? childOf(pid) : pid }
}

/** Mostly it is the one that carries the run. */
async function freeze(nth: number) {
  const [row] = await ctx.db<{ id: number; lease_owner: string }>('sync_runs').where({ id })
  const carrier = both.find(({ instance }) => instance === row?.lease_owner)
  const one = dice.percent(80) && carrier ? carrier : dice.of(both)
  if (!one) throw new Error('nobody to freeze')
  const cards = community.items.size
  process.kill(one.pid, 'SIGSTOP')
  await pause(Number(FREEZE_S) * 1000)
  process.kill(one.pid, 'SIGCONT')
  const what = one === carrier ? 'the carrier' : 'the one that waits'
  console.log(`${nth}. ${one.name}, ${what}: ${cards} cards, ${community.items.size} afterwards`)
}

async function isOver(): Promise<boolean> {
  return (await ctx.syncRuns.find(id))?.finishedAt !== undefined
}

/** One more run, which has nothing to do. */
async function carryAgain() {
  const next = await shop.begin()
  while (!(await ctx.syncRuns.find(next))?.finishedAt) await pause(200)
}

/** Writes, and what of it made the same thing a second time. */
function figures(writes: readonly Write[]) {
  const made = writes.flatMap(({ method, params }) => {
    if (method === 'market.add') return [`card ${params.sku}`]
    return method === 'market.addAlbum' ? [`album ${params.title}`] : []
  })
  return { writes: writes.length, again: made.filter((one, at) => made.indexOf(one) !== at) }
}

function isAllowed([command = '', ...options]: readonly string[]): boolean {
  return spawnSync(command, [...options, 'true']).status === 0
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))
}
