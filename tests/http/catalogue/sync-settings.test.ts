import { expect, test } from 'vitest'
import { SETTINGS_FORMS } from '../../../app/web/kit/limits.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { type Browser, csrfOf, formOf, type Page } from '../../support/browser.ts'
import { painted } from '../../support/pictures.ts'
import { startEvotor, startVk } from '../../support/simulators.ts'

const SHOP = '212233'
const LENTA = '212234'

async function open({ connected = ['evotor', 'vk'], without = [] as string[] } = {}) {
  const [vk, evotor] = [await startVk(), await startEvotor()]
  vk.perSecond = 1000
  const app = await startApp({ vk, evotor, env: { VK_PER_SECOND: '1000' } })
  const browser = app.newBrowser()
  await browser.register()
  if (connected.includes('evotor')) await browser.connect('evotor')
  if (connected.includes('vk')) await browser.connect('vk', { without })
  return { app, browser, vk, evotor }
}

/** What the form holds, the text of its template included, and a category. */
function filled(page: Page): Record<string, string> {
  const flowers = optionsOf(page, 'category_id').find(({ label }) => label.endsWith('и растения'))
  return {
    ...formOf(page, '/sync/settings'),
    description_tpl: page.dom.querySelector('#description_tpl')?.text ?? '',
    category_id: flowers?.value ?? '',
  }
}

const optionsOf = ({ dom }: Page, id: string) =>
  dom.querySelectorAll(`[id="${id}"] option`).map((option) => ({
    value: option.getAttribute('value') ?? '',
    label: option.text,
    selected: option.hasAttribute('selected'),
    disabled: option.hasAttribute('disabled'),
  }))

/** The row of a group: the name of its field, and what is offered there. */
function rowOf(page: Page, group: string) {
  const row = page.dom
    .querySelectorAll('.maprow')
    .find((one) => one.querySelector('strong')?.text === group)
  const name = row?.querySelector('select')?.getAttribute('name') ?? ''
  const options = row?.querySelectorAll('select').at(0)?.querySelectorAll('option') ?? []
  return { id: name.slice(4, -1), labels: options.map((option) => option.text) }
}

async function saved(app: TestApp, browser: Browser, more: Record<string, string> = {}) {
  const page = await browser.get('/sync/settings')
  const answer = await browser.post('/sync/settings', { ...filled(page), ...more })
  expect(answer.location).toMatch(/^\/sync\/preview\?link=\d+$/)
  const [link] = await app.ctx.syncLinks.list(1)
  if (!link) throw new Error('nothing was saved')
  return link
}

