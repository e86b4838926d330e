import { type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../app/config/index.ts'
import { type Context, createContext } from '../../app/context.ts'
import { keepPhoto } from '../../app/flows/catalogue/keep-photo.ts'
import { register } from '../../app/flows/accounts/register.ts'
import { syncDue } from '../../app/flows/catalogue/sync-due.ts'
import { platforms } from '../../app/providers/index.ts'
import { freshSecrets } from '../../app/config/secrets.ts'
import { serve } from '../../app/serve.ts'
import type { Run } from '../../app/store/sync-run-rows.ts'
import { readSettings } from '../../app/catalogue/settings.ts'
import { startChild } from './children.ts'

const PERSON = { name: 'Марина', email: 'marina@example.ru', password: 'buket-utro-2490' }
const NEVER = '0 0 1 1 *'

interface Told {
  env: Record<string, string>
  tokens: Record<string, string>
  accounts: Record<string, string>
  categoryId: number
  photo: string
  route: Parameters<Context['syncLinks']['add']>[1]
}

/** What VK was asked so far. */
export interface Figures {
  requests: number
  tooFast: number
  cards: number
  byMethod: Record<string, number>
}

export type Scene = Awaited<ReturnType<typeof openScene>>

/**
 * EvoSync on SQLite, a person who has connected both platforms, which are in another process, and one pair of theirs. They
 * have sent the photo for products without one, as everybody does before the first run: the decoder is loaded.
 */
export async function openScene(products: number, pace: number, latencyMs: number) {
  const args = [products, pace, latencyMs].map(String)
  const { child, said } = await startChild('sync-platforms', args)
  const told = said as Told
  const folder = mkdtempSync(path.join(tmpdir(), 'evosync-bench-'))
  const settings = {
    PORT: '0',
    DATABASE_FILE: path.join(folder, 'bench.sqlite'),
    HEALTH_CHECK_CRON: NEVER,
    SYNC_CRON: NEVER,
    LOG_LEVEL: 'warn',
    VK_PER_SECOND: String(pace),
  }
  const config = loadConfig({ ...freshSecrets(), ...told.env, ...settings }, platforms)
  const ctx = createContext(config)
  const running = await serve(ctx)
  await register(ctx, { ...PERSON, address: 'bench' })
  await connect(ctx, told)
  const linkId = await ctx.syncLinks.add(1, told.route, await settingsOf(ctx, told))
  told.photo = ''

  return {
    ctx,
    person: PERSON,
    origin: `http://127.0.0.1:${running.port}`,
    figures: async () => (await tell(child, 'figures')) as Figures,
    edit: (what: 'all prices' | 'one price') => tell(child, what),
    run: () => carry(ctx, linkId),
    reasons: (run: Run) => ctx.syncSteps.reasons(run.id),
    async close() {
      await running.stop()
      child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function connect(ctx: Context, { tokens, accounts }: Told) {
  for (const provider of ['evotor', 'vk']) {
    const account = { id: accounts[provider] ?? '', name: 'Марина Ковалёва', profile: {} }
    const saved = { accessToken: tokens[provider] ?? '', carried: {} }
    const { id, revision } = await ctx.connections.save({
      userId: 1,
      provider,
      account,
      tokens: saved,
    })
    await ctx.checks.record({ id, revision }, { health: 'online' })
  }
}

async function settingsOf(ctx: Context, { photo, categoryId }: Told) {
  const bytes = Buffer.from(photo, 'base64')
  const kept = await keepPhoto(ctx, 1, { name: 'vitrina.jpg', bytes })
  if ('refusal' in kept) throw new Error(kept.refusal.code)
  const { id } = kept.photo
  return readSettings({ categoryId, photoId: id, everyMinutes: 0 })
}

/** A person's run, from the button to its end. */
async function carry(ctx: Context, linkId: number): Promise<Run> {
  const id = await ctx.syncRuns.queue({ linkId, linkRevision: 1, origin: 'manual', whole: true })
  await syncDue(ctx, new AbortController().signal)
  while (ctx.carrying.size > 0) await Promise.all(ctx.carrying.values())
  const run = id === undefined ? undefined : await ctx.syncRuns.find(id)
  if (run?.state !== 'done') throw new Error(`the run ended ${run?.state} ${run?.reason}`)
  return run
}

async function tell(child: ChildProcess, name: string): Promise<unknown> {
  child.send(name)
  const [said] = (await once(child, 'message')) as [unknown]
  return said
}
