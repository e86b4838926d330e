import { describe, expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { csrfOf, PERSON } from '../../support/browser.ts'
import { startVk } from '../../support/simulators.ts'
import { ENGINES } from '../../support/databases.ts'
import { everybody } from '../../support/crowd.ts'

describe.each(ENGINES)('Registering on %s', (engine) => {
  test('the first person becomes the administrator, the second does not', async () => {
    const app = await startApp({ engine })

    await app.newBrowser().register()
    await app.newBrowser().register({ email: 'oleg@example.ru' })

    expect((await everybody(app.ctx)).map(({ role }) => role)).toEqual(['admin', 'owner'])
  })

  test('ten registrations of one address at once make one user', async () => {
    const app = await startApp({ engine })
    await app.newBrowser().register({ email: 'first@example.ru' })
    const tries = ['marina@example.ru', 'Marina@Example.RU', ' marina@example.ru ']

    const pages = await Promise.all(
      Array.from({ length: 9 }, (_, index) =>
        app.newBrowser().register({ email: tries[index % 3] ?? '' }),
      ),
    )

    expect(await everybody(app.ctx)).toHaveLength(2)
    expect(pages.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(8).fill(409)])
  })

  test('REGISTRATION=first lets nobody in after the first', async () => {
    const app = await startApp({ engine, env: { REGISTRATION: 'first' } })
    await app.newBrowser().register()
    const late = app.newBrowser()

    const page = await late.get('/register')

    expect(page.text).toContain('Регистрация закрыта')
    const _csrf = csrfOf(await late.get('/login'))
    expect(
      (await late.post('/register', { ...PERSON, email: 'late@example.ru', consent: 'on', _csrf }))
        .status,
    ).toBe(403)
    expect(await everybody(app.ctx)).toHaveLength(1)
  })
})

describe('The registration form', () => {
  test.each([
    ['a short password', { password: 'короткий' }, 'Придумайте пароль от 12 символов: сейчас 8'],
    [
      'a password of 129 characters',
      { password: 'ж'.repeat(129) },
      'Пароль не длиннее 128 символов: сейчас 129',
    ],
    ['a common password', { password: 'qwerty123456' }, 'Этот пароль слишком известный'],
    ['the own name as password', { password: 'Анна Лавочкина' }, 'Этот пароль слишком известный'],
    [
      'half an address',
      { email: 'marina@' },
      'Укажите почту полностью, например marina@example.ru',
    ],
    ['no name', { name: '  ' }, 'Заполните поле «Как к вам обращаться»'],
    ['no consent', { consent: '' }, 'Без согласия на обработку данных зарегистрироваться нельзя'],
  ])('names %s and keeps what was typed', async (_name, fields, words) => {
    const app = await startApp()
    const browser = app.newBrowser()
    const form = { ...PERSON, consent: 'on', ...fields }

    const page = await browser.submit(await browser.get('/register'), '/register', form)

    expect(page.status).toBe(422)
    expect(page.text).toContain(words)
    expect(page.html).toContain(`value="${form.name.trim() ? form.name : ''}`)
    expect(page.dom.querySelector('#password')?.getAttribute('value')).toBe('')
    expect(page.dom.querySelector('title')?.text).toContain('Ошибка: регистрация')
    expect(await everybody(app.ctx)).toEqual([])
  })

  test('takes long passphrases, any script, spaces and emoji, and cuts nothing off', async () => {
    const app = await startApp()
    const browser = app.newBrowser()
    const password = `${'пароль из многих слов 🌷 '.repeat(4)}конец`

    await browser.register({ password })

    const other = app.newBrowser()
    expect((await other.signIn({ password: password.slice(0, -1) })).status).toBe(401)
    expect((await other.signIn({ password })).location).toBe('/connections')
  })

  test('extra fields do nothing', async () => {
    const app = await startApp()
    await app.newBrowser().register()
    const browser = app.newBrowser()

    await browser.submit(await browser.get('/register'), '/register', {
      ...PERSON,
      email: 'oleg@example.ru',
      consent: 'on',
      role: 'admin',
      id: '1',
      founder: 'true',
    })

    expect((await everybody(app.ctx))[1]).toMatchObject({
      id: 2,
      role: 'owner',
    })
  })
})

