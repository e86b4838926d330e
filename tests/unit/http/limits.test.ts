import express, { type Request } from 'express'
import { expect, test } from 'vitest'
import { addressOf, CHECKS, REGISTRATIONS, RESETS, STARTS } from '../../../app/web/kit/limits.ts'

test('limits are those the design promises', () => {
  expect(REGISTRATIONS).toMatchObject({ most: 10, windowMs: 3_600_000 })
  expect(RESETS).toMatchObject({ most: 10, windowMs: 3_600_000 })
  expect(STARTS).toMatchObject({ most: 30, windowMs: 60_000 })
  expect(CHECKS).toMatchObject({ most: 10, windowMs: 60_000 })
})

test('every limit counts for itself', () => {
  const names = [REGISTRATIONS, RESETS, STARTS, CHECKS].map(({ name }) => name)

  expect(new Set(names).size).toBe(4)
})

test.each([
  ['IPv4', '203.0.113.7', '203.0.113.7'],
  ['IPv4 inside IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
  ['IPv4 inside IPv6, in hex', '::ffff:cb00:7107', '203.0.113.7'],
  ['an IPv6 household', '2a00:1fa0:42d8:1101:8000::5', '2a00:1fa0:42d8:1101::/64'],
  ['an IPv6 household in short', '2a00::5', '2a00:0:0:0::/64'],
  ['capitals', '2A00:1FA0:42D8:1101::1', '2a00:1fa0:42d8:1101::/64'],
  ['this machine', '::1', '0:0:0:0::/64'],
  ['a zone', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['nobody knows', undefined, ''],
  ['a proxy that says something else', 'unknown', 'unknown'],
])('%s: %s counts as %s', (_what, ip, address) => {
  expect(addressOf(requestFrom(ip))).toBe(address)
})

test('two addresses of one household count as one, of two households as two', () => {
  const of = (ip: string) => addressOf(requestFrom(ip))

  expect(of('2a00:1fa0:42d8:1101::1')).toBe(of('2a00:1fa0:42d8:1101:ffff:ffff:ffff:ffff'))
  expect(of('2a00:1fa0:42d8:1101::1')).not.toBe(of('2a00:1fa0:42d8:1102::1'))
})

/** What Express makes of the socket and the proxy in front. */
function requestFrom(ip: string | undefined): Request {
  return Object.create(express.request, { ip: { value: ip } }) as Request
}
