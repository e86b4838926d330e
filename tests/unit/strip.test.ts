import { describe, expect, test } from 'vitest'
import type { PastCheck } from '../../app/store/checks.ts'
import { createFormat } from '../../app/web/kit/format.ts'
import { stripBegins, stripOf } from '../../app/web/connections/check-strip.ts'

const NOW = new Date('2026-11-20T14:30:00+03:00')
const format = createFormat('Europe/Moscow')

describe('the bars', () => {
  test('are 48 half hours that end now', () => {
    const { bars, from } = strip([])

    expect(bars).toHaveLength(48)
    expect(new Set(bars)).toEqual(new Set(['none']))
    expect(from).toEqual(new Date('2026-11-19T14:30:00+03:00'))
    expect(stripBegins(NOW)).toEqual(from)
  })

  test.each([
    ['2026-11-19T14:30:00', 0],
    ['2026-11-19T14:59:59', 0],
    ['2026-11-19T15:00:00', 1],
    ['2026-11-20T13:59:59', 46],
    ['2026-11-20T14:29:59', 47],
    ['2026-11-20T14:30:00', 47],
    ['2026-11-20T14:31:00', 47], // a check that ended while the page was made
  ])('a check at %s stands in bar %i', (at, bar) => {
    const { bars } = strip([check(at)])

    expect(bars).toHaveLength(48)
    expect(bars.findIndex((one) => one === 'ok')).toBe(bar)
    expect(bars.filter((one) => one !== 'none')).toHaveLength(1)
  })

  test('one failed check makes its half hour bad, whatever else is in it', () => {
    const { bars } = strip([
      check('2026-11-20T14:05:00'),
      check('2026-11-20T14:10:00', 'unreachable'),
      check('2026-11-20T14:15:00'),
    ])

    expect(bars.at(-1)).toBe('bad')
  })

  test.each(['revoked', 'permission', 'unreachable'] as const)('%s is bad', (health) => {
    expect(strip([check('2026-11-20T14:05:00', health)]).bars.at(-1)).toBe('bad')
  })

  test('a check from before the day is in no bar', () => {
    expect(new Set(strip([check('2026-11-19T14:29:00')]).bars)).toEqual(new Set(['none']))
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
      check('2026-11-20T09:05:00', 'unreachable'),
      check('2026-11-20T14:00:00'),
    ]

    expect(plain(strip(history).sentence)).toBe(
      '2 проверки из 3 не прошли: вчера в 23:10, сегодня в 09:05. Связь восстановилась сама.',
    )
  })

  test('tells that it is not over', () => {
    const history = [check('2026-11-20T09:00:00'), check('2026-11-20T14:00:00', 'revoked')]

    expect(plain(strip(history).sentence)).toBe(
      '1 проверка из 2 не прошла: сегодня в 14:00. ВКонтакте пока без связи.',
    )
  })

  test('names three without a word of others', () => {
    const history = [0, 1, 2].map((minute) => check(`2026-11-20T14:0${minute}:00`, 'revoked'))

    expect(plain(strip(history).sentence)).toBe(
      '3 проверки из 3 не прошли: сегодня в 14:00, сегодня в 14:01, сегодня в 14:02. ' +
        'ВКонтакте пока без связи.',
    )
  })

  test('names a minute once', () => {
    const history = [5, 20, 40].map((second) =>
      check(`2026-11-20T14:00:${String(second).padStart(2, '0')}`, 'unreachable'),
    )

    expect(plain(strip(history).sentence)).toBe(
      '3 проверки из 3 не прошли: сегодня в 14:00. ВКонтакте пока без связи.',
    )
  })

  test('names three and says that there are more', () => {
    const history = [0, 1, 2, 3, 4].map((minute) =>
      check(`2026-11-20T14:0${minute}:00`, 'unreachable'),
    )

    expect(plain(strip(history).sentence)).toBe(
      '5 проверок из 5 не прошли: сегодня в 14:00, сегодня в 14:01, сегодня в 14:02 и ещё. ' +
        'ВКонтакте пока без связи.',
    )
  })
})

const strip = (history: PastCheck[]) => stripOf(history, { title: 'ВКонтакте' }, format, NOW)

function check(at: string, health: PastCheck['health'] = 'online'): PastCheck {
  return { checkedAt: new Date(`${at}+03:00`), health }
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