test('from two connections to a pair: chosen, saved, shown again as it was saved', async () => {
  const { app, browser, vk } = await open()
  const bouquets = vk.handAlbum('букеты', [])
  vk.handAlbum('Распродажа')
  const dashboard = await browser.get('/connections')
  expect(dashboard.text).toContain('Осталось выбрать сообщество и запустить синхронизацию.')
  expect(dashboard.text).toContain('Шаг 3. Синхронизация Посмотрите, что изменится, и запустите.')
  expect(dashboard.dom.querySelector('.rail a')?.getAttribute('href')).toBe('/sync/settings')

  const page = await browser.get('/sync/settings')
  expect(optionsOf(page, 'store_id')).toEqual([
    expect.objectContaining({
      label: expect.stringMatching(/^Цветы у дома — 1\d\d товар/) as string,
      selected: true,
    }),
    expect.objectContaining({ label: 'Киоск на Лесной', selected: false }),
  ])
  expect(optionsOf(page, 'group_id')).toEqual([
    { value: SHOP, label: 'Цветы у дома', selected: true, disabled: false },
    {
      value: LENTA,
      label: 'Мастерская «Лента» — товары выключены',
      selected: false,
      disabled: true,
    },
  ])
  const row = rowOf(page, 'Букеты')
  expect(row.labels).toEqual(['букеты', 'Распродажа', 'Без подборки', 'Не переносить'])
  expect(rowOf(page, 'Горшки и кашпо').labels[0]).toBe('Горшки и кашпо (создать)')
  expect(page.text).toContain('на кассе 2 490 ₽, во ВКонтакте 2 490 ₽')

  const pots = rowOf(page, 'Горшки и кашпо').id
  const answer = await browser.post('/sync/settings', {
    ...filled(page),
    price_percent: '10',
    price_plus: '−5,50',
    price_rounding: 'nines',
    [`map[${pots}]`]: 'skip',
    [`pct[${pots}]`]: '12,5',
    gone: 'keep',
    every: '360',
  })
  expect(answer.location).toMatch(/^\/sync\/preview\?link=1$/)
  const [link] = await app.ctx.syncLinks.list(1)
  expect(link).toMatchObject({
    communityId: SHOP,
    storeName: 'Цветы у дома',
    settings: {
      price: { percent: 10, plus: -550, rounding: 'nines' },
      prices: { [pots]: { percent: 12.5, plus: 0, rounding: 'nines' } },
      gone: 'keep',
      outOfStock: 'hide',
      cutNames: true,
      restricted: false,
      everyMinutes: 360,
    },
  })
  expect(link?.settings.groups).toMatchObject({
    [row.id]: { album: String(bouquets) },
    [pots]: 'skip',
  })

  const again = await browser.get('/sync/settings')
  expect(filled(again)).toMatchObject({
    price_percent: '10',
    price_plus: '-5,5',
    [`map[${pots}]`]: 'skip',
    [`map[${row.id}]`]: String(bouquets),
    gone: 'keep',
    every: '360',
  })
  expect(again.text).toContain('на кассе 2 490 ₽, во ВКонтакте 2 729 ₽')
  await browser.post('/sync/settings', filled(again))
  expect((await app.ctx.syncLinks.list(1))[0]?.settings).toEqual(link?.settings)
  expect((await browser.get('/sync')).text).toContain('Каждые 6 часов')
  expect((await browser.get('/vk')).text).toContain('Ваши сообщества Цветы у дома 0 товаров')
})

test('a form with mistakes comes back as it was, and nothing is saved', async () => {
  const { app, browser } = await open()
  const page = await browser.get('/sync/settings')
  const { id } = rowOf(page, 'Букеты')

  const answer = await browser.post('/sync/settings', {
    ...filled(page),
    category_id: '',
    price_percent: 'десять',
    [`plus[${id}]`]: '1,234',
    [`map[${id}]`]: 'oops',
    description_tpl: 'ц'.repeat(2001),
    every: '7',
  })

  expect(answer.status).toBe(422)
  expect(answer.text).toContain('Исправьте 6 полей')
  expect(answer.dom.querySelector('#price_percent')?.getAttribute('value')).toBe('десять')
  const faults = answer.dom.querySelectorAll('[data-error-summary] a')
  for (const link of faults)
    expect(
      answer.dom.querySelector(`[id="${link.getAttribute('href')?.slice(1) ?? ''}"]`),
    ).toBeTruthy()
  expect(answer.dom.querySelector(`details[open] summary`)?.text).toContain('Букеты')
  expect(await app.ctx.syncLinks.list(1)).toEqual([])
})

test('a community whose goods are off is refused, with the way out', async () => {
  const { app, browser, vk } = await open()
  const page = await browser.get('/sync/settings')
  const shop = vk.communities.get(Number(SHOP))
  if (shop) shop.market = false

  const answer = await browser.post('/sync/settings', filled(page))

  expect(answer.status).toBe(422)
  expect(answer.dom.querySelector('#group_id-error')?.text).toContain('раздел «Товары» отключён')
  expect(await app.ctx.syncLinks.list(1)).toEqual([])
})

