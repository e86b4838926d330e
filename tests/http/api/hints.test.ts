import { describe, expect, test } from 'vitest'
import { readSettings } from '../../../app/catalogue/settings.ts'
import { type Options, startApp, type TestApp } from '../../support/app.ts'
import { startEvotor } from '../../support/simulators.ts'
import { checksDone } from '../../support/checks.ts'

const TOKEN = 'hook_canary_5f0c1d9a7b2e'
const STORE = '20180101-7F4B-40C9-80A1-000000000001'
const PRODUCTS = `/webhooks/evotor/api/v1/inventories/stores/${STORE}/products`

describe('A hint', () => {
  test.each([`Bearer ${TOKEN}`, `bearer  ${TOKEN}`, TOKEN])(
    'with its secret is taken, as «%s» as well',
    async (authorization) => {
      const { app, hinted } = await open()

      const answer = await send(app, PRODUCTS, [{ uuid: 'p1' }], { authorization })

      expect(answer).toEqual({ status: 200, body: '{}', cookie: null })
      await expect.poll(hinted).toBe(true)
    },
  )

  test.each([
    ['without one', {}],
    ['with an empty one', { authorization: '' }],
    ['with another', { authorization: 'Bearer hook_canary_5f0c1d9a7b2f' }],
    ['with the beginning of it', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['with more than it', { authorization: `Bearer ${TOKEN}${TOKEN}` }],
    ['with another scheme', { authorization: `Basic ${TOKEN}` }],
  ])('%s is refused', async (_name, headers) => {
    const { app, hinted } = await open()

    expect(await send(app, PRODUCTS, [], headers)).toMatchObject({ status: 401 })
    expect(await hinted()).toBe(false)
    expect(JSON.stringify(app.lines)).not.toContain(TOKEN)
  })

  test('is not listened to where the operator has not arranged it', async () => {
    const { app } = await open({ env: { EVOTOR_WEBHOOK_TOKEN: '' } })

    expect(await send(app, PRODUCTS)).toMatchObject({ status: 404, cookie: null })
    expect(await send(app, '/webhooks/vk/x')).toMatchObject({ status: 404 })
    expect(await send(app, '/webhooks/constructor/x')).toMatchObject({ status: 404 })
  })

  test('of a new user is given a token to show with that user’s goods', async () => {
    const { app } = await open()
    const headers = { authorization: `Bearer ${TOKEN}` }
    const userId = '01-000000000000001'

    const answer = await send(app, '/webhooks/evotor/api/v1/user/create', { userId }, headers)

    expect(answer).toMatchObject({ status: 200, body: JSON.stringify({ userId, token: TOKEN }) })
  })

  test('may come as PUT; a browser finds no page', async () => {
    const { app, hinted } = await open()

    const documents = JSON.stringify([{ storeUuid: STORE }])
    const headers = { authorization: `Bearer ${TOKEN}` }
    const put = await fetch(`${app.url}/webhooks/evotor`, {
      method: 'PUT',
      body: documents,
      headers,
    })

    expect(put.status).toBe(200)
    await expect.poll(hinted).toBe(true)
    expect((await app.newBrowser().get(PRODUCTS, headers)).status).toBe(404)
  })

  test('that is repeated is done once', async () => {
    const { app, hinted } = await open()
    const receipt = { id: 'e1', userId: '01-1', data: { id: 'd1', storeId: STORE } }
    await send(app, '/webhooks/evotor/receipts', receipt)
    await expect.poll(hinted).toBe(true)
    await app.ctx.db('sync_links').update({ hinted_at: null })

    const again = await send(app, '/webhooks/evotor/receipts', { ...receipt, id: 'e2' })

    expect(again.status).toBe(200)
    expect(await counted(app, 'repeated')).toBe(1)
    expect(await hinted()).toBe(false)
  })

  test.each([
    ['not JSON', '{"a":'],
    ['nothing', ''],
    ['of another shape', '{"news":[]}'],
    ['not even text', Buffer.from([0xff, 0xfe, 0])],
  ])('that is %s is counted and told in the log', async (_name, body) => {
    const { app } = await open()

    const answer = await send(app, '/webhooks/evotor/new/kind?secret=canary', body)

    expect(answer.status).toBe(200)
    expect(await counted(app, 'unparsed')).toBe(1)
    expect(app.logged('hint_unparsed')).toMatchObject([{ provider: 'evotor', path: '/new/kind' }])
  })

  test('of 2 MB is refused', async () => {
    const { app } = await open()

    const answer = await send(app, PRODUCTS, Buffer.alloc(2 * 1024 * 1024, 32))

    expect(answer).toMatchObject({ status: 413, body: '{}' })
  })

  test('is answered at once, however slow the database is', async () => {
    const { app, hinted } = await open({ engine: 'postgres' })
    const held = await app.ctx.db.transaction()
    await held.raw('lock table sync_links in access exclusive mode')
    const begun = performance.now()

    const answer = await send(app, PRODUCTS, [])

    expect(answer.status).toBe(200)
    expect(performance.now() - begun).toBeLessThan(4_000) // the database would be waited for for five seconds
    await held.rollback()
    await expect.poll(hinted).toBe(true)
  })
})

describe('The application taken away', () => {
  const event = (userId: string) => ({ id: 'e', type: 'ApplicationUninstalled', data: { userId } })

  test('is found out from the platform at once', async () => {
    const { app, owner, uninstall, health } = await openConnected()
    uninstall()

    await send(app, '/webhooks/evotor/api/v2/installation/event', event(owner))

    await expect.poll(health).not.toBe('online')
  })

  test('is not believed when it still answers', async () => {
    const { app, owner, health } = await openConnected()

    await send(app, '/webhooks/evotor/api/v2/installation/event', event(owner))

    await expect.poll(() => counted(app, 'taken')).toBe(1)
    await expect.poll(() => checksDone(app.ctx)).toBe(1)
    expect(await health()).toBe('online')
  })
})

/** EvoSync that listens to hints, and a person whose store is carried to a community. */
async function open({ env = {}, ...options }: Options = {}) {
  const app = await startApp({ env: { EVOTOR_WEBHOOK_TOKEN: TOKEN, ...env }, ...options })
  const browser = app.newBrowser()
  await browser.register()
  const ends = { source: 'evotor', target: 'vk' }
  const community = { communityId: '1', communityName: 'Цветы', communityUrl: 'https://vk.ru/1' }
  const route = { ...ends, storeId: STORE, storeName: 'Лавка', ...community }
  await app.ctx.syncLinks.add(1, route, readSettings({}))
  const hinted = async () => {
    const [link] = await app.ctx.db<{ hinted_at: unknown }>('sync_links').select('hinted_at')
    return link?.hinted_at != null
  }
  return { app, browser, hinted }
}

async function openConnected() {
  const evotor = await startEvotor()
  const { app, browser } = await open({ evotor })
  await browser.connect('evotor')
  const [user] = evotor.users
  if (!user) throw new Error('nobody is there')
  return {
    app,
    owner: user.id,
    uninstall: () => {
      user.installed = false
      evotor.revoke(user.id)
    },
    health: async () => (await app.ctx.connections.find(1, 'evotor'))?.health,
  }
}

async function send(
  { url }: TestApp,
  path: string,
  body: unknown = {},
  headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` },
) {
  const raw = typeof body === 'string' || Buffer.isBuffer(body)
  const answer = await fetch(url + path, {
    method: 'POST',
    body: raw ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
  })
  const cookie = answer.headers.get('set-cookie')
  return { status: answer.status, body: await answer.text(), cookie }
}

/** How many messages had this outcome. */
async function counted({ ctx }: TestApp, outcome: string): Promise<number> {
  const { values } = await ctx.metrics.hints.get()
  return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0
}
