import { describe, expect, test } from 'vitest'
import type { Context } from '../../../app/context.ts'
import { isTaken } from '../../../app/store/db-errors.ts'
import { readSettings } from '../../../app/catalogue/settings.ts'
import { ENGINES } from '../../support/databases.ts'
import { addPerson, ago, atOnce, connect, fromNow, HOUR_MS, openBeside } from '../context.ts'
import { addFile, addPair, newRun, openPair, product, ROUTE, step } from './sync-scene.ts'

const PAUSE_MS = 10 * 60_000
/** Older than a hint waits for more of them. */
const OLD_HINT = 6_000

describe.each(ENGINES)('Pairs of a store and a community on %s', (engine) => {
  test('keeps the names platforms give, as far as they can be kept', async () => {
    const { ctx, userId } = await openPair(engine)
    const long = 'ы'.repeat(300)

    const link = await addPair(ctx, userId, {
      communityId: '7',
      storeName: long,
      communityName: 'Бу\0кеты',
    })

    expect(link).toMatchObject({ storeName: long.slice(0, 255), communityName: 'Букеты' })
  })

  test('come back as they were kept, and are nobody else’s', async () => {
    const { ctx, userId, link } = await openPair(engine)
    const oleg = await addPerson(ctx, 'oleg')

    expect(link).toMatchObject({
      ...ROUTE,
      id: link.id,
      userId,
      settings: readSettings({}),
      revision: 1,
      paused: false,
      nextRunAt: undefined,
      listedFrom: undefined,
      listedWholeAt: undefined,
      singly: false,
      trouble: undefined,
      createdAt: link.createdAt,
    })
    expect(Math.abs(link.createdAt.getTime() - Date.now())).toBeLessThan(10_000)
    expect(await ctx.syncLinks.list(userId)).toEqual([link])
    expect(await ctx.syncLinks.list(oleg.id)).toEqual([])
    expect(await ctx.syncLinks.find(oleg.id, link.id)).toBeUndefined()
    await ctx.syncLinks.remove(oleg.id, link.id)
    expect(await ctx.syncLinks.find(userId, link.id)).toEqual(link)
  })

  test('are told apart by their platforms, whose numbers may be the same', async () => {
    const { ctx, userId, link } = await openPair(engine)

    const elsewhere = await addPair(ctx, userId, { target: 'other' })
    const file = await addFile(ctx, userId)

    expect(elsewhere).toMatchObject({ source: link.source, target: 'other' })
    expect(elsewhere.communityId).toBe(link.communityId)
    expect(file.target).toBeUndefined()
    const again = addFile(ctx, userId)
    await expect(again).rejects.toSatisfy(isTaken)
    expect(await ctx.syncHolds.take(link, ['aaaaaaaaaaaa'])).toBe(0)
    expect(await ctx.syncHolds.take(elsewhere, ['aaaaaaaaaaaa'])).toBe(0)
    expect((await ctx.syncHolds.ofOthers(elsewhere)).endings).toEqual(new Set())
    for (const pair of [link, elsewhere, file])
      expect(await ctx.syncHolds.isShared(pair), pair.target).toBe(false)
    expect(await ctx.syncHolds.isShared({ ...link, id: 0 })).toBe(true)
  })

  test('are there once, whoever adds them how often at once', async () => {
    const { ctx, userId, link } = await openPair(engine)
    const other = openBeside(ctx)
    const route = { ...ROUTE, communityId: '7' }

    const added = await atOnce(6, (index) =>
      (index % 2 ? ctx : other).syncLinks
        .add(userId, route, link.settings)
        .catch((error: unknown) => (isTaken(error) ? 'taken' : error)),
    )

    expect(added.filter((one) => one !== 'taken')).toHaveLength(1)
    expect(await ctx.syncLinks.list(userId)).toHaveLength(2)
  })

  test('keep a change, its number, and what is known meanwhile', async () => {
    const { ctx, link } = await openPair(engine)
    const from = ago(HOUR_MS)
    await ctx.syncLinks.setTrouble(link.id, { code: 'group_access_lost', values: { group: 'Я' } })
    const troubled = await ctx.syncLinks.get(link.id)

    await ctx.syncLinks.change(link.id, { ...ROUTE, storeName: 'Лавка' }, link.settings)
    await ctx.syncLinks.setPaused(link.id, true)
    await ctx.syncLinks.setSingly(link.id)
    await ctx.syncLinks.noteListing(link.id, from, true)
    await ctx.syncLinks.noteListing(link.id, fromNow(0), false)

    expect(troubled?.trouble).toEqual({ code: 'group_access_lost', values: { group: 'Я' } })
    const changed = await ctx.syncLinks.get(link.id)
    expect(changed).toMatchObject({
      storeName: 'Лавка',
      revision: 2,
      trouble: undefined,
      paused: true,
      singly: true,
      listedWholeAt: from,
    })
    expect(changed?.listedFrom?.getTime()).toBeGreaterThan(from.getTime())
  })

  test('have a file under a secret address that can be renewed', async () => {
    const { ctx, userId, link } = await openPair(engine)
    const key = (await ctx.syncLinks.feedKey(link)) ?? ''

    await ctx.syncLinks.renewFeedKey(link)

    const renewed = (await ctx.syncLinks.feedKey(link)) ?? ''
    expect(new Set([key.length, renewed.length])).toEqual(new Set([32]))
    expect(await ctx.syncLinks.findByFeedKey(key)).toBeUndefined()
    expect(await ctx.syncLinks.findByFeedKey(renewed)).toEqual(link)
    expect(JSON.stringify(await ctx.db('sync_links'))).not.toContain(renewed)
    await ctx.syncLinks.renewFeedKey({ ...link, userId: userId + 1 })
    expect(await ctx.syncLinks.feedKey(link)).toBe(renewed)
  })

  test('go with their owner, and everything of theirs with them', async () => {
    const { ctx, userId, link } = await openPair(engine)
    const runId = (await ctx.syncRuns.queue(newRun(link.id))) ?? 0
    await ctx.syncSteps.replace(runId, [step('1')])
    await ctx.syncItems.saveListing(link.id, { changed: [product('1')], misses: new Map() })
    await ctx.syncItems.saveGroups(link.id, [{ id: 'g', name: 'Розы', attributes: [] }])

    await ctx.users.removeUnlessNeeded(userId)

    for (const table of ['links', 'items', 'groups', 'runs', 'steps'])
      expect(await ctx.db(`sync_${table}`)).toEqual([])
  })
})

