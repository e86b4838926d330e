import { describe, expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { startVk } from '../../support/simulators.ts'
import { cardText } from '../../support/stage.ts'

describe('ВКонтакте, to the letter of the plan', () => {
  test('the authorize address has exactly the parameters of the plan', async () => {
    const { app, browser, vk } = await open()

    const { status, location } = await browser.get('/vk/connect')

    const url = new URL(location)
    expect(status).toBe(302)
    expect(url.origin + url.pathname).toBe(`${vk.url}/authorize`)
    expect(url.search).not.toContain('+')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: vk.clientId,
      response_type: 'code',
      redirect_uri: `${app.url}/vk/callback`,
      scope: 'market groups offline',
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      display: 'page',
      v: '5.131',
    })
  })

  test('the code is exchanged by GET with exactly the parameters of the plan', async () => {
    const { app, browser, vk } = await open()

    await browser.connect('vk')

    const asked = vk.asked.find(({ path }) => path === '/access_token')
    expect(asked?.method).toBe('GET')
    expect(asked?.query).toEqual({
      client_id: vk.clientId,
      client_secret: vk.clientSecret,
      code: expect.any(String) as string,
      redirect_uri: `${app.url}/vk/callback`,
    })
  })

  test('the profile comes from users.get with the token and the version', async () => {
    const { app, browser, vk } = await open()

    await browser.connect('vk')

    const asked = vk.asked.find(({ path }) => path === '/method/users.get')
    expect(asked?.query).toEqual({
      access_token: expect.stringMatching(/^vk1/) as string,
      v: '5.131',
    })
    const connection = await app.ctx.connections.find(1, 'vk')
    expect(connection?.account).toEqual({
      id: '21450987',
      name: 'Марина Ковалёва',
      profile: { first_name: 'Марина', last_name: 'Ковалёва' },
    })
    expect(connection?.expiresAt).toBeUndefined()
  })

  test('VK_TOKEN_METHOD=POST keeps secret and token out of every address', async () => {
    const { browser, vk } = await open({ VK_TOKEN_METHOD: 'POST' })

    const back = await browser.connect('vk')

    expect(back.location).toBe('/connections')
    const calls = vk.asked.filter(
      ({ path }) => path === '/access_token' || path.startsWith('/method'),
    )
    expect(calls.map(({ method }) => method)).not.toContain('GET')
    expect(JSON.stringify(calls.map(({ query }) => query))).not.toMatch(/vk1|secret/)
  })

  test.each([
    ['invalid_state', 'Ссылка подтверждения устарела или открыта в другом браузере.'],
    [
      'token_exchange',
      'Вы подтвердили подключение, но обменять подтверждение на доступ не получилось.',
    ],
    ['no_token', 'ВКонтакте отвечает, но не присылает ключ доступа.'],
  ])('the page explains %s', async (code, words) => {
    const { browser } = await open()

    const page = await browser.get(`/vk?error=${code}`)

    expect(page.text).toContain('Не получилось подключить ВКонтакте')
    expect(page.text).toContain(words)
    expect(page.dom.querySelector('title')?.text).toBe('Ошибка: ВКонтакте: не подключено — EvoSync')
  })

  test('both states of the page say what the plan says, byte for byte', async () => {
    const { browser } = await open()
    const off = await browser.get('/vk')
    await browser.connect('vk')
    const on = await browser.get('/vk')

    for (const words of [
      'Подключите ваш аккаунт ВКонтакте, чтобы система могла автоматически синхронизировать каталог товаров из Эвотор в вашу группу ВКонтакте.',
      'Подключить ВКонтакте',
      'Вернуться к подключениям',
    ])
      expect(off.html).toContain(words)
    for (const words of [
      'Подключено',
      'Переподключить',
      'Отключить аккаунт ВКонтакте',
      'Вернуться к подключениям',
      'Марина Ковалёва',
      '<code>21450987</code>',
    ])
      expect(on.html).toContain(words)
    expect(on.dom.querySelector('.tile svg')?.getAttribute('class')).toBe('bi bi-chat-dots')
    expect(on.dom.querySelector('.badge.text-bg-success')?.text).toBe('Подключено')
  })
})

