import { expect, test } from 'vitest'
import { isUnavailable } from '../../app/store/db-errors.ts'
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
  app.expectErrors() // of jobs whose time comes meanwhile
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

test('on a full disk pages are read all the same, and once there is room it is written again', async () => {
  const { app, browser } = await openShop()
  const { db, events } = app.ctx
  const [pages] = await db.raw<{ page_count: number }[]>('pragma page_count')
  await db.raw(`pragma max_page_count = ${pages?.page_count ?? 0}`)
  const write = () => events.add({ event: 'connected', details: { text: 'x'.repeat(4096) } })

  const failure = await untilItFails(write)

  expect(failure).toMatchObject({ code: 'SQLITE_FULL' })
  expect(isUnavailable(failure)).toBe(true) // which is the 503 page
  expect((await browser.get('/connections')).status).toBe(200)
  expect((await browser.get('/healthz')).status).toBe(200)

  await db.raw('pragma max_page_count = 1000000')
  await write()
  expect(await db.raw('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
})

/** Pages that are free already take some. */
async function untilItFails(write: () => Promise<void>): Promise<unknown> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    try {
      await write()
    } catch (error) {
      return error
    }
  }
  return undefined
}
