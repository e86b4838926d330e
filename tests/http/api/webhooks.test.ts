import { createHmac } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkDue } from '../../../app/flows/connections/check-due.ts'
import { deliverWebhooks } from '../../../app/flows/notices/deliver-webhooks.ts'
import { type Options, startApp, type TestApp } from '../../support/app.ts'
import { type Browser, PERSON } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { startVk } from '../../support/simulators.ts'
import {
  type Asked,
  deadAddress,
  type LocalServer,
  startServer,
} from '../../unit/http/local-server.ts'

const NEVER = new AbortController().signal
const DAY_MS = 24 * 3600_000

describe.each(ENGINES)('A webhook on %s', (engine) => {
  test('is told of a connection’s whole life, each time signed with the secret that was shown once', async () => {
    const vk = await startVk()
    const { app, browser, receiver, secret } = await openScene({ engine, vk })

    await browser.connect('vk')
    vk.fault('/method/users.get', { status: 503, body: '' })
    for (let n = 0; n < 3; n += 1) await tick(app)
    vk.mend()
    await tick(app)
    for (const { id } of vk.users) vk.revoke(id)
    for (let n = 0; n < 2; n += 1) await tick(app)
    await browser.submit(await browser.get('/vk'), '/vk/disconnect')
    await arrived(app, receiver, 5)

    const bodies = receiver.asked.map(readBody)
    expect(bodies.map(({ event, data }) => [event, data.health, data.code])).toEqual([
      ['connection.connected', 'online', null],
      ['connection.unreachable', 'unreachable', 'provider_unavailable'],
      ['connection.recovered', 'online', null],
      ['connection.lost', 'revoked', 'token_revoked'],
      ['connection.disconnected', null, null],
    ])
    expect(bodies.map(({ data }) => data.title)).toEqual([
      'Аккаунт ВКонтакте подключён',
      'ВКонтакте временно не отвечает',
      'ВКонтакте снова на связи',
      'ВКонтакте больше не даёт доступ',
      'Аккаунт ВКонтакте отключён',
    ])
    for (const asked of receiver.asked) {
      const { id, event, created_at, data } = readBody(asked)
      expect(asked.method).toBe('POST')
      expect(asked.headers['content-type']).toBe('application/json')
      expect(asked.headers['x-evosync-event']).toBe(event)
      expect(asked.headers['x-evosync-delivery']).toBe(id)
      expect(isSigned(asked, secret)).toBe(true)
      expect(isSigned({ ...asked, body: `${asked.body} ` }, secret)).toBe(false)
      expect(isSigned(asked, `${secret}x`)).toBe(false)
      expect(data.provider).toBe('vk')
      expect(Math.abs(Date.parse(created_at) - Date.now())).toBeLessThan(60_000)
    }
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(5)
  })

  test('is told of the end of an access beforehand, and of rights that are missing', async () => {
    const vk = await startVk()
    const { app, browser, receiver } = await openScene({ engine, vk })
    await browser.connect('vk')
    await app.ctx.db('connections').update({ expires_at: new Date(Date.now() + 3 * DAY_MS) })

    for (let n = 0; n < 2; n += 1) await tick(app)
    await arrived(app, receiver, 2)

    expect(readBody(receiver.asked[1]).event).toBe('connection.attention')
    expect(readBody(receiver.asked[1]).data).toEqual({
      provider: 'vk',
      health: 'online',
      code: 'expires_soon',
      title: 'ВКонтакте: доступ скоро закончится',
    })
  })

  test('gets a delivery once from two instances that send at once', async () => {
    const { app, receiver, options } = await openScene({ engine })
    const other = await startApp({ ...options, beside: app })
    for (let n = 0; n < 12; n += 1) await queue(app)

    await Promise.all([app, other, app, other].map(({ ctx }) => deliverWebhooks(ctx, NEVER)))
    await arrived(app, receiver, 12)

    expect(new Set(receiver.asked.map(({ headers }) => headers['x-evosync-delivery'])).size).toBe(
      12,
    )
    expect(receiver.asked).toHaveLength(12)
  })

  test('gets what an instance had claimed when it died, once the lease is over', async () => {
    const { app, receiver } = await openScene({ engine })
    await queue(app)
    await app.ctx.deliveries.claim('dead instance', 30_000)

    await deliverWebhooks(app.ctx, NEVER)
    const early = receiver.asked.length
    const past = new Date(Date.now() - 1000)
    await app.ctx.db('webhook_deliveries').update({ claimed_until: past })
    await app.ctx.db('webhooks').update({ sending_until: past })
    await deliverWebhooks(app.ctx, NEVER)

    expect([early, receiver.asked.length]).toEqual([0, 1])
  })
})