describe('Signing in', () => {
  test('an unknown address and a wrong password get the same answer', async () => {
    const app = await startApp()
    await app.newBrowser().register()

    const wrong = await app.newBrowser().signIn({ password: 'не тот пароль' })
    const unknown = await app.newBrowser().signIn({ email: 'nobody@example.ru' })

    expect([wrong.status, unknown.status]).toEqual([401, 401])
    const words = ({ text }: typeof wrong) => /Не получилось войти.*?Caps Lock\./.exec(text)?.[0]
    expect(words(wrong)).toBe(words(unknown))
    expect(words(wrong)).toContain('Почта или пароль не подходят')
  })

  test('the person lands where they were going', async () => {
    const app = await startApp()
    await app.newBrowser().register()
    const browser = app.newBrowser()

    const sent = await browser.get('/vk')

    expect(sent.location).toBe('/login?next=%2Fvk')
    const login = await browser.get(sent.location)
    const { email, password } = PERSON
    expect((await browser.submit(login, '/login', { email, password })).location).toBe('/vk')
  })

  test.each([
    ['/vk/connect', '/vk', '/vk/connect'],
    [
      '/vk/connect?redirect_path=%2Fhelp',
      '/vk?redirect_path=%2Fhelp',
      '/vk/connect?redirect_path=%2Fhelp',
    ],
    [
      '/connections?connect=vk&redirect_path=/help',
      '/vk?redirect_path=%2Fhelp',
      '/vk/connect?redirect_path=%2Fhelp',
    ],
  ])(
    'who was on the way to a platform by %s goes on by a link: no form leads out',
    async (wanted, page, link) => {
      const app = await startApp({ vk: await startVk() })
      await app.newBrowser().register()
      const browser = app.newBrowser()
      const { email, password } = PERSON
      const login = await browser.get((await browser.get(wanted)).location)

      const back = await browser.submit(login, '/login', { email, password })

      expect(back.location).toBe(page)
      const links = (await browser.get(page)).dom.querySelectorAll('main a')
      expect(links.map((one) => one.getAttribute('href'))).toContain(link)
    },
  )

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'and never at %s',
    async (next) => {
      const app = await startApp()
      await app.newBrowser().register()
      const browser = app.newBrowser()
      const { email, password } = PERSON
      const login = await browser.get(`/login?next=${encodeURIComponent(next)}`)

      const direct = await browser.submit(login, '/login', { email, password, next })

      expect(direct.location).toBe('/connections')
    },
  )

  test('the eleventh try is refused with the time to wait; the account opens again later', async () => {
    const app = await startApp()
    await app.newBrowser().register()
    const thief = app.newBrowser()
    thief.headers['x-forwarded-for'] = '203.0.113.9' // changes nothing without TRUST_PROXY
    const tries = []
    for (let n = 0; n < 11; n += 1)
      tries.push(await thief.signIn({ password: `неверный пароль ${n}` }))

    expect(tries.slice(0, 10).map(({ status }) => status)).toEqual(Array(10).fill(401))
    expect(tries[8]?.text).toContain('Осталась 1 попытка, потом вход закроется на 15 минут')
    expect(tries[10]?.status).toBe(429)
    expect(Number(tries[10]?.headers['retry-after'])).toBeGreaterThan(600)
    expect(tries[10]?.text).toContain('Вход закрыт на 15 минут')

    await app.ctx.db('rate_limits').update({ resets_at: Date.now() - 1 })
    expect((await app.newBrowser().signIn()).location).toBe('/connections')
  })

  test("a stranger who uses up the tries does not lock the owner out of the owner's own place", async () => {
    const app = await startApp({ env: { TRUST_PROXY: '1' } })
    const owner = app.newBrowser()
    owner.headers['x-forwarded-for'] = '198.51.100.7'
    await owner.register()
    const thief = app.newBrowser()
    thief.headers['x-forwarded-for'] = '203.0.113.9'
    for (let n = 0; n < 11; n += 1) await thief.signIn({ password: `неверный пароль ${n}` })

    const home = app.newBrowser()
    home.headers['x-forwarded-for'] = '198.51.100.7'
    const elsewhere = app.newBrowser()
    elsewhere.headers['x-forwarded-for'] = '198.51.100.99'

    expect((await thief.signIn()).status).toBe(429)
    expect((await elsewhere.signIn()).status).toBe(429)
    expect((await home.signIn()).location).toBe('/connections')
  })

  test('thirty tries of different accounts from one address are the end of it', async () => {
    const app = await startApp()
    await app.newBrowser().register()
    const thief = app.newBrowser()
    const page = await thief.get('/login')
    const tries = await Promise.all(
      Array.from({ length: 31 }, (_, n) =>
        thief.submit(page, '/login', {
          email: `guess${n}@example.ru`,
          password: 'что-нибудь длинное',
        }),
      ),
    )

    expect(tries.filter(({ status }) => status === 429)).toHaveLength(1)
  })

  test('a person who knows the password is not counted against the address', async () => {
    const app = await startApp()
    await app.newBrowser().register()

    for (let n = 0; n < 35; n += 1) expect((await app.newBrowser().signIn()).status).toBe(303)
  })

  test('ten new accounts an hour from one address, the eleventh waits', async () => {
    const app = await startApp()
    const tries = []
    for (let n = 0; n < 11; n += 1)
      tries.push(await app.newBrowser().register({ email: `new${n}@example.ru` }))

    expect(tries.map(({ status }) => status)).toEqual([...Array<number>(10).fill(303), 429])
  })
})

test('limits outlive the process that counted', async () => {
  const app = await startApp()
  await app.newBrowser().register()
  for (let n = 0; n < 10; n += 1) await app.newBrowser().signIn({ password: 'не тот пароль' })

  const after = await startApp({ beside: app })

  expect((await after.newBrowser().signIn()).status).toBe(429)
})
