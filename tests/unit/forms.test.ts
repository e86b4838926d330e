import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createPasswords } from '../../app/crypto/passwords.ts'
import { check, email, password, text, typed, weakness } from '../../app/web/kit/forms.ts'

const form = z.object({ name: text('Имя', 10), email, password })
const GOOD = { name: 'Марина', email: 'marina@example.ru', password: 'buket-utro-2490' }

test('a form that is filled in gives its values', () => {
  expect(check(form, GOOD)).toEqual({ ok: true, values: GOOD })
})

test('blanks around name and address do not count, in a password they do', () => {
  const sent = { name: ' Марина ', email: ' marina@example.ru\n', password: ' buket-utro ' }

  expect(check(form, sent)).toEqual({
    ok: true,
    values: { name: 'Марина', email: 'marina@example.ru', password: ' buket-utro ' },
  })
})

test.each([undefined, null, '', 'name=x', 7, []])('the body %j is an empty form', (body) => {
  const checked = check(form, body)

  expect(checked.ok).toBe(false)
})

test('every fault is named once, in the order of the form', () => {
  const checked = check(form, {})

  expect(Object.entries(errorsOf(checked))).toEqual([
    ['name', 'Заполните поле «Имя»'],
    ['email', 'Укажите почту полностью, например marina@example.ru'],
    ['password', 'Заполните поле «Пароль»'],
  ])
})

test('fields nobody asked for are left out', () => {
  expect(check(form, { ...GOOD, role: 'admin', __proto__: { id: 1 } })).toEqual({
    ok: true,
    values: GOOD,
  })
})

describe('a name', () => {
  test.each([[''], ['  '], ['\t\n'], [['Марина']], [{ a: 'b' }], [7], [null]])(
    '%j is not filled in',
    (name) => {
      expect(errorsOf(check(form, { ...GOOD, name }))).toEqual({ name: 'Заполните поле «Имя»' })
    },
  )

  test('may be as long as it may be and no longer', () => {
    expect(check(form, { ...GOOD, name: 'я'.repeat(10) }).ok).toBe(true)
    expect(errorsOf(check(form, { ...GOOD, name: 'я'.repeat(11) }))).toEqual({
      name: 'Слишком длинно: до 10 символов',
    })
  })

  test('is composed before it is counted', () => {
    expect(check(form, { ...GOOD, name: 'й'.repeat(10).normalize('NFD') }).ok).toBe(true)
  })

  test.each(['Мар\u0000ина', 'Мар\r\nина', 'Мар\u001bина', 'Мар\u0085ина'])(
    'with a control character (%j) is refused',
    (name) => {
      expect(check(form, { ...GOOD, name }).ok).toBe(false)
    },
  )

  test('that is short but holds a control character is not called too long', () => {
    expect(errorsOf(check(form, { ...GOOD, name: 'Мар\u0000ина' })).name).not.toContain('длинно')
  })
})

