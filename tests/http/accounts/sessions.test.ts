import { describe, expect, test } from 'vitest'
import { setPassword } from '../../../app/flows/accounts/reset-password.ts'
import { startApp } from '../../support/app.ts'
import { csrfOf, PERSON } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'

describe.each(ENGINES)('A session on %s', (engine) => {
  test('signing in gives a new id; one planted before is never signed in', async () => {
    const app = await startApp({ engine })
    await app.newBrowser().register()
    const victim = app.newBrowser()
    await victim.get('/login')
    const planted = victim.cookies.get('evosync') ?? ''

    await victim.signIn()

    expect(planted).not.toBe('')
    expect(victim.cookies.get('evosync')).not.toBe(planted)
    const attacker = app.newBrowser()
    attacker.cookies.set('evosync', planted)
    expect((await attacker.get('/connections')).location).toContain('/login')
  })

  test('signing out ends it on the server: the old cookie is dead', async () => {
    const app = await startApp({ engine })
    const browser = app.newBrowser()
    await browser.register()
    const cookie = browser.cookies.get('evosync') ?? ''

    const out = await browser.submit(await browser.get('/connections'), '/logout')

    expect(out.location).toBe('/login')
    const thief = app.newBrowser()
    thief.cookies.set('evosync', cookie)
    expect((await thief.get('/connections')).location).toContain('/login')
  })

  test("a deleted person's session stops at once", async () => {
    const app = await startApp({ engine })
    const browser = app.newBrowser()
    await browser.register()

    await app.ctx.users.removeUnlessNeeded(1)

    expect((await browser.get('/connections')).location).toContain('/login')
    expect(await app.ctx.db('sessions').whereNotNull('user_id').first()).toBeUndefined()
  })

  test('own sessions are listed, one can be ended, and all others at once', async () => {
    const app = await startApp({ engine })
    const [here, phone, office] = [app.newBrowser(), app.newBrowser(), app.newBrowser()]
    await here.register()
    phone.headers['user-agent'] =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
    await phone.signIn()
    await office.signIn()

    const account = await here.get('/account')
    expect(account.text).toContain('Safari, iPhone')
    expect(account.text).toContain('это устройство')
    const form = account.dom
      .querySelectorAll('form')
      .find((one) => one.text.includes('Завершить') && one.text.includes('iPhone'))
    await here.submit(account, form?.getAttribute('action') ?? '')

    expect((await phone.get('/connections')).location).toContain('/login')
    expect((await office.get('/connections')).status).toBe(200)
    await here.submit(await here.get('/account'), '/account/sessions/end')
    expect((await office.get('/connections')).location).toContain('/login')
    expect((await here.get('/connections')).status).toBe(200)
  })

  test("another person's session cannot be ended", async () => {
    const app = await startApp({ engine })
    const [marina, oleg] = [app.newBrowser(), app.newBrowser()]
    await marina.register()
    await oleg.register({ email: 'oleg@example.ru' })
    const row = await app.ctx
      .db<{ id: number; user_id: number }>('sessions')
      .where('user_id', 1)
      .first()
    const _csrf = csrfOf(await oleg.get('/account'))

    const answer = await oleg.post(`/account/sessions/${row?.id}/end`, { _csrf })

    expect(answer.status).toBe(404)
    expect((await marina.get('/connections')).status).toBe(200)
  })

  test('a session whose time is over, or that has gone bad, is nobody', async () => {
    const app = await startApp({ engine })
    const browser = app.newBrowser()
    await browser.register()

    await app.ctx.db('sessions').update({ data: '{broken' })
    expect((await browser.get('/connections')).location).toContain('/login')
    await browser.signIn()
    await app.ctx.db('sessions').update({ expires_at: Date.now() - 1 })
    expect((await browser.get('/connections')).location).toContain('/login')
  })
})