test('another store is looked at first; saved, it forgets the products of the old one', async () => {
  const { app, browser } = await open()
  const link = await saved(app, browser)
  await app.ctx.syncItems.saveListing(link.id, { changed: [PRODUCT], misses: new Map() })
  const page = await browser.get('/sync/settings')
  const kiosk = optionsOf(page, 'store_id')[1]?.value ?? ''

  const shown = await browser.post('/sync/settings', { ...filled(page), store_id: kiosk })

  expect(shown.location).toContain(`store_id=${kiosk}`)
  const lists = await browser.get(shown.location)
  expect(lists.text).toContain('Пока ничего не изменилось')
  expect(rowOf(lists, 'Букеты').id).toBe('')
  expect((await app.ctx.syncLinks.get(link.id))?.storeId).toBe(link.storeId)

  await browser.post('/sync/settings', filled(lists))
  const moved = await app.ctx.syncLinks.get(link.id)
  expect(moved).toMatchObject({ storeId: kiosk, storeName: 'Киоск на Лесной', revision: 2 })
  expect(Object.keys(moved?.settings.groups ?? {})).not.toContain(rowOf(page, 'Букеты').id)
  expect(await app.ctx.syncItems.count(link.id)).toBe(0)
})

test('a pair is not moved while a run is under way, and settings say when they apply', async () => {
  const { app, browser } = await open()
  const link = await saved(app, browser)
  await app.ctx.syncRuns.queue({ linkId: link.id, linkRevision: 1, origin: 'manual', whole: true })
  const page = await browser.get(`/sync/settings?link=${link.id}`)
  const kiosk = optionsOf(page, 'store_id')[1]?.value ?? ''

  const answer = await browser.post('/sync/settings', {
    ...filled(page),
    store_id: kiosk,
    seen_store: kiosk,
  })

  expect(page.text).toContain('Новые настройки подействуют со следующего запуска')
  expect(answer.status).toBe(422)
  expect(answer.dom.querySelector('#store_id-error')?.text).toContain('Дождитесь окончания')
  expect((await app.ctx.syncLinks.get(link.id))?.storeId).toBe(link.storeId)
})

test('pictures come with the form, are named on the page, and can be taken away', async () => {
  const { app, browser } = await open()
  const page = await browser.get('/sync/settings')
  const { id } = rowOf(page, 'Букеты')
  const good = new File([await painted(600, 600).png().toBuffer()], 'vitrina.png')
  const small = new File([await painted(90, 90).png().toBuffer()], 'small.png')

  const refused = await sendFiles(browser, filled(page), { photo: good, [`photo[${id}]`]: small })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('Фото слишком маленькое')
  const empty = new File([], '')
  const unused = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`photo[none-${n}]`, empty]),
  )
  const kept = await sendFiles(browser, filled(page), {
    photo: good,
    ...unused,
    [`photo[${id}]`]: good,
  })
  expect(kept.status).toBe(303)

  const [link] = await app.ctx.syncLinks.list(1)
  expect(link?.settings).toMatchObject({ photoId: 1, photos: { [id]: 1 } })
  const again = await browser.get('/sync/settings')
  expect(again.text).toContain('Сейчас загружено: vitrina.png.')
  await browser.post('/sync/settings', {
    ...filled(again),
    photo_off: 'on',
    [`photo_off[${id}]`]: 'on',
  })
  const bare = (await app.ctx.syncLinks.list(1))[0]?.settings
  expect([bare?.photoId, bare?.photos]).toEqual([undefined, {}])
})

test('where VK lists no communities one is typed, and looked at before it is saved', async () => {
  const { app, browser, vk } = await open()
  vk.refuse('groups.get', { code: 7 })
  const page = await browser.get('/sync/settings')
  expect(page.text).toContain('ВКонтакте не показывает ваши сообщества')
  expect(page.dom.querySelector('input#group_id')).toBeTruthy()

  const sent = await browser.post('/sync/settings', {
    ...formOf(page, '/sync/settings'),
    group_id: 'https://vk.com/flowers_doma',
  })
  const lists = await browser.get(sent.location)

  expect(lists.dom.querySelector('input#group_id')?.getAttribute('value')).toBe(SHOP)
  expect((await browser.post('/sync/settings', filled(lists))).status).toBe(303)
  expect(await app.ctx.syncLinks.list(1)).toMatchObject([
    { communityId: SHOP, communityName: 'Цветы у дома' },
  ])
  const unknown = await browser.get('/sync/settings?link=new&group_id=nobody_knows_it')
  expect(unknown.status).toBe(200)
  expect(unknown.dom.querySelectorAll('.notice-warn')).toHaveLength(2)
})

