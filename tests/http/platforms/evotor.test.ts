import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { generate } from 'selfsigned'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { csrfOf } from '../../support/browser.ts'
import { startEvotor } from '../../support/simulators.ts'
import { cardText } from '../../support/stage.ts'

const TOKEN = 'f46b0000-0000-4000-8000-00000000abcd'

describe('Эвотор by OAuth', () => {
  test.each([
    ['with the slash of the manual', true],
    ['without it', false],
  ])('the callback works %s', async (_name, slash) => {
    const { browser, evotor } = await open()
    evotor.slash = slash

    const callback = await browser.consent('/evotor/connect')

    expect(new URL(callback).pathname).toBe(slash ? '/evotor/callback/' : '/evotor/callback')
    expect((await browser.get(callback)).location).toBe('/connections')
  })

  test('the exchange proves the client by Basic alone and sends the registered redirect URI', async () => {
    const { app, browser, evotor } = await open()

    await browser.connect('evotor')

    const exchange = evotor.asked.find(({ path: at }) => at === '/oauth/token')
    expect(exchange?.headers.authorization).toMatch(/^Basic /)
    expect(exchange?.form).toEqual({
      grant_type: 'authorization_code',
      code: expect.any(String) as string,
      redirect_uri: `${app.url}/evotor/callback`,
    })
  })

  test('an answer with nothing but an access token is enough', async () => {
    const { app, browser, evotor } = await open()
    evotor.terse = true

    expect((await browser.connect('evotor')).location).toBe('/connections')
    const connection = await app.ctx.connections.find(1, 'evotor')
    expect(connection).toMatchObject({ renewable: false, expiresAt: undefined, scope: undefined })
  })

  test('the stores are listed with their addresses', async () => {
    const { browser } = await open()
    await browser.connect('evotor')

    const page = await browser.get('/evotor')

    expect(page.text).toContain('Цветы у дома, 2 магазина')
    expect(
      page.dom.querySelectorAll('[aria-labelledby=table] tbody tr').map((row) => row.text.trim()),
    ).toEqual(['Цветы у домаТула, пр. Ленина, 48', 'Киоск на ЛеснойТула, ул. Лесная, 3'])
    expect(page.html).toContain('<code>01-000000001784261</code>')
  })

  test('an account without stores is connected and asks for attention', async () => {
    const { browser, evotor } = await open()
    for (const user of evotor.users) user.stores = []

    await browser.connect('evotor')

    const page = await browser.get('/evotor')
    expect(page.text).toContain('Эвотор не отдаёт ни одного магазина')
    expect(cardText(await browser.get('/connections'), 'evotor')).toContain('Требует внимания')
  })
})

describe('Эвотор tells its refusals apart', () => {
  test('401: the grant is gone, reconnecting is offered', async () => {
    const { browser, evotor } = await open()
    await browser.connect('evotor')
    evotor.revoke('01-000000001784261')

    await browser.submit(await browser.get('/evotor'), '/evotor/check')

    const page = await browser.get('/evotor')
    expect(page.text).toContain('Нет доступа')
    expect(page.text).toContain('Эвотор больше не даёт доступ')
  })

  test('402: the store is blocked, the connection stays healthy', async () => {
    const { app, browser, evotor } = await open()
    await browser.connect('evotor')
    evotor.fault('/stores', { status: 402, body: '{"message":"Not Installed"}' })

    await browser.submit(await browser.get('/evotor'), '/evotor/check')

    const page = await browser.get('/evotor')
    expect(page.text).toContain('Приложение установлено не на всех кассах')
    expect(await app.ctx.connections.find(1, 'evotor')).toMatchObject({
      isOnline: true,
      account: { name: 'Цветы у дома, 2 магазина' },
    })
  })

  test('403: the application is not installed', async () => {
    const { app, browser, evotor } = await open()
    await browser.connect('evotor')
    for (const user of evotor.users) user.installed = false

    await browser.submit(await browser.get('/evotor'), '/evotor/check')

    const page = await browser.get('/evotor')
    expect(page.text).toContain('Эвотор не пускает наше приложение')
    expect(page.text).toContain('Требует внимания')
    expect(await app.ctx.connections.find(1, 'evotor')).toMatchObject({
      isOnline: false,
      health: 'permission',
      reason: 'app_not_installed',
    })
  })
})

