import { describe, expect, test } from 'vitest'
import type { TestApp } from '../../support/app.ts'
import { type Page, readable } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { VK } from '../../support/platforms.ts'
import { openScene } from '../../support/stage.ts'

describe.each(ENGINES)('The list of people on %s', (engine) => {
  test('is fifty a page, the newest first, none twice and none left out', async () => {
    const { app, browser } = await openScene(VK, { engine })
    await addMany(app, 120)

    const pages = [await browser.get('/admin/users')]
    await add(app, 'newcomer@example.ru', 'Новенький')
    for (let next = linkTo(pages[0], 'Дальше'); next; next = linkTo(pages.at(-1), 'Дальше'))
      pages.push(await browser.get(next))

    expect(pages.map((page) => emails(page).length)).toEqual([50, 50, 21])
    expect(new Set(pages.flatMap(emails)).size).toBe(121)
    expect(emails(pages[0])[0]).toBe('owner119@example.ru')
    expect(linkTo(pages[2], 'К началу')).toBe('/admin/users')
  })

  test.each([
    ['петр', ['anna.petrova@shop.ru', 'petr@example.ru']],
    ['ПЕТРОВА анна', ['anna.petrova@shop.ru']],
    ['анна  петрова', ['anna.petrova@shop.ru']],
    ['anna.p', ['anna.petrova@shop.ru']],
    ['Petrova', ['anna.petrova@shop.ru']],
    ['shop.ru', ['anna.petrova@shop.ru']],
    ['@shop', ['anna.petrova@shop.ru']],
    ['королев', ['semen@example.ru']],
    ['Королёва-Иванова', ['semen@example.ru']],
    ['ива', ['semen@example.ru']],
    ['етров', []],
    ['%', []],
    ['_nna', []],
  ])('finds %s by beginnings of words', async (q, found) => {
    const { app, browser } = await openScene(VK, { engine })
    await add(app, 'anna.petrova@shop.ru', 'Анна Петрова')
    await add(app, 'petr@example.ru', 'Пётр')
    await add(app, 'semen@example.ru', 'Семён Королёва-Иванова')

    const page = await browser.get(`/admin/users?q=${encodeURIComponent(q)}`)

    expect(emails(page).sort()).toEqual(found.toSorted())
    expect(page.dom.querySelector('#q')?.getAttribute('value')).toBe(q.trim())
    if (found.length === 0) expect(page.text).toContain('Никого не нашлось.')
  })

  test('a search goes on from page to page and keeps what was typed', async () => {
    const { app, browser } = await openScene(VK, { engine })
    await addMany(app, 70)
    await add(app, 'other@example.ru', 'Анна')

    const pages = [await browser.get('/admin/users?q=owner')]
    const next = linkTo(pages[0], 'Дальше') ?? ''
    pages.push(await browser.get(next))

    expect(next).toMatch(/^\/admin\/users\?q=owner&after=\d+$/)
    expect(pages.map((page) => emails(page).length)).toEqual([50, 20])
    expect(new Set(pages.flatMap(emails)).size).toBe(70)
    expect(linkTo(pages[1], 'Дальше')).toBeUndefined()
    expect(linkTo(pages[1], 'К началу')).toBe('/admin/users?q=owner')
  })

  test('who changes their name or address is found by the new one alone', async () => {
    const { app, browser } = await openScene(VK, { engine })
    const id = await add(app, 'anna@example.ru', 'Анна')
    await app.ctx.users.update(id, { email: 'vera@example.ru', name: 'Вера' })

    expect(emails(await browser.get('/admin/users?q=вера'))).toEqual(['vera@example.ru'])
    expect(emails(await browser.get('/admin/users?q=anna'))).toEqual([])
  })
})

test('a link to a new password leaves the administrator where they searched', async () => {
  const { app, browser } = await openScene(VK)
  await add(app, 'anna@example.ru', 'Анна')
  await add(app, 'vera@example.ru', 'Вера')

  const page = await browser.get('/admin/users?q=anna')
  const made = await browser.submit(page, '/admin/users/2/reset-link?q=anna')

  expect(made.text).toContain('Ссылка на новый пароль: Анна')
  expect(emails(made)).toEqual(['anna@example.ru'])
})

test.each(['q=%00', 'q=a&q=b', 'after=-1', 'after=99999999999', 'q=а&after=77', 'q=%F0%9F%90%88'])(
  'does not stumble over %s',
  async (query) => {
    const { browser } = await openScene(VK, { engine: 'postgres' })

    expect((await browser.get(`/admin/users?${query}`)).status).toBe(200)
  },
)

test('services are found by their name or key', async () => {
  const { browser } = await openScene(VK)

  const found = await browser.get('/admin/providers?q=%D0%9A%D0%9E%D0%9D%D0%A2%D0%90%D0%9A%D0%A2')
  const none = await browser.get('/admin/providers?q=nonsense')

  expect(found.dom.querySelectorAll('tbody tr')).toHaveLength(1)
  expect(found.text).toContain('ВКонтакте')
  expect(none.text).toContain('Такого сервиса нет.')
})

async function add({ ctx }: TestApp, email: string, name: string): Promise<number> {
  const user = await ctx.users.add({ email, name, passwordHash: null })
  return user?.id ?? 0
}

async function addMany(app: TestApp, count: number) {
  for (let index = 0; index < count; index += 1)
    await add(app, `owner${index}@example.ru`, `Человек ${index}`)
}

const emails = (page: Page | undefined): string[] =>
  page?.dom
    .querySelectorAll('tbody td[data-label=Почта]')
    .map((cell) => readable(cell.outerHTML)) ?? []

function linkTo(page: Page | undefined, label: string): string | undefined {
  const link = page?.dom.querySelectorAll('main a').find(({ text }) => text === label)
  return link?.getAttribute('href')?.replaceAll('&amp;', '&')
}
