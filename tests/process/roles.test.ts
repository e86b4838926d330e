import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { freshSecrets } from '../../app/config/secrets.ts'
import { PERSON } from '../support/browser.ts'
import { openShop, type ShopScene } from '../support/catalogue/shop.ts'
import { checksDone } from '../support/checks.ts'
import { ENGINES } from '../support/databases.ts'
import { startMailbox } from '../support/mailbox.ts'
import { freePort } from '../support/postgres.ts'
import { databaseVariables, startServer, tempFolder } from '../support/process.ts'

const TOKEN = 'a-token-of-the-test-and-long-enough'
const EVERY_SECOND = '* * * * * *'
/** Longer than some ticks of every job but the sweep. */
const A_WHILE_MS = 3_000
const NOBODY = 'Фоновую работу сейчас не выполняет никто'

describe.each(ENGINES)('Roles of instances on %s', (engine) => {
  test('web leaves checks, runs and letters to a worker; a worker leaves pages to web', async () => {
    const mailbox = await startMailbox()
    const env = {
      ...freshSecrets(),
      HEALTH_CHECK_CRON: EVERY_SECOND,
      SYNC_CRON: EVERY_SECOND,
      SMTP_URL: mailbox.url,
      METRICS_TOKEN: TOKEN,
    }
    const scene = await openShop({ engine, env: { ...env, ROLE: 'web' } })
    const { app, browser, link, community } = scene
    const web = await startBeside(scene, { ...env, ROLE: 'web' })
    const before = await checksDone(app.ctx)

    const preview = await browser.get(`/sync/preview?link=${link.id}`)
    const run = (await browser.submit(preview, '/sync/run')).location
    const stranger = app.newBrowser()
    await stranger.submit(await stranger.get('/forgot'), '/forgot', { email: PERSON.email })
    await pause(A_WHILE_MS)

    expect(run).toMatch(/^\/sync\/runs\/\d+$/)
    expect(await checksDone(app.ctx)).toBe(before)
    expect(community.items.size).toBe(0)
    expect(mailbox.letters).toEqual([])
    expect((await browser.get('/admin/health')).text).toContain(NOBODY)
    expect((await fetch(`${web.url}/login`)).status).toBe(200)
    expect((await fetch(`${web.url}/readyz`)).status).toBe(200)

    const worker = await startBeside(scene, { ...env, ROLE: 'worker' })

    await expect.poll(() => mailbox.letters.length).toBe(1)
    await expect.poll(() => checksDone(app.ctx)).toBeGreaterThan(before)
    await expect.poll(async () => (await browser.get(run)).text).toContain('Добавили 120')
    expect(community.items.size).toBeGreaterThan(0)
    const health = (await browser.get('/admin/health')).text
    expect(health).not.toContain(NOBODY)
    expect(health).toContain('только фоновая работа')

    const authorization = `Bearer ${TOKEN}`
    const asked = async (path: string) => {
      const answer = await fetch(worker.url + path, { headers: { authorization } })
      return [answer.status, await answer.text()] as const
    }
    expect(await asked('/healthz')).toEqual([200, '{"status":"ok"}'])
    expect(await asked('/readyz')).toEqual([200, '{"status":"ready"}'])
    expect(await asked('/metrics')).toEqual([200, expect.stringContaining('evosync_build_info')])
    for (const path of ['/', '/login', '/api/v1/connections', '/webhooks/evotor/x', '/assets/x'])
      expect(await asked(path)).toEqual([503, expect.stringContaining('ROLE=worker')])

    expect(await worker.server.stop()).toBe(0)
    expect((await browser.get('/admin/health')).text).toContain(NOBODY)
  })
})

/** Another instance on the same database, a process of its own. */
async function startBeside(
  { app, vk, evotor }: Pick<ShopScene, 'app' | 'vk' | 'evotor'>,
  env: Record<string, string>,
) {
  const port = String(await freePort())
  const there = { ...databaseVariables(app.ctx.config), ...vk.variables(), ...evotor.variables() }
  const settings = { ...there, ...env, BASE_URL: app.url, VK_PER_SECOND: '1000', PORT: port }
  const server = startServer(tempFolder(), settings)
  await server.logged('listening')
  return { server, url: `http://127.0.0.1:${port}` }
}
