import { describe, expect, test } from 'vitest'
import { apiClient, apiToken } from '../../support/api.ts'
import { type Browser, csrfOf, PERSON } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { VK } from '../../support/platforms.ts'
import { openScene } from '../../support/stage.ts'
import { tick } from '../../support/tick.ts'
import { checksDone } from '../../support/checks.ts'

const OLEG = { name: 'Олег Лавкин', email: 'oleg@example.ru', password: 'лавка-утро-2490' }
const PAGE = '/admin/users/2'

describe.each(ENGINES)('A person’s page for administrators on %s', (engine) => {
  test('makes somebody an administrator at once, and takes it back', async () => {
    const { browser, oleg } = await open(engine)
    expect((await oleg.get('/admin/users')).status).toBe(403)

    const raised = await act(browser, 'role')
    expect(raised.text).toContain('Теперь это администратор')
    expect((await oleg.get('/admin/users')).status).toBe(200)

    const lowered = await act(browser, 'role')
    expect(lowered.text).toContain('Прав администратора нет')
    expect((await oleg.get('/admin/users')).status).toBe(403)
    const rows = await journal(browser)
    expect(rows.filter((row) => row.includes('Смена роли'))).toHaveLength(2)
    expect(rows[0]).toContain(PERSON.email)
    expect(rows[0]).toContain(OLEG.email)
  })

  test('the only administrator keeps the rights, and is told what to do', async () => {
    const { browser } = await open(engine)

    const page = await act(browser, 'role', '/admin/users/1')

    expect(page.text).toContain('Ничего не изменилось')
    expect(page.text).toContain('Сначала дайте права администратора')
    expect((await browser.get('/admin/users')).status).toBe(200)
  })

  test('who has lost the rights meanwhile takes nobody’s', async () => {
    const { app, browser } = await open(engine)
    const page = await browser.get(PAGE)
    await app.ctx.users.setRole(2, 'admin')
    await app.ctx.users.setRole(1, 'owner')

    for (const what of ['role', 'block', 'sign-out'])
      expect((await browser.submit(page, `${PAGE}/${what}`)).status).toBe(403)
    expect((await app.ctx.users.find(2))?.role).toBe('admin')
  })

  test('a blocked person is out everywhere at once, is told why, and comes back', async () => {
    const { app, browser, oleg, stage } = await open(engine)
    await oleg.connect(stage.key)
    const token = await apiToken(app, ['read'], 2)
    const calls = apiClient(app, token)
    expect((await calls('GET', '/connections')).status).toBe(200)
    const before = await checksDone(app.ctx)

    const blocked = await act(browser, 'block', PAGE, { reason: 'Не оплачен счёт' })

    expect(blocked.text).toContain('Аккаунт заблокирован')
    expect(blocked.text).toContain('Не оплачен счёт')
    expect((await oleg.get('/connections')).location).toContain('/login')
    const refused = await calls('GET', '/connections')
    expect([refused.status, refused.body.code]).toEqual([403, 'account_blocked'])
    await tick(app)
    expect(await checksDone(app.ctx)).toBe(before)
    const kept = await oleg.signIn(OLEG)
    expect(kept.status).toBe(403)
    expect(kept.text).toContain('Ваш аккаунт заблокирован')
    expect(kept.text).toContain('Не оплачен счёт')
    expect(kept.text).toContain(PERSON.email)
    const guess = await app.newBrowser().signIn({ ...OLEG, password: 'мимо' })
    expect(guess.text).not.toContain('заблокирован')
    expect((await browser.get('/admin/users')).text).toContain('заблокирован')

    expect((await act(browser, 'unblock')).text).toContain('Аккаунт разблокирован')
    expect((await oleg.signIn(OLEG)).location).toBe('/connections')
    expect((await calls('GET', '/connections')).status).toBe(200)
    await tick(app)
    expect(await checksDone(app.ctx)).toBeGreaterThan(before)
    const rows = (await journal(browser)).join('\n')
    for (const words of ['Аккаунт заблокирован', 'Аккаунт разблокирован', 'Вход заблокированного'])
      expect(rows).toContain(words)
  })

  test('a session that was beginning at that moment opens nothing', async () => {
    const { app, browser, oleg } = await open(engine)
    const rows = await app.ctx.db('sessions').where({ user_id: 2 })
    await act(browser, 'block')
    for (const row of rows) await app.ctx.db('sessions').insert(row)

    expect((await oleg.get('/connections')).location).toContain('/login')
  })

  test('signs out everywhere: sessions, programs and links end, the password stays', async () => {
    const { app, browser, oleg } = await open(engine)
    const token = await apiToken(app, ['read'], 2)
    const reset = await app.ctx.resets.open(2, 60_000)

    const page = await act(browser, 'sign-out')

    expect(page.text).toContain('Удалено для программ: 1 токен')
    expect((await oleg.get('/connections')).location).toContain('/login')
    expect((await apiClient(app, token)('GET', '/connections')).status).toBe(401)
    expect(await app.ctx.resets.isAlive(reset)).toBe(false)
    expect((await oleg.signIn(OLEG)).location).toBe('/connections')
    expect((await journal(browser)).join()).toContain('Выход на всех устройствах')
    const own = await act(browser, 'sign-out', '/admin/users/1')
    expect(own.text).toContain('Остальные сеансы завершены')
  })

  test('deletes with all that is theirs once the address is typed', async () => {
    const { app, browser, oleg, stage } = await open(engine)
    await oleg.connect(stage.key)
    const asked = await browser.get(`${PAGE}/delete`)

    const wrong = await browser.submit(asked, `${PAGE}/delete`, { email: PERSON.email })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Это не почта того')
    expect(await app.ctx.users.find(2)).toBeDefined()

    const done = await browser.submit(asked, `${PAGE}/delete`, { email: ' OLEG@example.ru' })
    expect(done.location).toBe('/admin/users')
    expect((await browser.get('/admin/users')).text).toContain('Аккаунт удалён')
    expect(await app.ctx.users.find(2)).toBeUndefined()
    expect(await app.ctx.db('connections').where({ user_id: 2 })).toEqual([])
    expect((await oleg.get('/connections')).location).toContain('/login')
    expect((await journal(browser))[0]).toMatch(/marina@example\.ru.*удалённый аккаунт 2/)
  })
})

