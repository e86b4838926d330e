import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import type { Engine } from '../support/databases.ts'
import { ENGINES } from '../support/databases.ts'
import { addPair, newRun } from './catalogue/sync-scene.ts'
import { addPerson, ago, atOnce, connect, openBeside, openContext } from './context.ts'

const LEASE_MS = 60_000
const WORKER = { instance: 'me', workplace: 'here 1' }

describe.each(ENGINES)('What administrators decide about people on %s', (engine) => {
  test('of two who take the rights of each other at once, one stays administrator', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)

    for (let round = 0; round < 10; round += 1) {
      const [marina, oleg] = await administrators(ctx, round)
      const acts = [
        () => ctx.standing.setRole(marina, 'owner', oleg),
        () => other.standing.setRole(oleg, 'owner', marina),
        () => ctx.standing.block(marina, undefined, oleg),
        () => other.standing.block(oleg, undefined, marina),
      ].slice(round % 2 ? 2 : 0, round % 2 ? 4 : 2)

      const changes = await Promise.all(acts.map((act) => act()))

      expect(changes.toSorted()).toEqual(['changed', 'not_allowed'])
      expect(await working(ctx)).toHaveLength(1)
      for (const id of [marina, oleg]) await ctx.db('users').where({ id }).delete()
    }
  })

  test('of two who delete each other at once, one stays', async () => {
    const ctx = await openContext(engine)

    for (let round = 0; round < 10; round += 1) {
      const [marina, oleg] = await administrators(ctx, round)

      const gone = await Promise.all([
        ctx.users.removeUnlessNeeded(marina, oleg),
        ctx.users.removeUnlessNeeded(oleg, marina),
      ])

      expect(gone.toSorted()).toEqual([false, true])
      expect(await working(ctx)).toHaveLength(1)
      for (const id of [marina, oleg]) await ctx.db('users').where({ id }).delete()
    }
  })

  test('the last who works keeps the rights, whoever else is blocked', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = await administrators(ctx, 0)
    await ctx.standing.block(oleg, 'спам', marina)

    expect(await ctx.standing.setRole(marina, 'owner', marina)).toBe('last_admin')
    expect(await ctx.standing.block(marina, undefined, marina)).toBe('last_admin')
    expect(await ctx.standing.setRole(marina, 'owner', oleg)).toBe('not_allowed')
    expect(await ctx.standing.setRole(9999, 'admin', marina)).toBe('gone')
    expect(await ctx.users.isNeeded(marina)).toBe(true)
    expect((await ctx.users.administrator())?.id).toBe(marina)
    expect((await ctx.users.find(oleg))?.blocked).toMatchObject({ reason: 'спам' })
  })

  test('checks of a blocked person rest, and go on afterwards', async () => {
    const { ctx, marina, admin } = await openScene(engine)
    const connection = await connect(ctx, marina)
    await ctx.db('connections').update({ last_checked_at: ago(3600_000) })
    const claim = () => ctx.checks.claim('vk', new Date(), 10, 'me', LEASE_MS)
    await ctx.standing.block(marina, undefined, admin)

    expect(await claim()).toEqual([])
    expect(await ctx.checks.nextLeaseEnd('vk', new Date())).toBeUndefined()
    await ctx.standing.unblock(marina, admin)
    expect((await claim()).map(({ id }) => id)).toEqual([connection.id])
  })

  test('nobody waits for a check that died over a person who is blocked meanwhile', async () => {
    const { ctx, marina, admin } = await openScene(engine)
    await connect(ctx, marina)
    await ctx.checks.claim('vk', new Date(), 10, 'dead', LEASE_MS)
    await ctx.standing.block(marina, undefined, admin)

    expect(await ctx.checks.nextLeaseEnd('vk', new Date())).toBeUndefined()
  })

  test('runs of a blocked person rest where they are, and go on afterwards', async () => {
    const { ctx, marina, admin } = await openScene(engine)
    const link = await addPair(ctx, marina)
    const id = await ctx.syncRuns.queue(newRun(link.id))
    const run = await ctx.syncRuns.claim(WORKER, LEASE_MS, [])
    if (!run) throw new Error('nothing to carry out')
    await ctx.standing.block(marina, undefined, admin)

    expect(await ctx.syncRuns.hold(run, LEASE_MS)).toBe('lost')
    await ctx.db('sync_runs').update({ lease_until: ago(1000) })
    expect(await ctx.syncRuns.claim(WORKER, LEASE_MS, [])).toBeUndefined()
    expect((await ctx.syncRuns.find(run.id))?.state).toBe('running')
    await ctx.standing.unblock(marina, admin)
    expect((await ctx.syncRuns.claim(WORKER, LEASE_MS, []))?.id).toBe(id)
  })

  test('the timetable, the file and the webhook of a blocked person rest', async () => {
    const { ctx, marina, admin } = await openScene(engine)
    const link = await addPair(ctx, marina)
    await ctx.db('sync_links').update({ next_run_at: ago(1000), paused: false })
    const key = (await ctx.syncLinks.feedKey(link)) ?? ''
    await ctx.webhooks.save(marina, 'https://shop.example.ru/news')
    await ctx.deliveries.queue(marina, { key: 'key', event: 'connected', payload: '{}' })
    await ctx.standing.block(marina, undefined, admin)

    expect(await ctx.syncLinks.takeDue(10, LEASE_MS)).toEqual([])
    expect(await ctx.syncLinks.findByFeedKey(key)).toBeUndefined()
    expect(await ctx.deliveries.claim('me', LEASE_MS)).toBeUndefined()
    await ctx.standing.unblock(marina, admin)
    expect(await ctx.syncLinks.takeDue(10, LEASE_MS)).toHaveLength(1)
    expect((await ctx.syncLinks.findByFeedKey(key))?.id).toBe(link.id)
    expect(await ctx.deliveries.claim('me', LEASE_MS)).toBeDefined()
  })
})

async function openScene(engine: Engine) {
  const ctx = await openContext(engine)
  const [admin] = await administrators(ctx, 0)
  return { ctx, admin, marina: (await addPerson(ctx, 'owner')).id }
}

async function administrators(ctx: Context, round: number): Promise<[number, number]> {
  const [one, other] = await atOnce(2, (index) => addPerson(ctx, `admin${round}${index}`))
  const ids = [one?.id ?? 0, other?.id ?? 0] as const
  for (const id of ids) await ctx.users.setRole(id, 'admin')
  return [...ids]
}

const working = ({ db }: Context) =>
  db('users').where({ role: 'admin' }).whereNull('blocked_at').select('id')
