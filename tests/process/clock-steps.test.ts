import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { endingOf } from '../../app/catalogue/sku.ts'
import { type Engine, freshDatabase } from '../support/databases.ts'
import { databaseVariables, ROOT, tempFolder } from '../support/process.ts'
import { openWorkerShop, startWorker } from '../support/catalogue/worker-shop.ts'

const PRELOAD = path.join(ROOT, 'tests/support/set-clock.js')
const PRODUCTS = 45
const HOUR_MS = 3600_000
/** Away from where it was at the start, one after the other: a little forward, much, then back. */
const SETTINGS = [40_000, 3 * HOUR_MS, -3 * HOUR_MS]

test.each([
  ['sqlite', 1],
  ['postgres', 2],
] as const)(
  'a clock that is set in a first load, on %s with %i processes: every card once, and the run ends',
  async (engine, instances) => {
    const shop = await open(engine, instances)
    const { ctx, vk, community } = shop
    const id = await shop.begin()

    for (const [at, ms] of SETTINGS.entries()) {
      await expect
        .poll(() => community.items.size)
        .toBeGreaterThanOrEqual(((at + 1) * PRODUCTS) / 5)
      shop.setClock(ms)
    }
    const isOver = async (run: number) => (await ctx.syncRuns.find(run))?.finishedAt !== undefined
    await expect.poll(() => isOver(id)).toBe(true)

    const run = await ctx.syncRuns.find(id)
    expect(run).toMatchObject({ state: 'done', created: PRODUCTS, failed: 0, fence: 1 })
    const endings = [...community.items.values()].map(({ sku }) => endingOf(sku))
    expect(endings).toHaveLength(PRODUCTS)
    expect(new Set(endings).size).toBe(PRODUCTS)

    vk.writes.length = 0
    const next = await shop.begin()
    await expect.poll(() => isOver(next)).toBe(true)
    expect(vk.writes).toEqual([])
  },
)

/** Processes on one database; the clock of the first can be set. */
async function open(engine: Engine, instances: number) {
  const database = databaseVariables({ database: await freshDatabase(engine) })
  const shop = await openWorkerShop({ products: PRODUCTS, pace: 25, database })
  onTestFinished(() => shop.close())
  const file = path.join(tempFolder(), 'clock')
  const env = { ...shop.env, CLOCK_FILE: file }
  const workers = Array.from({ length: instances }, () =>
    startWorker(env, { quietMs: 1_000, preload: [PRELOAD] }),
  )
  onTestFinished(async () => {
    for (const { process: child } of workers) {
      const ended = once(child, 'close')
      child.kill('SIGKILL')
      await ended
    }
  })
  await Promise.all(workers.map(({ listening }) => listening))
  return {
    ...shop,
    setClock(ms: number) {
      writeFileSync(file, String(ms))
      workers[0]?.process.kill('SIGUSR2')
    },
  }
}
