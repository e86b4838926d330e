import { describe, expect, test } from 'vitest'
import type { Limit } from '../../app/store/limits.ts'
import { ENGINES } from '../support/databases.ts'
import { atOnce, openBeside, openContext } from './context.ts'

const SIGN_IN: Limit = { name: 'sign_in', most: 3, windowMs: 15 * 60_000 }
const ADDRESS = 'marina@example.ru'

describe.each(ENGINES)('Limits on %s', (engine) => {
  test('hits are counted, and the one too many is told when the window ends', async () => {
    const { limits } = await openContext(engine)

    const hits = []
    for (let nth = 0; nth < 4; nth += 1) hits.push(await limits.hit(SIGN_IN, ADDRESS))

    expect(hits.map(({ count }) => count)).toEqual([1, 2, 3, 4])
    expect(hits.map(({ exceeded }) => exceeded)).toEqual([false, false, false, true])
    expect(hits[0]?.resetsInMs).toBe(SIGN_IN.windowMs)
    expect(hits[3]?.resetsInMs).toBeLessThanOrEqual(SIGN_IN.windowMs)
    expect(hits[3]?.resetsInMs).toBeGreaterThan(SIGN_IN.windowMs - 60_000)
  })

  test('parallel hits all count, on however many instances', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)

    const hits = await atOnce(40, (index) => (index % 2 ? ctx : other).limits.hit(SIGN_IN, ADDRESS))

    const counts = hits.map(({ count }) => count).sort((a, b) => a - b)
    expect(counts).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
    expect(hits.filter(({ exceeded }) => !exceeded)).toHaveLength(3)
  })

  test('people and limits are counted apart', async () => {
    const { limits } = await openContext(engine)
    await limits.hit(SIGN_IN, ADDRESS)

    const another = await limits.hit(SIGN_IN, 'oleg@example.ru')
    const reset = await limits.hit({ ...SIGN_IN, name: 'reset' }, ADDRESS)

    expect([another.count, reset.count]).toEqual([1, 1])
  })

  test('a window that is over begins anew, as long as the first', async () => {
    const { db, limits } = await openContext(engine)
    for (let nth = 0; nth < 5; nth += 1) await limits.hit(SIGN_IN, ADDRESS)
    await db('rate_limits').update({ resets_at: Date.now() })

    const hit = await limits.hit(SIGN_IN, ADDRESS)
    const next = await limits.hit(SIGN_IN, ADDRESS)

    expect(hit).toEqual({ count: 1, exceeded: false, resetsInMs: SIGN_IN.windowMs })
    expect(next.count).toBe(2)
  })

  test('hits do not put off the end of the window', async () => {
    const { db, limits } = await openContext(engine)
    await limits.hit(SIGN_IN, ADDRESS)
    await db('rate_limits').update({ resets_at: Date.now() + 60_000 })

    const hit = await limits.hit(SIGN_IN, ADDRESS)

    expect(hit.count).toBe(2)
    expect(hit.resetsInMs).toBeLessThanOrEqual(60_000)
  })

  test('forgotten hits are gone', async () => {
    const { limits } = await openContext(engine)
    await limits.hit(SIGN_IN, ADDRESS)
    await limits.hit(SIGN_IN, ADDRESS)

    await limits.forget(SIGN_IN, ADDRESS)

    expect((await limits.hit(SIGN_IN, ADDRESS)).count).toBe(1)
  })

  test('a hit can be taken back, but never more than there were', async () => {
    const { limits } = await openContext(engine)
    await limits.hit(SIGN_IN, ADDRESS)
    await limits.hit(SIGN_IN, ADDRESS)

    await limits.undo(SIGN_IN, ADDRESS)
    const afterOne = await limits.hit(SIGN_IN, ADDRESS)
    await atOnce(10, () => limits.undo(SIGN_IN, ADDRESS))
    const afterMany = await limits.hit(SIGN_IN, ADDRESS)

    expect([afterOne.count, afterMany.count]).toEqual([2, 1])
  })

  test('taking back what was never counted counts nothing', async () => {
    const { db, limits } = await openContext(engine)

    await limits.undo(SIGN_IN, ADDRESS)

    expect(await db('rate_limits').select('key')).toEqual([])
  })

  test('no address is kept in the clear', async () => {
    const { db, limits } = await openContext(engine)

    await limits.hit(SIGN_IN, ADDRESS)
    await limits.hit({ ...SIGN_IN, name: 'address' }, '203.0.113.77')

    const stored = JSON.stringify(await db('rate_limits').select())
    expect(stored).toContain('sign_in:')
    expect(stored).not.toMatch(/marina|example|203\.0|113\.77/)
  })

  test('sweeping removes windows that are over and leaves the others', async () => {
    const { db, limits } = await openContext(engine)
    await limits.hit(SIGN_IN, 'past')
    await db('rate_limits').update({ resets_at: Date.now() - 1 })
    await limits.hit(SIGN_IN, ADDRESS)

    await limits.sweep()

    expect(await db('rate_limits').select('key')).toHaveLength(1)
    expect((await limits.hit(SIGN_IN, ADDRESS)).count).toBe(2)
  })
})
