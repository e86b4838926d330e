import { expect, test } from 'vitest'
import { syncDue } from '../../../app/flows/catalogue/sync-due.ts'
import { NOWHERE, openShop, runOnce } from '../../support/catalogue/shop.ts'

test('a pair without a community fills its file, and asks the shop nothing', async () => {
  const scene = await openShop({ everyMinutes: 60 })
  const { app, browser, vk, link } = scene
  const { ctx } = app
  const file = { ...link, ...NOWHERE }
  const id = await ctx.syncLinks.add(link.userId, file, link.settings)
  vk.asked.length = 0

  const run = await runOnce({ app, link: { ...link, id } })

  expect(run).toMatchObject({ state: 'done', products: 130, unchanged: 126, skipped: 4, total: 0 })
  expect(vk.asked).toEqual([])
  const key = await ctx.syncLinks.feedKey({ id, userId: link.userId })
  const yml = await app.newBrowser().get(`/feeds/${key}.yml`)
  expect(yml.html.match(/<offer /g)?.length).toBeGreaterThan(100)
  expect((await ctx.syncLinks.get(id))?.nextRunAt).toBeInstanceOf(Date)
  const page = await browser.get(`/sync/runs/${run.id}`)
  expect(page.html).not.toContain('Название короче')
  expect(page.html).toContain('Товар снят с продажи на кассе')
})

test('a pair without a community goes by its timetable although no shop is connected', async () => {
  const { app, browser, link } = await openShop({ everyMinutes: 60 })
  const { ctx } = app
  const file = { ...link, ...NOWHERE }
  const id = await ctx.syncLinks.add(link.userId, file, link.settings)
  await browser.submit(await browser.get('/vk'), '/vk/disconnect')
  for (const one of [link.id, id]) await ctx.syncLinks.setNextRun(one, new Date(0))

  await syncDue(ctx, new AbortController().signal)
  await Promise.all(ctx.carrying.values())

  expect(await ctx.syncRuns.last(id)).toMatchObject({ state: 'done', origin: 'schedule' })
  expect(await ctx.syncRuns.last(link.id)).toBeUndefined()
})
