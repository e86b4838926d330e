import { describe, expect, test } from 'vitest'
import type { TestApp } from '../../support/app.ts'
import { type Page, PERSON, readable } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { VK } from '../../support/platforms.ts'
import { openConnectedScene, openScene } from '../../support/stage.ts'

const ADMIN = PERSON.email
const OWNER = 'oleg@example.ru'

describe.each(ENGINES)('The journal of administrators on %s', (engine) => {
  test('says when, who, what, about what, from where and by which request', async () => {
    const { app, browser } = await openConnectedScene(VK, { engine })

    const [latest] = rowsOf(await browser.get('/admin/audit'))

    const row = await app.ctx.db<{ request_id: string }>('events').orderBy('id', 'desc').first()
    expect(latest).toEqual([
      expect.stringMatching(/^\d\d\.\d\d\.\d{4}, \d\d:\d\d$/),
      ADMIN,
      'Подключение',
      'ВКонтакте',
      '127.0.0.1',
      row?.request_id,
    ])
  })

  test('shows one person only when asked, however the address is written', async () => {
    const { app, browser } = await openScene(VK, { engine })
    await addOwner(app)

    const page = await browser.get('/admin/audit?email=%20OLEG%40Example.ru')

    expect(new Set(column(page, 1))).toEqual(new Set([OWNER]))
    expect(page.dom.querySelector('#email')?.getAttribute('value')).toBe('OLEG@Example.ru')
  })

  test('shows one kind of event only when asked, and both together', async () => {
    const { app, browser } = await openScene(VK, { engine })
    const owner = await addOwner(app)
    await owner.connect('vk')
    await browser.connect('vk')

    const signedIn = await browser.get('/admin/audit?event=signed_in')
    const both = await browser.get(`/admin/audit?event=connected&email=${OWNER}`)

    expect(column(signedIn, 1)).toEqual([OWNER, ADMIN])
    expect(new Set(column(signedIn, 2))).toEqual(new Set(['Вход']))
    expect(rowsOf(both).map((row) => row.slice(1, 4))).toEqual([
      [OWNER, 'Подключение', 'ВКонтакте'],
    ])
    expect(both.dom.querySelector('#event [selected]')?.getAttribute('value')).toBe('connected')
  })

  test('comes in pages of fifty, newest first, without a gap and without a repetition', async () => {
    const { app, browser } = await openScene(VK, { engine })
    await app.ctx.db('events').delete()
    for (let n = 1; n <= 120; n += 1)
      await app.ctx.events.add({ event: 'refreshed', userId: 1, provider: 'vk', address: `n${n}` })

    const pages = [await browser.get('/admin/audit?event=refreshed')]
    await app.ctx.events.add({ event: 'refreshed', userId: 1, provider: 'vk', address: 'n121' })
    for (
      let link = linkTo(pages[0], 'Более ранние');
      link;
      link = linkTo(pages.at(-1), 'Более ранние')
    )
      pages.push(await browser.get(link))

    expect(pages.map((page) => rowsOf(page).length)).toEqual([50, 50, 20])
    const seen = pages.flatMap((page) => column(page, 4))
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => `n${120 - index}`))
    expect(linkTo(pages[0], 'К последним')).toBeUndefined()
    expect(linkTo(pages[2], 'К последним')).toBe('/admin/audit?event=refreshed')
  })

  test('names who made a link for whom, and whoever is gone by their number', async () => {
    const { app, browser } = await openScene(VK, { engine })
    await addOwner(app)
    await browser.submit(await browser.get('/admin/users'), '/admin/users/2/reset-link')
    const made = rowsOf(await browser.get('/admin/audit'))[0]
    await app.newBrowser().signIn({ email: 'nobody@example.ru' })
    await app.ctx.events.add({ event: 'account_deleted', details: { user: 77 } })

    expect(made?.slice(1, 4)).toEqual([ADMIN, 'Ссылка на новый пароль', OWNER])
    expect(column(await browser.get('/admin/audit?event=account_deleted'), 1)).toEqual([
      'удалённый аккаунт 77',
    ])
    expect(column(await browser.get('/admin/audit?event=sign_in_failed'), 1)).toEqual([
      'неизвестный',
    ])
  })
})

