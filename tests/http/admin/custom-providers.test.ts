import { describe, expect, test } from 'vitest'
import { freshAccess } from '../../../app/flows/connections/fresh-access.ts'
import { checkDue } from '../../../app/flows/connections/check-due.ts'
import { startApp } from '../../support/app.ts'
import { type Browser, type Page, readable } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { define, openRayon, rayonFields } from '../../support/rayon.ts'
import { cardText } from '../../support/stage.ts'

/** Longer than a busy machine takes to show a page. */
const COOLDOWN_MS = 5_000

describe.each(ENGINES)('A platform an administrator has defined, on %s', (engine) => {
  test('connects, is checked, is renewed and disconnects as any other', async () => {
    const { app, browser, rayon } = await openRayon({ engine })
    const saved = await define({ rayon, browser })
    expect(saved.location).toBe('/admin/providers/rayon')

    const before = cardText(await browser.get('/connections'), 'rayon')
    const back = await browser.connect('rayon')
    const after = cardText(await browser.get('/connections'), 'rayon')
    const page = await browser.get('/rayon')

    expect(before).toContain('Не подключено')
    expect(back.location).toBe('/connections')
    expect(after).toContain('Лавка на Садовой')
    expect(page.text).toContain('u-1@rayon.example')
    expect(page.text).toContain('catalog.write')
    const [token] = rayon.asked.filter(({ path }) => path === '/oauth/token')
    expect(token?.form.code_verifier).toMatch(/^[\w-]{43}$/)

    const connection = await app.ctx.connections.find(1, 'rayon')
    if (!connection) throw new Error('not connected')
    await app.ctx.db('connections').update({ refresh_due_at: new Date(0) })
    await checkDue(app.ctx, new Date(Date.now() + 1000), new AbortController().signal)
    const checked = await app.ctx.connections.find(1, 'rayon')
    expect([checked?.isOnline, checked?.revision]).toEqual([true, connection.revision + 1])

    await browser.submit(await browser.get('/rayon'), '/rayon/disconnect')
    expect(rayon.refreshTokens.size).toBe(0)
    expect((await browser.get('/rayon')).text).toContain('Доступ отозван')
  })
})

test('a platform that asks for no rights says so instead of an empty list', async () => {
  const { browser, rayon } = await openRayon()
  await define({ rayon, browser }, { scope: '' })

  const before = await browser.get('/rayon')
  await browser.connect('rayon')
  const after = await browser.get('/rayon')

  for (const page of [before, after]) {
    expect(page.text).toContain('Отдельных прав мы не просим')
    expect(page.dom.querySelector('[aria-labelledby=rights] ul')).toBeNull()
  }
})

