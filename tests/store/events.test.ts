import { describe, expect, test } from 'vitest'
import { isOrphan } from '../../app/store/db-errors.ts'
import { ENGINES } from '../support/databases.ts'
import { addPerson, ago, DAY_MS, openContext } from './context.ts'

const HOME = '203.0.113.7'

describe.each(ENGINES)('The journal on %s', (engine) => {
  test("keeps a person's events in order and shows them to nobody else", async () => {
    const ctx = await openContext(engine)
    const { events } = ctx
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    await events.add({ event: 'signed_in', userId: marina.id, address: HOME })
    await events.add({ event: 'connected', userId: oleg.id, provider: 'vk' })
    await events.add({ event: 'connected', userId: marina.id, provider: 'evotor' })

    const journal: unknown[] = []
    for await (const some of events.ofUser(marina.id)) journal.push(...some)

    expect(journal).toMatchObject([
      { event: 'signed_in', provider: null, address: HOME },
      { event: 'connected', provider: 'evotor', address: null },
    ])
  })

  test('has nothing to keep of somebody who has just been deleted', async () => {
    const ctx = await openContext(engine)
    const nobody = { event: 'linked', userId: 999 }

    await ctx.events.add(nobody)

    expect(await ctx.db('events').select('id')).toEqual([])
    // Within a unit the rest would be about nobody as well: all of it is to fail.
    const unit = ctx.inOne((one) => one.events.add(nobody))
    await expect(unit).rejects.toSatisfy(isOrphan)
  })

  test('knows the addresses a person has signed in from', async () => {
    const ctx = await openContext(engine)
    const { events } = ctx
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    await events.add({ event: 'signed_in', userId: marina.id, address: HOME })
    await events.add({ event: 'sign_in_failed', userId: oleg.id, address: HOME })

    expect(await events.knowsAddress(marina.id, HOME)).toBe(true)
    expect(await events.knowsAddress(marina.id, '203.0.113.8')).toBe(false)
    expect(await events.knowsAddress(oleg.id, HOME)).toBe(false)
  })

  test.each([
    [29, true],
    [31, false],
  ])('an address of %i days ago is known: %s', async (days, known) => {
    const ctx = await openContext(engine)
    const { db, events } = ctx
    const marina = await addPerson(ctx)
    await events.add({ event: 'signed_in', userId: marina.id, address: HOME })
    await db('events').update({ at: ago(days * DAY_MS) })

    expect(await events.knowsAddress(marina.id, HOME)).toBe(known)
  })

  test('sweeping forgets what is older than asked, and nothing else', async () => {
    const { db, events } = await openContext(engine)
    await events.add({ event: 'old', details: { user: 7 } })
    await db('events').update({ at: ago(366 * DAY_MS) })
    await events.add({ event: 'young', details: { user: 7 } })

    await events.sweep(ago(365 * DAY_MS))

    expect(await db('events').select('event', 'details')).toEqual([
      { event: 'young', details: '{"user":7}' },
    ])
  })
})
