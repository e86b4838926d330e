import { expect, test } from 'vitest'
import type { Product } from '../../../app/catalogue/goods.ts'
import { confirmedZeros, missesAfter, suspiciousZeros } from '../../../app/catalogue/listing.ts'
import { idOf, product } from './sync-goods.ts'

const known = new Map([
  ['a', 0],
  ['b', 1],
])

test('a whole listing counts who is missing, and whoever is seen is there', () => {
  expect(missesAfter(known, new Set(['b', 'c']), true)).toEqual(
    new Map([
      ['a', 1],
      ['b', 0],
      ['c', 0],
    ]),
  )
})

test('a listing that is not whole, or empty, misses nobody', () => {
  expect(missesAfter(known, new Set(['b']), false)).toEqual(
    new Map([
      ['a', 0],
      ['b', 0],
    ]),
  )
  expect(missesAfter(known, new Set(), true)).toEqual(known)
})

const stocked = (count: number, quantity: number): Product[] =>
  Array.from({ length: count }, (_, index) => product({ id: idOf(index + 1), quantity }))

test('many that run out at once are looked at twice', () => {
  const before = stocked(54, 3)
  const out = (count: number) => [...stocked(count, 0), ...before.slice(count)]

  expect(suspiciousZeros(before, out(11))).toBe(true)
  expect(suspiciousZeros(before, out(10))).toBe(false)
  expect(suspiciousZeros(stocked(55, 3), out(11))).toBe(false)
  expect(suspiciousZeros(stocked(54, 0), out(54))).toBe(false)
})

test('goods that are missing, or whose stock is not told, have not run out', () => {
  const untold = stocked(54, 3)
  for (const one of untold) delete one.quantity

  expect(suspiciousZeros(stocked(54, 3), untold)).toBe(false)
  expect(suspiciousZeros(stocked(54, 3), [])).toBe(false)
})

test('nothing has run out that only one of two readings says so of', () => {
  const [a, b, c, d] = stocked(4, 5) as [Product, Product, Product, Product]
  const first = [{ ...a, quantity: 0 }, b, { ...c, quantity: 0 }, d]
  const second = [
    { ...a, quantity: 0 },
    { ...b, quantity: 0 },
    { ...c, quantity: 2 },
  ]

  expect(confirmedZeros(first, second).map(({ quantity }) => quantity)).toEqual([0, 5, 2, 5])
})
