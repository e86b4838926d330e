import { describe, expect, test } from 'vitest'
import { passwordChangedLetter, resetLetter } from '../../app/flows/notices/account-letters.ts'
import { outageLetter, outageOverLetter } from '../../app/flows/notices/outage-letters.ts'
import { stopLetter } from '../../app/flows/notices/sync-stop-letters.ts'
import { recoveryLetter, troubleLetter } from '../../app/flows/notices/trouble-letters.ts'
import { evotor } from '../../app/providers/evotor/index.ts'
import { vk } from '../../app/providers/vk/index.ts'
import type { Connection } from '../../app/store/connection.ts'
import { connection } from './connection.ts'

const PLACE = { baseUrl: 'https://shop.example.ru', timeZone: 'Europe/Moscow' }
const MARINA = { email: 'marina@example.ru', name: 'Марина' }
const provider = vk.create({}, PLACE.baseUrl)
const till = evotor.create({}, PLACE.baseUrl)

/** Everything an owner can be told about a connection. */
const TROUBLES = [
  'token_revoked',
  'token_expired',
  'expires_soon',
  'refresh_failed',
  'user_blocked',
  'validation_required',
  'insufficient_scope',
  'app_not_installed',
  'provider_unavailable',
  'tls_error',
  'invalid_client',
  'token_unreadable',
  'a code without words',
]

/** What goods may wait for until their owner has done something. */
const STOPS = [
  'catalog_shrunk',
  'captcha',
  'validation_required',
  'confirmation_required',
  'market_right_missing',
  'market_forbidden',
  'market_disabled',
  'group_access_lost',
  'too_many_items',
  'store_empty',
  'no_stores',
  'app_not_installed',
  'insufficient_scope',
  'user_blocked',
  'a code without words',
]

describe.each(TROUBLES)('the letter about %s', (code) => {
  const letter = letterAbout(connection({}), code)

  test('leaves no gap', () => {
    expect(`${letter.subject} ${letter.text}`).not.toMatch(/[{}]|undefined/)
  })

  test('goes to the owner, by name, and says what to do and where', () => {
    expect(letter.to).toBe('marina@example.ru')
    expect(letter.text).toMatch(/^Здравствуйте, Марина!\n\n/)
    expect(letter.text).toContain('\n\nЧто сделать: ')
    expect(letter.text).toContain('\n\nСтраница подключения: https://shop.example.ru/vk\n\n')
  })

  test('has a subject of one line', () => {
    expect(letter.subject).toMatch(/^[^\r\n]{5,80}$/)
  })
})

test.each(STOPS)('the letter about goods that wait for %s leaves no gap', (code) => {
  const link = { storeName: 'Цветы на Лесной', communityName: 'Букеты' }
  const values = {
    before: 9,
    after: 1,
    done: 1,
    total: 2,
    message: 'x',
    n: 3,
    name: 'Роза',
    w: 1,
    h: 1,
    album: 'А',
  }
  const { subject, text } = stopLetter(PLACE, MARINA, { link, code, values })

  expect(subject).toBe('Перенос товаров ждёт вас')
  expect(text).toMatch(/^Здравствуйте, Марина!\n\nЦветы на Лесной → Букеты\. /)
  expect(text).toContain('\n\nЧто сделать: ')
  expect(text).toContain('https://shop.example.ru/sync')
  expect(text).not.toMatch(/[{}]|undefined/)
})

test('days are told, not minutes: a letter is read hours later', () => {
  const known = connection({
    lastOnlineAt: new Date('2026-11-20T23:30:00+03:00'),
    expiresAt: new Date('2026-12-01T00:30:00+03:00'),
  })

  const revoked = letterAbout(known, 'token_revoked').text
  const expiring = letterAbout(known, 'expires_soon').text

  expect(plain(revoked)).toContain('с 20 ноября 2026 года.')
  expect(plain(expiring)).toContain('до 1 декабря 2026 года, и')
  expect(revoked + expiring).not.toMatch(/\d\d:\d\d/)
})

test('rights that are missing are named', () => {
  const known = connection({ scope: ['groups'] })

  const { text } = letterAbout(known, 'insufficient_scope')

  expect(text).toContain('Не хватает прав: «Товары».')
})