describe('The journal of administrators', () => {
  test('shows nothing of an entry but what it has a column for', async () => {
    const { app, browser } = await openScene(VK)
    const secret = 'details-canary-77aa'
    await app.ctx.events.add({
      event: 'reset_link_made',
      userId: 1,
      details: { link: secret, by: secret, user: secret },
    })
    await app.ctx.db('events').insert({ at: new Date(), event: 'connected', details: `{${secret}` })

    const page = await browser.get('/admin/audit')

    expect(page.status).toBe(200)
    expect(page.html).not.toContain(secret)
    expect(rowsOf(page)[0]?.slice(1, 3)).toEqual(['неизвестный', 'Подключение'])
  })

  test.each([
    'before=abc',
    'before=-1',
    'before=99999999999999999999',
    'before=1&before=2',
    'event=nonsense',
    'event=toString',
    'event=__proto__',
    'email=',
    'email=%27%20or%201=1%20--',
    'email=%00a%00',
    'email=a&email=b',
  ])('does not stumble over %s', async (query) => {
    const { browser } = await openScene(VK, { engine: 'postgres' })

    expect((await browser.get(`/admin/audit?${query}`)).status).toBe(200)
  })

  test('says so when there is nobody with that address, and nothing of that kind', async () => {
    const { browser } = await openScene(VK)

    const stranger = await browser.get('/admin/audit?email=nobody@example.ru')
    const nothing = await browser.get('/admin/audit?event=revoked')

    expect(stranger.text).toContain('Человека с такой почтой нет')
    expect(nothing.text).toContain('Таких записей нет')
  })

  test('what a person typed is shown as text', async () => {
    const { browser } = await openScene(VK)

    const page = await browser.get('/admin/audit?email=%22%3E%3Cscript%3Ealert(1)%3C/script%3E')

    expect(page.html).not.toContain('<script>alert')
  })

  test('is for administrators only', async () => {
    const { app } = await openScene(VK)
    const owner = await addOwner(app)

    expect((await owner.get('/admin/audit')).status).toBe(403)
    expect((await app.newBrowser().get('/admin/audit')).status).toBe(303)
  })
})

describe.each(ENGINES)('«Последние события» on %s', (engine) => {
  test("an owner sees their own events of this platform, and nobody else's", async () => {
    const { app, browser } = await openScene(VK, { engine })
    const owner = await addOwner(app)
    await owner.connect('vk')
    await owner.submit(await owner.get('/vk'), '/vk/disconnect')
    await app.ctx.events.add({ event: 'refreshed', userId: 2, provider: 'evotor' })

    expect(lastEvents(await owner.get('/vk'))).toEqual([
      'Отключение, с адреса 127.0.0.1',
      'Подключение, с адреса 127.0.0.1',
    ])
    expect((await browser.get('/vk')).text).not.toContain('Последние события')
  })

  test('the last ten, and what went by itself is told as that', async () => {
    const { app, browser } = await openConnectedScene(VK, { engine })
    for (let n = 0; n < 12; n += 1)
      await app.ctx.events.add({ event: 'refresh_failed', userId: 1, provider: 'vk' })

    const events = lastEvents(await browser.get('/vk'))

    expect(events).toEqual(Array.from({ length: 10 }, () => 'Доступ не продлён, автоматически'))
  })
})

async function addOwner(app: TestApp) {
  const owner = app.newBrowser()
  await owner.register({ email: OWNER, name: 'Олег' })
  return owner
}

const lastEvents = ({ dom }: Page) =>
  dom.querySelectorAll('[aria-labelledby=journal] dd').map((one) => readable(one.outerHTML))

function rowsOf({ dom }: Page): string[][] {
  return dom
    .querySelectorAll('tbody tr')
    .map((row) => row.querySelectorAll('th, td').map((cell) => readable(cell.outerHTML)))
}

const column = (page: Page, index: number) => rowsOf(page).map((row) => row[index])

function linkTo(page: Page | undefined, label: string): string | undefined {
  const link = page?.dom.querySelectorAll('main a').find(({ text }) => text === label)
  return link?.getAttribute('href')?.replaceAll('&amp;', '&')
}
