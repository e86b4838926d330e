import { describe, expect, test } from 'vitest'
import { halfHourOf } from '../../app/store/check-times.ts'
import type { Health } from '../../app/store/vocabulary.ts'
import { createFormat } from '../../app/web/kit/format.ts'
import { stripBegins, stripOf } from '../../app/web/connections/check-strip.ts'

const NOW = new Date('2026-11-20T14:30:00+03:00')
const format = createFormat('Europe/Moscow')

describe('the bars', () => {
  test('are 48 half hours, the last of them under way', () => {
    const { bars, from } = strip([])

    expect(bars).toHaveLength(48)
    expect(new Set(bars)).toEqual(new Set(['none']))
    expect(from).toEqual(new Date('2026-11-19T15:00:00+03:00'))
    expect(stripBegins(NOW)).toEqual(from)
  })

  test.each([
    ['2026-11-19T15:00:00', 0],
    ['2026-11-19T15:29:59', 0],
    ['2026-11-19T15:30:00', 1],
    ['2026-11-20T14:29:59', 46],
    ['2026-11-20T14:30:00', 47],
    ['2026-11-20T14:31:00', 47], // a check that ended while the page was made
    ['2026-11-20T15:01:00', 47], // of a clock that runs ahead
  ])('a check at %s stands in bar %i', (at, bar) => {
    const { bars } = strip([check(at)])

    expect(bars).toHaveLength(48)
    expect(bars.findIndex((one) => one === 'ok')).toBe(bar)
    expect(bars.filter((one) => one !== 'none')).toHaveLength(1)
  })

  test('one failed check makes its half hour bad, whatever else is in it', () => {
    const { bars } = strip([
      check('2026-11-20T14:30:00'),
      check('2026-11-20T14:30:20', 'unreachable'),
      check('2026-11-20T14:30:40'),
    ])

    expect(bars.at(-1)).toBe('bad')
  })

  test.each(['revoked', 'permission', 'unreachable'] as const)('%s is bad', (health) => {
    expect(strip([check('2026-11-20T14:30:00', health)]).bars.at(-1)).toBe('bad')
  })
})

describe('the sentence', () => {
  test('without a check tells when the first will be', () => {
    expect(strip([]).sentence).toBe('Проверок ещё не было: первая пройдёт в ближайшие минуты.')
  })

  test('with nothing but good checks counts them', () => {
    expect(strip([check('2026-11-20T14:00:00'), check('2026-11-20T14:05:00')]).sentence).toBe(
      'Все проверки прошли: 2.',
    )
  })

  test('names the failed ones, and that it is over', () => {
    const history = [
      check('2026-11-19T23:10:00', 'unreachable'),
      check('2026-11-19T23:15:00'),
      check('2026-11-20T09:05:00', 'unreachable'),
      check('2026-11-20T14:00:00'),
    ]

    expect(plain(strip(history).sentence)).toBe(
      '2 проверки из 4 не прошли: вчера в 23:10, сегодня в 09:05. Связь восстановилась сама.',
    )
  })

  test('tells that it is not over', () => {
    const history = [check('2026-11-20T09:00:00'), check('2026-11-20T14:00:00', 'revoked')]

    expect(plain(strip(history).sentence)).toBe(
      '1 проверка из 2 не прошла: сегодня в 14:00. ВКонтакте пока без связи.',
    )
  })

  test('tells from when until when, where several failed one after the other', () => {
    const history = [
      check('2026-11-19T23:10:00', 'unreachable'),
      check('2026-11-19T23:55:00', 'revoked'),
      check('2026-11-20T00:40:00'),
      check('2026-11-20T09:05:00', 'unreachable'),
      check('2026-11-20T09:10:00', 'unreachable'),
      check('2026-11-20T09:15:00'),
    ]

    expect(plain(strip(history).sentence)).toBe(
      '4 проверки из 6 не прошли: вчера с 23:10 до 00:40 сегодня, сегодня с 09:05 до 09:15. ' +
        'Связь восстановилась сама.',
    )
  })

  test('tells since when it has been so, also from before the day', () => {
    const changes = [{ at: new Date('2026-11-17T12:00:00+03:00'), health: 'revoked' as const }]
    const counts = [{ from: halfHourOf(NOW), health: 'revoked' as const, count: 2 }]

    const { sentence } = stripOf({ counts, changes }, { title: 'ВКонтакте' }, format, NOW)

    expect(plain(sentence)).toBe(
      '2 проверки из 2 не прошли: 17 ноября с 12:00. ВКонтакте пока без связи.',
    )
  })

  test('names a minute once', () => {
    const history = ['05', '10', '20', '25'].map((second, nth) =>
      check(`2026-11-20T14:00:${second}`, nth % 2 === 0 ? 'unreachable' : 'online'),
    )

    expect(plain(strip(history).sentence)).toBe(
      '2 проверки из 4 не прошли: сегодня в 14:00. Связь восстановилась сама.',
    )
  })

  test('names three and says that there are more', () => {
    const history = Array.from({ length: 8 }, (_, minute) =>
      check(`2026-11-20T14:0${minute}:00`, minute % 2 === 0 ? 'unreachable' : 'online'),
    )

    expect(plain(strip(history).sentence)).toBe(
      '4 проверки из 8 не прошли: сегодня в 14:00, сегодня в 14:02, сегодня в 14:04 и ещё. ' +
        'Связь восстановилась сама.',
    )
  })
})

interface Check {
  at: Date
  health: Health
}

/** What is kept of these checks, as the store keeps it. */
function strip(checks: Check[]) {
  const counts = checks.map(({ at, health }) => ({ from: halfHourOf(at), health, count: 1 }))
  const changes = checks.filter(({ health }, nth) => health !== checks[nth - 1]?.health)
  return stripOf({ counts, changes }, { title: 'ВКонтакте' }, format, NOW)
}

const check = (at: string, health: Health = 'online'): Check => ({
  at: new Date(`${at}+03:00`),
  health,
})

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