describe('A pasted application token', () => {
  test.each(['authorization', 'x-authorization'] as const)(
    'works in the header %s, which is remembered',
    async (header) => {
      const { browser, evotor } = await open({ EVOTOR_CLIENT_ID: '', EVOTOR_CLIENT_SECRET: '' })
      evotor.applicationTokens.set(TOKEN, { userId: '01-000000001784261', header })
      const page = await browser.get('/evotor')

      const back = await browser.submit(page, '/evotor/token', { token: `  ${TOKEN} ` })

      expect(back.location).toBe('/connections')
      expect(cardText(await browser.get('/connections'), 'evotor')).toContain('Подключено')
      const before = evotor.count('/stores')
      await browser.submit(await browser.get('/evotor'), '/evotor/check')
      expect(evotor.count('/stores')).toBe(before + 1)
      expect((await browser.get('/evotor')).text).toContain('Подключено')
    },
  )

  test.each(['', 'привет', TOKEN.slice(1), `${TOKEN}0`])(
    '%j is not a token, and nobody is asked',
    async (token) => {
      const { browser, evotor } = await open()

      const back = await browser.submit(await browser.get('/evotor'), '/evotor/token', { token })

      expect(back.location).toBe('/evotor?error=token_refused')
      expect((await browser.get(back.location)).text).toContain('Токен не подошёл')
      expect(evotor.count('/stores')).toBe(0)
    },
  )

  test('one that Эвотор does not know is refused after both headers', async () => {
    const { app, browser, evotor } = await open()

    const back = await browser.submit(await browser.get('/evotor'), '/evotor/token', {
      token: TOKEN,
    })

    expect(back.location).toBe('/evotor?error=token_refused')
    expect(evotor.count('/stores')).toBe(2)
    expect(await app.ctx.db('connections').first()).toBeUndefined()
  })

  test('an outage is not taken for a wrong token', async () => {
    const { browser, evotor } = await open()
    evotor.fault('/stores', { status: 503, body: '' })

    const back = await browser.submit(await browser.get('/evotor'), '/evotor/token', {
      token: TOKEN,
    })

    expect(back.location).toBe('/evotor?error=provider_unavailable')
  })

  test('ВКонтакте has no such form, and no such address', async () => {
    const { browser } = await open()
    const _csrf = csrfOf(await browser.get('/vk'))

    expect((await browser.post('/vk/token', { _csrf, token: TOKEN })).status).toBe(404)
  })
})

describe('A certificate of Эвотор that Node does not know', () => {
  test('is a TLS problem of ours, not a revoked grant, and EVOTOR_CA_FILE mends it', async () => {
    const { certificate, url } = await startTls()
    const file = tempFile(certificate)
    const env = { EVOTOR_API_URL: url, EVOTOR_CLIENT_ID: '', EVOTOR_CLIENT_SECRET: '' }

    const distrusting = await pasteInto(env)
    const trusting = await pasteInto({ ...env, EVOTOR_CA_FILE: file })

    expect(distrusting.location).toBe('/evotor?error=tls_error')
    expect(trusting.location).toBe('/connections')
  })
})

async function pasteInto(env: Record<string, string>) {
  const app = await startApp({ env })
  const browser = app.newBrowser()
  await browser.register()
  return await browser.submit(await browser.get('/evotor'), '/evotor/token', { token: TOKEN })
}

async function startTls() {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  })
  const store = { id: '1', name: 'Лавка', address: '', user_id: '01-000000000000001' }
  const server: Server = createServer({ cert, key }, (_req, res) => {
    res.end(JSON.stringify({ items: [store], paging: {} }))
  })
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { certificate: cert, url: `https://localhost:${(server.address() as AddressInfo).port}` }
}

function tempFile(text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evosync-ca-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const file = path.join(folder, 'ca.pem')
  writeFileSync(file, text)
  return file
}

async function open(env: Record<string, string> = {}) {
  const evotor = await startEvotor()
  const app = await startApp({ evotor, env })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser, evotor }
}
