import { describe, expect, test } from 'vitest'
import {
  endOf,
  incidentName,
  supersededBy,
  incidentOf,
  warningOf,
} from '../../app/flows/notices/incident-rules.ts'
import { createProviders } from '../../app/providers/index.ts'
import { connection } from './connection.ts'
import { load } from './settings.ts'

const NOW = new Date('2026-11-20T12:00:00Z')
const MINUTE_MS = 60_000
const DAY_MS = 24 * 3600_000
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS)
const usual = createProviders(load()).get('vk')
const stepped = { ...usual, warnDays: [30, 7, 1] }

describe('the end we cannot put off', () => {
  test.each([
    ['nothing ends', {}, undefined],
    ['an access we cannot renew', { expiresAt: inDays(3) }, 3],
    ['an access we renew, for ever', { expiresAt: inDays(3), renewable: true }, undefined],
    [
      'what it is renewed with',
      { expiresAt: inDays(1), refreshExpiresAt: inDays(20), renewable: true },
      20,
    ],
    ['the whole grant', { expiresAt: inDays(1), endsAt: inDays(9), renewable: true }, 9],
    [
      'whichever comes first',
      { refreshExpiresAt: inDays(30), endsAt: inDays(9), renewable: true },
      9,
    ],
    [
      'whichever comes first, the other way',
      { refreshExpiresAt: inDays(5), endsAt: inDays(9), renewable: true },
      5,
    ],
  ])('%s', (_what, changes, days) => {
    expect(endOf(usual, connection(changes))).toEqual(days === undefined ? undefined : inDays(days))
  })
})

test('what renewing moves is no end, where the platform moves it', () => {
  const changes = { refreshExpiresAt: inDays(20), renewable: true }

  expect(endOf({ ...usual, renewsEnd: true }, connection(changes))).toBeUndefined()
})

describe('a warning', () => {
  test.each([
    [8, undefined],
    [6.9, 7],
    [0.1, 7],
    [-1, 7],
  ])('%s days ahead is, as a rule, %s', (days, expected) => {
    expect(warningOf(usual, connection({ expiresAt: inDays(days) }), NOW)).toBe(expected)
  })

  test.each([
    [31, undefined],
    [29, 30],
    [6, 7],
    [0.5, 1],
    [-1, 1],
  ])('%s days ahead is %s where a platform warns in steps', (days, expected) => {
    expect(warningOf(stepped, connection({ expiresAt: inDays(days) }), NOW)).toBe(expected)
  })

  test('a later one takes the place of an earlier one, never the other way', () => {
    const at = (days: number) => ({ code: 'expires_soon', days })

    expect(supersededBy(at(30), stepped)).toEqual([])
    expect(supersededBy(at(7), stepped)).toEqual([incidentName(at(30))])
    expect(supersededBy(at(1), stepped)).toEqual([incidentName(at(30)), incidentName(at(7))])
  })

  test('a lost access takes the place of every warning', () => {
    expect(supersededBy({ code: 'token_revoked' }, stepped)).toEqual(
      expect.arrayContaining(['expires_soon:30', 'expires_soon:1', 'refresh_failed']),
    )
  })
})

describe('a renewal that fails', () => {
  const failing = (minutes: number) =>
    connection({
      renewable: true,
      refreshDueAt: new Date(NOW.getTime() - minutes * MINUTE_MS),
      refreshAfter: new Date(NOW.getTime() + MINUTE_MS),
    })

  test('is told once it has been due for five minutes', () => {
    expect(incidentOf(usual, failing(4), NOW)).toBeUndefined()
    expect(incidentOf(usual, failing(5), NOW)).toEqual({ code: 'refresh_failed' })
  })

  test('is none where nothing has failed', () => {
    const due = { ...failing(60), refreshAfter: undefined }

    expect(incidentOf(usual, due, NOW)).toBeUndefined()
  })
})