describe('The section of the account page', () => {
  test('sends a test at once and logs the answer', async () => {
    const { browser, receiver, secret } = await openScene()

    const answer = await browser.submit(await browser.get('/account'), '/account/webhook/test')

    expect(answer.location).toBe('/account#hook')
    const page = await browser.get('/account')
    expect(page.text).toContain('Сообщение доставлено')
    expect(page.text).toMatch(
      /Проверочное сообщение webhook\.test сегодня в \d\d:\d\d Доставлено Ответ 204/,
    )
    expect(readBody(receiver.asked[0]).data.title).toBe('Проверочное сообщение EvoSync')
    expect(receiver.asked.map((asked) => isSigned(asked, secret))).toEqual([true])
  })

  test('shows the secret once, keeps it sealed, and makes a new one that replaces it', async () => {
    const { app, browser, receiver, secret } = await openScene()

    const again = await browser.get('/account')
    const renewed = await browser.submit(again, '/account/webhook/secret')
    const second = secretOn(renewed.dom.querySelector('#hook-secret')?.text)
    await browser.submit(await browser.get('/account'), '/account/webhook/test')

    expect(again.html).not.toContain(secret)
    expect(second).not.toBe(secret)
    const [asked] = receiver.asked
    expect(asked && [isSigned(asked, secret), isSigned(asked, second)]).toEqual([false, true])
    const exported = await browser.submit(await browser.get('/account'), '/account/export')
    const kept = JSON.stringify([
      await app.ctx.db('webhooks'),
      await app.ctx.db('webhook_deliveries'),
      await app.ctx.db('sessions'),
      app.lines,
      exported.html,
    ])
    expect(kept).toContain(receiver.url)
    expect(exported.html).toContain(receiver.url)
    expect(exported.html).not.toMatch(/sealed/)
    for (const one of [secret, second]) expect(kept).not.toContain(one)
  })

  test('a new address keeps the secret', async () => {
    const { app, browser, receiver, secret } = await openScene()

    const saved = await browser.submit(await browser.get('/account'), '/account/webhook', {
      url: `${receiver.url}/elsewhere`,
    })
    await browser.submit(await browser.get('/account'), '/account/webhook/test')

    expect(saved.location).toBe('/account#hook')
    expect(receiver.asked.map(({ path }) => path)).toEqual(['/elsewhere'])
    expect(receiver.asked.map((asked) => isSigned(asked, secret))).toEqual([true])
    expect(await app.ctx.db('webhooks')).toHaveLength(1)
  })

  test('says in words what went wrong, and repeats on demand', async () => {
    const { browser, receiver } = await openScene({}, (nth) => (nth === 1 ? 500 : 204))

    await browser.submit(await browser.get('/account'), '/account/webhook/test')
    const failed = await browser.get('/account')
    await browser.submit(failed, '/account/webhook/deliveries/1/repeat')
    const repeated = await browser.get('/account')

    expect(failed.text).toContain('Сообщение не доставлено')
    expect(failed.text).toContain('Ждёт отправки Ответ 500. Повторим через минуту')
    expect(failed.text).toContain('Сообщения не доходят')
    expect(repeated.text).toContain('Доставлено Ответ 204')
    expect(repeated.text).not.toContain('Сообщения не доходят')
    const keys = receiver.asked.map(({ headers }) => headers['x-evosync-delivery'])
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
  })

  test.each([
    ['nobody listens', async () => `http://${await deadAddress()}`, 'Не удалось соединиться'],
    ['it redirects', async () => (await startServer(redirecting)).url, 'Ответ 307'],
    ['it says too much', async () => (await startServer(flooding)).url, 'Ответ слишком длинный'],
    ['it hangs', async () => (await startServer(() => undefined)).url, 'Нет ответа за 5 секунд'],
  ])('when %s', async (_name, address, words) => {
    const { app, browser } = await openScene()
    const url = await address()
    app.ctx.config.typedHosts.push(new URL(url).host)
    await browser.submit(await browser.get('/account'), '/account/webhook', { url })

    await browser.submit(await browser.get('/account'), '/account/webhook/test')

    expect((await browser.get('/account')).text).toContain(words)
  })

  test('switched off it queues nothing and sends nothing that waits, switched on it does again', async () => {
    const { app, browser, receiver } = await openScene()
    await queue(app)
    await browser.submit(await browser.get('/account'), '/account/webhook/off')
    expect(await queue(app)).toBeUndefined()
    await deliverWebhooks(app.ctx, NEVER)
    const off = await browser.get('/account')
    const seen = receiver.asked.length
    await browser.submit(off, '/account/webhook/on')
    await queue(app)
    await deliverWebhooks(app.ctx, NEVER)

    expect(off.text).toContain('Вебхук выключен.')
    expect(off.text).toContain('Вебхук выключен, отправка отменена')
    expect(off.html).not.toContain('/account/webhook/test')
    expect([seen, receiver.asked.length]).toEqual([0, 1])
  })

  test('removed it is gone with its log; so it is with the account', async () => {
    const { app, browser } = await openScene()
    await browser.submit(await browser.get('/account'), '/account/webhook/test')
    const page = await browser.get('/account')
    await browser.submit(page, '/account/webhook/remove')
    const removed = await rowsOf(app)
    await addWebhook(app, browser)
    await queue(app)

    await browser.submit(await browser.get('/account/delete'), '/account/delete', {
      password: PERSON.password,
    })
    await deliverWebhooks(app.ctx, NEVER)

    expect([removed, await rowsOf(app)]).toEqual([0, 0])
  })

  test('nobody else may repeat a delivery, and a person cannot send without end', async () => {
    const { app, browser, receiver } = await openScene()
    await browser.submit(await browser.get('/account'), '/account/webhook/test')
    const oleg = app.newBrowser()
    await oleg.register({ email: 'oleg@example.ru' })
    await addWebhook(app, oleg, receiver.url)
    const page = await oleg.get('/account')

    const foreign = await oleg.submit(page, '/account/webhook/test').then(() =>
      oleg.post('/account/webhook/deliveries/1/repeat', {
        _csrf: page.dom.querySelector('[name=_csrf]')?.getAttribute('value') ?? '',
      }),
    )
    const answers = []
    const own = await browser.get('/account')
    for (let n = 0; n < 10; n += 1)
      answers.push((await browser.submit(own, '/account/webhook/test')).status)

    expect(foreign.status).toBe(404)
    expect(answers).toEqual([...Array<number>(9).fill(303), 429])
    expect(receiver.asked).toHaveLength(1 + 1 + 9)
  })

  test('strangers and stale pages change nothing', async () => {
    const { app, browser } = await openScene()

    const stranger = await app.newBrowser().post('/account/webhook/remove', {})
    const stale = await browser.post('/account/webhook/remove', { _csrf: 'x' })

    expect([stranger.location, stale.status]).toEqual(['/login', 403])
    expect(await app.ctx.db('webhooks')).toHaveLength(1)
  })
})

