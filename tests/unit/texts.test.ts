import { describe, expect, test } from 'vitest'
import type { Text } from '../../app/texts/text.ts'
import { CONNECT_FAILURES } from '../../app/errors.ts'
import { isConnectCode, isTextCode, say, sayAny, TEXTS } from '../../app/texts/index.ts'
import { saySync } from '../../app/texts/catalogue.ts'
import { gapsIn, NAME_GAPS } from '../support/gaps.ts'

const VK = { title: 'ВКонтакте' }
const codes = Object.keys(TEXTS).filter(isTextCode)

const TONES = ['bad', 'warn', 'info']
const BUTTONS = ['connect', 'reconnect', 'check', 'retry', 'login', 'forgot', 'back', 'none']
const PLACEHOLDERS = [
  ...NAME_GAPS,
  'scopes',
  'since',
  'expiresAt',
  'retryAt',
  'adminEmail',
  'reason',
  'redirectUri',
  'connect',
  'current',
  'offered',
  'minutes',
  'at',
  'n',
  'label',
  'found',
  'issuer',
  'url',
  'named',
]

test('the codes are found', () => {
  expect(codes.length).toBeGreaterThan(45)
})

describe.each(codes)('%s', (code) => {
  const text: Text = TEXTS[code]
  const all = [text.title, text.why, text.what]

  test('has a title, a tone and a button', () => {
    expect(text.title.trim()).not.toBe('')
    expect(TONES).toContain(text.tone)
    expect(BUTTONS).toContain(text.button)
  })

  test('is written as a careful person writes', () => {
    for (const words of all) {
      expect(words).not.toMatch(/["'!]|Упс|пожалуйста|\u00a0|\s{2}|^\s|\s$/i)
      expect(words).toSatisfy(hasPairedQuotes)
    }
  })

  test('has whole sentences and a title without a full stop', () => {
    expect(text.title).toMatch(/^(\{P\}|[А-ЯЁE]).*[^.]$/)
    for (const words of [text.why, text.what]) expect(words).toMatch(/^$|^(\{P\}|[А-ЯЁE]).*\.$/)
  })

  test('leaves only gaps that somebody fills', () => {
    expect(PLACEHOLDERS).toEqual(expect.arrayContaining(all.flatMap(gapsIn)))
  })

  test('gives the service no gender: {P} is followed by the present tense', () => {
    for (const words of all)
      expect(words).not.toMatch(/\{P\}( не)? \{?[а-яё]+(л|ла|ло|ли)(сь|ся)?[ .,|]/)
  })
})

test('every way in which connecting can end has words, and may stand in the address', () => {
  for (const code of CONNECT_FAILURES) {
    expect(code).toSatisfy(isTextCode)
    expect(code).toSatisfy(isConnectCode)
  }
})

describe('a code from outside', () => {
  test.each(['', 'nonsense', 'toString', '__proto__', 'constructor', 'INVALID_STATE'])(
    '%s is none of ours',
    (code) => {
      expect(isTextCode(code)).toBe(false)
      expect(isConnectCode(code)).toBe(false)
    },
  )

  test.each(['token_revoked', 'login_invalid', 'http_500'])(
    '%s is ours, but no way for connecting to end',
    (code) => {
      expect(isTextCode(code)).toBe(true)
      expect(isConnectCode(code)).toBe(false)
    },
  )
})

describe('filling in', () => {
  test('works in title, cause and way out', () => {
    const text: Text = say('provider_unavailable', {
      platform: VK,
      retryAt: 'через 2 минуты',
    })

    expect(text.title).toBe('ВКонтакте временно не отвечает')
    expect(text.what).toBe('Ничего: следующая попытка через 2 минуты, дальше мы продолжим сами.')
  })

  test('fills every gap of a name', () => {
    const { what } = say('refresh_failed', { expiresAt: '18 ноября' })

    expect(what).toBe('Если до 18 ноября ничего не изменится, переподключите аккаунт.')
  })

  test('leaves an unknown gap as it is', () => {
    expect(sayAny('required', VK).title).toBe('Заполните поле «{label}»')
  })

  test('takes a value as it is, whatever signs are in it', () => {
    const strange = '$& {p} $1 <b>'

    expect(say('required', { label: strange }).title).toBe(`Заполните поле «${strange}»`)
  })

  test('does not change the words for the next one', () => {
    say('required', { label: 'Имя' })

    expect(TEXTS.required.title).toBe('Заполните поле «{label}»')
  })

  test('does not compile without a value, nor with one too many', () => {
    const said = [
      // @ts-expect-error the moment is missing
      say('provider_unavailable', { platform: VK }),
      // @ts-expect-error the field is missing
      say('required'),
      // @ts-expect-error nobody asks for a platform there
      say('required', { label: 'Имя', platform: VK }),
      // @ts-expect-error nobody says which platform does not answer
      say('connect_unavailable', { connect: 'Подключить' }),
      // @ts-expect-error nothing is to be filled in
      say('password_current', { n: '5' }),
      // @ts-expect-error it has two gaps
      saySync('catalog_shrunk', { before: '90' }),
    ]

    expect(said.map(({ title }) => title)).not.toContain('')
  })
})

function hasPairedQuotes(words: string): boolean {
  return words.split('«').length === words.split('»').length
}
