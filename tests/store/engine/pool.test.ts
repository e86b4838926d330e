import { createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { PoolLimits } from '../../../app/config/pool.ts'
import { isUnavailable } from '../../../app/store/db-errors.ts'
import { type Db, openDb } from '../../../app/store/db.ts'
import { prepareDatabase } from '../../../app/store/prepare.ts'
import { createVault } from '../../../app/crypto/vault.ts'
import { load } from '../../unit/settings.ts'
import { newPostgres } from '../../support/databases.ts'

test('no more connections are open than are allowed, and one more waits its time', async () => {
  const { db, count } = await openWith({ max: 2, acquireMs: 400 })
  const ended: string[] = []
  const note = (what: string) => () => void ended.push(what)
  const held = ['first', 'second'].map((what) =>
    settled(db.raw('select pg_sleep(1.5)')).then(note(what)),
  )
  await pause(100)

  const begun = performance.now()
  const third = await db.raw('select 1').then(String, (error: unknown) => error)

  expect(isUnavailable(third)).toBe(true)
  expect(performance.now() - begun).toBeGreaterThan(350)
  expect(ended).toEqual([]) // it gave up before
  expect(await count()).toBe(2)
  await Promise.all(held)
})

test('an idle connection is closed after its time', async () => {
  const { db, count } = await openWith({ idleMs: 1_000 })
  await db.raw('select 1')
  expect(await count()).toBe(1)

  await expect.poll(count).toBe(0)
})

test('a statement that takes too long is ended, and migrations are not', async () => {
  const { db, config } = await openWith({ statementMs: 200 })

  const late = await db.raw('select pg_sleep(5)').then(String, (error: unknown) => error)

  expect(late).toMatchObject({ code: '57014' })
  expect(isUnavailable(late)).toBe(true)
  const { tokenKeys } = load()
  await prepareDatabase(db, config, createVault(tokenKeys), { waitMs: 0 })
  expect(await db('users').select()).toEqual([])
})

test('a server that takes a connection and says nothing is given up after its time', async () => {
  const silent = createServer()
  const sockets: Socket[] = []
  silent.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)))
  await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { port } = silent.address() as { port: number }
  const url = `postgres://evo@127.0.0.1:${port}/evosync`
  const db = openDb({ client: 'postgres', url, pool: { connectMs: 300, acquireMs: 60_000 } })
  onTestFinished(() => db.destroy())

  const begun = performance.now()
  const refused = await db.raw('select 1').then(String, (error: unknown) => error)

  expect(isUnavailable(refused)).toBe(true)
  expect(performance.now() - begun).toBeLessThan(30_000)
})

async function openWith(pool: PoolLimits) {
  const config = await newPostgres()
  if (config.client === 'sqlite') throw new Error('not PostgreSQL')
  const limited = { ...config, pool }
  const db = openDb(limited)
  const watching = openDb(config)
  onTestFinished(() => Promise.all([db.destroy(), watching.destroy()]).then(() => undefined))
  return { db, config: limited, count: () => othersOf(watching) }
}

/** Connections to this database but the one that asks. */
async function othersOf(db: Db): Promise<number> {
  const { rows } = await db.raw<{ rows: { n: number }[] }>(
    `select count(*)::int as n from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  )
  return rows[0]?.n ?? 0
}

const settled = (work: PromiseLike<unknown>) => work.then(String, String)