describe('What did not arrive', () => {
  test('is tried again after 1 and 5 minutes, 30, 2 hours and 12, then given up', async () => {
    const { app, browser, receiver } = await openScene({}, () => 503)
    await queue(app)
    const pauses: number[] = []

    for (let n = 0; n < 6; n += 1) {
      await deliverWebhooks(app.ctx, NEVER)
      await deliverWebhooks(app.ctx, NEVER) // too early: nothing is due
      const [delivery] = await app.ctx.deliveries.latest(1, 1)
      pauses.push(Math.round(((delivery?.nextAttemptAt?.getTime() ?? 0) - Date.now()) / 60_000))
      await makeDue(app)
    }
    await deliverWebhooks(app.ctx, NEVER)

    expect(pauses.slice(0, 5)).toEqual([1, 5, 30, 120, 720])
    expect(receiver.asked).toHaveLength(6)
    expect(new Set(receiver.asked.map(({ body }) => body)).size).toBe(1)
    expect((await app.ctx.deliveries.latest(1, 1))[0]).toMatchObject({
      status: 'failed',
      attempts: 6,
      responseStatus: 503,
    })
    expect(app.logged('webhook_given_up')).toHaveLength(1)
    expect((await browser.get('/account')).text).toContain('Не доставлено Ответ 503')
  })

  test('for a week switches the webhook off, and the page says so', async () => {
    const { app, browser } = await openScene({}, () => 503)
    await queue(app)
    await app.ctx.db('webhook_deliveries').update({ attempts: 5 })
    await queue(app)
    await app.ctx.db('webhooks').update({ failing_since: new Date(Date.now() - 8 * DAY_MS) })

    await deliverWebhooks(app.ctx, NEVER)

    expect(await app.ctx.webhooks.find(1)).toMatchObject({ enabled: false })
    expect(app.logged('webhook_switched_off')).toHaveLength(1)
    const page = await browser.get('/account')
    expect(page.text).toContain('Мы выключили вебхук')
    expect(page.text).toContain('Вебхук выключен, отправка отменена')
    await browser.submit(page, '/account/webhook/on')
    expect((await browser.get('/account')).text).not.toContain('Мы выключили вебхук')
  })

  test('for less than a week does not', async () => {
    const { app } = await openScene({}, () => 503)
    await queue(app)
    await app.ctx.db('webhook_deliveries').update({ attempts: 5 })
    await app.ctx.db('webhooks').update({ failing_since: new Date(Date.now() - 6 * DAY_MS) })

    await deliverWebhooks(app.ctx, NEVER)

    expect(await app.ctx.webhooks.find(1)).toMatchObject({ enabled: true })
    expect(app.logged('webhook_given_up')).toHaveLength(1)
  })

  test('because our key is gone is said, and a new secret mends it', async () => {
    const { app, browser, receiver } = await openScene()
    await app.ctx.db('webhooks').update({ sealed_secret: 'v1.k9.a.b.c' })

    await browser.submit(await browser.get('/account'), '/account/webhook/test')
    const broken = await browser.get('/account')
    await browser.submit(broken, '/account/webhook/secret')
    await browser.submit(await browser.get('/account'), '/account/webhook/test')

    expect(broken.text).toContain('Секрет не читается, создайте новый')
    expect(receiver.asked).toHaveLength(1)
  })
})