describe('The list of platforms', () => {
  test('names each with its keys, breaker, connections and failures of the hour', async () => {
    const { app, browser, rayon } = await openRayon()
    await define({ rayon, browser })
    await browser.connect('rayon')
    for (const [health, minutesAgo] of [
      ['unreachable', 0],
      ['online', 0],
      ['revoked', 120],
    ] as const) {
      const at = new Date(Date.now() - minutesAgo * 60_000)
      await app.ctx.checkHistory.add({ id: 1, provider: 'rayon' }, { health }, at)
    }

    const page = await browser.get('/admin/providers')

    expect(rowText(page, 'rayon')).toBe(
      'Витрина района rayon Заданы Работает 1 1 Изменить Витрина района',
    )
    expect(rowText(page, 'vk')).toBe('ВКонтакте vk Не заданы Нет данных 0 0 Изменить ВКонтакте')
    expect((await browser.get('/admin')).location).toBe('/admin/providers')
    expect((await browser.get('/connections')).dom.querySelector('a[href="/admin"]')).not.toBeNull()
  })

  test('shows a pause with the time of the next try, and how far a probe has come', async () => {
    const { browser, rayon } = await openRayon({
      http: {
        breaker: { failures: 1, cooldownMs: COOLDOWN_MS, successes: 3 },
        sleep: () => Promise.resolve(),
      },
    })
    await define({ rayon, browser })
    await browser.connect('rayon')
    rayon.fault('/me', { status: 503 })
    await browser.submit(await browser.get('/rayon'), '/rayon/check')

    const paused = rowText(await browser.get('/admin/providers'), 'rayon')
    rayon.mend()
    await new Promise((wake) => setTimeout(wake, COOLDOWN_MS + 100))
    const due = rowText(await browser.get('/admin/providers'), 'rayon')
    await browser.submit(await browser.get('/rayon'), '/rayon/check')
    const probing = rowText(await browser.get('/admin/providers'), 'rayon')

    expect(paused).toMatch(/Пауза следующая попытка в \d\d:\d\d 1 1/)
    expect(due).toContain('Пауза следующая попытка при ближайшем запросе')
    expect(probing).toContain('Пробные запросы 1 из 3 успешных')
  })

  test('leads to a page that shows how a built-in platform is set up, and none of its values', async () => {
    const env = { VK_CLIENT_ID: 'id-canary-31', VK_CLIENT_SECRET: 'secret-canary-31' }
    const { app, browser } = await openRayon({
      env: { ...env, VK_REDIRECT_URI: 'https://elsewhere.example/vk' },
    })

    const page = await browser.get('/admin/providers/vk')

    expect(page.text).toContain('VK_CLIENT_SECRET задано')
    expect(page.text).toContain('VK_API_URL не задано')
    expect(page.text).toContain(`VK_REDIRECT_URI должен начинаться с ${app.url}`)
    expect(page.dom.querySelector('#redirect-uri')?.text).toBe('https://elsewhere.example/vk')
    expect(page.html).not.toMatch(/canary/)
    expect((await browser.get('/admin/providers/nothing')).status).toBe(404)
    expect((await browser.get('/admin/providers/vk/delete')).status).toBe(404)
  })
})

