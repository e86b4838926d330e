import { describe, expect, test } from 'vitest'
import { ProviderError, type RefusalScope, ShopRefused } from '../../../app/errors.ts'
import { policyFor as consequence } from '../../../app/flows/catalogue/runs/failure-policy.ts'

const NOON = new Date(Date.UTC(2026, 10, 20, 12))
const LINK = { communityName: 'Цветы у дома', storeName: 'Цветы' }
const MINUTE_MS = 60_000

const outage = new ProviderError('down', { code: 'server_error', kind: 'temporary', outage: true })

const consequenceOf = (
  failure: ProviderError,
  run: { pauses: number; failingSince?: Date },
  link: typeof LINK,
  now: Date,
) => consequence(failure, { failingSince: undefined, ...run }, link, now)

const refusal = (scope: RefusalScope, code: string, retryAt?: Date) =>
  new ShopRefused('no', { scope, code, kind: 'temporary', ...(retryAt && { retryAt }) })

const minutesOf = (failure: ProviderError, pauses: number) => {
  const consequence = consequenceOf(failure, { pauses }, LINK, NOON)
  return 'pause' in consequence
    ? (consequence.resumeAt.getTime() - NOON.getTime()) / MINUTE_MS
    : undefined
}

describe('What follows from a failure', () => {
  test('an outage makes the run rest longer each time, and in the end gives it up', () => {
    const rests = [0, 1, 2, 3, 4, 5, 6].map((pauses) => minutesOf(outage, pauses))

    expect(rests).toEqual([1, 5, 15, 30, 60, 120, undefined])
    expect(consequenceOf(outage, { pauses: 6 }, LINK, NOON)).toMatchObject({
      trouble: { code: 'provider_unavailable', passes: true },
    })
  })

  test('a pause a platform asks for is kept, longer each time, and never gives the run up', () => {
    const inAQuarter = new Date(NOON.getTime() + 15 * MINUTE_MS)
    const flood = refusal('pause', 'flood', inAQuarter)

    expect([0, 1, 3, 50].map((pauses) => minutesOf(flood, pauses))).toEqual([15, 30, 60, 765])
  })

  test('a captcha is tried again in an hour', () => {
    expect(minutesOf(refusal('pause', 'captcha'), 0)).toBe(60)
  })

  test.each([
    ['a refusal of the account', refusal('account', 'market_disabled')],
    ['a dead grant', new ProviderError('dead', { code: 'token_revoked', kind: 'dead' })],
    ['a missing right', new ProviderError('403', { code: 'store_blocked', kind: 'permission' })],
  ])('%s ends the run, and nothing runs until a person has acted', (_name, failure) => {
    expect(consequenceOf(failure, { pauses: 0 }, LINK, NOON)).toMatchObject({
      fail: { code: failure.code },
      trouble: { code: failure.code, values: { group: 'Цветы у дома', store: 'Цветы' } },
    })
  })

  describe('an odd answer', () => {
    const odd: [name: string, failure: ProviderError][] = [
      ['a 400', new ProviderError('400', { code: 'refused', kind: 'configuration', status: 400 })],
      ['a redirect', new ProviderError('302', { code: 'redirected', kind: 'configuration' })],
      ['HTML', new ProviderError('HTML', { code: 'bad_response', kind: 'temporary', status: 200 })],
      ['a certificate', new ProviderError('TLS', { code: 'tls_error', kind: 'configuration' })],
      ['a 404', new ProviderError('404', { code: 'store_gone', kind: 'permission', status: 404 })],
    ]

    test.each(odd)('%s once is waited for', (_name, failure) => {
      expect(minutesOf(failure, 0)).toBe(1)
    })

    test.each(odd)('%s for over an hour is told, and the timetable goes on', (_name, failure) => {
      const hourAgo = new Date(NOON.getTime() - 61 * MINUTE_MS)
      const run = { pauses: 4, failingSince: hourAgo }

      expect(consequenceOf(failure, run, LINK, NOON)).toMatchObject({ trouble: { passes: true } })
    })
  })

  test('the side that failed is kept with what follows', () => {
    const failure = new ProviderError('down', { code: 'network', kind: 'temporary' }).of('till')

    expect(consequenceOf(failure, { pauses: 0 }, LINK, NOON)).toMatchObject({
      pause: { code: 'provider_unavailable', platform: 'till' },
    })
    expect(consequenceOf(failure, { pauses: 6 }, LINK, NOON)).toMatchObject({
      trouble: { platform: 'till' },
    })
  })
})
