import { describe, expect, test } from 'vitest'
import { checkDue } from '../../../app/flows/connections/check-due.ts'
import { IMPATIENT, startApp, type TestApp } from '../../support/app.ts'
import { connectMany } from '../../support/crowd.ts'
import { ENGINES } from '../../support/databases.ts'
import { PLATFORMS } from '../../support/platforms.ts'
import { startVk } from '../../support/simulators.ts'
import { cardText, openConnectedScene } from '../../support/stage.ts'
import { checksDone } from '../../support/checks.ts'

describe.each(PLATFORMS)('The health checker and $name', (platform) => {
  test('a revoked grant is called revoked, once, and told in the app', async () => {
    const { app, browser, stage } = await openConnectedScene(platform)
    stage.revoke()
    stage.simulator.fault(stage.tokenPath, { status: 400, body: '{"error":"invalid_grant"}' })

    await tick(app)
    await tick(app)

    expect(await app.ctx.connections.find(1, stage.key)).toMatchObject({
      isOnline: false,
      health: 'revoked',
      reason: 'token_revoked',
    })
    const dashboard = await browser.get('/connections')
    expect(dashboard.text).toContain(`${stage.title} больше не даёт доступ`)
    expect(cardText(dashboard, stage.key)).toContain('Нет доступа')
    expect(dashboard.text).toContain('Связь прервана сегодня в')
    expect(app.logged('incident')).toHaveLength(1)
  })

  test.each([
    ['HTTP 503', { status: 503, body: '' }, 'Сервис не отвечает'],
    ['silence', { way: 'hang' as const }, 'Сервис не отвечает'],
    ['HTML', { body: '<html>' }, 'Необычный ответ'],
  ])('%s is an outage, never a revocation, and ends by itself', async (_name, fault, badge) => {
    const patience = 'way' in fault ? { http: IMPATIENT } : {}
    const { app, browser, stage } = await openConnectedScene(platform, patience)
    stage.simulator.fault(stage.probePath, fault)

    await tick(app)

    expect(await app.ctx.connections.find(1, stage.key)).toMatchObject({
      isOnline: false,
      health: 'unreachable',
    })
    const page = await browser.get(`/${stage.key}`)
    expect(page.text).toContain(badge)
    expect(page.text).toContain('Ваше подключение не потеряно')

    stage.simulator.mend()
    await tick(app)
    expect(cardText(await browser.get('/connections'), stage.key)).toContain('Подключено')
  })

  test('a lasting outage is told once, and so is its end', async () => {
    const { app, browser, stage } = await openConnectedScene(platform)
    stage.simulator.fault(stage.probePath, { status: 503, body: '' })

    await tick(app)
    expect(app.logged('incident')).toHaveLength(0)
    await tick(app)
    await tick(app)
    expect(app.logged('incident')).toHaveLength(1)

    stage.simulator.mend()
    await tick(app)
    await tick(app)
    const dashboard = await browser.get('/connections')
    expect(dashboard.text).toContain(`${stage.title} снова на связи`)
    expect(app.logged('recovered')).toHaveLength(1)

    const action =
      dashboard.dom
        .querySelector('form[action^="/connections/notices/"]')
        ?.getAttribute('action') ?? ''
    await browser.submit(dashboard, action)
    expect((await browser.get('/connections')).text).not.toContain('снова на связи')
  })

  test('429 is only a wait: the connection stays what it was, and the pause is kept', async () => {
    const { app, stage } = await openConnectedScene(platform)
    const before = await app.ctx.connections.find(1, stage.key)
    stage.simulator.fault(stage.probePath, {
      status: 429,
      body: '',
      headers: { 'Retry-After': '120' },
    })

    await tick(app)
    stage.simulator.mend()
    const asked = stage.simulator.count(stage.probePath)
    await tick(app)

    const after = await app.ctx.connections.find(1, stage.key)
    expect(after).toMatchObject({
      isOnline: true,
      health: 'online',
      lastCheckedAt: before?.lastCheckedAt,
    })
    expect((after?.nextCheckAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(100_000)
    expect(stage.simulator.count(stage.probePath)).toBe(asked)
  })

  test('the strip of a day shows what the checks found', async () => {
    const { app, browser, stage } = await openConnectedScene(platform)
    stage.simulator.fault(stage.probePath, { status: 503, body: '' })
    await tick(app)
    stage.simulator.mend()
    await tick(app)

    const page = await browser.get(`/${stage.key}`)

    expect(page.text).toContain('1 проверка из 3 не прошла: сегодня в')
    expect(page.text).toContain('Связь восстановилась сама.')
    expect(page.dom.querySelectorAll('.beats rect')).toHaveLength(48)
    expect(page.dom.querySelectorAll('.beats .b-bad')).toHaveLength(1)
  })

  test('a connection made anew while an old check is under way is not called revoked', async () => {
    const { app, browser, stage } = await openConnectedScene(platform)
    const { simulator } = stage
    let connected: () => void = () => undefined
    const until = new Promise<void>((done) => (connected = done))
    const asked = () => simulator.count(stage.probePath) + simulator.count(stage.tokenPath)
    const before = asked()
    simulator.fault(stage.probePath, { ...stage.deadAnswer, until })
    simulator.fault(stage.tokenPath, { status: 400, body: '{"error":"invalid_grant"}', until })
    const checking = tick(app)
    await expect.poll(asked).toBeGreaterThan(before)
    simulator.mend()

    await browser.connect(stage.key)
    connected()
    await checking

    expect(await app.ctx.connections.find(1, stage.key)).toMatchObject({ health: 'online' })
  })
})

describe('VK error numbers', () => {
  test.each([
    [6, { isOnline: true, health: 'online' }],
    [9, { isOnline: true, health: 'online' }],
    [14, { isOnline: true, health: 'online', reason: 'captcha' }],
    [5, { isOnline: false, health: 'revoked', reason: 'token_revoked' }],
    [18, { isOnline: false, health: 'revoked', reason: 'user_blocked' }],
    [15, { isOnline: false, health: 'permission', reason: 'insufficient_scope' }],
    [17, { isOnline: false, health: 'permission', reason: 'validation_required' }],
    [10, { isOnline: false, health: 'unreachable' }],
    [28, { isOnline: false, health: 'unreachable', reason: 'provider_refused' }],
  ])('error %i', async (number, expected) => {
    const [platform] = PLATFORMS
    if (!platform) return
    const { app, browser, stage } = await openConnectedScene(platform)
    const body = JSON.stringify({
      error: { error_code: number, error_msg: 'x', request_params: [] },
    })
    stage.simulator.fault(stage.probePath, { body })

    await tick(app)

    expect(await app.ctx.connections.find(1, 'vk')).toMatchObject(expected)
    expect((await browser.get('/vk')).status).toBe(200)
  })
})

describe.each(ENGINES)('Many connections on %s', (engine) => {
  test('two instances on one database check each connection once a tick', async () => {
    const vk = await startVk()
    vk.perSecond = 1000
    const app = await startApp({ engine, vk })
    await connectMany(app, vk, 60)
    const other = await startApp({ engine, vk, beside: app })
    const since = new Date()

    await Promise.all([tick(app, since), tick(other, since), tick(app, since)])

    expect(vk.count('/method/users.get')).toBe(60)
    expect(await checksDone(app.ctx)).toBe(60)
  })

  test("a check whose instance died is taken over after its lease, and nobody's is done twice", async () => {
    const vk = await startVk()
    const app = await startApp({ engine, vk })
    await connectMany(app, vk, 3)
    const soon = new Date(Date.now() + 300)
    await app.ctx
      .db('connections')
      .where({ id: 1 })
      .update({ check_owner: 'dead', check_until: soon })

    await tick(app)

    expect(vk.count('/method/users.get')).toBe(3)
  })

  test('a platform that asks everybody to wait is asked twice for each at the most, and the tick ends', async () => {
    const vk = await startVk()
    const app = await startApp({ engine, vk })
    await connectMany(app, vk, 120)
    vk.fault('/method/users.get', { status: 429, body: '' })

    await tick(app)

    expect(vk.count('/method/users.get')).toBeLessThanOrEqual(240)
    expect(new Set(vk.asked.map(({ query }) => query.access_token)).size).toBe(120)
    const soonest = await app.ctx
      .db('connections')
      .min({ at: 'next_check_at' })
      .first<{ at: unknown }>()
    expect(Number(new Date(soonest.at as number)) - Date.now()).toBeGreaterThan(50_000)
    expect(await app.ctx.db('connections').where({ is_online: false }).first()).toBeUndefined()
  })

  test('a platform that is down fails fast after five, and the others are not held up', async () => {
    const vk = await startVk()
    vk.perSecond = 1000
    const app = await startApp({ engine, vk, http: { timeoutMs: 300 } })
    await connectMany(app, vk, 200)
    vk.fault('/method/users.get', { way: 'hang' })

    await tick(app)

    expect(vk.count('/method/users.get')).toBeLessThanOrEqual(100)
    expect(await app.ctx.db('connections').where({ health: 'online' }).first()).toBeUndefined()
  })
})

async function tick({ ctx }: TestApp, since = new Date()) {
  await checkDue(ctx, since, new AbortController().signal)
}
