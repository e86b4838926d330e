import { type ChildProcess, spawn } from 'node:child_process'
import { loadConfig } from '../../../app/config/index.ts'
import { type Context, createContext } from '../../../app/context.ts'
import { toJpeg } from '../../../app/pictures/index.ts'
import { platforms } from '../../../app/providers/index.ts'
import { freshSecrets } from '../../../app/config/secrets.ts'
import { migrate } from '../../../app/store/migrate.ts'
import { readSettings } from '../../../app/catalogue/settings.ts'
import { startEvotor } from '../../simulators/evotor.ts'
import { manyProducts } from '../../simulators/evotor/catalogue.ts'
import { FLOWERS } from '../../simulators/vk/categories.ts'
import { MARINA, startVk } from '../../simulators/vk.ts'
import type { Community } from '../../simulators/vk/state.ts'
import { commandOf } from '../built.ts'
import { painted } from '../pictures.ts'

export interface Wishes {
  products: number
  /** Requests a second. */
  pace: number
  /** Variables that name the database. */
  database: Record<string, string>
}

/** Simulators here, one pair of theirs in a database, and EvoSync in processes that carry its runs. */
export async function openWorkerShop({ products, pace, database }: Wishes) {
  const [evotor, vk] = await Promise.all([startEvotor(), startVk()])
  vk.perSecond = Infinity
  vk.keepPhotos = false
  const [store] = evotor.users[0]?.stores ?? []
  const [community] = vk.communities.values()
  if (!store || !community) throw new Error('no shop')
  const till = evotor.catalogueOf(store.id)
  till.fill(manyProducts(products))
  const env = {
    ...freshSecrets(),
    ...evotor.variables(),
    ...vk.variables(),
    ...database,
    PORT: '0',
    VK_PER_SECOND: String(pace),
    LOG_LEVEL: 'info',
  }
  const ctx = createContext(loadConfig(env, platforms), {})
  await migrate(ctx.db)
  const tokens = { vk: vk.grant(MARINA.id, 'market groups photos offline'), evotor: 'till-token' }
  evotor.tokens.set(tokens.evotor, { userId: evotor.users[0]?.id ?? '', expiresAt: Infinity })
  const linkId = await addPair(ctx, { store, community, tokens })

  return {
    ctx,
    vk,
    till,
    community,
    env,
    linkId,
    /** A person presses the button; gives the run's number. */
    async begin(): Promise<number> {
      const link = await ctx.syncLinks.get(linkId)
      const id = await ctx.syncRuns.queue({
        linkId,
        linkRevision: link?.revision ?? 1,
        origin: 'manual',
        whole: true,
        confirmed: true,
      })
      if (id === undefined) throw new Error('one is under way')
      return id
    },
    async close() {
      await ctx.close()
      await Promise.all([evotor.stop(), vk.stop()])
    },
  }
}

/** A process of ours, and what it says. */
export interface Worker {
  process: ChildProcess
  listening: Promise<{ port: number; instance: string }>
  /** Its log so far. */
  lines: () => readonly string[]
}

export interface Manner {
  quietMs?: number
  /** What the command begins with: a program that runs another, and its options. */
  before?: readonly string[]
  /** Modules loaded before everything else. */
  preload?: readonly string[]
}

export function startWorker(
  env: Record<string, string>,
  { quietMs = 20_000, before = [], preload = [] }: Manner = {},
): Worker {
  const loads = preload.flatMap((file) => ['--import', file])
  const worker = commandOf('tests/process/sync-worker.ts')
  const [command, ...args] = [...before, process.execPath, ...loads, ...worker, String(quietMs)]
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  const lines = () => said.split('\n')
  const listening = new Promise<{ port: number; instance: string }>((ready, fail) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const line = lines().find((one) => one.includes('"event":"listening"'))
      if (line) ready(JSON.parse(line) as { port: number; instance: string })
    })
    child.once('close', () => {
      fail(new Error(`it did not start: ${said}`))
    })
  })
  return { process: child, listening, lines }
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
    source: 'evotor',
    target: 'vk',
    storeId: store.id,
    storeName: store.name,
    communityId: String(community.id),
    communityName: community.name,
    communityUrl: `https://vk.com/${community.screenName}`,
  }
  const settings = readSettings({ categoryId: FLOWERS, photoId: photo.id, everyMinutes: 0 })
  return await ctx.syncLinks.add(user.id, route, settings)
}