describe('The form', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['no name', { name: ' ' }, 'name', 'Заполните поле «Название»'],
    ['a key in capitals', { key: 'Rayon' }, 'key', 'Ключ пишут латиницей'],
    ['a key that is a page', { key: 'admin' }, 'key', 'Этот ключ уже занят'],
    ['a key of the list', { key: 'vk' }, 'key', 'Этот ключ уже занят'],
    ['an icon of nowhere', { icon: '"><b>' }, 'icon', 'Название значка начинается с bi-'],
    ['no secret', { client_secret: '' }, 'client_secret', 'Заполните поле «Секрет»'],
    [
      'a private address',
      { userinfo_url: 'http://10.0.0.5/me' },
      'userinfo_url',
      'Нужен адрес https:// вне внутренней сети',
    ],
    ['no https', { token_url: 'http://id.rayon.example/t' }, 'token_url', 'Нужен адрес https://'],
    ['a script', { authorize_url: 'javascript:alert(1)' }, 'authorize_url', 'Нужен адрес https://'],
    ['a path of nonsense', { id_path: 'a..b' }, 'id_path', 'Путь пишут через точку'],
    ['an unknown way to prove', { client_auth: 'jwt' }, 'client_auth', 'Выберите один'],
    ['another delimiter', { scope_delimiter: ';' }, 'scope_delimiter', 'Выберите один'],
    ['a long name', { name: 'я'.repeat(101) }, 'name', 'Слишком длинно: до 100 символов'],
    [
      'a long address',
      { token_url: `https://id.rayon.example/${'x'.repeat(2_001)}` },
      'token_url',
      'Слишком длинно',
    ],
    ['an invisible sign', { client_id: 'a\u0000b' }, 'client_id', 'Уберите невидимые знаки'],
  ])('refuses %s at its field and keeps what was typed', async (_what, changes, field, words) => {
    const { app, browser, rayon } = await openRayon()

    const page = await define({ rayon, browser }, changes)

    expect(page.status).toBe(422)
    expect(readable(page.dom.querySelector(`#${field}-error`)?.outerHTML ?? '')).toContain(words)
    expect(page.dom.querySelector('#scope')?.getAttribute('value')).toBe(
      'catalog.read catalog.write',
    )
    expect(page.html).not.toContain(rayon.clientSecret)
    expect(await app.ctx.customProviders.all()).toEqual([])
  })

  test('refuses a key that is there already', async () => {
    const { browser, rayon } = await openRayon()
    await define({ rayon, browser })

    const page = await define({ rayon, browser })

    expect(page.status).toBe(422)
    expect(page.text).toContain('Этот ключ уже занят')
  })

  test('never shows a secret again, and keeps it when its field stays empty', async () => {
    const { browser, rayon } = await openRayon()
    await define({ rayon, browser })
    const page = await browser.get('/admin/providers/rayon')

    const saved = await browser.submit(page, '/admin/providers/rayon', { name: 'Витрина города' })

    expect(page.html).not.toContain(rayon.clientSecret)
    expect(page.text).toContain('Оставьте поле пустым')
    expect(saved.status).toBe(303)
    expect((await browser.connect('rayon')).location).toBe('/connections')
    expect((await browser.get('/connections')).text).toContain('Витрина города')
  })

  test.each(['token_url', 'revoke_url'])(
    'wants the secret anew when %s moves to another server',
    async (field) => {
      const { app, browser, rayon } = await openRayon({ env: { OUTBOUND_ALLOW: '127.0.0.1:1' } })
      const https = Object.fromEntries(
        Object.entries(rayonFields(rayon)).map(([name, value]) => [
          name,
          value.replace(rayon.url, 'https://id.rayon.example'),
        ]),
      )
      await define({ rayon, browser }, https)
      const page = await browser.get('/admin/providers/rayon')

      const refused = await browser.submit(page, '/admin/providers/rayon', {
        [field]: 'https://thief.example/token',
      })
      const again = await browser.submit(page, '/admin/providers/rayon', {
        [field]: 'https://thief.example/token',
        client_secret: 'another',
      })

      expect(refused.text).toContain('Впишите секрет ещё раз')
      expect(again.status).toBe(303)
      expect((await app.ctx.customProviders.find('rayon'))?.clientSecret).toBe('another')
    },
  )

  test('of an older page does not undo what somebody else has changed', async () => {
    const { browser, rayon } = await openRayon()
    await define({ rayon, browser })
    const page = await browser.get('/admin/providers/rayon')
    await browser.submit(page, '/admin/providers/rayon', { name: 'Первое' })

    const late = await browser.submit(page, '/admin/providers/rayon', { name: 'Второе' })

    expect(late.status).toBe(422)
    expect(late.text).toContain('Сервис уже изменил кто-то другой')
    expect((await browser.get('/admin/providers/rayon')).text).toContain('Первое')
  })

  test('escapes what an administrator writes', async () => {
    const { browser, rayon } = await openRayon()

    await define({ rayon, browser }, { name: '<img src=x onerror=alert(1)>' })

    for (const path of ['/admin/providers', '/admin/providers/rayon', '/rayon', '/connections'])
      expect((await browser.get(path)).html).not.toContain('<img src=x')
  })

  test('is for administrators only', async () => {
    const { app, browser, rayon } = await openRayon()
    await define({ rayon, browser })
    const owner = app.newBrowser()
    await owner.register({ email: 'oleg@example.ru' })
    const _csrf = (await owner.get('/account')).dom
      .querySelector('[name=_csrf]')
      ?.getAttribute('value')

    for (const path of ['', '/new', '/rayon', '/rayon/delete', '/vk'])
      expect((await owner.get(`/admin/providers${path}`)).status).toBe(403)
    for (const path of ['', '/test', '/import', '/rayon', '/rayon/delete'])
      expect(
        (await owner.post(`/admin/providers${path}`, { _csrf: _csrf ?? '', confirm: 'rayon' }))
          .status,
      ).toBe(403)
    expect(await app.ctx.customProviders.all()).toHaveLength(1)
    for (const path of ['/test', '/import', '', '/rayon', '/rayon/delete'])
      expect((await browser.post(`/admin/providers${path}`, { confirm: 'rayon' })).status).toBe(403) // no token
    expect(await app.ctx.customProviders.all()).toHaveLength(1)
  })
})