test('while a platform is down the page says so, shows the rest and keeps what was saved', async () => {
  const { app, browser, evotor } = await open()
  const link = await saved(app, browser, { price_percent: '10' })
  evotor.fault('/stores', { status: 503, body: '' })

  const page = await browser.get('/sync/settings')

  expect(page.status).toBe(200)
  expect(page.text).toContain('Эвотор временно не отвечает')
  expect(optionsOf(page, 'store_id')).toMatchObject([{ label: 'Цветы у дома', selected: true }])
  expect(page.text).toContain('Группы пока не загрузились')
  const answer = await browser.post('/sync/settings', { ...filled(page), gone: 'delete' })
  expect(answer.status).toBe(303)
  expect((await app.ctx.syncLinks.get(link.id))?.settings).toEqual({
    ...link.settings,
    gone: 'delete',
  })
})

test('without the right to goods the page tells how it is asked for, and offers a file', async () => {
  const { app, browser } = await open({ without: ['right_market', 'market'] })

  const page = await browser.get('/sync')
  expect(page.text).toContain('ВКонтакте пока не даёт приложению право «Товары»')
  expect(page.html).toContain('<code>devsupport@corp.vk.com</code>')
  expect(page.dom.querySelectorAll('main .btn-primary')).toHaveLength(1)
  const settings = await browser.get('/sync/settings')
  const answer = await browser.post('/sync/settings', {
    ...formOf(settings, '/sync/settings'),
    description_tpl: 'Наличие уточняйте.',
  })

  expect(answer.location).toBe('/sync?link=1')
  const [link] = await app.ctx.syncLinks.list(1)
  const overview = await browser.get('/sync')
  const key = link && (await app.ctx.syncLinks.feedKey(link))
  expect(overview.html).toContain(`${app.url}/feeds/${key ?? '?'}.yml`)
  await browser.submit(overview, '/sync/feed/renew')
  expect((await browser.get('/sync')).html).not.toContain(key)
})

test('nobody has both platforms read without end', async () => {
  const { browser, evotor } = await open()
  for (let n = 0; n < SETTINGS_FORMS.most; n += 1)
    expect((await browser.get('/sync/settings')).status).toBe(200)
  const asked = evotor.asked.length

  const page = await browser.get('/sync/settings')

  expect(page.status).toBe(429)
  expect(evotor.asked).toHaveLength(asked)
})

test('a pair is removed by its owner alone', async () => {
  const { app, browser } = await open()
  const link = await saved(app, browser)
  const page = await browser.get('/sync/settings')
  const stranger = app.newBrowser()
  await stranger.register({ email: 'oleg@example.ru' })
  const theirs = csrfOf(await stranger.get('/account'))

  const refused = await stranger.post('/sync/settings/delete', {
    _csrf: theirs,
    link: String(link.id),
  })
  expect(refused.status).toBe(404)
  expect((await stranger.get(`/sync?link=${link.id}`)).status).toBe(404)
  await browser.submit(page, '/sync/settings/delete')

  expect(await app.ctx.syncLinks.list(1)).toEqual([])
  expect((await browser.get('/sync')).text).toContain('остались как есть')
})

const PRODUCT = {
  id: 'p1',
  name: 'Роза',
  service: false,
  unit: 'шт',
  sellable: true,
  description: '',
  choices: {},
}

/** Sends the form as a browser does that has files in it. */
async function sendFiles(
  browser: Browser,
  fields: Record<string, string>,
  files: Record<string, File>,
) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields))
    if (name && !(name in files)) form.append(name, value)
  for (const [name, file] of Object.entries(files)) form.append(name, file, file.name)
  const body = new Response(form)
  const answer = await fetch(`${browser.base}/sync/settings`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': body.headers.get('content-type') ?? '',
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    },
    body: await body.arrayBuffer(),
  })
  return { status: answer.status, text: await answer.text() }
}
