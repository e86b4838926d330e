import { describe, expect, test } from 'vitest'
import type { Context } from '../../../app/context.ts'
import { ENGINES } from '../../support/databases.ts'
import { PLATFORMS } from '../../support/platforms.ts'
import { cardText, openConnectedScene } from '../../support/stage.ts'

const RENEWABLE = PLATFORMS.filter(({ name }) => name !== 'ВКонтакте')
const CASES = RENEWABLE.flatMap((platform) => ENGINES.map((engine) => ({ platform, engine })))

describe.each(CASES)(
  'An access of $platform.name that runs out, on $engine',
  ({ platform, engine }) => {
    test('is renewed at the next check, and nobody notices', async () => {
      const { app, browser, stage } = await openConnectedScene(platform, { engine })
      await expire(app.ctx)

      await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/check`)

      expect((await browser.get(`/${stage.key}`)).text).toContain('Подключено')
      expect(refreshes(stage)).toBe(1)
      const connection = await app.ctx.connections.find(1, stage.key)
      expect(connection?.expiresAt?.getTime()).toBeGreaterThan(Date.now())
      expect(connection?.revision).toBe(2)
    })

    test('is renewed when the platform rejects it ahead of time: one refresh, one more try', async () => {
      const { browser, stage } = await openConnectedScene(platform, { engine })
      stage.simulator.fault(stage.probePath, { ...stage.deadAnswer, times: 1 })

      await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/check`)

      expect((await browser.get(`/${stage.key}`)).text).toContain('Подключено')
      expect(refreshes(stage)).toBe(1)
    })

    test('is dead when the refresh is refused: reconnecting is offered, and no more is tried', async () => {
      const { app, browser, stage } = await openConnectedScene(platform, { engine })
      await expire(app.ctx)
      stage.revoke()

      await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/check`)
      await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/check`)

      const page = await browser.get(`/${stage.key}`)
      expect(page.text).toContain('Нет доступа')
      expect(page.text).toContain(`${stage.title} больше не даёт доступ`)
      expect(refreshes(stage)).toBe(1)
      expect((await browser.connect(stage.key)).location).toBe('/connections')
      expect(cardText(await browser.get('/connections'), stage.key)).toContain('Подключено')
    })

    test('an outage of the token endpoint is not a revocation', async () => {
      const { app, browser, stage } = await openConnectedScene(platform, { engine })
      await expire(app.ctx)
      stage.simulator.fault(stage.tokenPath, { status: 503, body: '' })

      await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/check`)

      const page = await browser.get(`/${stage.key}`)
      expect(page.text).toContain('Сервис не отвечает')
      expect(page.text).not.toContain('Нет доступа')
    })

    test('a failed renewal ahead of time leaves the living access in use', async () => {
      const { app, browser, stage } = await openConnectedScene(platform, { engine })
      await app.ctx.db('connections').update({ refresh_due_at: new Date(Date.now() - 1000) })
      stage.simulator.fault(stage.tokenPath, { status: 503, body: '' })

      await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/check`)
      await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/check`)

      const connection = await app.ctx.connections.find(1, stage.key)
      expect(connection).toMatchObject({ isOnline: true, health: 'online' })
      expect((await browser.get(`/${stage.key}`)).text).toContain('Не получается продлить доступ')
      expect(refreshes(stage)).toBe(1)
    })
  },
)

describe.each(PLATFORMS)('A connection to $name whose tokens do not open', (platform) => {
  test('asks to reconnect, and nothing else is disturbed', async () => {
    const { app, browser, stage } = await openConnectedScene(platform)
    await app.ctx.db('connections').update({ sealed_tokens: 'v1.k1.AAAA.BBBB.CCCC' })

    await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/check`)

    const page = await browser.get(`/${stage.key}`)
    expect(page.text).toContain('Нет доступа')
    expect(page.text).toContain('Ключ доступа не читается')
    expect((await browser.get('/connections')).status).toBe(200)
    expect((await browser.connect(stage.key)).location).toBe('/connections')
  })
})

/** As if the access token's time were over. */
async function expire({ db }: Context) {
  const past = new Date(Date.now() - 1000)
  await db('connections').update({ expires_at: past, refresh_due_at: past })
}

function refreshes({
  simulator,
  tokenPath,
}: {
  simulator: { asked: { path: string; form: Record<string, string> }[] }
  tokenPath: string
}) {
  return simulator.asked.filter(
    ({ path, form }) => path === tokenPath && form.grant_type === 'refresh_token',
  ).length
}
