import { describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../../support/app.ts'
import { csrfOf, formOf, PERSON } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'

describe.each(ENGINES)('Somebody nobody knows, on %s', (engine) => {
  test('who only looks at the forms leaves no row, and what they send is taken', async () => {
    const app = await startApp({ engine })
    const stranger = app.newBrowser()

    for (const path of ['/login', '/register', '/forgot', '/reset?token=x', '/login'])
      expect((await stranger.get(path)).headers['set-cookie']).toBeDefined()

    expect(await rows(app)).toEqual([])
    expect((await stranger.register()).location).toBe('/connections')
    expect(await rows(app)).toHaveLength(1)
  })

  test('a form is good in the browser it was given to, and in no other', async () => {
    const app = await startApp({ engine })
    const [stranger, other] = [app.newBrowser(), app.newBrowser()]
    const form = formOf(await stranger.get('/login'), '/login')
    await other.get('/login')

    const foreign = await other.post('/login', { ...form, email: PERSON.email, password: 'x' })
    const bare = await app.newBrowser().post('/login', form)

    expect([foreign.status, bare.status]).toEqual([403, 403])
    expect((await stranger.post('/login', { ...form, email: 'a@b.ru' })).status).toBe(422)
  })

  test('an older tab still counts after another has been opened', async () => {
    const app = await startApp({ engine })
    const stranger = app.newBrowser()
    const first = await stranger.get('/register')
    await stranger.get('/login')

    const { location } = await stranger.submit(first, '/register', { ...PERSON, consent: 'on' })

    expect(location).toBe('/connections')
  })

  test('signing in gives another cookie; that of before is nobody, and its form is refused', async () => {
    const app = await startApp({ engine })
    const browser = app.newBrowser()
    const page = await browser.get('/register')
    const planted = browser.cookies.get('evosync') ?? ''
    await browser.submit(page, '/register', { ...PERSON, consent: 'on' })

    expect(browser.cookies.get('evosync')).not.toBe(planted)
    expect((await browser.post('/vk/disconnect', { _csrf: csrfOf(page) })).status).toBe(403)
    const thief = app.newBrowser()
    thief.cookies.set('evosync', planted)
    expect((await thief.get('/connections')).location).toContain('/login')
  })

  test('whoever has signed out is a stranger anew: neither the cookie nor the form of before counts', async () => {
    const app = await startApp({ engine })
    const browser = app.newBrowser()
    await browser.register()
    const page = await browser.get('/account')
    const before = browser.cookies.get('evosync')
    await browser.submit(page, '/logout')

    const again = await browser.post('/login', { ...PERSON, _csrf: csrfOf(page) })
    const login = await browser.get('/login')

    expect(again.status).toBe(403)
    expect(login.status).toBe(200)
    expect(browser.cookies.get('evosync')).not.toBe(before)
  })

  test('what is to be said to them is kept, and said once', async () => {
    const app = await startApp({ engine })
    const browser = app.newBrowser()
    await browser.register()
    const user = await app.ctx.users.find(1)
    if (!user) throw new Error('not registered')
    const token = await app.ctx.resets.open(user.id, 60_000)
    const stranger = app.newBrowser()
    const form = await stranger.get(`/reset?token=${token}`)
    await stranger.submit(form, '/reset', { password: 'совсем другой пароль' })

    expect((await stranger.get('/login')).text).toContain('Пароль изменён')
    expect((await stranger.get('/login')).text).not.toContain('Пароль изменён')
  })
})

const rows = ({ ctx }: TestApp) => ctx.db('sessions').select('user_id')
