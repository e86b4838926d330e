import { expect, onTestFinished, test } from 'vitest'
import { holdLock } from './lock-holder.ts'
import { addPerson, openBeside, openContext } from '../context.ts'
import { get, session, set } from '../session.ts'
import { everybody } from '../../support/crowd.ts'

const HELD_MS = 4_000
/** One try waits 100 ms inside the event loop; the rest is for a busy machine. Waiting inside would be all of the time. */
const LONGEST_STOP_MS = HELD_MS / 2

test('a write waits while another process holds the file, and everything else goes on', async () => {
  const ctx = await openContext('sqlite')
  await addPerson(ctx, 'marina')
  const { released } = await holdLock(ctx, HELD_MS)
  const stops = watchEventLoop()
  const began = performance.now()

  const oleg = await addPerson(ctx, 'oleg')

  expect(performance.now() - began).toBeGreaterThan(HELD_MS / 2) // it really had to wait
  expect(Math.max(...stops())).toBeLessThan(LONGEST_STOP_MS)
  await released
  expect(await ctx.users.find(oleg.id)).toMatchObject({ name: 'oleg' })
})

test('people are read and recognised while another process holds the file', async () => {
  const ctx = await openContext('sqlite')
  const marina = await addPerson(ctx)
  await set(ctx, 'sid', session({ userId: marina.id }))
  const { released } = await holdLock(ctx, HELD_MS)
  let held = true
  void released.then(() => (held = false))

  const recognised = await get(ctx, 'sid')
  const found = await ctx.users.find(marina.id)

  expect(held).toBe(true)
  expect(recognised?.userId).toBe(marina.id)
  expect(found?.id).toBe(marina.id)
})

test('many writes that wait for the file all succeed, none twice', async () => {
  const ctx = await openContext('sqlite')
  const other = openBeside(ctx)
  await Promise.all([addPerson(ctx, 'first'), addPerson(other, 'second')])
  await holdLock(ctx, 500)

  await Promise.all(
    Array.from({ length: 10 }, (_, index) => addPerson(index % 2 ? ctx : other, `person${index}`)),
  )

  expect(await everybody(ctx)).toHaveLength(12)
})

test('an instance that comes up while another process holds the file waits as well', async () => {
  const ctx = await openContext('sqlite')
  await addPerson(ctx, 'marina')
  await holdLock(ctx, 500)
  const late = openBeside(ctx)

  const oleg = await addPerson(late, 'oleg')

  expect(await ctx.users.find(oleg.id)).toBeDefined()
})

test('a transaction that waits for the file is done as a whole', async () => {
  const ctx = await openContext('sqlite')
  await addPerson(ctx, 'marina')
  await holdLock(ctx, 500)

  await ctx.db.transaction(async (both) => {
    await both('users').update({ name: 'Марина' })
    await both('events').insert({ at: new Date(), event: 'renamed' })
  })

  expect((await everybody(ctx))[0]?.name).toBe('Марина')
  expect(await ctx.db('events').select('event')).toEqual([{ event: 'renamed' }])
})

/** How long the event loop stood still at a time, in ms; by a timer that should come every 50 ms. */
function watchEventLoop(): () => number[] {
  let last = performance.now()
  const gaps: number[] = []
  const note = () => {
    gaps.push(performance.now() - last)
    last = performance.now()
  }
  const timer = setInterval(note, 50)
  onTestFinished(() => {
    clearInterval(timer)
  })
  return () => {
    note()
    return gaps
  }
}
