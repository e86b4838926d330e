import fc from 'fast-check'
import { createTask } from 'node-cron'
import { expect, test } from 'vitest'
import { createTicker } from '../../app/ticker.ts'

const SECOND_MS = 1000
const HOUR_MS = 3600 * SECOND_MS
const START = Date.UTC(2026, 2, 29, 0, 0, 0)
const LOOK_EVERY_MS = 1000

/** A day at one job: time passes and the clock on the wall is set, by turns. */
interface Turn {
  passes: number
  jump: number
}

const turns = fc.array(
  fc.record({
    passes: fc.integer({ min: 1, max: 2 * HOUR_MS }),
    jump: fc.oneof(
      fc.constant(0),
      fc.integer({ min: -900, max: 900 }),
      fc.integer({ min: -60 * HOUR_MS, max: 60 * HOUR_MS }),
      fc.constantFrom(-3 * HOUR_MS, 3 * HOUR_MS, -60 * HOUR_MS, 60 * HOUR_MS),
    ),
  }),
  { minLength: 1, maxLength: 8 },
)
const periods = fc.constantFrom(60, 300, 900, 3600).map((seconds) => seconds * SECOND_MS)

test('of any jumps of the clock each is worth one tick at the most, and nothing starves', () => {
  fc.assert(
    fc.property(turns, periods, (all, periodMs) => {
      const { ticks, steady, jumps } = live(all, periodMs)

      expect(ticks.length).toBeLessThanOrEqual(Math.ceil(steady / periodMs) + jumps + 1)
      const moments = [0, ...ticks.map(({ steadyAt }) => steadyAt), steady]
      const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? 0))
      expect(Math.max(...gaps)).toBeLessThanOrEqual(1.5 * periodMs + 2 * LOOK_EVERY_MS)
    }),
    { numRuns: 2_000 },
  )
})

test('without jumps ticks come at the dates of the timetable, each once', () => {
  const { ticks } = live([{ passes: 26 * HOUR_MS, jump: 0 }], 300 * SECOND_MS)

  const dates = ticks.map(({ date }) => date.getTime())
  expect(dates).toEqual(Array.from({ length: 312 }, (_, n) => START + (n + 1) * 300 * SECOND_MS))
  expect(ticks.every(({ date, wallAt }) => wallAt - date.getTime() <= SECOND_MS)).toBe(true)
})

test.each([3, 60, -3, -60])('a clock set by %i hours costs one tick more or none', (hours) => {
  const jump = hours * HOUR_MS
  const { ticks } = live(
    [
      { passes: HOUR_MS, jump },
      { passes: HOUR_MS, jump: 0 },
    ],
    300 * SECOND_MS,
  )

  expect(ticks.length).toBeGreaterThanOrEqual(24)
  expect(ticks.length).toBeLessThanOrEqual(25)
})

test('a machine that slept runs what it missed once, and names the first date it missed', () => {
  const { ticks } = live(
    [
      { passes: 90 * SECOND_MS, jump: 60 * HOUR_MS },
      { passes: 5 * SECOND_MS, jump: 0 },
    ],
    60 * SECOND_MS,
  )

  expect(ticks.map(({ date }) => date.getTime() - START)).toEqual([60_000, 120_000])
})

test('what runs because the steady clock says so has a date that is there already', () => {
  const { ticks } = live(
    [
      { passes: 90 * SECOND_MS, jump: -2 * HOUR_MS - 17 * SECOND_MS },
      { passes: 900 * SECOND_MS, jump: 0 },
    ],
    300 * SECOND_MS,
  )

  expect(ticks.length).toBeGreaterThan(2)
  for (const { date, wallAt } of ticks) expect(date.getTime()).toBeLessThanOrEqual(wallAt)
})

test('small corrections of a time service move no tick and double none', () => {
  const all = Array.from({ length: 600 }, (_, n) => ({ passes: 7_000, jump: n % 2 ? 400 : -400 }))

  const { ticks, steady } = live(all, 60 * SECOND_MS)

  expect(ticks.map(({ date }) => date.getTime())).toEqual(
    Array.from({ length: steady / 60_000 }, (_, n) => START + (n + 1) * 60_000),
  )
})

test('a period tells how far ticks are apart, also where they are apart unevenly', () => {
  let wall = START
  const clock = { wall: () => wall, steady: () => wall - START }
  const hours = [9, 18].map((hour) => START + hour * HOUR_MS)
  const upcoming = () =>
    [...hours, ...hours.map((at) => at + 24 * HOUR_MS)]
      .filter((at) => at > wall)
      .map((at) => new Date(at))
  const ticker = createTicker(upcoming, clock)

  const first = ticker.periodMs()
  wall = START + 9 * HOUR_MS
  ticker.take()

  expect([first, ticker.periodMs()]).toEqual([9 * HOUR_MS, 15 * HOUR_MS])
})

test('the library’s dates are taken as they are, seconds and time zones included', () => {
  const dates = createTask('*/10 * * * * *', () => undefined, { timezone: 'Europe/Moscow' })
  const clock = { wall: () => Date.now(), steady: () => performance.now() }

  const ticker = createTicker((count) => dates.getNextRuns(count), clock)

  expect(ticker.waitMs()).toBeLessThanOrEqual(10_000)
  expect(ticker.periodMs()).toBe(10_000)
  expect(ticker.take()).toBeUndefined()
})

/** Lives through it, looking at least once a second as the process does. */
function live(all: readonly Turn[], periodMs: number) {
  const ticks: { date: Date; wallAt: number; steadyAt: number }[] = []
  let [wall, steady] = [START, 0]
  const upcoming = (count: number) => {
    const first = Math.floor(wall / periodMs) + 1
    return Array.from({ length: count }, (_, n) => new Date((first + n) * periodMs))
  }
  const ticker = createTicker(upcoming, { wall: () => wall, steady: () => steady })

  function look() {
    const date = ticker.take()
    if (date) ticks.push({ date, wallAt: wall, steadyAt: steady })
    if (ticker.take()) throw new Error('two ticks at a look')
  }

  for (const { passes, jump } of all) {
    for (let left = passes; left > 0;) {
      const pause = Math.min(left, Math.max(1, Math.ceil(ticker.waitMs())), passes)
      // Nothing happens between two looks while the clocks agree, so the second between them need not be lived through.
      wall += pause
      steady += pause
      left -= pause
      look()
    }
    wall += jump
    wall = Math.max(wall, 100 * 24 * HOUR_MS)
    const beat = Math.min(LOOK_EVERY_MS, Math.max(1, Math.ceil(ticker.waitMs())))
    wall += beat
    steady += beat
    look()
  }
  return { ticks, steady, jumps: all.filter(({ jump }) => jump !== 0).length }
}