describe('A platform that cannot be used', () => {
  test('because it is switched off says so, begins nothing and keeps its connections', async () => {
    const { app, browser, rayon } = await openRayon()
    await define({ rayon, browser })
    await browser.connect('rayon')
    const page = await browser.get('/admin/providers/rayon')
    await browser.submit(page, '/admin/providers/rayon', { enabled: '' })

    const start = await browser.get('/rayon/connect')
    const told = await browser.open('/rayon?error=provider_disabled')
    await checkDue(app.ctx, new Date(Date.now() + 1000), new AbortController().signal)
    const other = app.newBrowser()
    await other.register({ email: 'oleg@example.ru' })

    expect(start.location).toBe('/rayon?error=provider_disabled')
    expect(told.text).toContain('Подключение выключено')
    expect(told.dom.querySelector('a[href="/rayon/connect"]')).toBeNull()
    expect((await app.ctx.connections.find(1, 'rayon'))?.isOnline).toBe(true)
    expect(cardText(await other.get('/connections'), 'rayon')).toContain('Выключено')
    expect((await browser.get('/admin/providers')).text).toContain('Заданы, сервис выключен')
  })

  test('because its secret is sealed with another key counts as not set up, and costs no page', async () => {
    const { app, browser, rayon } = await openRayon()
    await define({ rayon, browser })
    await define({ rayon, browser }, { key: 'other', name: 'Другая витрина' })
    const sealed = await app.ctx
      .db('custom_providers')
      .where({ key: 'other' })
      .pluck<string[]>('sealed_secret')
    await app.ctx
      .db('custom_providers')
      .where({ key: 'rayon' })
      .update({ sealed_secret: sealed[0] ?? '' })
    await app.ctx.providers.reload()

    const dashboard = await browser.get('/connections')
    const start = await browser.get('/rayon/connect')
    const form = await browser.get('/admin/providers/rayon')

    expect(cardText(dashboard, 'rayon')).toContain('Не настроено')
    expect(cardText(dashboard, 'other')).toContain('Не подключено')
    expect(start.location).toBe('/rayon?error=not_configured')
    expect(form.text).toContain('Секрет приложения не читается')
    expect((await browser.get('/admin/providers')).text).toContain('Заданы, но не подходят')

    await browser.submit(form, '/admin/providers/rayon', { client_secret: rayon.clientSecret })
    expect((await browser.connect('rayon')).location).toBe('/connections')
  })

  test.each([
    ['at a path that is empty', { id_path: 'data.nobody.id' }, 'отвечает не так, как обычно'],
    ['in a page instead of JSON', {}, 'отвечает не так, как обычно', '<html>'],
  ])(
    'because the profile stands %s keeps the tokens and says so',
    async (_where, changes, words, body?) => {
      const { app, browser, rayon } = await openRayon()
      await define({ rayon, browser }, changes)
      if (body) rayon.fault('/me', { body, headers: { 'Content-Type': 'text/html' } })

      const back = await browser.connect('rayon')
      await checkDue(app.ctx, new Date(Date.now() + 1000), new AbortController().signal)

      expect(back.location).toBe('/rayon?error=profile_failed')
      expect((await browser.get('/rayon')).text).toContain(words)
      expect(await app.ctx.connections.find(1, 'rayon')).toBeDefined()
    },
  )
})

