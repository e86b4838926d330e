import { describe, expect, test } from 'vitest'
import type { Text } from '../../app/texts/text.ts'
import { SYNC_TEXTS } from '../../app/texts/catalogue.ts'
import { filled, TEXTS } from '../../app/texts/index.ts'
import { isNamedIn, jointName, named } from '../../app/texts/names.ts'
import type { PlatformName } from '../../app/texts/name-gaps.ts'
import { platforms } from '../../app/providers/index.ts'
import { gapsIn, NAME_GAPS } from '../support/gaps.ts'

/** A target whose title is plural and declined in every case. */
const PALS: PlatformName = {
  title: 'Приятели',
  forms: {
    ...{ of: 'Приятелей', to: 'Приятелям', in: 'в Приятелях', short: 'ПР' },
    many: true,
  },
}
const VK: PlatformName = { title: 'ВКонтакте', forms: { short: 'ВК' } }
const WIX: PlatformName = { title: 'Wix' }

type Words = Pick<Text, 'title' | 'why' | 'what'>
const texts = [...Object.entries<Words>(TEXTS), ...Object.entries<Words>(SYNC_TEXTS)]

describe('a name in a sentence', () => {
  test.each([
    [
      PALS,
      'Приятели: ответ Приятелей, доступ к Приятелям. В Приятелях не отвечают, в Приятелях, ПР',
    ],
    [
      VK,
      'ВКонтакте: ответ ВКонтакте, доступ к ВКонтакте. Во ВКонтакте не отвечает, во ВКонтакте, ВК',
    ],
    [WIX, 'Wix: ответ Wix, доступ к Wix. В Wix не отвечает, в Wix, Wix'],
    [
      undefined,
      'Сервис: ответ сервиса, доступ к сервису. В сервисе не отвечает, в сервисе, сервиса',
    ],
  ])('%o', (platform, said) => {
    const words = named(
      '{P}: ответ {ofP}, доступ к {toP}. {InP} не {отвечает|отвечают}, {inP}, {shortP}',
      platform,
    )

    expect(words).toBe(said)
  })

  test.each([
    ['Фламинго', 'во Фламинго'],
    ['Вайлд', 'в Вайлд'],
    ['В', 'в В'],
    ['Vkusno', 'в Vkusno'],
    ['Эвотор', 'в Эвотор'],
  ])('«%s» stands %s', (title, said) => {
    expect(named('{inP}', { title })).toBe(said)
  })

  test('takes no other gap, and a sentence of another gap does not compile', () => {
    // @ts-expect-error nobody fills in a store
    expect(named('{P} не {находит|находят} {store}', PALS)).toBe('Приятели не находят {store}')
  })
})

describe('several names', () => {
  test('are many', () => {
    const both = jointName([VK, PALS])

    expect(named('{P} не {принимает|принимают}. Товары {inP}, страницы {ofP}', both)).toBe(
      'ВКонтакте и Приятели не принимают. Товары во ВКонтакте и в Приятелях, страницы ВКонтакте и Приятелей',
    )
  })

  test('are themselves where there is one, and nobody where there is none', () => {
    expect(jointName([PALS])).toBe(PALS)
    expect(jointName([])).toBeUndefined()
  })
})

test('words name a platform in any of its forms', () => {
  expect(isNamedIn('С подключением Приятелей что-то не так', PALS)).toBe(true)
  expect(isNamedIn('С подключением что-то не так', PALS)).toBe(false)
})

describe.each(texts)('%s', (_code, text) => {
  const said = (platform: PlatformName | undefined) => {
    const { title, why, what } = filled(text, {}, platform)
    return [title, why, what]
  }

  test('agrees with a title that is plural, and declines it', () => {
    for (const words of said(PALS)) expect(words).toSatisfy(agrees)
  })

  test('keeps no gap of a name', () => {
    for (const platform of [PALS, VK, undefined])
      for (const words of said(platform)) {
        expect(NAME_GAPS.filter((gap) => gapsIn(words).includes(gap))).toEqual([])
        expect(words).not.toContain('|')
      }
  })
})

describe('the check of agreement itself', () => {
  test.each([
    'Приятели не отвечает',
    'Приятели временно не отвечает',
    'Приятели на сегодня больше не принимает изменений',
    'Сертификат, который показывает Приятели.',
    'Без фото Приятели товар не принимает.',
    'Доступ к Приятели закрыт',
    'Ответ Приятели не понят',
    'Товары в Приятели',
    'С подключением Приятели что-то не так',
    'В личном кабинете Приятели нет магазинов',
  ])('«%s» is wrong', (words) => {
    expect(agrees(words)).toBe(false)
  })

  test.each([
    'Приятели не отвечают',
    'Подключите Приятели, затем вернитесь',
    'Не получилось войти через Приятели',
    'Не получилось подключить Приятели',
    'Доступ к Приятелям, который вы подтвердили, больше не действует.',
  ])('«%s» is right', (words) => {
    expect(agrees(words)).toBe(true)
  })
})

test('every title of ours that is plural says so', () => {
  for (const { key, create } of platforms) {
    const { title, forms } = create({}, 'http://localhost:3000')
    expect(/[иы]$/.test(title), key).toBe(forms?.many === true)
  }
})

/** Words after which the bare title may stand: somebody else does something to the platform, or goes through it. */
const WHOM =
  /(одключит[ье]|одключать|привяжите|вход через|ойти через|входит в|хотите подключить|одключить) Приятели/gi

/** The bare title is who or whom: as who it has a verb in the plural in its clause, and none in the singular. */
function agrees(words: string): boolean {
  return words.split(/[.:;]/).every((clause) => {
    const rest = clause.replaceAll(WHOM, '')
    if (!rest.includes('Приятели')) return true
    const near = rest
      .split(',')
      .filter((part) => part.includes('Приятели'))
      .join(',')
    return (
      /[а-яё](ут|ют|ат|ят)(ся)?(?![а-яё])/.test(near) &&
      !/[а-яё](ет|ёт|ит)(ся)?(?![а-яё])/.test(near)
    )
  })
}
