import { expect, test } from 'vitest'
import { openShop, runOnce } from '../../support/catalogue/shop.ts'

test('what VK cannot take costs no upload and no call, at any run, and is told as it is', async () => {
  const scene = await openShop()
  const { app, browser, evotor, vk, link } = scene
  const till = evotor.catalogueOf(link.storeId)
  till.fill({ groups: [], products: [] })
  const prices = {
    dear: 1e12,
    dearer: 1e17,
    endless: 1e300,
    below: -5,
    none: 0,
    just: 999_999_999_999,
  }
  for (const [name, price] of Object.entries(prices))
    till.put({ name: `Роза ${name}`, price, quantity: 1 })
  vk.asked.length = 0

  const first = await runOnce(scene)
  const uploads = vk.asked.filter(({ path }) => path.includes('upload')).length
  vk.asked.length = 0
  const second = await runOnce(scene)

  expect(first).toMatchObject({ state: 'done', created: 1, failed: 0, skipped: 5 })
  expect(uploads).toBeLessThanOrEqual(1)
  expect(second).toMatchObject({ state: 'done', total: 0, skipped: 5 })
  expect(vk.asked.filter(({ path }) => path.includes('upload') || path.includes('Upload'))).toEqual(
    [],
  )
  const reasons = await app.ctx.syncSteps.reasons(first.id)
  expect(Object.fromEntries(reasons.map(({ code, count }) => [code, count]))).toEqual({
    price_too_high: 3,
    price_missing: 2,
  })
  const { text } = await browser.get(`/sync/runs/${first.id}`)
  expect(text).toContain('Цена выше, чем принимает ВКонтакте')
  expect(text).toContain('до 999 999 999 999 руб.')
  expect(text).not.toMatch(/90 071 992|цена 0/i)
})

test('a rule that leaves nothing of a price is told as one', async () => {
  const scene = await openShop({ price: { percent: 0, plus: -50_000, rounding: '1' } })
  const till = scene.evotor.catalogueOf(scene.link.storeId)
  till.fill({ groups: [], products: [] })
  till.put({ name: 'Роза алая', price: 120.5, quantity: 1 })

  const run = await runOnce(scene)

  const { text } = await scene.browser.get(`/sync/runs/${run.id}`)
  expect(text).toContain('На кассе 120,50 руб.')
  expect(text).not.toContain('Не указана цена')
})
