import session from 'express-session'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Config } from '../../app/config/index.ts'
import type { Context } from '../../app/context.ts'
import { checkConnection } from '../../app/flows/connections/check-health.ts'
import { beginConnect, completeConnect } from '../../app/flows/connections/connect.ts'
import { disconnect } from '../../app/flows/connections/disconnect.ts'
import { register } from '../../app/flows/accounts/register.ts'
import { replaceByOffer } from '../../app/flows/connections/save-connection.ts'
import { type Enter, signIn } from '../../app/flows/accounts/sign-in.ts'
import type { Connection } from '../../app/store/connection.ts'
import { sqliteDriver } from '../../app/store/sqlite-driver.ts'
import { OLEG, type Vk } from '../simulators/vk.ts'
import { testConfig } from '../support/app.ts'
import { answerConsent } from '../support/browser.ts'
import { ENGINES } from '../support/databases.ts'
import { dieAt } from '../support/dying-database.ts'
import { startVk } from '../support/simulators.ts'
import { addPerson, openWith } from './context.ts'
import { checksDone } from '../support/checks.ts'

interface Scene {
  ctx: Context
  vk: Vk
  userId: number
}

/** What is done, and what is prepared for it. */
interface Act {
  name: string
  prepare(scene: Scene): Promise<unknown>
  /** May reject: the person is told then, and may do it again. */
  perform(scene: Scene, prepared: never): Promise<unknown>
}

const comeBack: Act = {
  name: 'coming back from the consent',
  prepare: (scene) => callbackOf(scene),
  perform: (scene, callback) => finish(scene, callback),
}

const ACTS: readonly Act[] = [
  comeBack,
  {
    ...comeBack,
    name: 'coming back as the one who is connected, in trouble',
    async prepare(scene) {
      await connected(scene)
      await checked(await revokedAt(scene))
      return await callbackOf(scene)
    },
  },
  {
    ...comeBack,
    name: 'coming back as another account',
    async prepare(scene) {
      await connected(scene)
      return await callbackOf(scene, OLEG.id)
    },
  },
  {
    name: 'choosing the other account',
    async prepare(scene) {
      await connected(scene)
      await finish(scene, await callbackOf(scene, OLEG.id))
    },
    perform: ({ ctx, userId }) => replaceByOffer(ctx, userId, ctx.providers.get('vk')),
  },
  {
    name: 'disconnecting',
    prepare: (scene) => connected(scene),
    perform: ({ ctx, userId }) => disconnect(ctx, userId, ctx.providers.get('vk')),
  },
  {
    name: 'a check that finds the grant gone',
    async prepare(scene) {
      await connected(scene)
      await revokedAt(scene)
    },
    perform: (scene) => checked(scene),
  },
  {
    name: 'a check that finds it well again',
    async prepare(scene) {
      const connection = await connected(scene)
      const { ctx } = scene
      await ctx.checks.record(connection, { health: 'unreachable', reason: 'provider_unavailable' })
      await ctx.notices.openIncident(connection, 'provider_unavailable', [])
    },
    perform: (scene) => checked(scene),
  },
  {
    name: 'signing in',
    prepare: ({ ctx, userId }) => withPassword(ctx, userId),
    perform: ({ ctx }) => signIn(ctx, CREDENTIALS, enter),
  },
  {
    name: 'registering',
    prepare: () => Promise.resolve(),
    perform: ({ ctx }) =>
      register(ctx, { ...CREDENTIALS, email: 'oleg@example.ru', name: 'Олег' }, enter),
  },
]

const CREDENTIALS = {
  email: 'marina@example.ru',
  password: 'buket-utro-2490',
  address: '192.0.2.7',
}

async function withPassword(ctx: Context, userId: number) {
  await ctx.users.setPasswordHash(userId, await ctx.passwords.hash(CREDENTIALS.password))
  await ctx.sessions.replace('nobody', 'of before', { cookie: COOKIE })
}

const COOKIE = new session.Cookie()

const enter: Enter = (unit, { id: userId }) =>
  unit.sessions.replace('of before', 'new', { cookie: COOKIE, userId, signedInAt: Date.now() })

describe.each(ENGINES)('A process on %s that dies', (engine) => {
  test.each(ACTS)('at any statement of $name leaves all of it or nothing', async (act) => {
    const vk = await startVk()
    vk.perSecond = 1000
    const config = await testConfig({ engine, vk, env: { VK_PER_SECOND: '1000' } })
    const world = { vk, config, survivor: openWith(config) }
    const nothing = await story(world, act, 1)
    const all = await story(world, act, Infinity)
    expect(all.asked).toBeGreaterThan(3)
    expect(all.left).not.toEqual(nothing.left)

    const seen = new Set<string>()
    for (let n = 2; n <= all.asked; n += 1) {
      const { left } = await story(world, act, n)
      const whole = JSON.stringify(left) === JSON.stringify(all.left)
      if (!whole) expect(left, `died at statement ${n}`).toEqual(nothing.left)
      seen.add(whole ? 'all' : 'nothing')
    }
    expect(seen).toContain('nothing')
  })
})

