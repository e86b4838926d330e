import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { type Browser, formOf, type Page } from '../../support/browser.ts'
import { startEvotor, startVk } from '../../support/simulators.ts'

const FORM = '/sync/settings'

async function open() {
  const [vk, evotor] = [await startVk(), await startEvotor()]
  vk.perSecond = 1000
  const app = await startApp({ vk, evotor, env: { VK_PER_SECOND: '1000' } })
  const browser = app.newBrowser()
  await browser.register()
  await browser.connect('evotor')
  await browser.connect('vk')
  return { app, browser, vk, evotor }
}

const valueOf = (page: Page, id: string) =>
  page.dom.querySelector(`[id="${id}"]`)?.getAttribute('value')
const chosenIn = (page: Page, id: string) =>
  page.dom.querySelector(`[id="${id}"] option[selected]`)?.getAttribute('value')
const filled = (page: Page): Record<string, string> => ({
  ...formOf(page, FORM),
  description_tpl: page.dom.querySelector('#description_tpl')?.text ?? '',
})
const category = (page: Page) =>
  page.dom.querySelectorAll('#category_id option').at(-1)?.getAttribute('value') ?? ''

/** Sent as the page sends it. */
async function kept(browser: Browser, fields: Record<string, string>): Promise<Page> {
  const { headers, location } = await sent(browser, fields)
  return headers ? await browser.post(FORM, fields) : ({ location } as Page)
}

/** Very many fields fit a multipart form only. */
async function sent(browser: Browser, fields: Record<string, string>) {
  if (Object.keys(fields).length < 90) return { headers: true, location: '' }
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
  const headers = { cookie, connection: 'close' }
  const answer = await fetch(browser.base + FORM, {
    ...{ method: 'POST', body, headers, redirect: 'manual' },
  })
  return { headers: false, location: answer.headers.get('location') ?? String(answer.status) }
}

test('what was typed is there after another store was chosen, and is saved', async () => {
  const { app, browser } = await open()
  const page = await browser.get(FORM)
  const kiosk = page.dom.querySelectorAll('#store_id option').at(1)?.getAttribute('value') ?? ''
  const typed = {
    ...filled(page),
    category_id: category(page),
    price_percent: '12,5',
    description_tpl: 'Свой шаблон для {название}',
    every: '0',
    gone: 'delete',
  }
  delete (typed as Partial<Record<string, string>>).cut_names

  const lists = await browser.get((await kept(browser, { ...typed, store_id: kiosk })).location)

  expect(valueOf(lists, 'price_percent')).toBe('12,5')
  expect(chosenIn(lists, 'every')).toBe('0')
  expect(chosenIn(lists, 'category_id')).toBe(typed.category_id)
  expect(lists.dom.querySelector('#description_tpl')?.text).toContain('Свой шаблон')
  expect(lists.dom.querySelector('[name=cut_names]')?.hasAttribute('checked')).toBe(false)
  const answer = await kept(browser, filled(lists))
  expect(answer.location).toContain('/sync/preview')
  expect((await app.ctx.syncLinks.list(1))[0]).toMatchObject({
    storeId: kiosk,
    settings: { price: { percent: 12.5 }, everyMinutes: 0, gone: 'delete', cutNames: false },
  })
})

test('the first button of the form saves it', async () => {
  const { browser } = await open()
  const page = await browser.get(FORM)

  const first = page.dom.querySelector(`form[action="${FORM}"] [type=submit]`)

  expect(first?.text).toBe('Сохранить')
  expect(first?.getAttribute('name')).toBeUndefined()
})

test.each([
  ['a made-up category', { category_id: '999999' }, 'category_id'],
  ['a made-up store', { store_id: 'nowhere', seen_store: 'nowhere' }, 'store_id'],
  ['a made-up community', { group_id: '5', seen_group: '5' }, 'group_id'],
  ['a pace nobody offers', { every: '7' }, 'every'],
  ['a farewell nobody offers', { gone: 'burn' }, 'gone'],
  ['a rounding nobody offers', { price_rounding: '3' }, 'price_rounding'],
  ['too many per cent', { price_percent: '1001' }, 'price_percent'],
  ['a placeholder nobody knows', { description_tpl: 'Товар {цвет}' }, 'description_tpl'],
  ['half a placeholder', { description_tpl: 'Товар {название' }, 'description_tpl'],
  ['a template too short', { description_tpl: 'ок' }, 'description_tpl'],
  ['a template too long', { description_tpl: 'ц'.repeat(2001) }, 'description_tpl'],
  ['a photo of nobody', { photo_id: '77' }, 'photo'],
])('%s is refused, and the rest is kept', async (_name, wrong, field) => {
  const { app, browser } = await open()
  const page = await browser.get(FORM)
  const form = { ...filled(page), category_id: category(page), price_plus: '7', ...wrong }

  const answer = await kept(browser, form)

  expect(answer.status).toBe(422)
  expect(answer.html).toContain(`href="#${field}"`)
  expect(valueOf(answer, 'price_plus')).toBe('7')
  expect(await app.ctx.syncLinks.list(1)).toEqual([])
})

