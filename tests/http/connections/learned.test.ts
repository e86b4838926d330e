import { describe, expect, test } from 'vitest'
import { apiClient, apiToken } from '../../support/api.ts'
import type { TestApp } from '../../support/app.ts'
import { ENGINES } from '../../support/databases.ts'
import { allPlatforms, EVOTOR, VK, VK_ID } from '../../support/platforms.ts'
import { openShop, runOnce } from '../../support/catalogue/shop.ts'
import { openConnectedScene, type Scene } from '../../support/stage.ts'
import { tick } from '../../support/tick.ts'

const REFUSED = { status: 400, body: '{"error":"invalid_grant"}' }
const ALL = await allPlatforms()

describe.each(ENGINES)('A grant that a program finds gone, on %s,', (engine) => {
  test.each([VK_ID, EVOTOR])(
    '$name: one refresh, «Нет доступа» at once, told once, and nobody asks again',
    async (platform) => {
      const scene = await openConnectedScene(platform, { engine })
      const { app, browser, stage } = scene
      const call = await program(scene)
      await expire(app)
      stage.simulator.fault(stage.tokenPath, REFUSED)
      const before = stage.simulator.count(stage.tokenPath)

      const answers = await Promise.all(Array.from({ length: 20 }, call))
      const later = [await call(), await call()]
      await tick(app)

      expect([...answers, ...later].map(({ status }) => status)).toEqual(Array(22).fill(409))
      expect(stage.simulator.count(stage.tokenPath) - before).toBe(1)
      expect((await browser.get(`/${stage.key}`)).text).toContain('Нет доступа')
      await expectToldOnce(app)
    },
  )

  test('is known before the refresh is given free: another instance does not ask', async () => {
    const scene = await openConnectedScene(VK_ID, { engine })
    const { app, stage } = scene
    const call = await program(scene)
    await expire(app)
    stage.simulator.fault(stage.tokenPath, { ...REFUSED, delay: 100 })
    const before = stage.simulator.count(stage.tokenPath)

    await call()

    expect(stage.simulator.count(stage.tokenPath) - before).toBe(1)
    expect(await app.ctx.connections.find(1, 'vk')).toMatchObject({
      health: 'revoked',
      reason: 'token_revoked',
      isOnline: false,
    })
    expect(await app.ctx.db('connections').first('lease_owner')).toEqual({ lease_owner: null })
  })

  test('and that cannot be renewed is not handed out any more', async () => {
    const scene = await openConnectedScene(VK, { engine })
    const { app, stage } = scene
    const call = await program(scene)
    stage.simulator.fault(stage.probePath, stage.deadAnswer)

    const trusting = await call()
    await app.ctx
      .db('connections')
      .update({ expires_at: new Date(Date.now() - 1000), last_checked_at: null })
    const ended = await call()
    const asked = stage.simulator.count(stage.probePath)
    const later = await call()

    expect([trusting, ended, later].map(({ status }) => status)).toEqual([200, 409, 409])
    expect(stage.simulator.count(stage.probePath)).toBe(asked)
    await expectToldOnce(app)
  })

  test('works again as soon as its owner has reconnected', async () => {
    const scene = await openConnectedScene(VK_ID, { engine })
    const { app, browser, stage } = scene
    const call = await program(scene)
    await expire(app)
    stage.simulator.fault(stage.tokenPath, { ...REFUSED, times: 1 })
    const refused = await call()

    await browser.connect('vk')

    expect([refused.status, (await call()).status]).toEqual([409, 200])
    expect((await browser.get('/vk')).text).toContain('Подключено')
  })
})

test.each(ALL)(
  '$name: a renewal refused once takes the access away, or counts as one refusal where one proves nothing',
  async (platform) => {
    const scene = await openConnectedScene(platform)
    const { app, stage } = scene
    const { deadAfter = 1 } = app.ctx.providers.get(stage.key)
    const call = await program(scene)
    await expire(app)
    stage.revoke()
    if ((await app.ctx.connections.find(1, stage.key))?.renewable !== true) return

    await Promise.all(Array.from({ length: 9 }, call))

    const row = await app.ctx.db('connections').first('refusals', 'health')
    expect(row?.health).toBe(deadAfter === 1 ? 'revoked' : 'online')
    expect(row?.refusals).toBe(deadAfter === 1 ? 0 : 1)
  },
)

test.each(ALL)('$name: an outage met by a program is no revocation', async (platform) => {
  const scene = await openConnectedScene(platform)
  const { app, stage } = scene
  const call = await program(scene)
  await app.ctx.db('connections').update({ refresh_due_at: new Date(Date.now() - 1000) })
  stage.simulator.fault(stage.tokenPath, { status: 503, body: '' })

  await call()

  expect((await app.ctx.connections.find(1, stage.key))?.health).toBe('online')
  expect(app.logged('incident')).toEqual([])
})

describe.each(ENGINES)('What a run finds out, on %s,', (engine) => {
  test('a refused renewal is on the connection’s page at once, and the next run asks nothing', async () => {
    const scene = await openShop({ engine, signIn: 'vkid' })
    const { app, browser, vk } = scene
    await app.ctx.db('connections').where({ provider: 'vk' }).update(past())
    vk.refreshTokens.clear()
    const before = vk.count('/oauth2/auth')

    const runs = [await runOnce(scene), await runOnce(scene)]

    expect(runs.map(({ state, reason }) => [state, reason])).toEqual(
      Array(2).fill(['failed', 'token_revoked']),
    )
    expect(vk.count('/oauth2/auth') - before).toBe(1)
    expect((await browser.get('/vk')).text).toContain('Нет доступа')
    await expectToldOnce(app)
  })

  test('a dead access that nothing renews is, too', async () => {
    const scene = await openShop({ engine })
    const { app, browser, vk } = scene
    vk.tokens.clear()

    await runOnce(scene)

    expect((await browser.get('/vk')).text).toContain('Нет доступа')
    await expectToldOnce(app)
  })

  test('a till that does not let us in any more is, too', async () => {
    const scene = await openShop({ engine })
    const { app, browser, evotor } = scene
    evotor.fault('*', { status: 403, body: '{}' })

    await runOnce(scene)

    expect(await app.ctx.connections.find(1, 'evotor')).toMatchObject({ health: 'permission' })
    expect((await browser.get('/connections')).text).not.toContain('Каталог всегда совпадает')
    expect(app.logged('incident')).toHaveLength(1)
  })

  test('a right that only the shop lacks leaves the connection as it is', async () => {
    const scene = await openShop({ engine })
    const { app, vk } = scene
    vk.refuse('market.get', { code: 15 })
    vk.refuse('market.getProducts', { code: 15 })

    await runOnce(scene)

    expect(await app.ctx.connections.find(1, 'vk')).toMatchObject({ health: 'online' })
    expect(app.logged('incident')).toEqual([])
  })
})

async function program({ app, stage }: Scene) {
  const call = apiClient(app, await apiToken(app, ['read', 'tokens']))
  return () => call('GET', `/connections/${stage.key}/token`)
}

const past = () => {
  const ended = new Date(Date.now() - 1000)
  return { expires_at: ended, refresh_due_at: ended }
}

const expire = ({ ctx }: TestApp) => ctx.db('connections').where({ renewable: true }).update(past())

/** One incident in the log, one notice, one entry of the journal. */
async function expectToldOnce(app: TestApp) {
  expect(app.logged('incident')).toHaveLength(1)
  expect(await app.ctx.db('notices').where({ kind: 'incident' })).toHaveLength(1)
  expect(await app.ctx.db('events').where({ event: 'revoked' })).toHaveLength(1)
}
