import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ENGINES } from '../support/databases.ts'
import { addPerson, ago, atOnce, HOUR_MS, openBeside, openContext } from './context.ts'

describe.each(ENGINES)('Links to a new password on %s', (engine) => {
  test('a link is good for one new password', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)

    const token = await ctx.resets.open(marina.id, HOUR_MS)

    expect(token).toMatch(/^[\w-]{43}$/)
    expect(await ctx.resets.isAlive(token)).toBe(true)
    expect(await ctx.resets.take(token)).toBe(marina.id)
    expect(await ctx.resets.take(token)).toBeUndefined()
    expect(await ctx.resets.isAlive(token)).toBe(false)
  })

  test('of many who open it at once, one may set the password', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const marina = await addPerson(ctx)
    const token = await ctx.resets.open(marina.id, HOUR_MS)

    const taken = await atOnce(10, (index) => (index % 2 ? ctx : other).resets.take(token))

    expect(taken.filter(Boolean)).toEqual([marina.id])
  })

  test('an expired link is dead', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    const token = await ctx.resets.open(marina.id, HOUR_MS)
    await ctx.db('password_resets').update({ expires_at: ago(1) })

    expect(await ctx.resets.isAlive(token)).toBe(false)
    expect(await ctx.resets.take(token)).toBeUndefined()
  })

  test('a link lives as long as was asked for', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)

    const dead = await ctx.resets.open(marina.id, 0)
    const alive = await ctx.resets.open(marina.id, HOUR_MS)

    expect([await ctx.resets.isAlive(dead), await ctx.resets.isAlive(alive)]).toEqual([false, true])
  })

  test('asking again leaves earlier links alive, or strangers could end them by asking', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    const first = await ctx.resets.open(marina.id, HOUR_MS)
    const foreign = await ctx.resets.open(oleg.id, HOUR_MS)

    const second = await ctx.resets.open(marina.id, HOUR_MS)

    expect(await ctx.resets.take(second)).toBe(marina.id)
    expect(await ctx.resets.take(first)).toBe(marina.id)
    expect(await ctx.resets.take(foreign)).toBe(oleg.id)
  })

  test('a changed password ends them all', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    const mine = await ctx.resets.open(marina.id, HOUR_MS)
    const foreign = await ctx.resets.open(oleg.id, HOUR_MS)

    await ctx.resets.forgetAll(marina.id)

    expect([await ctx.resets.isAlive(mine), await ctx.resets.isAlive(foreign)]).toEqual([
      false,
      true,
    ])
  })

  test('a link nobody was sent opens nothing', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    await ctx.resets.open(marina.id, HOUR_MS)

    for (const token of ['', 'guessed']) {
      expect(await ctx.resets.isAlive(token)).toBe(false)
      expect(await ctx.resets.take(token)).toBeUndefined()
    }
  })

  test('is kept as a hash only', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)

    const token = await ctx.resets.open(marina.id, HOUR_MS)

    const row = JSON.stringify(await ctx.db('password_resets').first())
    expect(row).toContain(createHash('sha256').update(token).digest('hex'))
    expect(row).not.toContain(token)
  })

  test('sweeping removes expired links and leaves the others', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    await ctx.resets.open(marina.id, HOUR_MS)
    await ctx.db('password_resets').update({ expires_at: ago(1) })
    const alive = await ctx.resets.open(oleg.id, HOUR_MS)

    await ctx.resets.sweep()

    expect(await ctx.db('password_resets').select('id')).toHaveLength(1)
    expect(await ctx.resets.isAlive(alive)).toBe(true)
  })
})