describe('A dead end', () => {
  test('delays neither a health tick nor the deliveries of others', async () => {
    const vk = await startVk()
    const { app, browser, receiver } = await openScene({ vk })
    const hanging = await startServer(() => undefined)
    app.ctx.config.typedHosts.push(hanging.host)
    await browser.connect('vk')
    await arrived(app, receiver, 1)
    for (let n = 0; n < 5; n += 1) {
      const owner = app.newBrowser()
      await owner.register({ email: `owner${n}@example.ru` })
      await addWebhook(app, owner, hanging.url)
      for (let m = 0; m < 4; m += 1) await queue(app, n + 2)
    }

    let over = false
    const sending = deliverWebhooks(app.ctx, NEVER).finally(() => (over = true))
    vk.fault('/method/users.get', { status: 503, body: '' })
    for (let n = 0; n < 2; n += 1) await tick(app)
    await arrived(app, receiver, 2)
    expect(over).toBe(false) // nobody has given up the dead ends yet
    await sending

    expect(hanging.asked).toHaveLength(5) // one of each webhook; the others wait a minute
  })
})

describe('Addresses of the inner network', () => {
  test.each([
    (port: number) => `https://localhost:${port}/`,
    (port: number) => `https://127.0.0.1:${port}/`,
    (port: number) => `https://2130706433:${port}/`,
    (port: number) => `https://0x7f.1:${port}/`,
    (port: number) => `https://127.1:${port}/`,
    (port: number) => `https://[::1]:${port}/`,
    (port: number) => `https://[::ffff:127.0.0.1]:${port}/`,
    (port: number) => `https://１２７.0.0.1:${port}/`,
  ])('%s is never called', async (address) => {
    const canary = await startCanary()
    const { app, browser } = await openScene()

    const saved = await browser.submit(await browser.get('/account'), '/account/webhook', {
      url: address(canary.port),
    })
    if (saved.status === 422) {
      expect(saved.text).toContain('Этот адрес ведёт во внутреннюю сеть')
      await app.ctx.webhooks.save(1, address(canary.port)) // as if the form had let it through
    }
    await browser.submit(await browser.get('/account'), '/account/webhook/test')

    expect((await browser.get('/account')).text).toContain(
      'Адрес ведёт во внутреннюю сеть, туда мы не отправляем',
    )
    expect(canary.calls()).toBe(0)
  })

  test('are not opened by the addresses of platforms that the environment names', async () => {
    const vk = await startVk()
    const { app, browser } = await openScene({ vk })

    const saved = await browser.submit(await browser.get('/account'), '/account/webhook', {
      url: vk.url,
    })
    await app.ctx.webhooks.save(1, vk.url)
    await browser.submit(await browser.get('/account'), '/account/webhook/test')

    expect(saved.status).toBe(422)
    expect(saved.text).toContain('Нужен адрес, который начинается с https://')
    expect(vk.asked).toEqual([])
  })

  test.each([
    ['http://shop.example.ru/', 'Нужен адрес, который начинается с https://'],
    ['ftp://shop.example.ru/', 'Нужен адрес, который начинается с https://'],
    ['javascript:alert(1)', 'Нужен адрес, который начинается с https://'],
    ['shop.example.ru', 'Укажите адрес полностью'],
    ['', 'Заполните поле «Адрес»'],
    ['https://name:word@shop.example.ru/', 'Уберите из адреса имя, пароль'],
    ['https://shop.example.ru/#part', 'Уберите из адреса имя, пароль'],
    [`https://shop.example.ru/${'x'.repeat(500)}`, 'Слишком длинно'],
    ['https://169.254.169.254/latest', 'Этот адрес ведёт во внутреннюю сеть'],
  ])('the form refuses %s', async (url, words) => {
    const { app, browser, receiver } = await openScene()

    const page = await browser.submit(await browser.get('/account'), '/account/webhook', { url })

    expect(page.status).toBe(422)
    expect(page.text).toContain(words)
    expect(await app.ctx.webhooks.find(1)).toMatchObject({ url: `${receiver.url}/` })
  })
})