describe('Rights', () => {
  test('a market right that was not granted is named on the page and on the card', async () => {
    const { app, browser } = await open()

    const back = await browser.connect('vk', { without: ['market'] })

    expect(back.location).toBe('/vk?error=insufficient_scope')
    const page = await browser.get(back.location)
    expect(page.text).toContain('Не хватает прав: «Товары».')
    expect(page.text).toContain('Требует внимания')
    expect(page.text.match(/Доступ выдан не полностью/g)).toHaveLength(1)
    const dashboard = await browser.get('/connections')
    expect(cardText(dashboard, 'vk')).toContain('Требует внимания')
    expect(dashboard.text).toContain('Не хватает прав: «Товары»')
    expect((await app.ctx.connections.find(1, 'vk'))?.scope).toEqual(['offline', 'groups'])
  })

  test('a platform that will not tell the rights is taken to have granted them', async () => {
    const { browser, vk } = await open()
    vk.fault('/method/account.getAppPermissions', {
      body: '{"error":{"error_code":3,"error_msg":"Unknown method passed"}}',
    })

    expect((await browser.connect('vk')).location).toBe('/connections')
    expect((await browser.get('/vk')).text).toContain(
      'Товары. Добавлять, изменять и скрывать товары',
    )
  })

  test('a token without the right offline ends, and its owner is warned', async () => {
    const { browser } = await open()

    await browser.connect('vk', { without: ['offline'] })

    const page = await browser.get('/vk')
    expect(page.text).toContain('Доступ скоро закончится')
    expect(page.text).toContain('Доступ действует до')
  })
})

describe('VK ID', () => {
  test('authorizes with PKCE in lower case and no secret, and carries the device id', async () => {
    const { app, browser, vk } = await open({}, 'vkid')

    const back = await browser.connect('vk')

    expect(back.location).toBe('/connections')
    const authorize = vk.asked.find(({ path }) => path === '/id/authorize')
    expect(authorize?.query).toMatchObject({
      code_challenge_method: 's256',
      scope: 'market groups',
    })
    const exchange = vk.asked.find(({ path }) => path === '/oauth2/auth')
    expect(exchange?.method).toBe('POST')
    expect(exchange?.form).toMatchObject({
      grant_type: 'authorization_code',
      device_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      code_verifier: expect.stringMatching(/^[\w-]{43}$/) as string,
    })
    expect(exchange?.form).not.toHaveProperty('client_secret')
    const connection = await app.ctx.connections.find(1, 'vk')
    expect(connection).toMatchObject({
      renewable: true,
      scope: ['vkid.personal_info', 'market', 'groups'],
    })
  })

  test('disconnecting takes the grant back at VK', async () => {
    const { browser, vk } = await open({}, 'vkid')
    await browser.connect('vk')

    await browser.submit(await browser.get('/vk'), '/vk/disconnect')

    expect(vk.count('/oauth2/revoke')).toBe(1)
    expect(vk.tokens.size).toBe(0)
    expect((await browser.get('/vk')).text).toContain('Доступ отозван')
  })

  test('VK_DOMAIN=vk.ru moves every address', async () => {
    const app = await startApp({ env: { VK_CLIENT_ID: '1', VK_AUTH: 'vkid', VK_DOMAIN: 'vk.ru' } })
    const browser = app.newBrowser()
    await browser.register()

    expect((await browser.get('/vk/connect')).location).toMatch(
      /^https:\/\/id\.vk\.ru\/authorize\?/,
    )
  })
})

async function open(env: Record<string, string> = {}, mode: 'classic' | 'vkid' = 'classic') {
  const vk = await startVk()
  const settings = mode === 'vkid' ? { ...vk.variables('vkid'), VK_CLIENT_SECRET: '' } : {}
  const app = await startApp({ vk, env: { ...settings, ...env } })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser, vk }
}