describe('The cookie', () => {
  test('is HttpOnly, Lax, without a domain, and not called connect.sid', async () => {
    const app = await startApp()
    const browser = app.newBrowser()

    const page = await browser.get('/login')

    const cookie = String(page.headers['set-cookie'])
    expect(cookie).toMatch(/^evosync=s%3A[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/)
  })

  test('is Secure and __Host- under https, even behind a proxy that says nothing', async () => {
    const app = await startApp({ env: { BASE_URL: 'https://evosync.example.ru' } })
    const { port } = app.ctx.config
    const browser = app.newBrowser()

    const page = await browser.get(`http://127.0.0.1:${port}/login`)

    expect(String(page.headers['set-cookie'])).toMatch(
      /^__Host-evosync=.*; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(page.headers['strict-transport-security']).toBe('max-age=31536000')
  })

  test('with a broken signature is an anonymous visitor', async () => {
    const app = await startApp()
    const browser = app.newBrowser()
    await browser.register()
    browser.cookies.set('evosync', `${browser.cookies.get('evosync') ?? ''}x`)

    expect((await browser.get('/connections')).status).toBe(303)
  })

  test('signed with the second secret of the list still counts', async () => {
    const old = 'the-secret-of-last-year-the-secret-of-last-year'
    const before = await startApp({ env: { SESSION_SECRET: old } })
    const browser = before.newBrowser()
    await browser.register()
    const after = await startApp({ beside: before, env: { SESSION_SECRET: 'x' } })
    after.ctx.config.sessionSecrets.push('unused')

    expect((await browser.get('/connections')).status).toBe(200)
    const rotated = await startApp({
      beside: {
        ...before,
        ctx: {
          ...before.ctx,
          config: {
            ...before.ctx.config,
            sessionSecrets: ['a-new-secret-of-this-year-a-new-secret', old],
          },
        },
      },
    })
    const same = rotated.newBrowser()
    same.cookies.set('evosync', browser.cookies.get('evosync') ?? '')
    expect((await same.get('/connections')).status).toBe(200)
  })
})

describe('Robots', () => {
  test.each([
    '/healthz',
    '/readyz',
    '/assets/app.css',
    '/assets/logo.svg',
    '/help',
    '/privacy',
    '/robots.txt',
    '/',
    '/connections',
    '/vk',
    '/nope',
    '/wp-login.php',
    '/vk/callback?code=1&state=2',
  ])('%s sets no cookie and writes no row', async (path) => {
    const app = await startApp()

    const page = await app.newBrowser().get(path)

    expect(page.status).toBeLessThan(500)
    expect(page.headers['set-cookie']).toBeUndefined()
    expect(await app.ctx.db('sessions').first()).toBeUndefined()
  })
})

test('an ordinary visit writes nothing', async () => {
  const app = await startApp()
  const browser = app.newBrowser()
  await browser.register()
  await browser.get('/connections')
  const before = await app.ctx.db('sessions').select()

  await browser.get('/connections')
  await browser.get('/account')

  expect(await app.ctx.db('sessions').select()).toEqual(before)
})

test('a new password ends the other sessions and renews the own one', async () => {
  const app = await startApp()
  const [here, elsewhere] = [app.newBrowser(), app.newBrowser()]
  await here.register()
  await elsewhere.signIn()
  const before = here.cookies.get('evosync')

  const back = await here.submit(await here.get('/account'), '/account/password', {
    current: PERSON.password,
    password: 'совсем другой пароль',
  })

  expect(back.location).toBe('/account')
  expect((await here.get('/account')).text).toContain('Пароль изменён')
  expect(here.cookies.get('evosync')).not.toBe(before)
  expect((await elsewhere.get('/connections')).location).toContain('/login')
  expect((await app.newBrowser().signIn()).status).toBe(401)
  expect((await app.newBrowser().signIn({ password: 'совсем другой пароль' })).status).toBe(303)
})

test('a session begun with the old password while it is being changed does not live on', async () => {
  const app = await startApp()
  const [owner, thief] = [app.newBrowser(), app.newBrowser()]
  await owner.register()
  const user = await app.ctx.users.find(1)
  const { passwords } = app.ctx
  const matches = passwords.matches.bind(passwords)
  const comparing = new Promise<() => void>((compared) => {
    passwords.matches = async (...given) => {
      const right = await matches(...given)
      await new Promise<void>((goOn) => compared(goOn))
      return right
    }
  })

  const entering = thief.signIn()
  const letIn = await comparing
  if (user) await setPassword(app.ctx, user, 'совсем другой пароль')
  letIn()

  expect((await entering).location).toBe('/login')
  expect((await thief.get('/connections')).location).toContain('/login')
})

test('what has run out is swept when a process starts, not only at its hour', async () => {
  const app = await startApp()
  await app.newBrowser().register()
  await app.ctx.db('sessions').update({ expires_at: Date.now() - 1 })

  const after = await startApp({ beside: app })

  await expect.poll(() => after.logged('swept').length).toBe(1)
  expect(await app.ctx.db('sessions').first()).toBeUndefined()
})
