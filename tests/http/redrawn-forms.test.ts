import { expect, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { type Browser, formOf, PERSON } from '../support/browser.ts'

interface Case {
  page: string
  action: string
  /** What a person types; something of it is wrong. */
  typed: Record<string, string>
}

const SERVER = 'https://auth.example.ru'

/** Secrets are typed again; everything else is there as it was. */
const FORMS: Case[] = [
  { page: '/account', action: '/account', typed: { name: '  ', email: 'new@example.ru' } },
  { page: '/account', action: '/account', typed: { name: 'Новое имя', email: 'нет' } },
  {
    page: '/account',
    action: '/account/tokens',
    typed: { 'token-name': ' ', days: '0', scope_tokens: 'on' },
  },
  {
    page: '/account',
    action: '/account/tokens',
    typed: { 'token-name': 'Бот', days: '365' },
  },
  { page: '/account', action: '/account/webhook', typed: { url: 'http://example.ru/hook' } },
  {
    page: '/admin/providers/new',
    action: '/admin/providers',
    typed: {
      ...{ name: 'Сервис', key: 'Не Тот', icon: 'bi-shop', client_id: 'id', client_auth: 'basic' },
      ...{ authorize_url: `${SERVER}/a`, token_url: `${SERVER}/t`, userinfo_url: `${SERVER}/u` },
      ...{ revoke_url: `${SERVER}/r`, scope: 'one,two', scope_delimiter: 'comma', pkce: 'on' },
      ...{ issuer: SERVER, issuer_required: 'on', id_path: 'a.b', name_path: 'a.c' },
    },
  },
  {
    page: '/admin/providers/new',
    action: '/admin/providers/import',
    typed: { server: 'нет', name: 'Сервис', key: 'service', id_path: 'a.b', client_auth: 'basic' },
  },
]

test.each(FORMS)(
  '$action drawn again has what was typed: $typed',
  async ({ page, action, typed }) => {
    const app = await startApp()
    const browser = app.newBrowser()
    await browser.register()
    const blank = formOf(await browser.get(page), action)
    const unticked = Object.fromEntries(
      Object.keys(blank).flatMap((name) =>
        name.startsWith('scope_') && name !== 'scope_delimiter' ? [[name, '']] : [],
      ),
    )

    const again = await browser.post(action, { ...blank, ...unticked, ...typed })

    expect(again.status).toBe(422)
    expect(formOf(again, action)).toMatchObject(typed)
  },
)

test('registering and signing in keep what was typed, but no password', async () => {
  const app = await startApp()
  const browser: Browser = app.newBrowser()
  const form = { ...PERSON, email: 'нет', consent: 'on' }

  const registering = await browser.submit(await browser.get('/register'), '/register', form)
  const signing = await browser.submit(await browser.get('/login'), '/login', {
    ...{ email: 'marina@example.ru', password: 'не тот пароль' },
  })

  expect(formOf(registering, '/register')).toMatchObject({ ...form, password: '' })
  expect(formOf(signing, '/login')).toMatchObject({ email: 'marina@example.ru', password: '' })
})
