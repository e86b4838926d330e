import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { endingOf } from '../../../app/catalogue/sku.ts'
import { openWorkerShop, startWorker } from './worker-shop.ts'

const GIVE_UP_MS = 120_000

export interface Wishes {
  products: number
  /** Requests a second. */
  pace: number
  quietMs: number
}

/** What became of a run that was killed again and again. */
export interface Killed {
  kills: number
  /** Of each start after a kill: milliseconds from «listening» to the next new write at VK, or to the end of the run. */
  resumedMs: number[]
  /** The same of the first start, after which nothing had to be taken over. */
  begunMs: number
  state: string | undefined
  failed: number | undefined
  cards: number
  twice: number
}

/** EvoSync in processes that are killed with -9, on one SQLite file. */
export async function openKillScene({ products, pace, quietMs }: Wishes) {
  const folder = mkdtempSync(path.join(tmpdir(), 'evosync-kills-'))
  const database = { DATABASE_FILE: path.join(folder, 'kill.sqlite') }
  const shop = await openWorkerShop({ products, pace, database })
  const { ctx, vk, till, community, env, linkId } = shop

  return {
    /** New prices for everything. */
    raise() {
      for (const { id, price = 0 } of till.products.values()) till.setPrice(id, price + 1)
    },
    /** From now on a write a request, so that there is time to kill. */
    slowly: () => ctx.syncLinks.setSingly(linkId),
    run: (most: number, random: () => number) => runUnderFire({ most, random }),
    async close() {
      await shop.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }

  /** One run, killed up to so often, each time a moment after it has gone on writing. */
  async function runUnderFire({ most, random }: { most: number; random: () => number }) {
    const id = await shop.begin()
    const isOver = async () => (await ctx.syncRuns.find(id))?.finishedAt !== undefined
    const resumedMs: number[] = []
    let begunMs = 0
    let kills = 0
    for (let over = false; !over;) {
      const child = startWorker(env, { quietMs })
      await child.listening
      const ready = performance.now()
      const before = vk.writes.length
      await until(async () => vk.writes.length > before || (await isOver()))
      const tookMs = performance.now() - ready
      if (kills > 0) resumedMs.push(tookMs)
      else begunMs = tookMs
      if (kills < most) await pause(100 + random() * 900)
      else await until(isOver)
      over = await isOver()
      if (!over) kills += 1
      child.process.kill('SIGKILL')
      await once(child.process, 'close')
    }
    const run = await ctx.syncRuns.find(id)
    const endings = [...community.items.values()].map(({ sku }) => endingOf(sku))
    return {
      ...{
        kills,
        resumedMs,
        begunMs,
        state: run?.state,
        failed: run?.failed,
        cards: endings.length,
      },
      twice: endings.length - new Set(endings).size,
    } satisfies Killed
  }
}

async function until(holds: () => Promise<boolean>) {
  for (const giveUp = performance.now() + GIVE_UP_MS; !(await holds());) {
    if (performance.now() > giveUp) throw new Error('nothing happens any more')
    await pause(20)
  }
}
