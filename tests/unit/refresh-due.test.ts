import fc from 'fast-check'
import { expect, test } from 'vitest'
import { refreshDueAt } from '../../app/oauth/expiry.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

test.each([
  ['a week', 7 * 24 * HOUR_MS, 15 * MINUTE_MS],
  ['an hour', HOUR_MS, 15 * MINUTE_MS],
  ['half an hour', HOUR_MS / 2, 7.5 * MINUTE_MS],
  ['a minute', MINUTE_MS, 15_000],
])('a token of %s is renewed by its margin ahead', (_what, life, margin) => {
  expect(dueIn(life, 1)).toBe(life - margin)
})

test('the moment is spread over a fifth of the margin', () => {
  expect(dueIn(HOUR_MS, 0)).toBe(HOUR_MS - 12 * MINUTE_MS)
  expect(dueIn(HOUR_MS, 0.5)).toBe(HOUR_MS - 13.5 * MINUTE_MS)
  expect(dueIn(HOUR_MS, 1)).toBe(HOUR_MS - 15 * MINUTE_MS)
})

test('two tokens of one hour are not renewed at one moment', () => {
  const moments = Array.from({ length: 100 }, () => dueIn(HOUR_MS))

  expect(new Set(moments).size).toBeGreaterThan(50)
})

test('a token that has ended is due at once', () => {
  expect(dueIn(-HOUR_MS, 0.5)).toBe(-HOUR_MS)
  expect(dueIn(0, 0.5)).toBe(0)
})

test('whatever its life, a token is renewed while it lives and not before three quarters of it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3.2e11 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (life, random) => {
        const due = dueIn(life, random)

        expect(due).toBeLessThanOrEqual(life)
        expect(due).toBeGreaterThanOrEqual(Math.floor(life * 0.75))
      },
    ),
  )
})

/** Milliseconds from now to the renewal of a token that lives as long as that. */
function dueIn(lifeMs: number, random?: number): number {
  return refreshDueAt(new Date(NOON + lifeMs), new Date(NOON), random).getTime() - NOON
}
