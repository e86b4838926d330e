import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import type { Turn } from '../../app/store/paces.ts'
import { ENGINES } from '../support/databases.ts'
import { atOnce, HOUR_MS, openBeside, openContext } from './context.ts'

const MINUTE_MS = 60_000

describe.each(ENGINES)('Turns of calls on %s', (engine) => {
  test('two instances at once: no second sees more than are allowed, and none is left empty', async () => {
    const { one, other } = await open(engine)

    const taken = await Promise.all([
      atOnce(20, () => one.take('token', 5)),
      atOnce(20, () => other.take('token', 5)),
    ])
    const left = taken
      .flat()
      .map(momentOf)
      .toSorted((a, b) => a - b)

    left.forEach((moment, nth) => {
      const next = left[nth + 5]
      if (next !== undefined) expect(next - moment).toBeGreaterThan(1000)
    })
    expect((left.at(-1) ?? 0) - (left[0] ?? 0)).toBeLessThan(7 * 1250 + 1000)
    expect(await one.take('another token', 5)).toMatchObject({ waitMs: 0 })
  })

  test('a turn is taken once', async () => {
    const { one, other } = await open(engine)
    const waits: number[] = []
    for (const store of [one, other, one, other]) waits.push(waitOf(await store.take('token', 3)))

    expect(waits.slice(0, 3)).toEqual([0, 0, 0])
    expect(waits[3]).toBeGreaterThan(500)
    expect(waits[3]).toBeLessThanOrEqual(1250)
  })

  test('a second is longer while several take turns, and is what it was when one of them is gone', async () => {
    const { ctx, one, other } = await open(engine)
    const left: number[] = []
    for (const store of [one, one, other, other]) left.push(momentOf(await store.take('token', 1)))
    await ctx.db('paces').decrement('shared_at', 6_000)
    left.push(momentOf(await other.take('token', 1)))

    const apart = left.slice(1).map((moment, nth) => Math.round(moment - (left[nth] ?? 0)))
    expect(apart).toEqual([1005, 1250, 1250, 1005])
  })

  test.each([3, -3, 24 * 365])('a clock set by %i hours keeps nobody waiting', async (hours) => {
    const { ctx, one, other } = await open(engine)
    await atOnce(3, () => one.take('token', 3))
    await one.hold('token', MINUTE_MS)
    const [row] = await ctx.db<{ asked_at: number; held_until: number }>('paces')
    if (!row) throw new Error('nothing was kept')
    const { asked_at: asked, held_until: held } = row
    const moved = [asked, asked, asked].map((moment) => moment - hours * HOUR_MS)
    await ctx.db('paces').update({
      moments: JSON.stringify(moved),
      asked_at: asked - hours * HOUR_MS,
      held_until: held - hours * HOUR_MS,
    })

    for (let times = 0; times < 6; times += 1)
      expect(waitOf(await other.take('token', 3))).toBeLessThanOrEqual(2 * 1250)
  })

  test('a pause that one has been asked for holds for all, and takes no turns', async () => {
    const { one, other } = await open(engine)
    await one.take('token', 3)
    await one.hold('token', MINUTE_MS)

    for (let times = 0; times < 5; times += 1) {
      const turn = await other.take('token', 3)
      expect(turn).toEqual({ heldMs: expect.any(Number) as number })
      if ('heldMs' in turn) expect(turn.heldMs).toBeGreaterThan(50_000)
    }
    await one.hold('token', 0)
    expect(await other.take('token', 3)).toMatchObject({ waitMs: 0 })
    expect(await other.take('another token', 3)).toMatchObject({ waitMs: 0 })
  })

  test('lanes that nobody uses any more are swept', async () => {
    const { ctx, one } = await open(engine)
    for (const lane of ['old', 'of another boot', 'new']) await one.take(lane, 3)
    await ctx
      .db('paces')
      .where({ lane: 'old' })
      .decrement('asked_at', 25 * HOUR_MS)
    await ctx
      .db('paces')
      .where({ lane: 'of another boot' })
      .increment('asked_at', 25 * HOUR_MS)

    await one.sweep()

    expect(await ctx.db('paces').pluck('lane')).toEqual(['new'])
  })
})

async function open(engine: (typeof ENGINES)[number]) {
  const ctx = await openContext(engine)
  return { ctx, one: takerOf(ctx, 'one'), other: takerOf(openBeside(ctx), 'other') }
}

const takerOf = ({ paces }: Context, taker: string) => ({
  ...paces,
  take: (lane: string, perSecond: number) => paces.take(lane, perSecond, taker),
})

function momentOf(turn: Turn): number {
  if ('heldMs' in turn) throw new Error('held back')
  return turn.at
}

function waitOf(turn: Turn): number {
  if ('heldMs' in turn) throw new Error('held back')
  return turn.waitMs
}