describe.each(ENGINES)('The timetable on %s', (engine) => {
  test('takes what is due, and leaves what rests, is in trouble, or is run by hand', async () => {
    const { ctx, userId, link } = await openPair(engine)
    const pair = (communityId: string) => addPair(ctx, userId, { communityId })
    const [later, paused, troubled, byHand] = [
      await pair('1'),
      await pair('2'),
      await pair('3'),
      await pair('4'),
    ]
    await ctx.syncLinks.setNextRun(later.id, fromNow(HOUR_MS))
    for (const { id } of [link, paused, troubled]) await ctx.syncLinks.setNextRun(id, ago(1_000))
    await ctx.syncLinks.setPaused(paused.id, true)
    await ctx.syncLinks.setTrouble(troubled.id, { code: 'market_disabled', values: {} })
    await ctx.syncLinks.setNextRun(byHand.id, undefined)

    const taken = await ctx.syncLinks.takeDue(50, PAUSE_MS)

    expect(taken).toMatchObject([{ id: link.id, hinted: false }])
    expect(taken[0]?.nextRunAt?.getTime()).toBeGreaterThan(Date.now() + PAUSE_MS - 60_000)
    expect(await ctx.syncLinks.takeDue(50, PAUSE_MS)).toEqual([])
  })

  test('gives each to one of many callers, with what was hinted', async () => {
    const { ctx, userId } = await openPair(engine)
    const others = [openBeside(ctx), openBeside(ctx)]
    const ids: number[] = []
    for (let n = 0; n < 12; n += 1) {
      const { id } = await addPair(ctx, userId, { communityId: String(n) })
      await ctx.syncLinks.setNextRun(id, n % 2 ? fromNow(HOUR_MS) : ago(n * 1_000))
      if (n % 2)
        await ctx
          .db('sync_links')
          .where({ id })
          .update({ hinted_at: ago(OLD_HINT) })
      ids.push(id)
    }

    const taken = await atOnce(3, (n) =>
      ([ctx, ...others][n] ?? ctx).syncLinks.takeDue(5, PAUSE_MS),
    )
    const rest = await ctx.syncLinks.takeDue(50, PAUSE_MS)

    const all = [...taken.flat(), ...rest]
    expect(taken.map((some) => some.length).filter((n) => n > 5)).toEqual([])
    expect(all.map(({ id }) => id).sort((a, b) => a - b)).toEqual(ids)
    expect(all.map(({ id, hinted }) => hinted === (ids.indexOf(id) % 2 === 1))).not.toContain(false)
  })

  test('hears of a change after a breath, once, and only where it may run by itself', async () => {
    const { ctx, userId, link } = await openPair(engine)
    const byHand = await addPair(ctx, userId, { communityId: '1' })
    const elsewhere = await addPair(ctx, userId, { storeId: 'another' })
    await ctx.syncLinks.setNextRun(link.id, fromNow(HOUR_MS))
    await ctx.syncLinks.setNextRun(elsewhere.id, fromNow(HOUR_MS))

    const hints = [await ctx.syncLinks.hint(ROUTE.storeId), await ctx.syncLinks.hint(ROUTE.storeId)]
    const early = await ctx.syncLinks.takeDue(50, PAUSE_MS)
    await age(ctx)
    const taken = await ctx.syncLinks.takeDue(50, PAUSE_MS)

    expect(hints).toEqual([2, 0])
    expect(early).toEqual([])
    expect(taken).toMatchObject([{ id: link.id, hinted: true }])
    expect(await ctx.syncLinks.takeDue(50, PAUSE_MS)).toEqual([])
    expect((await ctx.syncLinks.get(byHand.id))?.nextRunAt).toBeUndefined()
  })

  test('hears of a change by the account of the till', async () => {
    const { ctx, userId, link } = await openPair(engine)
    await connect(ctx, userId, { provider: 'evotor' })
    await ctx.syncLinks.setNextRun(link.id, fromNow(HOUR_MS))

    expect(await ctx.syncLinks.hintAccount('evotor', 'somebody')).toBe(0)
    expect(await ctx.syncLinks.hintAccount('evotor', '21450987')).toBe(1)
    await age(ctx)

    expect(await ctx.syncLinks.takeDue(50, PAUSE_MS)).toMatchObject([{ id: link.id, hinted: true }])
  })

  test('keeps a hint for after the run that is under way', async () => {
    const { ctx, link } = await openPair(engine)
    const worker = { instance: 'me', workplace: 'here:1:1' }
    await ctx.syncLinks.setNextRun(link.id, ago(1_000))
    await ctx.syncRuns.queue(newRun(link.id))
    const run = await ctx.syncRuns.claim(worker, 30_000, [])
    await ctx.syncLinks.hint(ROUTE.storeId)
    await age(ctx)

    const meanwhile = await ctx.syncLinks.takeDue(50, PAUSE_MS)
    await ctx.syncRuns.finish(run ?? { id: 0, fence: 0 }, 'done')
    await ctx.syncLinks.setNextRun(link.id, fromNow(HOUR_MS))

    expect(meanwhile).toEqual([])
    expect(await ctx.syncLinks.takeDue(50, PAUSE_MS)).toMatchObject([{ id: link.id, hinted: true }])
  })
})

async function age({ db }: Context) {
  await db('sync_links')
    .whereNotNull('hinted_at')
    .update({ hinted_at: ago(OLD_HINT) })
}