describe('an address', () => {
  test.each([
    'marina@example.ru',
    'Marina.K+shop@sub.example.co',
    'марина@пример.рф',
    "o'neil@example.ru",
    `${'a'.repeat(243)}@example.ru`,
  ])('%s is one', (address) => {
    expect(check(form, { ...GOOD, email: address }).ok).toBe(true)
  })

  test.each([
    '',
    'marina',
    'marina@',
    '@example.ru',
    'marina@example',
    'marina@.ru',
    'marina@example.',
    'marina@example..ru',
    'marina@shop@example.ru',
    'mari na@example.ru',
    'marina@exam ple.ru',
    'marina@example.ru\r\nBcc: all@example.ru',
    'marina@example.ru\u2028x',
    `${'a'.repeat(244)}@example.ru`,
  ])('%j is none', (address) => {
    expect(errorsOf(check(form, { ...GOOD, email: address }))).toEqual({
      email: 'Укажите почту полностью, например marina@example.ru',
    })
  })

  test.each(['mar\u0000ina@example.ru', 'marina@exam\u0000ple.ru', 'mar\u001bina@example.ru'])(
    'with a control character (%j) is none: PostgreSQL would not take it',
    (address) => {
      expect(check(form, { ...GOOD, email: address }).ok).toBe(false)
    },
  )

  test.each([
    ['Marina@Example.RU', 'marina@example.ru'],
    ['ｍarina@example․ru', 'marina@example.ru'],
  ])('%s is kept in its one spelling', (address, canonical) => {
    expect(check(z.object({ email }), { email: address })).toEqual({
      ok: true,
      values: { email: canonical },
    })
  })

  test('that is two when it is written plainly is none', () => {
    expect(check(form, { ...GOOD, email: 'marina＠shop@example.ru' }).ok).toBe(false)
  })

  test.each(['<victim@example.ru>', 'marina,victim@example.ru', 'a;b@example.ru'])(
    'that a letter would read as another or as two (%s) is none',
    (address) => {
      expect(check(form, { ...GOOD, email: address }).ok).toBe(false)
    },
  )

  test.each([[['marina@example.ru']], [{}], [7]])('%j is none', (address) => {
    expect(check(form, { ...GOOD, email: address }).ok).toBe(false)
  })
})

describe('a password', () => {
  test.each([[''], [['buket-utro-2490']], [7], [null]])('%j is not filled in', (value) => {
    expect(errorsOf(check(form, { ...GOOD, password: value }))).toEqual({
      password: 'Заполните поле «Пароль»',
    })
  })

  test('may have 128 letters, however many signs a letter takes', () => {
    expect(check(form, { ...GOOD, password: 'x'.repeat(4 * 128) }).ok).toBe(true)
    expect(check(form, { ...GOOD, password: 'x'.repeat(4 * 128 + 1) }).ok).toBe(false)
  })

  test('of a megabyte is refused before anybody hashes it', () => {
    expect(check(form, { ...GOOD, password: 'x'.repeat(1_000_000) }).ok).toBe(false)
  })
})

describe('what was typed', () => {
  test('is shown again as it was', () => {
    expect(typed({ name: ' Мар', email: 'x' }, ['name', 'email', 'missing'])).toEqual({
      name: ' Мар',
      email: 'x',
      missing: '',
    })
  })

  test.each([undefined, null, 'text', 7, { name: ['a'] }, { name: { toString: 1 } }])(
    'is nothing when the body is %j',
    (body) => {
      expect(typed(body, ['name'])).toEqual({ name: '' })
    },
  )

  test('is cut at a thousand signs', () => {
    expect(typed({ name: 'x'.repeat(5000) }, ['name']).name).toHaveLength(1000)
  })
})

describe('a new password', () => {
  const passwords = createPasswords(['evosync'])
  const marina = { name: 'Марина', email: 'kovaleva@example.ru' }

  test('that will do has no fault', () => {
    expect(weakness({ passwords }, 'buket-utro-2490', marina)).toEqual({})
  })

  test.each([
    ['buket', 'Придумайте пароль от 12 символов: сейчас 5'],
    ['й'.repeat(5).normalize('NFD'), 'Придумайте пароль от 12 символов: сейчас 5'],
    ['x'.repeat(129), 'Пароль не длиннее 128 символов: сейчас 129'],
    ['kovaleva-1986', 'Этот пароль слишком известный, придумайте другой'],
    ['Марина-1986-!', 'Этот пароль слишком известный, придумайте другой'],
  ])('%s: %s', (chosen, words) => {
    expect(weakness({ passwords }, chosen, marina)).toEqual({ password: words })
  })

  test('may be judged without knowing whose it is', () => {
    expect(weakness({ passwords }, 'kovaleva-1986', {})).toEqual({})
  })
})

function errorsOf(checked: ReturnType<typeof check>) {
  return checked.ok ? {} : checked.errors
}