/** A person whose webhook is at a receiver that OUTBOUND_ALLOW names; it answers 204 unless told otherwise. */
async function openScene(
  options: Options = {},
  answer: (nth: number) => number = () => 204,
): Promise<Scene> {
  const receiver = await startServer((res, _asked, nth) => res.writeHead(answer(nth)).end())
  const more = { ...options, env: { OUTBOUND_ALLOW: receiver.host, ...options.env } }
  const app = await startApp(more)
  const browser = app.newBrowser()
  await browser.register()
  const secret = await addWebhook(app, browser, receiver.url)
  return { app, browser, receiver, secret, options: more }
}

interface Scene {
  app: TestApp
  browser: Browser
  receiver: LocalServer
  secret: string
  options: Options
}

async function addWebhook(app: TestApp, browser: Browser, url?: string): Promise<string> {
  const [allowed = ''] = app.ctx.config.typedHosts
  const made = await browser.submit(await browser.get('/account'), '/account/webhook', {
    url: url ?? `http://${allowed}`,
  })
  return secretOn(made.dom.querySelector('#hook-secret')?.text)
}

function secretOn(text = ''): string {
  expect(text).toMatch(/^[\w-]{43}$/)
  return text
}

/** As a receiver would do it, from the words of README.md alone. */
function isSigned({ headers, body }: Asked, secret: string): boolean {
  const [, t = '', v1] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-evosync-signature'])) ?? []
  const fresh = Math.abs(Date.now() / 1000 - Number(t)) < 300
  return fresh && v1 === createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')
}

interface Body {
  id: string
  event: string
  created_at: string
  data: { provider: string | null; health: string | null; code: string | null; title: string }
}

const readBody = (asked: Asked | undefined) => JSON.parse(asked?.body ?? '{}') as Body

async function queue({ ctx }: TestApp, userId = 1) {
  const key = `key ${(await ctx.db('webhook_deliveries').select('id')).length}`
  return await ctx.deliveries.queue(userId, { key, event: 'connection.lost', payload: '{}' })
}

/** Sends until so many have come; the timetable may send as well. */
async function arrived(app: TestApp, { asked }: LocalServer, count: number) {
  await deliverWebhooks(app.ctx, NEVER)
  await expect.poll(() => asked.length).toBe(count)
}

async function makeDue({ ctx }: TestApp) {
  await ctx
    .db('webhook_deliveries')
    .where({ status: 'pending' })
    .update({ next_attempt_at: new Date(Date.now() - 1000) })
}

async function rowsOf({ ctx }: TestApp): Promise<number> {
  const webhooks = await ctx.db('webhooks').select('id')
  const deliveries = await ctx.db('webhook_deliveries').select('id')
  return webhooks.length + deliveries.length
}

const redirecting: Parameters<typeof startServer>[0] = (res) =>
  res.writeHead(307, { location: 'http://127.0.0.1:9/' }).end()

const flooding: Parameters<typeof startServer>[0] = (res) => res.end('x'.repeat(100_000))

/** Somebody on this machine who must not be called: it counts whoever connects, TLS or not. */
async function startCanary() {
  let calls = 0
  const server = createServer((socket) => {
    calls += 1
    socket.destroy()
  })
  await new Promise<void>((ready) => server.listen(0, '::', ready))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, calls: () => calls }
}

async function tick({ ctx }: TestApp) {
  await checkDue(ctx, new Date(), NEVER)
}
