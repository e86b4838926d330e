import { describe, expect, test } from 'vitest'
import { createFormat, createFormats } from '../../app/web/kit/format.ts'
import { every, minutes } from '../../app/web/kit/periods.ts'

const format = createFormat('Europe/Moscow')
const NOW = moscow('2026-11-20T14:32:07')

// The pages' design, section 3: dates and time.
describe('how long ago', () => {
  test.each([
    ['2026-11-20T14:32:07', 'только что'],
    ['2026-11-20T14:31:23', 'только что'],
    ['2026-11-20T14:40:00', 'только что'], // the server's clock runs ahead
    ['2026-11-20T14:31:22', '1 минуту назад'],
    ['2026-11-20T14:31:07', '1 минуту назад'],
    ['2026-11-20T14:30:07', '2 минуты назад'],
    ['2026-11-20T14:29:07', '3 минуты назад'],
    ['2026-11-20T14:27:07', '5 минут назад'],
    ['2026-11-20T14:11:07', '21 минуту назад'],
    ['2026-11-20T13:33:07', '59 минут назад'],
    ['2026-11-20T13:32:07', '1 час назад'],
    ['2026-11-20T12:32:07', '2 часа назад'],
    ['2026-11-20T09:32:07', '5 часов назад'],
    ['2026-11-19T15:32:07', '23 часа назад'],
    ['2026-11-19T14:32:07', 'вчера в 14:32'],
    ['2026-11-19T00:05:00', 'вчера в 00:05'],
    ['2026-11-17T14:32:00', '17 ноября в 14:32'],
    ['2025-03-12T14:32:00', '12 марта 2025 г. в 14:32'],
  ])('%s is %s', (at, words) => {
    expect(plain(format.relative(moscow(at), NOW))).toBe(words)
  })
})

describe('day and time', () => {
  test.each([
    ['2026-11-20T00:00:00', 'сегодня в 00:00'],
    ['2026-11-20T14:32:00', 'сегодня в 14:32'],
    ['2026-11-19T23:59:59', 'вчера в 23:59'],
    ['2026-11-18T23:59:59', '18 ноября в 23:59'],
    ['2026-01-01T09:05:00', '1 января в 09:05'],
    ['2025-12-31T09:05:00', '31 декабря 2025 г. в 09:05'],
    ['2026-11-21T09:05:00', '21 ноября в 09:05'],
  ])('%s is %s', (at, words) => {
    expect(plain(format.dayTime(moscow(at), NOW))).toBe(words)
  })

  test('the day ends where the person is, not in Greenwich', () => {
    const now = moscow('2026-11-20T01:00:00')
    const late = moscow('2026-11-19T23:30:00')

    expect(plain(format.dayTime(late, now))).toBe('вчера в 23:30')
    expect(plain(createFormat('UTC').dayTime(late, now))).toBe('сегодня в 20:30')
    expect(plain(createFormat('Asia/Kamchatka').dayTime(late, now))).toBe('сегодня в 08:30')
  })

  test('on New Year’s Day yesterday is still yesterday', () => {
    const now = moscow('2027-01-01T00:10:00')

    expect(plain(format.dayTime(moscow('2026-12-31T23:50:00'), now))).toBe('вчера в 23:50')
  })

  test('yesterday is yesterday after a day of 25 hours too', () => {
    const berlin = createFormat('Europe/Berlin')
    const now = new Date('2026-10-25T23:30:00+01:00') // the clocks went back at three

    expect(plain(berlin.dayTime(new Date('2026-10-24T12:00:00+02:00'), now))).toBe('вчера в 12:00')
  })

  test('a line begins with a capital', () => {
    expect(plain(format.opening(moscow('2026-11-19T14:32:07'), NOW))).toBe('Вчера в 14:32')
    expect(plain(format.opening(moscow('2026-11-17T14:32:07'), NOW))).toBe('17 ноября в 14:32')
  })
})

describe('how far ahead', () => {
  test.each([
    ['2026-11-20T14:32:37', 'через минуту'],
    ['2026-11-20T14:30:00', 'через минуту'],
    ['2026-11-20T14:33:07', 'через 1 минуту'],
    ['2026-11-20T14:34:07', 'через 2 минуты'],
    ['2026-11-20T14:37:07', 'через 5 минут'],
    ['2026-11-20T15:32:07', 'сегодня в 15:32'],
    ['2026-11-21T09:00:00', '21 ноября в 09:00'],
  ])('%s is %s', (at, words) => {
    expect(plain(format.ahead(moscow(at), NOW))).toBe(words)
  })
})

describe('moments', () => {
  const at = moscow('2026-11-20T14:31:07')

  test.each([
    ['moment', '20 ноября 2026 г. в 14:31'],
    ['short', '20 ноября, 14:31'],
    ['date', '20 ноября 2026 г.'],
    ['clock', '14:31'],
    ['stamp', '20.11.2026, 14:31'],
    ['exact', '20.11.2026, 14:31:07 МСК'],
  ] as const)('%s', (name, words) => {
    expect(plain(format[name](at))).toBe(words)
  })

  test.each([
    ['Europe/Moscow', 'МСК'],
    ['Europe/Kaliningrad', 'UTC+2'],
    ['Asia/Vladivostok', 'UTC+10'],
    ['UTC', 'UTC+0'],
  ])('%s is called %s', (zone, name) => {
    expect(createFormat(zone).zone).toBe(name)
  })

  test('midnight is 00:00', () => {
    expect(format.clock(moscow('2026-11-20T00:00:00'))).toBe('00:00')
  })

  test('a formatter of a zone is made once', () => {
    const formats = createFormats()

    expect(formats('Asia/Omsk')).toBe(formats('Asia/Omsk'))
    expect(formats('Asia/Omsk').timeZone).toBe('Asia/Omsk')
    expect(formats('Asia/Tomsk')).not.toBe(formats('Asia/Omsk'))
  })
})

describe('how long', () => {
  test.each([
    [0, '1 минуту'],
    [1, '1 минуту'],
    [60, '1 минуту'],
    [61, '2 минуты'],
    [299.5, '5 минут'],
    [900, '15 минут'],
    [1260, '21 минуту'],
  ])('%d s is «на %s»', (seconds, words) => {
    expect(plain(minutes(seconds))).toBe(words)
  })
})

describe('how often', () => {
  test.each([
    ['* * * * *', 'каждую минуту'],
    ['*/1 * * * *', 'каждую минуту'],
    ['*/2 * * * *', 'каждые 2 минуты'],
    ['*/5 * * * *', 'каждые 5 минут'],
    ['0 */5 * * * *', 'каждые 5 минут'],
    ['*/15 * * * * *', 'каждые 15 секунд'],
    ['* * * * * *', 'каждую секунду'],
    ['*/20 * * * * *', 'каждые 20 секунд'],
  ])('«%s» is %s', (cron, words) => {
    expect(every(cron)).toBe(words)
  })

  test.each([
    '0 * * * *',
    '0,30 * * * *',
    '*/5 9-18 * * *',
    '0 3 * * 1',
    '30 */5 * * * *',
    '*/15 0 * * * *', // a minute long, once an hour
    '*/45 * * * *', // at :00 and :45
  ])('«%s» is not so simple', (cron) => {
    expect(every(cron)).toBeUndefined()
  })
})

/** A moment by the clock in Moscow, which is three hours ahead all year. */
function moscow(at: string): Date {
  return new Date(`${at}+03:00`)
}

/** Intl puts no-break spaces where people put plain ones. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
