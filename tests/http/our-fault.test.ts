import { expect, test } from 'vitest'
import { csrfOf } from '../support/browser.ts'
import { openShop } from '../support/catalogue/shop.ts'

/** As on a full disk: everything can be read, nothing can be written. */
test('while nothing can be written, every form says that it is our fault', async () => {
  const { app, browser } = await openShop()
  const forms: [action: string, fields: Record<string, string>][] = []
  for (const path of ['/account', '/connections', '/vk', '/sync']) {
    const page = await browser.get(path)
    for (const form of page.dom.querySelectorAll('form[method=post]')) {
      const action = form.getAttribute('action') ?? ''
      const fields = form.querySelectorAll('input[name], textarea[name], select[name]')
      const filled = fields.map((one) => [
        one.getAttribute('name') ?? '',
        one.getAttribute('value') ?? '',
      ])
      forms.push([
        action,
        { ...(Object.fromEntries(filled) as Record<string, string>), _csrf: csrfOf(page) },
      ])
    }
  }
  await app.ctx.db.raw('pragma query_only = 1')

  const stranger = app.newBrowser()
  const login = await stranger.get('/login')
  const tried = { email: 'oleg@example.ru', password: 'buket-utro-2490' }
  const statuses = [(await stranger.submit(login, '/login', tried)).status]
  const refused: string[] = []
  for (const [action, fields] of forms) {
    const page = await browser.post(action, fields)
    if (page.text.includes('Страница устарела') || page.status === 500) refused.push(action)
    statuses.push(page.status)
  }
  await app.ctx.db.raw('pragma query_only = 0')

  expect(forms.length).toBeGreaterThan(8)
  expect(refused).toEqual([])
  expect(statuses[0]).toBe(503)
  expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(forms.length / 2)
})
