import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { loadConfig } from '../../app/config.ts'
import { type Context, createContext } from '../../app/context.ts'
import { toJpeg } from '../../app/pictures.ts'
import { platforms } from '../../app/providers/index.ts'
import { freshSecrets } from '../../app/secrets.ts'
import { migrate } from '../../app/store/migrate.ts'
import { readSettings } from '../../app/sync/settings.ts'
import { endingOf } from '../../app/sync/sku.ts'
import { startEvotor } from '../simulators/evotor.ts'
import { manyProducts } from '../simulators/evotor-catalogue.ts'
import { FLOWERS } from '../simulators/vk-categories.ts'
import { MARINA, startVk } from '../simulators/vk.ts'
import type { Community } from '../simulators/vk-state.ts'
import { painted } from './pictures.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const TSX = path.join(ROOT, 'node_modules/tsx/dist/esm/index.mjs')
const WORKER = path.join(ROOT, 'tests/process/sync-worker.ts')
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
  state: string | undefined
  failed: number | undefined
  cards: number
  twice: number
}

/** Simulators here, EvoSync in processes that are killed with -9, on one SQLite file. */
export async function openKillScene({ products, pace, quietMs }: Wishes) {
  const [evotor, vk] = await Promise.all([startEvotor(), startVk()])
  vk.perSecond = Infinity
  vk.keepPhotos = false
  const [store] = evotor.users[0]?.stores ?? []
  const [community] = vk.communities.values()
  if (!store || !community) throw new Error('no shop')
  const till = evotor.catalogueOf(store.id)
  till.fill(manyProducts(products))
  const folder = mkdtempSync(path.join(tmpdir(), 'evosync-kills-'))
  const env = {
    ...freshSecrets(),
    ...evotor.variables(),
    ...vk.variables(),
    PORT: '0',
    DATABASE_FILE: path.join(folder, 'kill.sqlite'),
    VK_PER_SECOND: String(pace),
    LOG_LEVEL: 'info',
  }
  const ctx = createContext(loadConfig(env, platforms), {})
  await migrate(ctx.db)
  const tokens = { vk: vk.grant(MARINA.id, 'market groups photos offline'), evotor: 'till-token' }
  evotor.tokens.set(tokens.evotor, { userId: evotor.users[0]?.id ?? '', expiresAt: Infinity })
  const linkId = await addPair(ctx, { store, community, tokens })

  return {
    /** New prices for everything. */
    raise() {
      for (const { id, price = 0 } of till.products.values()) till.setPrice(id, price + 1)
    },
    /** From now on a write a request, so that there is time to kill. */
    slowly: () => ctx.syncLinks.setSingly(linkId),
    run: (most: number, random: () => number) => runUnderFire({ most, random }),
    async close() {
      await ctx.close()
      await Promise.all([evotor.stop(), vk.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }

  /** One run, killed up to so often, each time a moment after it has gone on writing. */
  async function runUnderFire({ most, random }: { most: number; random: () => number }) {
    const link = await ctx.syncLinks.get(linkId)
    const id = await ctx.syncRuns.queue({
      linkId,
      linkRevision: link?.revision ?? 1,
      origin: 'manual',
      whole: true,
      confirmed: true,
    })
    if (id === undefined) throw new Error('one is under way')
    const isOver = async () => (await ctx.syncRuns.find(id))?.finishedAt !== undefined
    const resumedMs: number[] = []
    let kills = 0
    for (let over = false; !over;) {
      const child = start(env, quietMs)
      await child.listening
      const ready = performance.now()
      const before = vk.writes.length
      await until(async () => vk.writes.length > before || (await isOver()))
      if (kills > 0) resumedMs.push(performance.now() - ready)
      if (kills < most) await pause(100 + random() * 900)
      else await until(isOver)
      over = await isOver()
      if (!over) kills += 1
      child.process.kill('SIGKILL')
      await once(child.process, 'close')
    }
    const run = await ctx.syncRuns.find(id)
    const endings = [...(community?.items.values() ?? [])].map(({ sku }) => endingOf(sku))
    return {
      ...{ kills, resumedMs, state: run?.state, failed: run?.failed, cards: endings.length },
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

function start(env: Record<string, string>, quietMs: number) {
  const args = ['--import', TSX, WORKER, String(quietMs)]
  const child: ChildProcess = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const listening = new Promise<void>((ready, fail) => {
    let said = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('"event":"listening"')) ready()
    })
    child.once('close', () => {
      fail(new Error(`it did not start: ${said}`))
    })
  })
  return { process: child, listening }
}

interface Pair {
  store: { id: string; name: string }
  community: Community
  tokens: Record<string, string>
}

async function addPair(ctx: Context, { store, community, tokens }: Pair): Promise<number> {
  const user = await ctx.users.add({
    name: 'Марина',
    email: 'marina@example.ru',
    passwordHash: null,
  })
  if (!user) throw new Error('nobody to own it')
  for (const [provider, accessToken] of Object.entries(tokens))
    await ctx.connections.save({
      userId: user.id,
      provider,
      account: { id: provider, name: 'Марина Ковалёва', profile: {} },
      tokens: { accessToken, carried: {} },
    })
  const jpeg = await toJpeg(await painted(600, 600).png().toBuffer())
  const photo = await ctx.photos.save(user.id, { name: 'vitrina.jpg', ...jpeg })
  const route = {
    storeId: store.id,
    storeName: store.name,
    communityId: String(community.id),
    communityName: community.name,
    communityUrl: `https://vk.com/${community.screenName}`,
  }
  const settings = readSettings({ categoryId: FLOWERS, photoId: photo.id, everyMinutes: 0 })
  return await ctx.syncLinks.add(user.id, route, settings)
}
