import { describe, expect, test } from 'vitest'
import { checkDue } from '../../app/flows/check-due.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { PERSON } from '../support/browser.ts'
import { ENGINES } from '../support/databases.ts'
import { startEvotor, startVk } from '../support/simulators.ts'

const PASTED = 'f46b0000-0000-4000-8000-00000000abcd'
const TABLES = [
  'users',
  'sessions',
  'connections',
  'connection_attempts',
  'health_checks',
  'events',
  'password_resets',
  'notices',
  'rate_limits',
  'vault_canaries',
  'webhooks',
  'webhook_deliveries',
]

describe.each(ENGINES)('On %s', (engine) => {
  test('no row, line or page holds a secret of VK ID, a pasted token, a reset link or a key of ours', async () => {
    const [vk, evotor] = [await startVk(), await startEvotor()]
    const [flowers] = evotor.users
    evotor.applicationTokens.set(PASTED, { userId: flowers?.id ?? '', header: 'authorization' })
    const env = { ...vk.variables('vkid'), VK_CLIENT_SECRET: '' }
    const app = await startApp({ engine, vk, evotor, env })
    const browser = app.newBrowser()
    await browser.register()

    await browser.connect('vk')
    const past = new Date(Date.now() - 1000)
    await app.ctx.db('connections').update({ expires_at: past, refresh_due_at: past })
    await checkDue(app.ctx, new Date(), new AbortController().signal)
    await browser.submit(await browser.get('/evotor'), '/evotor/token', { token: PASTED })
    const pages = [
      await browser.get('/connections'),
      await browser.get('/vk'),
      await browser.get('/evotor'),
      await browser.get('/account'),
      await browser.submit(await browser.get('/account'), '/account/export'),
    ]
    const link = await browser.submit(
      await browser.get('/admin/users'),
      '/admin/users/1/reset-link',
    )
    const reset = /token=([\w-]+)/.exec(link.html)?.[1] ?? ''

    const told = vk.asked.flatMap(({ query, form }) =>
      SECRET.flatMap((name) => [query[name], form[name]]),
    )
    const given = [...vk.tokens.keys(), ...vk.refreshTokens.keys(), ...vk.spent.keys()]
    const ours = [...app.ctx.config.sessionSecrets, ...keysOf(app), PERSON.password, PASTED, reset]
    const secrets = [...new Set([...told, ...given, ...ours])].filter((one) => one !== undefined)
    expect(secrets.every((secret) => secret.length > 10)).toBe(true)
    expect(secrets.length).toBeGreaterThan(12)
    const rows = await Promise.all(TABLES.map((table) => app.ctx.db(table).select()))
    const places = {
      rows: JSON.stringify(rows),
      log: JSON.stringify(app.lines),
      pages: pages.map(({ html }) => html).join(),
    }
    for (const [place, text] of Object.entries(places)) {
      expect(
        secrets.filter((secret) => text.includes(secret)),
        place,
      ).toEqual([])
    }
  })
})

const SECRET = ['code', 'state', 'code_verifier', 'device_id', 'access_token', 'refresh_token']

const keysOf = ({ ctx }: TestApp) =>
  ctx.config.tokenKeys.map(({ bytes }) => bytes.toString('base64'))
