import { describe, expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { formOf } from '../../support/browser.ts'
import { PLATFORMS } from '../../support/platforms.ts'
import { openConnectedScene } from '../../support/stage.ts'

const PUBLIC = [
  '/login',
  '/register',
  '/forgot',
  '/reset',
  '/help',
  '/privacy',
  '/robots.txt',
  '/healthz',
  '/readyz',
]
const PRIVATE = [
  '/connections',
  '/vk',
  '/evotor',
  '/wix',
  '/vk/connect',
  '/account',
  '/account/delete',
  '/admin',
  '/admin/users',
  '/admin/providers',
  '/admin/providers/new',
  '/admin/providers/vk',
  '/admin/health',
  '/admin/audit',
]

describe('Strangers', () => {
  test.each(PUBLIC)('may see %s', async (path) => {
    const app = await startApp()
    const page = await app.newBrowser().get(path)

    expect([200, 410]).toContain(page.status)
  })

  test.each(PRIVATE)('are asked to sign in at %s', async (path) => {
    const app = await startApp()

    const page = await app.newBrowser().get(path)

    expect([page.status, page.location]).toEqual([303, `/login?next=${encodeURIComponent(path)}`])
  })
})

describe('Owners', () => {
  test.each(['/admin', '/admin/users', '/admin/health', '/admin/audit'])(
    'get no page of administrators: %s',
    async (path) => {
      const { owner } = await withOwner()

      const page = await owner.get(path)

      expect(page.status).toBe(403)
      expect(page.text).toContain('Сюда нет доступа')
      expect((await owner.get('/connections')).text).not.toContain('Администрирование')
    },
  )

  test('make no links to other passwords', async () => {
    const { app, owner } = await withOwner()
    const { _csrf = '' } = formOf(await owner.get('/account'), '/account')

    const page = await owner.post('/admin/users/1/reset-link', { _csrf })

    expect(page.status).toBe(403)
    expect(await app.ctx.db('password_resets').first()).toBeUndefined()
  })

  test('see, check and disconnect their own connection only', async () => {
    const [platform] = PLATFORMS
    if (!platform) return
    const { app, browser, stage } = await openConnectedScene(platform)
    const other = app.newBrowser()
    await other.register({ email: 'oleg@example.ru' })
    const asked = stage.simulator.count(stage.probePath)
    const page = await other.get('/vk')
    const { _csrf = '' } = formOf(await other.get('/account'), '/account')

    await other.post('/vk/check', { _csrf })
    await other.post('/vk/disconnect', { _csrf })

    expect(page.text).toContain('Не подключено')
    expect(page.html).not.toContain('21450987')
    expect(stage.simulator.count(stage.probePath)).toBe(asked)
    expect((await browser.get('/vk')).text).toContain('Подключено')
  })

  test("cannot dismiss somebody else's notice", async () => {
    const { app, owner } = await withOwner()
    await app.ctx
      .db('notices')
      .insert({ user_id: 1, provider: 'vk', kind: 'recovered', code: 'x', created_at: new Date() })
    const { _csrf = '' } = formOf(await owner.get('/account'), '/account')

    await owner.post('/connections/notices/1/close', { _csrf })

    expect(await app.ctx.notices.recoveries(1)).toHaveLength(1)
  })
})

test('a database fault on an administrators page is an error, never the page', async () => {
  const app = await startApp()
  app.expectErrors()
  const administrator = app.newBrowser()
  await administrator.register()
  await app.ctx.db.schema.renameTable('users', 'gone')

  const page = await administrator.get('/admin/users')

  expect(page.status).toBe(500)
  expect(page.text).not.toContain('Пользователи')
  expect(page.html).not.toMatch(/SQLITE|no such table|at .*\.ts/)
})

async function withOwner() {
  const app = await startApp()
  await app.newBrowser().register()
  const owner = app.newBrowser()
  await owner.register({ email: 'oleg@example.ru', name: 'Олег' })
  return { app, owner }
}