test('nobody but administrators gets there, and no form without its token', async () => {
  const { app, browser, oleg } = await open('sqlite')
  const token = csrfOf(await oleg.get('/account'))
  for (const what of ['role', 'block', 'unblock', 'sign-out', 'delete']) {
    const fields = { role: 'admin', email: PERSON.email }
    expect((await browser.post(`${PAGE}/${what}`, fields)).status).toBe(403)
    const foreign = await oleg.post(`/admin/users/1/${what}`, { ...fields, _csrf: token })
    expect([what, foreign.status]).toEqual([what, 403])
    expect((await app.newBrowser().post(`${PAGE}/${what}`, fields)).status).not.toBe(200)
  }
  for (const path of ['', '/delete']) expect((await oleg.get(`${PAGE}${path}`)).status).toBe(403)
  expect(await app.ctx.users.find(1)).toMatchObject({ role: 'admin', blocked: undefined })
  expect(await app.ctx.users.find(2)).toMatchObject({ role: 'owner', blocked: undefined })
})

test.each(['0', '99', '-1', '1x', '99999999999', '%00'])(
  'there is no page of a person %s',
  async (id) => {
    const { browser } = await open('sqlite')
    const _csrf = csrfOf(await browser.get(PAGE))

    expect((await browser.get(`/admin/users/${id}`)).status).toBeGreaterThanOrEqual(400)
    for (const what of ['role', 'block', 'unblock', 'sign-out', 'delete'])
      expect(
        (await browser.post(`/admin/users/${id}/${what}`, { _csrf, role: 'admin' })).status,
      ).toBeGreaterThanOrEqual(400)
  },
)

test('nobody keeps themselves out, and who leaves goes by their own page', async () => {
  const { app, browser } = await open('sqlite')
  const _csrf = csrfOf(await browser.get('/admin/users/1'))

  expect((await browser.post('/admin/users/1/block', { _csrf })).status).toBe(404)
  expect((await browser.get('/admin/users/1/delete')).location).toBe('/account/delete')
  const gone = await browser.post('/admin/users/1/delete', { _csrf, email: PERSON.email })
  expect(gone.location).toBe('/account/delete')
  expect(await app.ctx.users.find(1)).toMatchObject({ blocked: undefined })
})

test.each([
  ['too long', 'я'.repeat(301), 422],
  ['with a line break', 'а\nб', 422],
  ['with signs of HTML', '<b>"нет"</b>', 303],
])('a reason %s', async (_name, reason, status) => {
  const { app, browser } = await open('sqlite')

  const answer = await browser.submit(await browser.get(PAGE), `${PAGE}/block`, { reason })

  expect(answer.status).toBe(status)
  if (status === 422) expect(answer.dom.querySelector('#reason-error')?.text).toMatch(/[а-я]{3}/)
  expect((await app.ctx.users.find(2))?.blocked?.reason).toBe(status === 303 ? reason : undefined)
  if (status === 303) expect((await browser.get(PAGE)).html).not.toContain('<b>"')
})

test('a blocked person does not come in by a platform either', async () => {
  const { app, browser, oleg, stage } = await open('sqlite')
  await oleg.get(await oleg.consent(`/account/sign-in/${stage.key}/link`))
  await act(browser, 'block')

  const visitor = app.newBrowser()
  const back = await visitor.get(await visitor.consent(`/login/${stage.key}`))

  expect(back.location).toBe('/login?error=account_blocked')
  expect((await visitor.get(back.location)).text).toContain('Ваш аккаунт заблокирован')
})

async function open(engine: 'sqlite' | 'postgres') {
  const scene = await openScene(VK, { engine })
  const oleg = scene.app.newBrowser()
  await oleg.register(OLEG)
  return { ...scene, oleg }
}

/** Presses a button of a person's page, and follows. */
async function act(
  browser: Browser,
  what: string,
  path = PAGE,
  fields: Record<string, string> = {},
) {
  const done = await browser.submit(await browser.get(path), `${path}/${what}`, fields)
  return done.location ? await browser.get(done.location) : done
}

const journal = async (browser: Browser): Promise<string[]> =>
  (await browser.get('/admin/audit')).dom
    .querySelectorAll('tbody tr')
    .map(({ text }) => text.replace(/\s+/g, ' '))
