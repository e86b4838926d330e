import { expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { define, openRayon } from '../../support/rayon.ts'
import { cardText } from '../../support/stage.ts'

const KEYS = { WIX_CLIENT_ID: '1', WIX_CLIENT_SECRET: '2' }

test('cards of what is not connected are the same to everybody, whoever has asked first', async () => {
  const app = await startApp({ env: KEYS })
  const [marina, boris] = [app.newBrowser(), app.newBrowser()]
  await marina.register()
  await boris.register({ email: 'boris@example.ru', name: 'Борис' })

  const pages = [await marina.get('/connections'), await boris.get('/connections')]

  const [first, second] = pages.map((page) => page.dom.querySelector('.services')?.toString())
  expect(second).toBe(first)
  expect(first).not.toMatch(/_csrf|Марина|Борис/)
  for (const page of pages) expect(cardText(page, 'wix')).toContain('Не подключено')
})

test('the card of whoever has connected is their own, before and after others look', async () => {
  const app = await startApp({ env: KEYS })
  const [marina, boris] = [app.newBrowser(), app.newBrowser()]
  await marina.register()
  await boris.register({ email: 'boris@example.ru', name: 'Борис' })
  await boris.get('/connections')

  const account = { id: '1', name: 'Лавка Марины', profile: {} }
  const tokens = { accessToken: 'x', carried: {} }
  await app.ctx.connections.save({ userId: 1, provider: 'wix', account, tokens })

  expect(cardText(await marina.get('/connections'), 'wix')).toContain('Лавка Марины')
  expect(cardText(await boris.get('/connections'), 'wix')).not.toContain('Лавка Марины')
})

test('a card follows what an administrator changes, and has the icon they picked', async () => {
  const { browser, rayon } = await openRayon()
  await define({ rayon, browser }, { icon: 'bi-cart' })

  const open = await browser.get('/connections')
  const form = await browser.get('/admin/providers/rayon')
  await browser.submit(form, '/admin/providers/rayon', { enabled: '' })
  const shut = await browser.get('/connections')

  expect(cardText(open, 'rayon')).toContain('Не подключено')
  expect(cardText(shut, 'rayon')).toContain('Выключено')
  const icon = shut.dom.querySelector('.tile-rayon use')?.getAttribute('href') ?? ''
  expect((await browser.get(icon.replace(/#.*/, ''))).html).toContain('<symbol id="cart"')
})