test('an album and a category of a group have to be offered; groups that are none are nobody’s', async () => {
  const { app, browser } = await open()
  const page = await browser.get(FORM)
  const form = { ...filled(page), category_id: category(page) }
  const [map = ''] = Object.keys(form).filter((name) => name.startsWith('map['))

  const album = await kept(browser, { ...form, [map]: '987654' })
  const own = await kept(browser, { ...form, [map.replace('map', 'cat')]: '1' })
  const strange = await kept(browser, { ...form, 'map[nobody]': 'skip' })

  expect([album.status, own.status, strange.status]).toEqual([422, 422, 303])
  expect((await app.ctx.syncLinks.list(1))[0]?.settings.groups).not.toHaveProperty('nobody')
})

test('a thousand groups and a thousand albums make a page of a sensible size, and what is chosen on one part is saved from another', async () => {
  const { app, browser, evotor, vk } = await open()
  const till = evotor.catalogueOf(evotor.users[0]?.stores[0]?.id ?? '')
  for (let n = 0; n < 1_000; n += 1) {
    till.putGroup({ name: `Группа ${String(n).padStart(4, '0')}` })
    vk.handAlbum(`Подборка ${n}`)
  }
  const page = await browser.get(FORM)

  expect(page.html.length).toBeLessThan(1_500_000)
  expect(page.text).toContain('Часть 1 из')
  const form = { ...filled(page), category_id: category(page) }
  const [first = '', second = ''] = Object.keys(form).filter((name) => name.startsWith('map['))
  const next = { ...form, [first]: 'Подборка 17', [second]: 'Не переносить', page: '2' }
  const more = await browser.get((await kept(browser, next)).location)
  expect(more.text).toContain('Часть 2 из')
  const answer = await kept(browser, { ...filled(more), category_id: category(page) })

  expect(answer.location).toContain('/sync/preview')
  const groups = (await app.ctx.syncLinks.list(1))[0]?.settings.groups ?? {}
  expect(groups[first.slice(4, -1)]).toEqual({ album: expect.stringMatching(/^\d+$/) as string })
  expect(groups[second.slice(4, -1)]).toBe('skip')
})

test('Enter in the field that finds a group finds it, and what was typed is there', async () => {
  const { app, browser, evotor } = await open()
  const till = evotor.catalogueOf(evotor.users[0]?.stores[0]?.id ?? '')
  for (let n = 0; n < 300; n += 1) till.putGroup({ name: `Полка ${n}` })
  const page = await browser.get(FORM)
  const form = { ...filled(page), category_id: category(page), price_percent: '9', find: 'лка 217' }

  const found = await browser.get((await kept(browser, form)).location)

  expect(found.text).toContain('Нашлось групп: 1')
  expect(valueOf(found, 'price_percent')).toBe('9')
  expect(await app.ctx.syncLinks.list(1)).toEqual([])
  const save = { ...filled(found), category_id: category(page), find: 'другая', save: '1' }
  expect((await kept(browser, save)).location).toContain('/sync/preview')
  expect((await app.ctx.syncLinks.list(1))[0]?.settings.price.percent).toBe(9)
})

test('the rules of five thousand groups are saved whole, in one form', async () => {
  const { app, browser, evotor } = await open()
  const till = evotor.catalogueOf(evotor.users[0]?.stores[0]?.id ?? '')
  const ids = Array.from({ length: 5_000 }, (_, n) => till.putGroup({ name: `Группа ${n}` }).id)
  const page = await browser.get(FORM)
  const flowers = category(page)
  const rules = ids.flatMap((id, n): [string, string][] => [
    [`map[${id}]`, n % 2 ? 'skip' : 'create'],
    [`cat[${id}]`, n % 3 ? '' : flowers],
    [`pct[${id}]`, String(n % 50)],
    [`plus[${id}]`, ''],
    [`round[${id}]`, ''],
  ])
  const form = { ...filled(page), category_id: flowers, ...Object.fromEntries(rules) }

  await pause(100) // reading so large a page takes longer than a line is kept open
  const { location } = await kept(browser, form)

  expect(location).toContain('/sync/preview')
  const { groups, prices, categories } = (await app.ctx.syncLinks.list(1))[0]?.settings ?? {}
  expect(ids.filter((id) => groups?.[id] === 'skip')).toHaveLength(2_500)
  expect(ids.filter((id) => prices?.[id]?.percent)).toHaveLength(4_900)
  expect(ids.filter((id) => categories?.[id] !== undefined)).toHaveLength(1_667)
  const again = await browser.get(`${FORM}?link=1`)
  expect(again.html.length).toBeLessThan(1_500_000)
})
