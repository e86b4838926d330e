import { describe, expect, test } from 'vitest'
import { type Stored, toDate } from '../../app/store/db.ts'
import { ENGINES } from '../support/databases.ts'
import {
  ACCESS,
  addPerson,
  ago,
  atOnce,
  DAY_MS,
  fromNow,
  granted,
  openBeside,
  openContext,
  REFRESH,
} from './context.ts'

const OLEG = { id: '777', name: 'Олег Лавкин', profile: { first_name: 'Олег' } }

describe.each(ENGINES)('Another account that came back, on %s', (engine) => {
  test('is offered until the person chooses, its dates being dates', async () => {
    const ctx = await openContext(engine)
    const { id } = await addPerson(ctx)
    const offer = { account: OLEG, tokens: granted({ refreshExpiresAt: fromNow(90 * DAY_MS) }) }

    await ctx.offers.keep(id, 'vk', offer)

    expect(await ctx.offers.find(id, 'vk')).toEqual(offer)
    expect(await ctx.offers.find(id, 'vk')).toEqual(offer)
    expect(await ctx.offers.take(id, 'vk')).toEqual(offer)
  })

  test('tokens without dates come back without dates', async () => {
    const ctx = await openContext(engine)
    const { id } = await addPerson(ctx)
    const offer = { account: { profile: {} }, tokens: { accessToken: ACCESS, carried: {} } }

    await ctx.offers.keep(id, 'vk', offer)

    expect(await ctx.offers.take(id, 'vk')).toEqual(offer)
  })

  test('is handed over once, and then forgotten', async () => {
    const ctx = await openContext(engine)
    const { id } = await addPerson(ctx)
    await ctx.offers.keep(id, 'vk', { account: OLEG, tokens: granted() })

    await ctx.offers.take(id, 'vk')

    expect(await ctx.offers.take(id, 'vk')).toBeUndefined()
    expect(await ctx.offers.find(id, 'vk')).toBeUndefined()
    expect(await ctx.db('connection_attempts').first('sealed_offer')).toEqual({
      sealed_offer: null,
    })
  })

  test('is handed over to one of many clicks', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const { id } = await addPerson(ctx)
    await ctx.offers.keep(id, 'vk', { account: OLEG, tokens: granted() })

    const taken = await atOnce(10, (index) => (index % 2 ? ctx : other).offers.take(id, 'vk'))

    expect(taken.filter(Boolean)).toHaveLength(1)
  })

  test('a later one takes the place of an earlier one', async () => {
    const ctx = await openContext(engine)
    const { id } = await addPerson(ctx)
    const later = { account: { ...OLEG, id: '778' }, tokens: granted() }
    await ctx.offers.keep(id, 'vk', { account: OLEG, tokens: granted() })
    await ctx.offers.keep(id, 'vk', later)

    const taken = await ctx.offers.take(id, 'vk')

    expect(taken?.account.id).toBe('778')
    expect(await ctx.offers.find(id, 'vk')).toBeUndefined()
  })

  test("is nobody else's and no other platform's", async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    await ctx.offers.keep(marina.id, 'vk', { account: OLEG, tokens: granted() })

    expect(await ctx.offers.take(oleg.id, 'vk')).toBeUndefined()
    expect(await ctx.offers.take(marina.id, 'evotor')).toBeUndefined()
    expect(await ctx.offers.find(marina.id, 'vk')).toBeDefined()
  })

  test('is kept for ten minutes', async () => {
    const ctx = await openContext(engine)
    const { id } = await addPerson(ctx)

    await ctx.offers.keep(id, 'vk', { account: OLEG, tokens: granted() })

    const row = await ctx.db<Row>('connection_attempts').first()
    const [from, until] = [toDate(row?.created_at ?? 0), toDate(row?.expires_at ?? 0)]
    expect(until.getTime() - from.getTime()).toBe(10 * 60_000)
    expect(Math.abs(from.getTime() - Date.now())).toBeLessThan(60_000)
  })

  test('is gone after that', async () => {
    const ctx = await openContext(engine)
    const { id } = await addPerson(ctx)
    await ctx.offers.keep(id, 'vk', { account: OLEG, tokens: granted() })
    await ctx.db('connection_attempts').update({ expires_at: ago(1) })

    expect(await ctx.offers.find(id, 'vk')).toBeUndefined()
    expect(await ctx.offers.take(id, 'vk')).toBeUndefined()
  })

  test('is sealed, and bound to its person', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    await ctx.offers.keep(marina.id, 'vk', { account: OLEG, tokens: granted() })

    const row = JSON.stringify(await ctx.db('connection_attempts').first())
    await ctx.db('connection_attempts').update({ user_id: oleg.id })

    expect(row).not.toMatch(new RegExp(`${ACCESS}|${REFRESH}|Лавкин`))
    expect(await ctx.offers.find(oleg.id, 'vk')).toBeUndefined()
  })
})

interface Row {
  created_at: Stored
  expires_at: Stored
}
