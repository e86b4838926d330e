import { request } from 'undici'
import { expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { csrfOf } from '../../support/browser.ts'
import {
  addLink,
  addRun,
  claimOf,
  item,
  settle,
  step,
  WORKER,
} from '../../support/catalogue/rows.ts'

async function open() {
  const app = await startApp()
  const browser = app.newBrowser()
  await browser.register()
  const link = await addLink(app.ctx)
  return { app, browser, link, ctx: app.ctx }
}

const FLOWERS = [
  step('create', { name: 'Букет «Утро»' }),
  step('create', { name: 'Хризантема кустовая', tillPrice: 89_000, item: item({ price: 89_000 }) }),
  step('update', { name: 'Роза красная', fields: ['price'] }),
  step('hide', { name: 'Пион садовый', reason: { code: 'gone' } }),
  step('skip', { name: 'Мак', reason: { code: 'name_too_short', values: { n: 3 } } }),
  step('skip', { name: 'Кашпо', reason: { code: 'no_photo' } }),
  step('skip', { name: 'Вино', reason: { code: 'group_skipped', values: { group: 'Вино' } } }),
]

test('a run under way says how far it is, what it is at and what has failed', async () => {
  const { browser, link, ctx } = await open()
  const id = await addRun(ctx, link, FLOWERS, { products: 128 })
  await settle(ctx, id, [
    { place: 0, code: 'bad_links', values: { link: 'clck.ru/3Abc' } },
    { place: 2 },
  ])

  const page = await browser.get(`/sync/runs/${id}`)

  expect(page.dom.querySelector('title')?.text).toBe('Идёт синхронизация: 2 из 4 — EvoSync')
  expect(page.text).toContain('2 из 4 изменений')
  expect(page.text).toContain('Сейчас: Хризантема кустовая, загружаем фото')
  expect(page.text).toContain('Каталог Эвотор прочитан, готово128')
  expect(page.text).toContain('Товары ВКонтакте сверены, готово102')
  expect(page.text).toContain('Переносим товары2 из 4')
  expect(page.text).toContain(
    'Не получилось: 1 Букет «Утро» Ошибка 180 ₽ Запрещённая ссылка в описании. Ссылка clck.ru/3Abc',
  )
  expect(page.html).toMatch(/<noscript><meta http-equiv="refresh" content="10"><\/noscript>/)
  expect(page.dom.querySelector('progress')?.getAttribute('value')).toBe('2')

  const stopped = await browser.submit(page, `/sync/runs/${id}/stop`)
  expect(stopped.location).toBe(`/sync/runs/${id}`)
  expect(await ctx.syncRuns.find(id)).toMatchObject({ stopAsked: true })
  expect((await browser.get(stopped.location)).text).toContain('заканчиваем начатое')
})

test('a run before its plan, and one in the queue, have no figures yet', async () => {
  const { browser, link, ctx } = await open()
  const id = await ctx.syncRuns.queue({
    linkId: link.id,
    linkRevision: 1,
    origin: 'manual',
    whole: true,
  })

  const waiting = await browser.get(`/sync/runs/${id}`)
  await ctx.syncRuns.claim(WORKER, 60_000, [])
  const reading = await browser.get(`/sync/runs/${id}`)

  expect(waiting.text).toContain('Синхронизация в очереди')
  expect(reading.text).toContain('Идёт синхронизация')
  expect(reading.text).toContain('Читаем каталог Эвотор')
  expect(reading.dom.querySelector('progress')?.getAttribute('value')).toBeUndefined()
})

test('a captcha is led to, and the person says when to go on', async () => {
  const { browser, link, ctx } = await open()
  const id = await addRun(ctx, link, FLOWERS)
  const there = 'https://id.vk.com/not_robot_captcha?session_token=x'
  await ctx.syncRuns.pause(
    await claimOf(ctx, id),
    { code: 'captcha', link: there },
    new Date(Date.now() + 3600_000),
  )

  const page = await browser.get(`/sync/runs/${id}`)
  const door = page.dom.querySelector('a[target=_blank]')
  const answer = await browser.submit(page, `/sync/runs/${id}/retry`)

  expect(page.dom.querySelector('title')?.text).toBe('Синхронизация на паузе: 0 из 4 — EvoSync')
  expect(page.text).toContain('ВКонтакте просит подтвердить, что вы не робот')
  expect(door?.getAttribute('href')).toBe(there)
  expect(door?.getAttribute('rel')).toBe('noopener noreferrer')
  expect(answer.location).toBe(`/sync/runs/${id}`)
  expect((await ctx.syncRuns.find(id))?.resumeAt?.getTime()).toBeLessThanOrEqual(Date.now() + 1000)
})

test('a run that is over groups what did not go by cause, and its figures add up', async () => {
  const { browser, link, ctx } = await open()
  const id = await addRun(ctx, link, FLOWERS, { products: 94, unchanged: 88 })
  await settle(ctx, id, [
    { place: 0 },
    { place: 1, code: 'photo_too_small' },
    { place: 2 },
    { place: 3 },
  ])
  await ctx.syncRuns.finish(await claimOf(ctx, id), 'done')

  const page = await browser.get(`/sync/runs/${id}`)

  expect(page.dom.querySelector('title')?.text).toMatch(/^Синхронизация \d+ [а-я]+ в \d\d:\d\d — /)
  expect(page.text).toContain('Выполнена, есть ошибки')
  expect(page.text).toContain('Не перенесли 3 товара')
  expect(page.text).toContain('Нет фото · 1 товар Добавьте фото')
  expect(page.text).toContain('Не переносим по вашим настройкам')
  expect(page.text).toContain(
    'Добавили 1 Изменили 1 Без изменений 88 Не перенесли 3 Не переносим по настройкам 1 Товаров на кассе 94 Скрыли во ВКонтакте 1',
  )
  expect(page.text).toMatch(/Запуск вручную, Марина Ковалёва. Длилась (меньше секунды|\d+ с)\./)

  const again = await browser.submit(page, `/sync/runs/${id}/retry`)
  expect(again.location).toMatch(/^\/sync\/runs\/\d+$/)
  expect(again.location).not.toBe(`/sync/runs/${id}`)
  const twice = await browser.post(`/sync/runs/${id}/undo`, { _csrf: csrfOf(page) })
  expect(twice.location).toBe(again.location)
  expect((await browser.get(twice.location)).text).toContain('Синхронизация уже идёт')
})

test('of many products with one cause twenty are shown, the others page by page', async () => {
  const { browser, link, ctx } = await open()
  const many = Array.from({ length: 75 }, (_, n) =>
    step('skip', { name: `Ваза № ${n + 1}`, reason: { code: 'no_photo' } }),
  )
  const id = await addRun(ctx, link, many)
  await ctx.syncRuns.finish(await claimOf(ctx, id), 'done')

  const page = await browser.get(`/sync/runs/${id}`)
  const more = page.dom.querySelectorAll('a').find(({ text }) => text.startsWith('Ещё 55 товаров'))
  const all = await browser.get(more?.getAttribute('href') ?? '')
  const rest = await browser.get(`/sync/runs/${id}?cause=no_photo&state=skipped&page=2`)

  expect(page.dom.querySelectorAll('.diff > li')).toHaveLength(20)
  expect(all.dom.querySelectorAll('.diff > li')).toHaveLength(50)
  expect(rest.dom.querySelectorAll('.diff > li')).toHaveLength(25)
  expect((await browser.get(`/sync/runs/${id}?cause=nonsense`)).status).toBe(404)
})

test.each([
  ['snapshot_stale', 'Каталог изменился', 'Посмотреть обновлённый список'],
  ['catalog_shrunk', 'намного меньше товаров Было 128, сейчас 40', 'Посмотреть изменения'],
  ['group_access_lost', 'Нет прав в сообществе «Цветы у дома ВК»', ''],
  ['token_revoked', 'ВКонтакте больше не даёт доступ', 'Переподключить', 'vk'],
  ['token_revoked', 'Эвотор больше не даёт доступ', 'Переподключить', 'evotor'],
  ['token_revoked', 'Сервис больше не даёт доступ', 'Открыть подключения'],
  ['server_error', 'Сервис временно не отвечает', 'Повторить'],
  ['never_heard_of', 'Не получилось Причина нам пока не известна', ''],
])('a run that failed with %s says «%s»', async (code, said, button, platform?) => {
  const { browser, link, ctx } = await open()
  const id = await addRun(ctx, link, [])
  await ctx.syncRuns.finish(await claimOf(ctx, id), 'failed', {
    code,
    values: { before: 128, after: 40 },
    ...(platform && { platform }),
  })

  const page = await browser.get(`/sync/runs/${id}`)

  expect(page.text).toContain('Прервана')
  expect(page.text).toContain(said)
  expect(page.text).toContain(button)
})

test('the list for a spreadsheet has every product, harmless and in Russian', async () => {
  const { browser, link, ctx } = await open()
  const id = await addRun(ctx, link, [
    step('create', { name: '=HYPERLINK("http://evil")' }),
    step('update', { name: 'Ваза; «Капля»', itemId: '5', item: item({ price: 149_050 }) }),
    ...FLOWERS.slice(4, 5),
  ])
  await settle(ctx, id, [{ place: 0, code: 'bad_links' }, { place: 1 }])

  const file = await browser.get(`/sync/runs/${id}.csv`)

  expect(file.headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(file.headers['content-disposition']).toBe(`attachment; filename=evosync-${id}.csv`)
  const lines = file.html.split('\r\n')
  expect(lines[0]).toBe('Товар;Действие;Итог;Причина;Что сделать;Цена;Карточка ВК')
  expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil"")";Добавить;Ошибка;`)
  expect(lines[2]).toBe(
    '"Ваза; «Капля»";Изменить;Готово;;;1490,5;https://vk.com/club777?w=product-777_5',
  )
  expect(lines[3]).toContain('Мак;Не переносить;Не перенесли;Название короче 4 символов.')
})

test('a run of somebody else is no page, no file, no stream and nothing to press', async () => {
  const { app, link, ctx } = await open()
  const id = await addRun(ctx, link, FLOWERS)
  const stranger = app.newBrowser()
  await stranger.register({ email: 'other@example.ru' })

  for (const path of ['', '.csv', '/events'])
    expect((await stranger.get(`/sync/runs/${id}${path}`)).status, path).toBe(404)
  const page = await stranger.get('/sync/runs')
  const token = page.dom.querySelector('input[name=_csrf]')?.getAttribute('value') ?? ''
  for (const action of ['stop', 'retry', 'undo'])
    expect(
      (await stranger.post(`/sync/runs/${id}/${action}`, { _csrf: token })).status,
      action,
    ).toBe(404)
  expect(page.text).toContain('Синхронизаций ещё не было')
})

test('the history tells of runs by days, newest first, and of products that do not go', async () => {
  const { browser, link, ctx } = await open()
  const ids = []
  for (const origin of ['schedule', 'manual', 'hint'] as const) {
    const id = await addRun(ctx, link, origin === 'hint' ? FLOWERS : [], { origin })
    ids.push(id)
    if (origin === 'hint')
      await settle(
        ctx,
        id,
        [0, 1, 2, 3].map((place) => ({ place })),
      )
    await ctx.syncRuns.finish(await claimOf(ctx, id), origin === 'manual' ? 'failed' : 'done')
  }
  const dayBefore = new Date(Date.now() - 26 * 3600_000)
  await ctx
    .db('sync_runs')
    .where({ id: ids[0] ?? 0 })
    .update({ started_at: dayBefore, created_at: dayBefore })

  const page = await browser.get('/sync/runs')

  expect(page.text).toContain('2 товара не переносятся')
  expect(page.dom.querySelectorAll('tr.day')).toHaveLength(2)
  expect(page.text).toMatch(
    /Есть ошибки Касса сообщила об изменении 2 1 1 2 .*Прервана Марина Ковалёва.*Нет изменений По расписанию/,
  )
  expect(page.text).not.toContain('Откуда и куда')

  await addLink(ctx, { storeId: 'store-2', storeName: 'Второй' })
  expect((await browser.get('/sync/runs')).text).toContain('Цветы у дома → Цветы у дома ВК')
  expect((await browser.get(`/sync/runs?before=${ids[2]}`)).text).not.toContain('Касса сообщила')
})

test('a stream tells of every change and of the end', async () => {
  const { app, browser, link, ctx } = await open()
  const id = await addRun(ctx, link, FLOWERS)
  await browser.get('/sync/runs')
  const listen = () =>
    request(`${app.url}/sync/runs/${id}/events`, {
      headers: {
        cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'accept-encoding': 'gzip',
      },
    })
  const [first, second] = [await listen(), await listen()]
  expect((await listen()).statusCode, 'the third of a session').toBe(204)
  expect(first.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  expect(first.headers['content-encoding']).toBeUndefined()
  second.body.destroy()

  let heard = ''
  const reader = (async () => {
    for await (const piece of first.body) heard += String(piece)
  })()
  await expect.poll(() => heard).toContain('"done":0')
  await settle(ctx, id, [{ place: 0 }])
  await expect.poll(() => heard).toContain('"done":1')
  await ctx.syncRuns.finish(await claimOf(ctx, id), 'stopped')
  await reader

  expect(heard).toMatch(/^retry: 2000\n\n/)
  expect(heard.match(/^data: \{"state"/gm)).toHaveLength(2)
  expect(heard).toMatch(/event: end\ndata: \{\}\n\n$/)
  await expect.poll(async () => (await listen()).statusCode).toBe(200)
})

test('an open stream does not hold the shutdown back', async () => {
  const { app, browser, link, ctx } = await open()
  const id = await addRun(ctx, link, FLOWERS)
  await browser.get('/sync/runs')
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const { body } = await request(`${app.url}/sync/runs/${id}/events`, { headers: { cookie } })
  body.on('data', () => undefined) // the test's end stops the application: hanging would time it out

  await expect.poll(() => body.readableDidRead).toBe(true)
})
