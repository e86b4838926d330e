import { describe, expect, test } from 'vitest'
import { PERSON } from '../../support/browser.ts'
import { startMailbox } from '../../support/mailbox.ts'
import { startApp } from '../../support/app.ts'
import { PLATFORMS } from '../../support/platforms.ts'
import { openConnectedScene } from '../../support/stage.ts'
import { everybody } from '../../support/crowd.ts'

describe('The profile', () => {
  test('name and time zone change at once, and times follow', async () => {
    const { browser } = await open()

    const saved = await browser.submit(await browser.get('/account'), '/account', {
      name: 'Марина К.',
      tz: 'Asia/Vladivostok',
    })

    expect(saved.location).toBe('/account')
    const page = await browser.get('/account')
    expect(page.text).toContain('Марина К.')
    expect(page.text).toContain('Часовой пояс: UTC+10')
  })

  test('a new address needs the password', async () => {
    const { app, browser } = await open()
    const form = { email: 'new@example.ru' }

    const without = await browser.submit(await browser.get('/account'), '/account', form)
    const withWrong = await browser.submit(await browser.get('/account'), '/account', {
      ...form,
      current: 'не тот пароль',
    })
    const withRight = await browser.submit(await browser.get('/account'), '/account', {
      ...form,
      current: PERSON.password,
    })

    expect([without.status, withWrong.status, withRight.status]).toEqual([422, 422, 303])
    expect(without.text).toContain('Текущий пароль не подходит')
    expect((await app.ctx.users.find(1))?.email).toBe('new@example.ru')
  })

  test('a new address ends links to the old one, which is told', async () => {
    const mailbox = await startMailbox()
    const app = await startApp({ env: { SMTP_URL: mailbox.url } })
    const browser = app.newBrowser()
    await browser.register()
    const old = await app.ctx.resets.open(1, 3600_000)

    await browser.submit(await browser.get('/account'), '/account', {
      email: 'new@example.ru',
      current: PERSON.password,
    })

    expect(await app.ctx.resets.isAlive(old)).toBe(false)
    expect(await mailbox.letter()).toMatchObject({
      to: PERSON.email,
      subject: 'Почта в EvoSync изменена',
    })
  })

  test('addresses cannot be tried out without end', async () => {
    const { app, browser } = await open()
    await app.newBrowser().register({ email: 'oleg@example.ru' })
    const account = await browser.get('/account')
    const form = { email: 'oleg@example.ru', current: PERSON.password }

    const statuses = []
    for (let n = 0; n < 11; n += 1)
      statuses.push((await browser.submit(account, '/account', form)).status)

    expect(statuses).toEqual([...Array<number>(10).fill(422), 429])
  })

  test("somebody else's address is refused", async () => {
    const { app, browser } = await open()
    await app.newBrowser().register({ email: 'oleg@example.ru' })

    const page = await browser.submit(await browser.get('/account'), '/account', {
      email: 'Oleg@Example.ru',
      current: PERSON.password,
    })

    expect(page.status).toBe(422)
    expect(page.text).toContain('Эта почта уже зарегистрирована')
  })

  test('a time zone nobody offered is refused', async () => {
    const { browser } = await open()

    expect(
      (await browser.submit(await browser.get('/account'), '/account', { tz: 'Mars/Olympus' }))
        .status,
    ).toBe(422)
  })
})

describe('The password', () => {
  test('does not change without the current one, and guessing has an end', async () => {
    const { app, browser } = await open()
    const page = await browser.get('/account')
    const answers = []
    for (let n = 0; n < 11; n += 1) {
      answers.push(
        await browser.submit(page, '/account/password', {
          current: `неверно ${n}`,
          password: 'новый длинный пароль',
        }),
      )
    }

    expect(answers.slice(0, 10).every(({ status }) => status === 422)).toBe(true)
    expect(answers[10]?.status).toBe(429)
    expect((await app.newBrowser().signIn()).location).toBe('/connections')
  })

  test('a weak new one is refused', async () => {
    const { browser } = await open()

    const page = await browser.submit(await browser.get('/account'), '/account/password', {
      current: PERSON.password,
      password: 'qwerty123456',
    })

    expect(page.text).toContain('Этот пароль слишком известный')
  })
})

describe('Own data', () => {
  test('the export holds everything but tokens and the password', async () => {
    const [platform] = PLATFORMS
    if (!platform) return
    const { app, browser } = await openConnectedScene(platform)

    const file = await browser.submit(await browser.get('/account'), '/account/export')

    expect(file.headers['content-disposition']).toBe('attachment; filename=evosync.json')
    const data = JSON.parse(file.html) as Record<string, unknown>
    expect(data).toMatchObject({
      account: { email: PERSON.email },
      connections: [{ provider: 'vk' }],
    })
    expect(file.html).not.toMatch(/vk1\.a|argon2|sealed/)
    expect(file.html).toContain('signed_in')
    expect(app.lines.length).toBeGreaterThan(0)
  })

  test.each(PLATFORMS)(
    'deleting the account deletes the connection to $name and revokes what can be revoked',
    async (platform) => {
      const { app, browser, stage } = await openConnectedScene(platform)
      const page = await browser.get('/account/delete')

      const wrong = await browser.submit(page, '/account/delete', { password: 'не тот пароль' })
      const gone = await browser.submit(page, '/account/delete', { password: PERSON.password })

      expect([wrong.status, gone.location]).toEqual([422, '/login'])
      for (const table of [
        'users',
        'connections',
        'sessions',
        'connection_attempts',
        'identities',
        'sign_in_attempts',
        'health_changes',
        'notices',
      ]) {
        expect(await app.ctx.db(table).whereNot('id', 0).first(), table).toBeUndefined()
      }
      expect(await app.ctx.db('check_counts').first()).toBeUndefined()
      expect(await app.ctx.db('events').whereNotNull('user_id').first()).toBeUndefined()
      if (platform.name === 'VK ID') expect(stage.simulator.count('/oauth2/revoke')).toBe(1)
      expect((await browser.signIn()).status).toBe(401)
    },
  )

  test('the only administrator stays while others need one', async () => {
    const { app, browser } = await open()
    await app.newBrowser().register({ email: 'oleg@example.ru' })

    const page = await browser.submit(await browser.get('/account/delete'), '/account/delete', {
      password: PERSON.password,
    })

    expect(page.status).toBe(409)
    expect(page.text).toContain('Вы единственный администратор')
    expect(await everybody(app.ctx)).toHaveLength(2)
  })
})

async function open() {
  const app = await startApp()
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser }
}