test('where only the platform knows which rights are missing, all that are needed are named', () => {
  const known = connection({ health: 'permission', scope: undefined })

  const { text } = letterAbout(known, 'insufficient_scope')

  expect(text).toContain('Не хватает прав: «Товары», «Сообщества».')
})

test('a connection that works again is told as such', () => {
  const { subject, text } = recoveryLetter(PLACE, MARINA, provider)

  expect(subject).toBe('ВКонтакте снова на связи')
  expect(text).toContain('https://shop.example.ru/connections')
})

test('what began together stands in one letter, each with its page and what to do', () => {
  const { subject, text } = troubleLetter(
    PLACE,
    MARINA,
    { provider, connection: connection({}), code: 'token_revoked' },
    { provider: till, connection: connection({}), code: 'provider_unavailable' },
  )

  expect(subject).toBe('Требуют внимания 2 подключения')
  expect(text).toContain('\n\nВКонтакте больше не даёт доступ.\n\n')
  expect(text).toContain('\n\nЭвотор временно не отвечает.\n\n')
  expect(text.match(/Что сделать: /g)).toHaveLength(2)
  expect(text).toContain('https://shop.example.ru/vk\n')
  expect(text).toContain('https://shop.example.ru/evotor\n')
  expect(text.match(/Здравствуйте/g)).toHaveLength(1)
})

test('where all of it passes by itself, nobody is asked for attention', () => {
  const away = { connection: connection({}), code: 'provider_unavailable' }

  const { subject } = troubleLetter(
    PLACE,
    MARINA,
    { provider, ...away },
    { provider: till, ...away },
  )

  expect(subject).toBe('Временно не отвечают 2 сервиса')
})

test('what works again together is told together', () => {
  const { subject, text } = recoveryLetter(PLACE, MARINA, till, provider)

  expect(subject).toBe('Снова на связи: Эвотор и ВКонтакте')
  expect(text).toContain('Эвотор и ВКонтакте снова отвечают как обычно, доступ в порядке.')
})

describe('letters to administrators', () => {
  const away = { provider, code: 'provider_unavailable', count: 500, detail: 'HTTP 503' }

  test('say how many an outage concerns', () => {
    const { subject, text } = outageLetter(PLACE, MARINA, away)

    expect(subject).toBe('ВКонтакте не отвечает: сбой у 500 подключений')
    expect(text).toContain('это коснулось 500 подключений.')
    expect(text).toContain('Что сделать: ')
  })

  test('say what a platform answered that turns EvoSync away', () => {
    const refused = { provider: till, code: 'provider_refused', count: 1, detail: 'HTTP 406' }

    const { subject, text } = outageLetter(PLACE, MARINA, refused)

    expect(subject).toBe('Эвотор не принимает запросы EvoSync')
    expect(text).toContain('Код: provider_refused, ответ: HTTP 406.')
    expect(text).toContain('https://shop.example.ru/evotor')
  })

  test('tell of several platforms at once', () => {
    const both = outageLetter(PLACE, MARINA, away, { ...away, provider: till, count: 21 })
    const over = outageOverLetter(PLACE, MARINA, provider, till)

    expect(both.subject).toBe('Не отвечают сервисы: ВКонтакте и Эвотор')
    expect(both.text).toContain('\n\nЭвотор не отвечает: сбой у 21 подключения.\n\n')
    expect(over.subject).toBe('ВКонтакте и Эвотор: сбои закончились')
    expect(outageOverLetter(PLACE, MARINA, till).subject).toBe('Эвотор: сбой закончился')
  })
})

test('a link to a new password stands on a line of its own', () => {
  const link = 'https://shop.example.ru/reset?token=abc'

  expect(resetLetter(MARINA, link).text).toContain(`\n\n${link}\n\n`)
})

test('a changed password is told with the way back', () => {
  expect(passwordChangedLetter(PLACE, MARINA).text).toContain('https://shop.example.ru/forgot')
})

const letterAbout = (about: Connection, code: string) =>
  troubleLetter(PLACE, MARINA, { provider, connection: about, code })

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
