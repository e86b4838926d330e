import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { csrfOf } from '../support/browser.ts'
import { ENGINES } from '../support/databases.ts'
import { cardText } from '../support/stage.ts'

describe('Every answer', () => {
  test.each([
    '/login',
    '/nope',
    '/assets/app.css',
    '/healthz',
    '/connections',
    '/assets/icons.svg',
  ])('%s carries the headers', async (path) => {
    const app = await startApp()

    const { headers } = await app.newBrowser().get(path)

    expect(headers['content-security-policy']).toBe(
      "default-src 'none';style-src 'self';script-src 'self';font-src 'self';img-src 'self' data:;connect-src 'self';manifest-src 'self';form-action 'self';base-uri 'none';object-src 'none';frame-ancestors 'none'",
    )
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(headers).not.toHaveProperty('strict-transport-security')
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  test('an Origin is never echoed', async () => {
    const app = await startApp()

    const { headers } = await app.newBrowser().get('/login', { origin: 'https://evil.example' })

    expect(JSON.stringify(headers)).not.toContain('evil.example')
  })

  test('pages of a signed-in person are kept nowhere', async () => {
    const { browser } = await open()

    for (const path of ['/connections', '/vk', '/account']) {
      expect((await browser.get(path)).headers['cache-control']).toBe('no-store')
    }
  })

  test('text is compressed, and the page itself is small', async () => {
    const { browser } = await open()

    const page = await browser.get('/connections', { 'accept-encoding': 'gzip, br' })

    expect(page.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.html.length).toBeLessThan(6_000)
  })

  test('no page loads anything from another host, or sends it a form', async () => {
    const { browser } = await open()

    for (const path of [
      '/login',
      '/connections',
      '/vk',
      '/evotor',
      '/account',
      '/help',
      '/privacy',
    ]) {
      const outside = (await browser.get(path)).html.match(
        /<(?!a )[^>]*(?:src|href|action)="https?:[^"]*"/g,
      )
      expect(outside, path).toBeNull()
    }
  })
})

describe('What is not there', () => {
  test.each([
    '/nope',
    '/vk/nope',
    '/nope/connect',
    '/nope/callback',
    '/.env',
    '/package.json',
    '/../package.json',
    '/%2e%2e/package.json',
    '/app/server.ts',
    '/db/evosync.sqlite',
    '/assets/../../package.json',
    '/assets/icons/..%2f..%2f..%2fpackage.json',
  ])('%s is a page that says so', async (path) => {
    const { browser } = await open()

    const page = await browser.get(path)

    expect(page.status).toBe(404)
    expect(page.text).toContain('Такой страницы нет')
    expect(page.text).toMatch(/Запрос [0-9a-f]{4}-[0-9a-f]{4}/)
  })

  test('a password manager is led to where a password is changed, and whoever asks for an icon to the logo', async () => {
    const { browser } = await open()

    const { location } = await browser.get('/.well-known/change-password')
    const [path = '', id = ''] = location.split('#')

    expect((await browser.get(path)).dom.querySelector(`#${id}`)?.text).toContain('пароля')
    const icon = await browser.get((await browser.get('/favicon.ico')).location)
    expect([icon.status, icon.headers['content-type']]).toEqual([200, 'image/svg+xml'])
  })

  test('it can be put on the home screen of a telephone', async () => {
    const { browser } = await open()

    const page = await browser.get('/help')
    const href = page.dom.querySelector('link[rel=manifest]')?.getAttribute('href') ?? ''
    const { headers, html } = await browser.get(href)
    const { icons, ...said } = JSON.parse(html) as Record<'start_url' | 'display', string> & {
      icons: { src: string; type: string }[]
    }

    expect(headers['content-type']).toBe('application/manifest+json; charset=utf-8')
    expect(said).toMatchObject({ start_url: '/', display: 'standalone' })
    for (const { src, type } of icons)
      expect((await browser.get(src)).headers['content-type']).toBe(type)
    const touch = page.dom.querySelector('link[rel=apple-touch-icon]')?.getAttribute('href') ?? ''
    expect((await browser.get(touch)).headers['content-type']).toBe('image/png')
  })

  test('platforms still to come have a page that says so, and no more', async () => {
    const { browser } = await open()

    const page = await browser.get('/wix')

    expect(page.status).toBe(200)
    expect(page.text).toContain('Подключение Wix ещё не настроено')
    expect((await browser.get('/facebook')).text).toContain('признана экстремистской организацией')
  })
})

describe('Nonsense', () => {
  test.each([
    ['a broken escape', '/%E0%A4%A'],
    ['a NUL', '/vk?error=%00'],
    ['a repeated key', '/vk?error=a&error=b'],
    ['brackets', '/vk?error[x]=1'],
    ['a long query', `/vk?x=${'y'.repeat(5000)}`],
    ['a quote', "/vk?error='"],
    ['a huge number', '/connections?connect=99999999999999999999'],
  ])('%s in the address is never a 500', async (_name, path) => {
    const { browser } = await open()

    expect((await browser.get(path)).status).toBeLessThan(500)
  })

  test.each([
    ['arrays', 'email=a&email=b&password=c'],
    ['brackets', 'email[x]=a&password[]=b'],
    ['NUL', 'email=%00&password=%00'],
    ['bad UTF-8', 'email=%ff%fe&password=%c3%28'],
    ['nothing', ''],
    ['a broken escape', 'email=%E0%A4%A&password=%'],
  ])('%s in a form is never a 500', async (_name, body) => {
    const app = await startApp()
    const browser = app.newBrowser()
    const token = csrfOf(await browser.get('/login'))

    const page = await browser.send(
      'POST',
      '/login',
      `_csrf=${encodeURIComponent(token)}&${body}`,
      { origin: app.url },
    )

    expect(page.status).toBeLessThan(500)
    expect(page.status).toBeGreaterThanOrEqual(400)
  })

  test('a body that is too large is refused as such', async () => {
    const app = await startApp()

    const page = await app.newBrowser().send('POST', '/login', `email=${'a'.repeat(100_000)}`)

    expect(page.status).toBe(413)
    expect(page.text).toContain('Слишком большой запрос')
  })

  test.each(['TRACE', 'PROPFIND', 'DELETE', 'OPTIONS'])(
    '%s is refused without a 500',
    async (method) => {
      const app = await startApp()

      const answer = await raw(
        app,
        `${method} /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      )

      expect(Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1])).toBeLessThan(500)
      expect(answer).not.toContain('Set-Cookie: evosync')
    },
  )

  test('headers of more than 16 KB get 431, contradicting lengths 400', async () => {
    const app = await startApp()

    const large = await raw(
      app,
      `GET /login HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`,
    )
    const doubled = await raw(
      app,
      'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    )

    expect(large).toMatch(/^HTTP\/1.1 431/)
    expect(doubled).toMatch(/^HTTP\/1.1 400/)
  })
})

describe('The dashboard', () => {
  test('shows the pair, the steps and what is still to come', async () => {
    const { browser } = await open({
      VK_CLIENT_ID: '1',
      VK_CLIENT_SECRET: '2',
      EVOTOR_CLIENT_ID: '1',
      EVOTOR_CLIENT_SECRET: '2',
    })

    const page = await browser.get('/connections')

    expect(page.text).toContain('Готово 0 шагов из 3')
    expect(cardText(page, 'evotor')).toBe(
      'Эвотор Касса, откуда берём товары Не подключено Понадобится вход в личный кабинет Эвотор Подключить Эвотор Подробнее о подключении Эвотор',
    )
    expect(cardText(page, 'vk')).toContain('Не подключено')
    expect(page.text).toContain('Ждём подключений')
    expect(
      page.dom.querySelectorAll('.services > li').map((row) => row.querySelector('h3')?.text),
    ).toEqual([
      'Одноклассники',
      'Facebook*',
      'Google Search Console',
      'Bing Webmaster',
      'WordPress.com',
      'Wix',
      'Shopee',
    ])
    expect(
      page.dom.querySelectorAll('.services .badge').every(({ text }) => text === 'Не настроено'),
    ).toBe(true)
    expect(page.dom.querySelectorAll('.btn-primary')).toHaveLength(1)
  })

  test('an unknown platform in ?connect= is not found', async () => {
    const { browser } = await open()

    expect((await browser.get('/connections?connect=nope')).status).toBe(404)
  })
})

describe.each(ENGINES)('Numbers no row can have, on %s', (engine) => {
  test.each(['99999999999', '2147483648', '-1', '1.5', '0x1', 'constructor', '%00'])(
    '%s is not found, and no failure of ours',
    async (id) => {
      const app = await startApp({ engine })
      const browser = app.newBrowser()
      await browser.register()
      const _csrf = csrfOf(await browser.get('/account'))

      for (const path of [
        'account/sessions/*/end',
        'admin/users/*/reset-link',
        'connections/notices/*/close',
      ]) {
        const answer = await browser.post(`/${path.replace('*', id)}`, { _csrf })
        expect([400, 404], path).toContain(answer.status)
      }
    },
  )
})

test('a platform is found however its name is spelled', async () => {
  const { browser } = await open()

  expect((await browser.get('/w%69x')).status).toBe(200)
})

describe.each(ENGINES)('Being watched, on %s', (engine) => {
  test('healthz answers as long as the process lives, readyz as long as the database does', async () => {
    const app = await startApp({ engine })
    const browser = app.newBrowser()

    const last = { name: '010-vault-canaries' }
    await app.ctx.db('knex_migrations').where(last).update({ name: 'another' })
    const behind = await browser.get('/readyz')
    await app.ctx.db('knex_migrations').where({ name: 'another' }).update(last)
    const ready = await browser.get('/readyz')
    app.expectErrors() // a job may be at the database just then
    await app.ctx.db.destroy()
    const away = await browser.get('/readyz')

    expect([behind.status, behind.html]).toEqual([503, '{"status":"database"}'])
    expect([ready.status, ready.html]).toEqual([200, '{"status":"ready"}'])
    expect([away.status, away.html]).toEqual([503, '{"status":"database"}'])
    expect((await browser.get('/healthz')).html).toBe('{"status":"ok"}')
  })
})

async function open(env: Record<string, string> = {}) {
  const app = await startApp({ env })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser }
}

/** Bytes as they are: what no client library would send. */
function raw({ ctx }: TestApp, request: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(ctx.config.port, '127.0.0.1', () => socket.write(request))
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('close', () => {
      resolve(answer)
    })
    socket.on('error', () => {
      resolve(answer)
    })
    setTimeout(() => socket.destroy(), 2_000)
  })
}