describe.each(ENGINES)('Two instances, on %s', (engine) => {
  test('a platform defined on one works on the other within about a second', async () => {
    const first = await openRayon({ engine })
    const second = await startApp({
      engine,
      beside: first.app,
      env: { OUTBOUND_ALLOW: new URL(first.rayon.url).host },
    })
    const there = second.newBrowser()
    await there.register({ email: 'oleg@example.ru' })
    await there.get('/connections') // what it knows now, it knows for a second
    await define(first)
    first.rayon.redirectUris.push(`${second.url}/rayon/callback`)

    await new Promise((wake) => setTimeout(wake, 1_050))
    const back = await there.connect('rayon')

    expect(back.location).toBe('/connections')
    await removeByPage(first.browser)
    await new Promise((wake) => setTimeout(wake, 1_050))
    expect((await there.get('/rayon')).status).toBe(404)
    expect(cardText(await there.get('/connections'), 'rayon')).toBe('')
  })
})

describe.each(ENGINES)('Removing, on %s', (engine) => {
  test('wants the key typed, takes the connections along and gives the grants back', async () => {
    const { app, browser, rayon } = await openRayon({ engine })
    await define({ rayon, browser })
    await browser.connect('rayon')
    const other = app.newBrowser()
    await other.register({ email: 'oleg@example.ru' })
    await other.connect('rayon', { account: 'u-2' })
    await other.get('/rayon/connect') // somebody is on the way there
    const page = await browser.get('/admin/providers/rayon/delete')

    const refused = await browser.submit(page, '/admin/providers/rayon/delete', {
      confirm: 'Rayon',
    })
    const kept = await app.ctx.connections.ownersOf('rayon')
    const done = await removeByPage(browser)

    expect(page.text).toContain('2 подключения')
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Впишите ключ сервиса точно: rayon')
    expect(kept).toHaveLength(2)
    expect(done.location).toBe('/admin/providers')
    expect((await browser.get(done.location)).text).toContain('удалено: 2 подключения')
    expect(await app.ctx.connections.ownersOf('rayon')).toEqual([])
    expect(await app.ctx.db('connection_attempts').first()).toBeUndefined()
    expect(rayon.count('/oauth/revoke')).toBe(2)
    expect((await browser.get('/rayon')).status).toBe(404)
    const events = await app.ctx.db('events').where({ provider: 'rayon' }).pluck('event')
    expect(events).toEqual(
      expect.arrayContaining(['provider_added', 'disconnected', 'provider_removed']),
    )
  })

  test('works while the platform is down: the tokens are gone all the same', async () => {
    const { app, browser, rayon } = await openRayon({ engine })
    await define({ rayon, browser })
    await browser.connect('rayon')
    rayon.fault('*', { status: 503 })

    await removeByPage(browser)

    expect(await app.ctx.connections.ownersOf('rayon')).toEqual([])
    expect(await app.ctx.customProviders.all()).toEqual([])
  })
})

test('a platform that answers with a rotating refresh token is asked once, however many want an access', async () => {
  const { app, browser, rayon } = await openRayon()
  await define({ rayon, browser })
  await browser.connect('rayon')
  await app.ctx.db('connections').update({ refresh_due_at: new Date(0) })
  const asked = rayon.count('/oauth/token')
  const provider = app.ctx.providers.get('rayon')

  await Promise.all(Array.from({ length: 50 }, () => freshAccess(app.ctx, { id: 1, provider })))

  expect(rayon.count('/oauth/token') - asked).toBe(1)
})

async function removeByPage(browser: Browser): Promise<Page> {
  const page = await browser.get('/admin/providers/rayon/delete')
  return await browser.submit(page, '/admin/providers/rayon/delete', { confirm: 'rayon' })
}

function rowText(page: Page, key: string): string {
  const row = page.dom
    .querySelectorAll('tbody tr')
    .find((one) => one.querySelector('code')?.text === key)
  return readable(row?.outerHTML ?? '')
}
