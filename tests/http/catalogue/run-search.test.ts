import { expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import type { Page } from '../../support/browser.ts'
import { addLink, addRun, claimOf } from '../../support/catalogue/rows.ts'

test('the history is narrowed to a pair and an end, from page to page', async () => {
  const app = await startApp()
  const browser = app.newBrowser()
  await browser.register()
  const { ctx } = app
  const first = await addLink(ctx)
  const second = await addLink(ctx, { storeId: 'store-2', storeName: 'Второй' })
  for (let nth = 0; nth < 60; nth += 1) {
    const id = await addRun(ctx, first, [])
    await ctx.syncRuns.finish(await claimOf(ctx, id), nth < 55 ? 'done' : 'failed')
  }
  const other = await addRun(ctx, second, [])
  await ctx.syncRuns.finish(await claimOf(ctx, other), 'done')

  const page = await browser.get(`/sync/runs?link=${first.id}&state=done`)
  const next = linkTo(page, 'Раньше') ?? ''
  const rest = await browser.get(next)

  expect(runs(page)).toBe(50)
  expect(next).toMatch(new RegExp(`^/sync/runs\\?link=${first.id}&state=done&before=\\d+$`))
  expect(runs(rest)).toBe(5)
  expect(linkTo(rest, 'К последним')).toBe(`/sync/runs?link=${first.id}&state=done`)
  expect(rest.dom.querySelector('#state [selected]')?.getAttribute('value')).toBe('done')
  expect(runs(await browser.get('/sync/runs?state=failed'))).toBe(5)
  const none = await browser.get(`/sync/runs?link=${second.id}&state=stopped`)
  expect(none.text).toContain('Таких синхронизаций нет.')
  for (const odd of ['link=99&state=nonsense', 'link=a&before=b', 'state=draft'])
    expect(runs(await browser.get(`/sync/runs?${odd}`))).toBe(50)
})

const runs = ({ dom }: Page): number => dom.querySelectorAll('tbody tr:not(.day)').length

const linkTo = ({ dom }: Page, label: string): string | undefined =>
  dom
    .querySelectorAll('main a')
    .find(({ text }) => text === label)
    ?.getAttribute('href')
    ?.replaceAll('&amp;', '&')
