import { expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { addDraft, addLink, item, step } from '../../support/catalogue/rows.ts'
import { carryAll, openShop } from '../../support/catalogue/shop.ts'

async function open() {
  const app = await startApp()
  const browser = app.newBrowser()
  await browser.register()
  const link = await addLink(app.ctx)
  return { app, browser, link, ctx: app.ctx }
}

const FLOWERS = [
  step('create', {
    name: 'Букет «Утро», 15 роз',
    item: item({
      price: 249_000,
      description: 'Букет «Утро». Цена за 1 шт. Наличие уточняйте в сообщениях сообщества.',
      album: { groupId: 'g', title: 'Букеты' },
    }),
  }),
  step('update', {
    name: 'Эвкалипт, ветка',
    fields: ['price', 'stock'],
    item: item({ price: 9_550, stock: 32 }),
    before: { price: 9_000, stock: 40 },
  }),
  step('hide', { name: 'Пион садовый', item: item({ price: 35_000 }), reason: { code: 'gone' } }),
  step('delete', { name: 'Астра', reason: { code: 'gone' } }),
  step('skip', {
    name: 'Мак',
    tillPrice: 12_000,
    reason: { code: 'name_too_short', values: { n: 3 } },
  }),
]

test('the list says what would become of every product, and the receipt adds up', async () => {
  const { browser, link, ctx } = await open()
  await addDraft(ctx, link, FLOWERS, { products: 91, unchanged: 88 })

  const page = await browser.get(`/sync/preview?link=${link.id}&show=`)

  expect(page.status).toBe(200)
  expect(page.text).toContain('Все 5 Новые 1 Изменятся 1 Скроем 2 Не перенесём 1')
  expect(page.text).toContain('Букет «Утро», 15 роз Новый 2 490 ₽')
  expect(page.text).toContain('Появится в подборке «Букеты». Описание возьмём из шаблона.')
  expect(page.text).toContain('было 90 ₽ станет 95,50 ₽')
  expect(page.text).toContain('Изменятся цена и остаток: было 40, станет 32.')
  expect(page.text).toContain(
    'Пион садовый Скроем 350 ₽ На кассе товара больше нет. Карточку скроем',
  )
  expect(page.text).toContain('Астра Удалим')
  expect(page.text).toContain('Название короче 4 символов — ВКонтакте такое не принимает.')
  expect(page.dom.querySelector('.fix a')?.getAttribute('href')).toBe('/help#name')
  expect(page.text).toContain(
    'Новых товаров 1 Изменятся 1 Без изменений 88 Не перенесём 1 Товаров на кассе 91 Скроем во ВКонтакте 1 Удалим во ВКонтакте 1',
  )
  expect(page.text).toContain('Займёт меньше минуты. Пока вы не нажали кнопку')
})

test('the filters and pages show the part that is asked for', async () => {
  const { browser, link, ctx } = await open()
  const many = Array.from({ length: 120 }, (_, n) => step('create', { name: `Роза № ${n + 1}` }))
  await addDraft(ctx, link, [...many, ...FLOWERS])

  const second = await browser.get(`/sync/preview?link=${link.id}&show=new&page=2`)
  const hidden = await browser.get(`/sync/preview?link=${link.id}&show=hide`)

  expect(second.dom.querySelectorAll('.diff > li')).toHaveLength(50)
  expect(second.text).toContain('Роза № 51 ')
  expect(second.text).toContain('1 2 3 Дальше')
  expect(hidden.dom.querySelectorAll('.diff > li')).toHaveLength(2)
})

test('nothing to do means no button', async () => {
  const { browser, link, ctx } = await open()
  await addDraft(ctx, link, [], { products: 88, unchanged: 88 })

  const page = await browser.get(`/sync/preview?link=${link.id}&show=`)

  expect(page.text).toContain('Всё совпадает')
  expect(page.html).not.toContain('action="/sync/run"')
})

test('the button runs what was shown, and a second press leads to the same run', async () => {
  const { browser, link, ctx } = await open()
  await addDraft(ctx, link, FLOWERS)
  const page = await browser.get(`/sync/preview?link=${link.id}&show=`)

  const first = await browser.submit(page, '/sync/run')
  const second = await browser.submit(page, '/sync/run')

  expect(first.status).toBe(303)
  expect(first.location).toMatch(/^\/sync\/runs\/\d+$/)
  expect(second.location).toBe(first.location)
  expect(await ctx.syncRuns.active(link.id)).toMatchObject({
    digest: 'c41b',
    startedBy: 'Анна Лавочкина',
  })
  expect((await browser.get(`/sync/preview?link=${link.id}`)).location).toBe(first.location)
})

test('a list that is not the one shown is not run', async () => {
  const { browser, link, ctx } = await open()
  await addDraft(ctx, link, FLOWERS)
  const page = await browser.get(`/sync/preview?link=${link.id}&show=`)
  await addDraft(ctx, link, FLOWERS.slice(1), { digest: 'd00d' })

  const answer = await browser.submit(page, '/sync/run')
  const next = await browser.get(`/sync/preview?link=${link.id}&show=`)

  expect(answer.location).toBe(`/sync/preview?link=${link.id}`)
  expect(next.text).toContain('Каталог изменился Пока вы смотрели список')
  expect(await ctx.syncRuns.active(link.id)).toBeUndefined()

  await ctx.syncLinks.change(link.id, link, link.settings)
  await browser.submit(next, '/sync/run')
  expect(await ctx.syncRuns.active(link.id), 'after new settings').toBeUndefined()
})

test('so many vanishing cards want a tick, on the server too', async () => {
  const { browser, link, ctx } = await open()
  const id = await addDraft(ctx, link, FLOWERS)
  await ctx
    .db('sync_runs')
    .where({ id })
    .update({ reason: 'catalog_shrunk', reason_values: '{"before":128,"after":40}' })
  const page = await browser.get(`/sync/preview?link=${link.id}&show=`)
  expect(page.text).toContain('На кассе стало намного меньше товаров Было 128, сейчас 40.')

  const refused = await browser.submit(page, '/sync/run')
  expect(refused.location).toBe(`/sync/preview?link=${link.id}&show=`)
  expect(await ctx.syncRuns.active(link.id)).toBeUndefined()
  expect((await browser.get(refused.location)).text).toContain('нужна ваша отметка')

  const agreed = await browser.submit(page, '/sync/run', { confirm: '1' })
  expect(agreed.location).toMatch(/^\/sync\/runs\/\d+$/)
  expect(await ctx.syncRuns.active(link.id)).toMatchObject({ confirmed: true })
})

test('without connections the page says what to connect, and somebody else’s link is no page', async () => {
  const { app, browser, link } = await open()

  const page = await browser.get(`/sync/preview?link=${link.id}`)
  expect(page.status).toBe(200)
  expect(page.text).toContain('Сначала подключите Эвотор')

  const stranger = app.newBrowser()
  await stranger.register({ email: 'other@example.ru' })
  expect((await stranger.get(`/sync/preview?link=${link.id}`)).status).toBe(404)
  expect((await stranger.get('/sync/preview')).location).toBe('/sync')
})

test('what was shown is what is done, and then everything is the same', async () => {
  const { app, browser, link } = await openShop()
  const shown = await browser.get(`/sync/preview?link=${link.id}`)
  const draft = await app.ctx.syncRuns.draftOf(link.id)
  expect(shown.text).toContain('Запустить синхронизацию')

  const begun = await browser.submit(shown, '/sync/run')
  await carryAll(app)
  const run = await app.ctx.syncRuns.last(link.id)
  const page = await browser.get(begun.location)

  expect(run).toMatchObject({
    state: 'done',
    failed: 0,
    created: draft?.total,
    digest: draft?.digest,
  })
  expect(page.text).toContain(`Добавили ${draft?.total}`)
  expect((await browser.get(`/sync/preview?link=${link.id}`)).text).toContain('Всё совпадает')
  const key = await app.ctx.syncLinks.feedKey(link)
  const file = await app.newBrowser().get(`/feeds/${key}.yml`)
  expect(file.html.match(/<offer /g)?.length).toBeGreaterThanOrEqual(draft?.total ?? 0)
})

test('a platform that is down is said, and is no failure of ours', async () => {
  const { browser, link, vk } = await openShop()
  vk.fault('/method/execute', { status: 503, body: '' })
  vk.fault('/method/market.get', { status: 503, body: '' })

  const page = await browser.get(`/sync/preview?link=${link.id}`)

  expect(page.status).toBe(200)
  expect(page.text).toContain('ничего не отправлено')
  expect(page.text).toContain('Код для поддержки')
})
