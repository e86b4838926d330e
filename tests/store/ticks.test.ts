import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../../app/store/sqlite-driver.ts'
import type { Context } from '../../app/context.ts'
import { checkDue } from '../../app/flows/connections/check-due.ts'
import type { Connection } from '../../app/store/connection.ts'
import type { Evotor } from '../simulators/evotor.ts'
import { ENGINES } from '../support/databases.ts'
import { addPerson, atOnce, openBeside } from './context.ts'
import { openEvotor } from './renewable.ts'
import { checksDone } from '../support/checks.ts'

const NEVER = new AbortController().signal
/** Far longer than a tick over a handful of connections takes. */
const TICK_MS = 60_000

describe.each(ENGINES)('A tick of health checks on %s', (engine) => {
  test('two instances that tick at once check each connection once', async () => {
    const { ctx, evotor } = await openEvotor(engine)
    const other = openBeside(ctx)
    const connections = await atOnce(60, (index) => connectTill(ctx, evotor, `owner${index}`))
    const tick = new Date()

    await Promise.all([checkDue(ctx, tick, NEVER), checkDue(other, tick, NEVER)])

    expect(evotor.count('/stores')).toBe(60)
    const checked = await Promise.all(connections.map(({ id }) => ctx.connections.findById(id)))
    expect(checked.filter((one) => one?.isOnline && one.lastCheckedAt)).toHaveLength(60)
    expect(await checksDone(ctx)).toBe(60)
  })

  test('the same tick again checks nothing, the next one all', async () => {
    const { ctx, evotor } = await openEvotor(engine)
    await atOnce(3, (index) => connectTill(ctx, evotor, `owner${index}`))
    const tick = new Date()
    await checkDue(ctx, tick, NEVER)

    await checkDue(openBeside(ctx), tick, NEVER)
    const again = evotor.count('/stores')
    await pause(5)
    await checkDue(ctx, new Date(), NEVER)

    expect([again, evotor.count('/stores')]).toEqual([3, 6])
  })

  test('what an instance left when it died is checked by another in the same tick', async () => {
    const { ctx, evotor } = await openEvotor(engine)
    const connection = await connectTill(ctx, evotor, 'marina')
    const tick = new Date()
    await ctx.checks.claim('evotor', tick, 1, 'dead instance', 300)

    await checkDue(ctx, tick, NEVER)

    expect(evotor.count('/stores')).toBe(1)
    expect((await ctx.connections.findById(connection.id))?.lastCheckedAt).toBeDefined()
  })

  test('a connection that breaks our own code keeps no tick from ending', async () => {
    const { ctx, evotor } = await openEvotor(engine, { tolerant: true })
    const broken = await connectTill(ctx, evotor, 'broken')
    await connectTill(ctx, evotor, 'marina')
    await breakTokens(ctx, broken)

    const ended = await endOfTick(ctx)

    expect(evotor.count('/stores')).toBe(1)
    expect(ended).toBe('ended')
  })

  test('a row that cannot be read keeps no other from being checked', async () => {
    const { ctx, evotor } = await openEvotor(engine, { tolerant: true })
    const broken = await connectTill(ctx, evotor, 'broken')
    const fine = await connectTill(ctx, evotor, 'marina')
    await ctx.db('connections').where({ id: broken.id }).update({ profile: '{' })

    await endOfTick(ctx)

    expect((await ctx.connections.findById(fine.id))?.lastCheckedAt).toBeDefined()
  })
})

test('a connection removed between answer and verdict breaks no check', async () => {
  const { ctx, evotor } = await openEvotor('sqlite')
  const connection = await connectTill(ctx, evotor, 'marina')
  removeBefore(ctx, 'BEGIN')

  await checkDue(ctx, new Date(), NEVER)

  expect(await ctx.connections.findById(connection.id)).toBeUndefined()
  expect(await checksDone(ctx)).toBe(0)
})

async function connectTill(ctx: Context, evotor: Evotor, name: string): Promise<Connection> {
  const { id } = await addPerson(ctx, name)
  const accessToken = `till of ${name}`
  evotor.tokens.set(accessToken, { userId: evotor.users[0]?.id ?? '', expiresAt: Infinity })
  const account = { id: evotor.users[0]?.id ?? '', profile: {} }
  const tokens = { accessToken, carried: {} }
  return await ctx.connections.save({ userId: id, provider: 'evotor', account, tokens })
}

/** Sealed by our own key for this very row, and yet nothing we ever wrote. */
async function breakTokens({ db, vault }: Context, { id, userId }: Connection) {
  const sealed = vault.seal('not JSON', `connections:${userId}:evotor:sealed_tokens`)
  await db('connections').where({ id }).update({ sealed_tokens: sealed })
}

async function endOfTick(ctx: Context): Promise<string> {
  const stop = new AbortController()
  onTestFinished(() => {
    stop.abort()
  })
  const tick = checkDue(ctx, new Date(), stop.signal).then(() => 'ended', String)
  return await Promise.race([tick, pause(TICK_MS, 'still running')])
}

/** Another process deletes all connections right before we send a statement that begins like this. */
function removeBefore({ db, config: { database } }: Context, beginning: string) {
  if (database.client !== 'sqlite') throw new Error('SQLite only')
  const other = openSqlite(database.file, { timeout: 0 })
  onTestFinished(() => void other.close())
  db.on('query', ({ sql }: { sql: string }) => {
    if (sql.startsWith(beginning)) other.exec('delete from connections')
  })
}
