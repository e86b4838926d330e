import { describe, expect, test } from 'vitest'
import type { Action } from '../../../app/catalogue/steps.ts'
import { ENGINES, type Engine } from '../../support/databases.ts'
import { openPair, newRun, step } from './sync-scene.ts'

const ODD = '090071992547409930071e5'
const CHANGES: readonly Action[] = ['update', 'hide', 'restore', 'delete']

describe.each(ENGINES)('Steps of a run on %s', (engine) => {
  test('come back in order, as they were kept; what is skipped has its reason', async () => {
    const reason = { code: 'price_missing', values: { n: 1, name: 'Роза' } }
    const steps = [
      step('1'),
      step('2', 'update', { itemId: ODD, fields: ['price', 'album'], before: { price: 1 } }),
      step('3', 'skip', { reason }),
      step('4', 'hide', { itemId: '4', leaveAlbum: '7', reason: { code: 'gone' } }),
    ]
    const { ctx, runId } = await openSteps(engine, steps)

    const kept = await ctx.syncSteps.page(runId, { page: 1, size: 10 })

    expect(kept.map((one) => one.step)).toEqual(steps)
    expect(kept).toMatchObject([
      { place: 0, state: 'pending', placed: true, itemId: undefined, reason: undefined },
      { place: 1, state: 'pending', placed: false, itemId: ODD },
      { place: 2, state: 'skipped', placed: true, reason },
      { place: 3, state: 'pending', placed: false, itemId: '4', reason: undefined },
    ])
    await ctx.syncSteps.replace(runId, [step('5')])
    expect(await ctx.syncSteps.page(runId, { page: 1, size: 10 })).toHaveLength(1)
  })

  test('are shown page by page, of one kind or of all', async () => {
    const kinds: Action[] = ['create', 'update', 'restore', 'hide', 'delete', 'skip']
    const steps = Array.from({ length: 450 }, (_, n) => step(String(n), kinds[n % kinds.length]))
    const { ctx, runId } = await openSteps(engine, steps)
    const places = async (filter?: 'new' | 'update' | 'hide' | 'skip') => {
      const kept = await ctx.syncSteps.page(runId, { filter, page: 2, size: 3 })
      return kept.map(({ place }) => place)
    }

    expect(await places()).toEqual([3, 4, 5])
    expect(await places('new')).toEqual([18, 24, 30])
    expect(await places('update')).toEqual([8, 13, 14])
    expect(await places('hide')).toEqual([10, 15, 16])
    expect(await places('skip')).toEqual([23, 29, 35])
    expect(await ctx.syncSteps.actions(runId)).toEqual(
      Object.fromEntries(kinds.map((kind) => [kind, 75])),
    )
    const sizes: number[] = []
    for await (const some of ctx.syncSteps.all(runId)) sizes.push(some.length)
    expect(sizes).toEqual([200, 200, 50])
  })

  test('wait for their turn, are sent, and are settled once', async () => {
    const steps = [step('1'), step('2'), step('3', 'update', { itemId: '3', fields: ['album'] })]
    const { ctx, runId, linkId, claim } = await openSteps(engine, steps)
    const [first, second] = await ctx.syncSteps.pending(runId, ['create'], 2)
    const [third] = await ctx.syncSteps.pending(runId, CHANGES, 9)
    if (!first || !second || !third) throw new Error('three steps')

    const later = { id: runId + 1, linkId }
    expect(await ctx.syncSteps.anyUnsettledBefore(later)).toBe(false)
    const taken = [first.id, second.id, first.id].map((id) => ctx.syncSteps.take(claim, id))
    expect(await Promise.all(taken)).toEqual([true, true, false])
    expect(await ctx.syncSteps.anyUnsettledBefore(later)).toBe(true)
    const unsettled = await ctx.syncSteps.unsettled(runId)
    await ctx.syncSteps.again(claim, [second.id])
    await ctx.syncSteps.settle(runId, [
      { id: first.id, state: 'done', itemId: ODD },
      { id: third.id, state: 'failed', reason: { code: 'photo_refused', values: { n: 2 } } },
    ])

    expect(unsettled.map(({ id, state }) => [id, state])).toEqual([
      [first.id, 'sending'],
      [second.id, 'sending'],
    ])
    const kept = await ctx.syncSteps.page(runId, { page: 1, size: 10 })
    expect(kept).toMatchObject([
      { state: 'done', itemId: ODD, reason: undefined },
      { state: 'pending', sentAt: undefined },
      { state: 'failed', itemId: '3', reason: { code: 'photo_refused', values: { n: 2 } } },
    ])
    expect(await ctx.syncSteps.anyUnsettledBefore(later)).toBe(false)
    expect(await ctx.syncSteps.failedProducts(runId)).toEqual(new Set(['2', '3']))
    expect(await ctx.syncSteps.reasons(runId)).toEqual([{ code: 'photo_refused', count: 1 }])
    expect(await ctx.syncSteps.withReason(runId, 'photo_refused', 5)).toMatchObject([
      { id: third.id },
    ])
  })

  test('have their album seen to after they are done, and may become a new card instead', async () => {
    const steps = [
      step('1', 'update', { itemId: '1', fields: ['album'] }),
      step('2', 'update', { itemId: '2', fields: ['price'] }),
    ]
    const { ctx, runId, claim } = await openSteps(engine, steps)
    const [first, second] = await ctx.syncSteps.pending(runId, CHANGES, 2)
    if (!first || !second) throw new Error('two steps')

    const early = await ctx.syncSteps.unplaced(runId, 9)
    await ctx.syncSteps.settle(runId, [{ id: first.id, state: 'done' }])
    const waiting = await ctx.syncSteps.unplaced(runId, 9)
    await ctx.syncSteps.notePlaced(claim, [first.id], { code: 'album_gone' })
    await ctx.syncSteps.recreate(
      claim,
      second.id,
      step('2', 'create', { fields: ['title', 'album'] }),
    )

    expect([early.length, waiting.length]).toEqual([0, 1])
    const [placed, anew] = await ctx.syncSteps.page(runId, { page: 1, size: 2 })
    expect(placed).toMatchObject({ placed: true, reason: { code: 'album_gone', values: {} } })
    expect(anew).toMatchObject({ state: 'pending', itemId: undefined, placed: false })
    expect(await ctx.syncSteps.pending(runId, ['create'], 9)).toMatchObject([{ id: second.id }])
  })
})

async function openSteps(engine: Engine, steps: Parameters<typeof replaceOf>[1]) {
  const { ctx, link } = await openPair(engine)
  const runId = (await ctx.syncRuns.queue(newRun(link.id))) ?? 0
  const claim = await ctx.syncRuns.claim({ instance: 'me', workplace: 'here:1' }, 30_000, [])
  if (!claim) throw new Error('no run')
  await replaceOf({ ctx, runId }, steps)
  return { ctx, runId, linkId: link.id, claim }
}

type Scene = Pick<Awaited<ReturnType<typeof openPair>>, 'ctx'> & { runId: number }

const replaceOf = ({ ctx, runId }: Scene, steps: ReturnType<typeof step>[]) =>
  ctx.syncSteps.replace(runId, steps)
