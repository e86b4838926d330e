import { describe, expect, test } from 'vitest'
import type { Context } from '../../../app/context.ts'
import { isActive } from '../../../app/store/sync-run-rows.ts'
import { ENGINES } from '../../support/databases.ts'
import { addPerson, ago, atOnce, DAY_MS, fromNow, HOUR_MS, openBeside } from '../context.ts'
import { addPair, newRun, openPair, step } from './sync-scene.ts'

const LEASE_MS = 30_000
const me = { instance: 'me', workplace: 'shop_1:11:1' }
const other = { instance: 'other', workplace: 'shop_1:12:1' }

const OUTLOOK = {
  changes: 1,
  products: 10,
  shownBefore: 4,
  unchanged: 3,
  total: 7,
  skipped: 2,
  digest: 'd'.repeat(64),
}

describe.each(ENGINES)('Runs on %s', (engine) => {
  test('one is under way of a link, however many begin one at once', async () => {
    const { ctx, userId, link } = await openPair(engine)
    const beside = openBeside(ctx)
    const second = await addPair(ctx, userId, { communityId: '1' })

    const begun = await atOnce(20, (n) => (n % 2 ? ctx : beside).syncRuns.queue(newRun(link.id)))

    expect(begun.filter((id) => id !== undefined)).toHaveLength(1)
    expect(await ctx.syncRuns.queue(newRun(second.id))).toBeDefined()
    expect(await ctx.syncRuns.queue(newRun(link.id + 100))).toBeUndefined()
    expect(await ctx.db('sync_runs')).toHaveLength(2)
  })

  test('a draft is for looking at: the next one takes its place, and nobody carries it out', async () => {
    const { ctx, link } = await openPair(engine)
    const first = (await ctx.syncRuns.draft(newRun(link.id), OUTLOOK)) ?? 0
    await ctx.syncSteps.replace(first, [step('1')])

    const id = (await ctx.syncRuns.draft(newRun(link.id), OUTLOOK)) ?? 0
    await ctx.syncRuns.note(id, { code: 'catalog_shrunk', values: { before: 9, after: 1 } })

    const draft = await ctx.syncRuns.draftOf(link.id)
    expect(draft).toMatchObject({ ...OUTLOOK, id, state: 'draft', reason: 'catalog_shrunk' })
    expect(draft?.reasonValues).toEqual({ before: 9, after: 1 })
    expect(draft && isActive(draft)).toBe(false)
    expect(await ctx.db('sync_steps')).toEqual([])
    expect(await ctx.syncRuns.claim(me, LEASE_MS, [])).toBeUndefined()
    expect(await ctx.syncRuns.history([link.id], 5)).toEqual([])
    expect(await ctx.syncRuns.active(link.id)).toBeUndefined()
  })

  test('are claimed by one worker each, one at a time, the oldest first', async () => {
    const { ctx, userId } = await openPair(engine)
    const beside = openBeside(ctx)
    const ids: number[] = []
    for (let n = 0; n < 10; n += 1) {
      const { id } = await addPair(ctx, userId, { communityId: String(n) })
      ids.push((await ctx.syncRuns.queue(newRun(id))) ?? 0)
    }
    const first = await ctx.syncRuns.claim(me, LEASE_MS, [])
    const underWay = await ctx.db('sync_runs').where({ state: 'running' })

    const claims = await atOnce(12, (n) =>
      n % 2 ? ctx.syncRuns.claim(me, LEASE_MS, []) : beside.syncRuns.claim(other, LEASE_MS, []),
    )

    expect(first).toMatchObject({ id: ids[0], state: 'running', stage: 'source' })
    expect(first?.startedAt?.getTime()).toBeGreaterThan(Date.now() - 10_000)
    expect(underWay).toHaveLength(1)
    const claimed = [first, ...claims].flatMap((run) => run?.id ?? [])
    expect(new Set(claimed).size).toBe(claimed.length)
    expect(await ctx.db('sync_runs').where({ state: 'running' })).toHaveLength(claimed.length)
    expect(claimed.length + (await claimAll(ctx))).toBe(10)
  })

  test('those of a dead worker are taken over when its lease is over, and the dead one is told', async () => {
    const { ctx, run } = await openRun(engine)
    const startedAt = run.startedAt

    const early = await ctx.syncRuns.claim(other, LEASE_MS, [])
    const held = await ctx.syncRuns.hold(run, LEASE_MS)
    await ctx.db('sync_runs').update({ lease_until: ago(1) })
    const late = await ctx.syncRuns.claim(other, LEASE_MS, [])

    expect([early, held]).toEqual([undefined, 'held'])
    expect(late).toMatchObject({ id: run.id, startedAt })
    expect(await ctx.syncRuns.hold(run, LEASE_MS)).toBe('lost')
    expect(await ctx.syncRuns.finish(run, 'done')).toBe(false)
    await ctx.syncRuns.drop(run)
    await ctx.syncRuns.pause(run, { code: 'flood' }, fromNow(0))
    await ctx.syncRuns.setStage(run, 'albums')
    expect(await ctx.syncRuns.find(run.id)).toMatchObject({ state: 'running', stage: 'source' })
    expect(await ctx.syncRuns.finish(late ?? run, 'done')).toBe(true)
  })

  test('nobody waits for the lease of a process of this machine that is not there any more', async () => {
    const { ctx, run } = await openRun(engine)

    expect(await ctx.syncRuns.processes('shop_1:')).toEqual([me.workplace])
    expect(await ctx.syncRuns.processes('shop%1:')).toEqual([])
    expect(await ctx.syncRuns.processes('shopA1:')).toEqual([])
    expect(await ctx.syncRuns.claim(other, LEASE_MS, ['shop_1:99:1'])).toBeUndefined()
    expect(await ctx.syncRuns.claim(other, LEASE_MS, [me.workplace])).toMatchObject({ id: run.id })
  })

  test('a machine whose name is a pattern finds its own processes alone', async () => {
    const { ctx, run } = await openRun(engine)
    await ctx.db('sync_runs').update({ lease_process: 'shopX1:7:1' })

    expect(await ctx.syncRuns.processes('shop_1:')).toEqual([])
    expect(await ctx.syncRuns.processes('shopX1:')).toEqual(['shopX1:7:1'])
    expect(run.state).toBe('running')
  })

  test('a pause ends by itself or by a button, and its reason with it', async () => {
    const { ctx, run } = await openRun(engine)
    const link = 'https://vk.com/captcha'
    const resumeAt = fromNow(HOUR_MS)

    await ctx.syncRuns.pause(run, { code: 'captcha', values: { p: 'ВК' }, link }, resumeAt)

    const paused = await ctx.syncRuns.find(run.id)
    expect(paused).toMatchObject({
      state: 'paused',
      pauses: 1,
      reason: 'captcha',
      reasonValues: { p: 'ВК' },
      reasonLink: link,
      resumeAt,
    })
    expect(await ctx.syncRuns.claim(other, LEASE_MS, [me.workplace])).toBeUndefined()
    expect(await ctx.syncRuns.resume(run.id)).toBe(true)
    const resumed = await ctx.syncRuns.claim(other, LEASE_MS, [])
    expect(resumed).toMatchObject({ id: run.id, state: 'running', reason: undefined, pauses: 1 })
    expect(resumed?.reasonLink).toBeUndefined()
    expect(await ctx.syncRuns.resume(run.id)).toBe(false)
  })

  test('one given back is taken by another at once', async () => {
    const { ctx, run } = await openRun(engine)
    await ctx.syncRuns.setOutlook(run, OUTLOOK)

    await ctx.syncRuns.release(run)

    expect(await ctx.syncRuns.claim(other, LEASE_MS, [])).toMatchObject({
      id: run.id,
      ...OUTLOOK,
      stage: 'sending',
      startedAt: run.startedAt,
    })
  })

  test('what waits or rests stops at once, what runs at its next step', async () => {
    const { ctx, userId, run } = await openRun(engine)
    const waiting =
      (await ctx.syncRuns.queue(newRun((await addPair(ctx, userId, { communityId: '1' })).id))) ?? 0

    for (const id of [waiting, run.id]) await ctx.syncRuns.askStop(id)

    expect(await ctx.syncRuns.find(waiting)).toMatchObject({
      state: 'stopped',
      reason: 'stopped',
      stopAsked: true,
    })
    expect(await ctx.syncRuns.find(run.id)).toMatchObject({ state: 'running', stopAsked: true })
    expect(await ctx.syncRuns.hold(run, LEASE_MS)).toBe('stop')
    await ctx.syncRuns.pause(run, { code: 'flood' }, fromNow(HOUR_MS))
    await ctx.syncRuns.askStop(run.id)
    expect(await ctx.syncRuns.find(run.id)).toMatchObject({
      state: 'stopped',
      reason: 'stopped',
      resumeAt: undefined,
    })
    expect(await ctx.syncRuns.claim(other, LEASE_MS, [])).toBeUndefined()
    await ctx.syncRuns.askStop(run.id)
    expect(await ctx.syncRuns.queue(newRun(run.linkId))).toBeDefined()
  })

  test('asked to stop while it begins, one stops all the same', async () => {
    const { ctx, link } = await openPair(engine)
    const beside = openBeside(ctx)
    for (let n = 0; n < 10; n += 1) {
      const id = (await ctx.syncRuns.queue(newRun(link.id))) ?? 0

      const [claimed] = await Promise.all([
        ctx.syncRuns.claim(me, LEASE_MS, []),
        beside.syncRuns.askStop(id),
      ])

      const run = await ctx.syncRuns.find(id)
      expect(run).toMatchObject({ stopAsked: true, state: claimed ? 'running' : 'stopped' })
      if (claimed) await ctx.syncRuns.finish(claimed, 'stopped')
    }
  })

  test('count what is settled, and end with it', async () => {
    const { ctx, run } = await openRun(engine)

    await atOnce(5, () => ctx.syncRuns.count(run, { created: 2, failed: 1 }))
    await ctx.syncRuns.count(run, {})
    await ctx.syncRuns.finish(run, 'failed', { code: 'too_many_items', values: { done: 1 } })

    expect(await ctx.syncRuns.last(run.linkId)).toMatchObject({
      created: 10,
      failed: 5,
      total: 0,
      state: 'failed',
      reason: 'too_many_items',
      reasonValues: { done: 1 },
    })
    expect((await ctx.syncRuns.find(run.id))?.finishedAt).toBeInstanceOf(Date)
  })

  test('are nobody else’s; their history is read page by page', async () => {
    const { ctx, userId, link } = await openPair(engine)
    const oleg = await addPerson(ctx, 'oleg')
    const ids: number[] = []
    for (let n = 0; n < 5; n += 1) {
      const id = (await ctx.syncRuns.queue(newRun(link.id, { startedBy: 'Марина' }))) ?? 0
      const run = await ctx.syncRuns.claim(me, LEASE_MS, [])
      await ctx.syncRuns.finish(run ?? { id, fence: 0 }, n === 4 ? 'done' : 'stopped')
      ids.unshift(id)
    }

    const [first, second] = [
      await ctx.syncRuns.history([link.id], 2),
      await ctx.syncRuns.history([link.id], 9, { before: ids[1] }),
    ]

    expect([...first, ...second].map(({ id }) => id)).toEqual(ids)
    expect(first[0]?.startedBy).toBe('Марина')
    expect(await ctx.syncRuns.history([], 9)).toEqual([])
    expect(await ctx.syncRuns.ofUser(userId, ids[0] ?? 0)).toMatchObject({ id: ids[0] })
    expect(await ctx.syncRuns.ofUser(oleg.id, ids[0] ?? 0)).toBeUndefined()
    expect(await ctx.syncRuns.lastDone([link.id])).toBeInstanceOf(Date)
    expect(await ctx.syncRuns.lastDone([])).toBeUndefined()
  })

  test('old ones are swept with their steps, drafts sooner, those under way never', async () => {
    const { ctx, run } = await openRun(engine)
    await ctx.syncSteps.replace(run.id, [step('1')])
    await ctx.syncRuns.finish(run, 'failed')
    const active = await ctx.syncRuns.queue(newRun(run.linkId))
    await ctx.syncRuns.draft(newRun(run.linkId), OUTLOOK)
    await ctx.db('sync_runs').update({ created_at: ago(91 * DAY_MS) })
    await ctx
      .db('sync_runs')
      .where({ id: run.id })
      .update({ finished_at: ago(90 * DAY_MS + 60_000) })

    await ctx.syncRuns.sweep(ago(91 * DAY_MS), ago(92 * DAY_MS))
    const before = await ctx.db('sync_runs')
    await ctx.syncRuns.sweep(ago(90 * DAY_MS), ago(DAY_MS))

    expect(before).toHaveLength(3)
    expect(await ctx.db('sync_runs').pluck('id')).toEqual([active])
    expect(await ctx.db('sync_steps')).toEqual([])
  })
})

async function openRun(engine: 'sqlite' | 'postgres') {
  const scene = await openPair(engine)
  await scene.ctx.syncRuns.queue(newRun(scene.link.id))
  const run = await scene.ctx.syncRuns.claim(me, LEASE_MS, [])
  if (!run) throw new Error('no run')
  return { ...scene, run }
}

/** PostgreSQL's callers may pass a row that another has just taken; the next round finds what is left. */
async function claimAll({ syncRuns }: Context): Promise<number> {
  let claimed = 0
  while (await syncRuns.claim(me, LEASE_MS, [])) claimed += 1
  return claimed
}
