import { describe, expect, test } from 'vitest'
import {
  passwordChangedLetter,
  recoveryLetter,
  resetLetter,
  troubleLetter,
} from '../../app/flows/letters.ts'
import { vk } from '../../app/providers/vk.ts'
import { connection } from './connection.ts'

const PLACE = { baseUrl: 'https://shop.example.ru', timeZone: 'Europe/Moscow' }
const MARINA = { email: 'marina@example.ru', name: 'Марина' }
const provider = vk.create({}, PLACE.baseUrl)

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

describe.each(TROUBLES)('the letter about %s', (code) => {
  const letter = troubleLetter(PLACE, MARINA, provider, connection({}), code)

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

test('days are told, not minutes: a letter is read hours later', () => {
  const known = connection({
    lastOnlineAt: new Date('2026-11-20T23:30:00+03:00'),
    expiresAt: new Date('2026-12-01T00:30:00+03:00'),
  })

  const revoked = troubleLetter(PLACE, MARINA, provider, known, 'token_revoked').text
  const expiring = troubleLetter(PLACE, MARINA, provider, known, 'expires_soon').text

  expect(plain(revoked)).toContain('с 20 ноября 2026 года.')
  expect(plain(expiring)).toContain('до 1 декабря 2026 года, и')
  expect(revoked + expiring).not.toMatch(/\d\d:\d\d/)
})

test('rights that are missing are named', () => {
  const known = connection({ scope: ['groups'] })

  const { text } = troubleLetter(PLACE, MARINA, provider, known, 'insufficient_scope')

  expect(text).toContain('Не хватает прав: «Товары».')
})

test('where only the platform knows which rights are missing, all that are needed are named', () => {
  const known = connection({ health: 'permission', scope: undefined })

  const { text } = troubleLetter(PLACE, MARINA, provider, known, 'insufficient_scope')

  expect(text).toContain('Не хватает прав: «Товары», «Сообщества».')
})

test('a connection that works again is told as such', () => {
  const { subject, text } = recoveryLetter(PLACE, MARINA, provider)

  expect(subject).toBe('ВКонтакте снова на связи')
  expect(text).toContain('https://shop.example.ru/connections')
})

test('a link to a new password stands on a line of its own', () => {
  const link = 'https://shop.example.ru/reset?token=abc'

  expect(resetLetter(MARINA, link).text).toContain(`\n\n${link}\n\n`)
})

test('a changed password is told with the way back', () => {
  expect(passwordChangedLetter(PLACE, MARINA).text).toContain('https://shop.example.ru/forgot')
})

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
