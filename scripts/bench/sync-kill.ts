import { buildWorkers } from '../../tests/support/built.ts'
import { openKillScene } from '../../tests/support/catalogue/killed-runs.ts'

/**
 * Kills EvoSync (-9) while it carries a first load, and again while it changes every price: `npm run bench:sync-kill --
 * 50 20000` (kills, milliseconds it waits before it looks for a card nobody has heard of). Promises: each start goes on
 * within five seconds of listening – a new write at VK, or the end of the run –, and no card is there twice.
 */
const KILLS = Number(process.argv[2] ?? 50)
const QUIET_MS = Number(process.argv[3] ?? 20_000)
const PRODUCTS = 500
const PACE = 25
const LONGEST_MS = 5_000

await buildWorkers()
const scene = await openKillScene({ products: PRODUCTS, pace: PACE, quietMs: QUIET_MS })
const first = await scene.run(Math.ceil(KILLS / 2), Math.random)
await scene.slowly()
const runs = [first]
for (let left = KILLS - first.kills; left > 0;) {
  scene.raise()
  const edits = await scene.run(left, Math.random)
  left -= edits.kills
  runs.push(edits)
}
await scene.close()

const kills = runs.reduce((sum, run) => sum + run.kills, 0)
const resumed = runs.flatMap(({ resumedMs }) => resumedMs).sort((one, other) => one - other)
const slowest = Math.round(resumed.at(-1) ?? 0)
const median = Math.round(resumed[Math.floor(resumed.length / 2)] ?? 0)
const sound = runs.every(
  ({ state, failed, cards, twice }) =>
    state === 'done' && failed === 0 && cards === PRODUCTS && twice === 0,
)
const kept = sound && slowest <= LONGEST_MS
for (const run of runs) console.log(JSON.stringify({ ...run, resumedMs: undefined }))
console.log(
  `${kills} kills, on again after ${median} ms, ${slowest} ms at the longest: ${kept ? 'kept' : 'BROKEN'}`,
)
process.exit(kept ? 0 : 1)
