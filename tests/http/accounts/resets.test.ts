import { describe, expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { type Page, PERSON } from '../../support/browser.ts'
import { startMailbox } from '../../support/mailbox.ts'

const NEW_PASSWORD = 'совсем другой пароль'

describe('A forgotten password, by mail', () => {
  test('a link comes, works once, signs nobody in and ends the sessions', async () => {
    const { app, browser, mailbox } = await withMail()
    const forgetful = app.newBrowser()

    const sent = await forgetful.submit(await forgetful.get('/forgot'), '/forgot', {
      email: ' Marina@example.ru',
    })

    expect(sent.text).toContain('Если такой аккаунт есть, мы отправим')
    const { to, text } = await mailbox.letter()
    expect(to).toBe('marina@example.ru')
    const link = linkIn(text)
    expect(link.startsWith(`${app.url}/reset?token=`)).toBe(true)

    const page = await forgetful.get(link)
    const done = await forgetful.submit(page, '/reset', { password: NEW_PASSWORD })
    expect(done.location).toBe('/login')
    expect((await forgetful.get('/connections')).location).toContain('/login')
    expect((await browser.get('/connections')).location).toContain('/login')
    expect((await forgetful.signIn({ password: NEW_PASSWORD })).location).toBe('/connections')

    const again = await app.newBrowser().get(link)
    expect([again.status, again.text]).toEqual([
      410,
      expect.stringContaining('Ссылка уже не действует'),
    ])
    expect((await mailbox.letter(2)).subject).toBe('Пароль в EvoSync изменён')
  })

  test('an address nobody has gets the same page and no letter', async () => {
    const { app, mailbox } = await withMail()
    const browser = app.newBrowser()

    const known = await browser.submit(await browser.get('/forgot'), '/forgot', {
      email: PERSON.email,
    })
    const unknown = await browser.submit(await browser.get('/forgot'), '/forgot', {
      email: 'nobody@example.ru',
    })

    await mailbox.letter()
    expect(unknown.status).toBe(known.status)
    expect(message(unknown)).toBe(message(known))
    expect(mailbox.letters).toHaveLength(1)
  })

  test('a fourth letter within an hour is not written, and earlier links stay good', async () => {
    const { app, mailbox } = await withMail()
    const anybody = app.newBrowser()
    const form = await anybody.get('/forgot')

    for (let n = 0; n < 5; n += 1) {
      const sent = await anybody.submit(form, '/forgot', { email: PERSON.email })
      expect(sent.text).toContain('Если такой аккаунт есть, мы отправим')
    }

    const first = linkIn((await mailbox.letter(1)).text)
    await mailbox.letter(3)
    expect((await anybody.get(first)).status).toBe(200)
    expect(mailbox.letters).toHaveLength(3)
  })

  test('the link is built from BASE_URL, whatever the request calls us', async () => {
    const { app, mailbox } = await withMail()
    const browser = app.newBrowser()
    browser.headers.host = 'evil.example'
    browser.headers['x-forwarded-host'] = 'evil.example'

    await browser.submit(await browser.get('/forgot'), '/forgot', { email: PERSON.email })

    expect(linkIn((await mailbox.letter()).text).startsWith(app.url)).toBe(true)
  })

  test('the token is not kept in the clear, and an hour is all it has', async () => {
    const { app, mailbox } = await withMail()
    const browser = app.newBrowser()
    await browser.submit(await browser.get('/forgot'), '/forgot', { email: PERSON.email })
    const link = linkIn((await mailbox.letter()).text)
    const token = new URL(link).searchParams.get('token') ?? ''

    const [row] = (await app.ctx.db('password_resets').select()) as {
      token_hash: string
      expires_at: Date
    }[]
    await app.ctx.db('password_resets').update({ expires_at: new Date(Date.now() - 1) })

    expect(JSON.stringify(row)).not.toContain(token)
    expect(new Date(row?.expires_at ?? 0).getTime() - Date.now()).toBeLessThanOrEqual(3600_000)
    expect((await browser.get(link)).status).toBe(410)
  })

  test('a weak password does not use the link up', async () => {
    const { app, mailbox } = await withMail()
    const browser = app.newBrowser()
    await browser.submit(await browser.get('/forgot'), '/forgot', { email: PERSON.email })
    const page = await browser.get(linkIn((await mailbox.letter()).text))

    const weak = await browser.submit(page, '/reset', { password: 'короткий' })
    const good = await browser.submit(weak, '/reset', { password: NEW_PASSWORD })

    expect([weak.status, good.status]).toEqual([422, 303])
  })

  test('a mail server that is away breaks no page', async () => {
    const app = await startApp({ env: { SMTP_URL: 'smtp://127.0.0.1:9' } })
    app.expectErrors()
    await app.newBrowser().register()
    const browser = app.newBrowser()

    const page = await browser.submit(await browser.get('/forgot'), '/forgot', {
      email: PERSON.email,
    })

    expect(page.status).toBe(200)
    await expect.poll(() => app.logged('mail_failed')).toHaveLength(1)
  })

  test('an address may ask ten times an hour', async () => {
    const { app } = await withMail()
    const browser = app.newBrowser()
    const page = await browser.get('/forgot')
    const answers = []
    for (let n = 0; n < 11; n += 1)
      answers.push(await browser.submit(page, '/forgot', { email: 'nobody@example.ru' }))

    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(200), 429])
  })
})

describe('A forgotten password, without mail', () => {
  test('the page sends people to the administrator, who makes a one-time link', async () => {
    const app = await startApp()
    const administrator = app.newBrowser()
    await administrator.register()
    await app.newBrowser().register({ email: 'oleg@example.ru', name: 'Олег' })
    expect((await app.newBrowser().get('/forgot')).text).toContain(
      'Напишите администратору, он пришлёт ссылку',
    )

    const made = await administrator.submit(
      await administrator.get('/admin/users'),
      '/admin/users/2/reset-link',
    )

    const link = made.dom.querySelector('#reset-link')?.text ?? ''
    expect(link.startsWith(`${app.url}/reset?token=`)).toBe(true)
    const oleg = app.newBrowser()
    await oleg.submit(await oleg.get(link), '/reset', { password: NEW_PASSWORD })
    expect((await oleg.signIn({ email: 'oleg@example.ru', password: NEW_PASSWORD })).location).toBe(
      '/connections',
    )
    expect((await oleg.get(link)).status).toBe(410)
  })
})

async function withMail() {
  const mailbox = await startMailbox()
  const app = await startApp({
    env: { SMTP_URL: mailbox.url, MAIL_FROM: 'EvoSync <evosync@example.ru>' },
  })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser, mailbox }
}

const linkIn = (text: string) => /http\S+\/reset\S+/.exec(text)?.[0] ?? ''

const message = ({ dom }: Page) => dom.querySelector('main')?.text
