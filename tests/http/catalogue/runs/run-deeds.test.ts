import { expect, test } from 'vitest'
import { startApp } from '../../../support/app.ts'
import { addLink, addRun, claimOf, item, settle, step } from '../../../support/catalogue/rows.ts'

const ROSE = step('update', {
  name: 'Роза красная',
  itemId: '42',
  fields: ['title', 'price', 'stock', 'photo'],
  item: item({ title: 'Роза красная, 60 см', price: 18_000, stock: 32, photo: 'till:7' }),
  before: { title: 'Роза', price: 15_000, stock: 40 },
})

test('a run lists what it did, each with its picture, before and after, and its card', async () => {
  const { browser, run } = await ended([
    step('create', { name: 'Букет «Утро»', item: item({ photo: 'own:5' }) }),
    ROSE,
    step('hide', { name: 'Пион', itemId: '7', reason: { code: 'out_of_stock' } }),
    step('skip', { name: 'Кашпо', reason: { code: 'no_photo' } }),
  ])

  const page = await browser.get(`/sync/runs/${run}`)

  expect(page.text).toContain('Добавили · 1 товар Букет «Утро» 180 ₽')
  expect(page.text).toContain(
    'Изменили · 1 товар Роза красная было 150 ₽ стало 180 ₽ Было «Роза», стало «Роза красная, 60 см». Остаток: было 40, стало 32. Изменили фото. Открыть карточку',
  )
  expect(page.text).toContain('Убрали с витрины · 1 товар Пион')
  expect(page.text).toContain('Товар закончился на кассе. Карточка скрыта, её можно вернуть.')
  expect(page.text).toContain('Нет фото · 1 товар')
  const links = page.dom.querySelectorAll('.diff a').map((a) => a.getAttribute('href'))
  expect(links).toContain('https://vk.com/club777?w=product-777_42')
  const pictures = page.dom.querySelectorAll('.diff img').map((img) => img.getAttribute('src'))
  expect(pictures[0]).toBe('/sync/photos/5')
  expect(pictures[1]).toMatch(/^\/goods\/[^/]+\/photo\.jpg\?link=\d+&v=[0-9a-f]{8}$/)
  expect(page.html).toContain('href="https://vk.com/club777"')
})

test('of many ten are shown, the others page by page, and nothing that was not done', async () => {
  const { browser, run } = await ended(
    Array.from({ length: 63 }, (_, n) => step('create', { name: `Ваза № ${n + 1}` })),
    60,
  )

  const page = await browser.get(`/sync/runs/${run}`)
  const more = page.dom.querySelectorAll('a').find(({ text }) => text.startsWith('Ещё 50 товаров'))
  const first = await browser.get(more?.getAttribute('href') ?? '')
  const second = await browser.get(`/sync/runs/${run}?did=new&page=2`)

  expect(page.dom.querySelectorAll('.diff > li')).toHaveLength(10)
  expect(first.dom.querySelectorAll('.diff > li')).toHaveLength(50)
  expect(second.dom.querySelectorAll('.diff > li')).toHaveLength(10)
  for (const part of ['update', 'nonsense', ''])
    expect((await browser.get(`/sync/runs/${run}?did=${part}`)).status, part).toBe(404)
})

test('before anything is taken back it is shown: what it will be, and what stays', async () => {
  const { browser, run, ctx, link } = await ended([step('create', { name: 'Букет' }), ROSE])

  const done = await browser.get(`/sync/runs/${run}`)
  const page = await browser.get(`/sync/runs/${run}/undo`)

  expect(done.html).toContain(`href="/sync/runs/${run}/undo"`)
  expect(page.text).toContain('Вернём как было: 1 карточку')
  expect(page.text).toContain('Роза красная Изменится было 180 ₽ станет 150 ₽')
  expect(page.text).toContain('было 32, станет 40')
  expect(page.text).toContain('Новые карточки останутся: 1 карточка')
  const answer = await browser.submit(page, `/sync/runs/${run}/undo`)
  expect((await ctx.syncRuns.active(link.id))?.origin).toBe('undo')
  expect((await browser.get(`${answer.location}/undo`)).location).toBe(answer.location)
})

/** A run that has ended, of whose steps the first `done` were carried out. */
async function ended(steps: Parameters<typeof addRun>[2], done = steps.length) {
  const app = await startApp({ env: { SYNC_CRON: '0 0 1 1 *' } })
  const { ctx } = app
  const browser = app.newBrowser()
  await browser.register()
  const link = await addLink(ctx)
  const run = await addRun(ctx, link, steps)
  const carried = steps.flatMap(({ action }, place) =>
    action === 'skip' || place >= done ? [] : [{ place }],
  )
  await settle(ctx, run, carried)
  await ctx.syncRuns.finish(await claimOf(ctx, run), done < steps.length ? 'stopped' : 'done')
  return { browser, run, ctx, link }
}