test('what is written for a connection is prepared once a process, on sqlite', async () => {
  const prepare = vi.spyOn(sqliteDriver().prototype, 'prepare')
  onTestFinished(() => {
    prepare.mockRestore()
  })
  const vk = await startVk()
  const ctx = openWith(await testConfig({ engine: 'sqlite', vk }))
  const scene = { ctx, vk, userId: (await addPerson(ctx)).id }
  await connected(scene)
  await connected(scene)

  prepare.mockClear()
  await connected(scene)

  const ofTheHour = (sql: string) => sql.includes('check_counts') // its column is the half hour's
  expect(prepare.mock.calls.map(([sql]) => sql).filter((sql) => !ofTheHour(sql))).toEqual([])
})

interface World {
  vk: Vk
  config: Config
  /** A process that lives on. */
  survivor: Context
}

/** One life: prepared in peace, then dead at statement n of the act; what another process finds. */
async function story({ vk, config, survivor }: World, act: Act, n: number) {
  const ctx = openWith(config, { tolerant: true })
  await ctx.db('events').delete()
  await ctx.db('sessions').delete()
  await ctx.db('rate_limits').delete()
  await ctx.db('check_totals').delete()
  await ctx.db('users').delete()
  const { id: userId } = await addPerson(ctx)
  await ctx.webhooks.save(userId, 'https://owner.example.ru/hook')
  const scene = { ctx, vk, userId }
  const prepared = (await act.prepare(scene)) as never
  const dying = dieAt(ctx, n)
  await act.perform(scene, prepared).catch((error: unknown) => {
    if (!dying.dead) throw error
  })
  const { asked } = dying
  await ctx.db.destroy()
  return { asked, left: await leftBehind(survivor) }
}

/** Everything the acts write, apart from times. */
async function leftBehind({ db }: Context) {
  const rows = async (table: string, columns: string[]) =>
    (await db(table).orderBy('id').select(columns)) as unknown[]
  const [attempts, deliveries] = [
    await db('connection_attempts')
      .whereNotNull('outcome')
      .orderBy('id')
      .pluck<string[]>('outcome'),
    await db('webhook_deliveries').orderBy('id').pluck<string[]>('event'),
  ]
  const closed = db.raw('closed_at is not null as closed')
  return {
    attempts,
    deliveries,
    connections: await rows('connections', ['account_id', 'health', 'incident', 'revision']),
    checks: await rows('health_changes', ['health', 'reason']),
    checked: await checksDone({ db }),
    events: await rows('events', ['event']),
    offers: await db('connection_attempts').whereNotNull('sealed_offer').count({ n: '*' }),
    sessions: await db('sessions').whereNotNull('user_id').count({ n: '*' }),
    sessionsOfStrangers: await db('sessions').whereNull('user_id').count({ n: '*' }),
    users: await db('users')
      .orderBy('id')
      .select('email', db.raw('signed_in_at is not null as seen')),
    notices: await db('notices').orderBy('id').select('kind', 'code', closed),
  }
}

async function callbackOf({ ctx, userId }: Scene, account?: number): Promise<URLSearchParams> {
  const visitor = { userId, sessionId: 'session of marina' }
  const url = await beginConnect(ctx, visitor, ctx.providers.get('vk'))
  return new URL(await answerConsent(url.href, account ? { account } : {})).searchParams
}

const finish = ({ ctx, userId }: Scene, callback: URLSearchParams) =>
  completeConnect(
    ctx,
    { userId, sessionId: 'session of marina' },
    ctx.providers.get('vk'),
    callback,
  )

async function connected(scene: Scene): Promise<Connection> {
  await finish(scene, await callbackOf(scene))
  const connection = await scene.ctx.connections.find(scene.userId, 'vk')
  if (!connection) throw new Error('not connected')
  return connection
}

async function revokedAt(scene: Scene): Promise<Scene> {
  const connection = await scene.ctx.connections.find(scene.userId, 'vk')
  scene.vk.revoke(Number(connection?.account.id))
  return scene
}

async function checked({ ctx, userId }: Scene) {
  const connection = await ctx.connections.find(userId, 'vk')
  if (connection) await checkConnection(ctx, connection, ctx.providers.get('vk'))
}
