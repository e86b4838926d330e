import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sendNoticeLetters } from '../../../app/flows/notices/send-letters.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { type Page, PERSON } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { startMailbox } from '../../support/mailbox.ts'
import { freePort } from '../../support/postgres.ts'

describe.each(ENGINES)('While the mail server is away, on %s', (engine) => {
  test('a reset letter waits, leaves when it is back, and its link lives from then on', async () => {
    const port = await freePort()
    const app = await startApp({
      engine,
      env: { SMTP_URL: `smtp://127.0.0.1:${port}?ignoreTLS=true` },
    })
    app.expectErrors()
    await app.newBrowser().register()

    const page = await forget(app)
    await expect.poll(() => app.logged('mail_failed')).toHaveLength(1)
    const outbox = JSON.stringify(await app.ctx.db('letters'))
    expect(await app.ctx.db('password_resets').first()).toBeDefined()
    await app.ctx.db('password_resets').delete() // an hour has passed
    const mailbox = await startMailbox(port)
    await timePasses(app)

    const { text } = await mailbox.letter()
    expect(page.text).toContain('мы отправим на эту почту ссылку')
    expect(outbox).toContain('"reset"')
    expect(outbox).not.toMatch(/token|http/)
    expect((await app.newBrowser().get(/http\S+reset\S+/.exec(text)?.[0] ?? '')).status).toBe(200)
    await timePasses(app)
    expect(mailbox.letters).toHaveLength(1)
    expect(await app.ctx.db('letters')).toEqual([])
  })

  test('of two instances one sends each letter', async () => {
    const port = await freePort()
    const env = { SMTP_URL: `smtp://127.0.0.1:${port}?ignoreTLS=true` }
    const app = await startApp({ engine, env })
    app.expectErrors()
    const beside = await startApp({ engine, env, beside: app })
    beside.expectErrors()
    await app.newBrowser().register()
    await forget(app)
    await expect.poll(() => app.logged('mail_failed')).toHaveLength(1)
    const mailbox = await startMailbox(port)

    await Promise.all([timePasses(app), timePasses(beside), timePasses(app)])

    expect(mailbox.letters).toHaveLength(1)
  })
})

test('a link asked for before the address changed does not go to the old one', async () => {
  const port = await freePort()
  const app = await startApp({ env: { SMTP_URL: `smtp://127.0.0.1:${port}?ignoreTLS=true` } })
  app.expectErrors()
  await app.newBrowser().register()
  await forget(app)
  await expect.poll(() => app.logged('mail_failed')).toHaveLength(1)
  await app.ctx.users.update(1, { email: 'new@example.ru' })
  const mailbox = await startMailbox(port)

  await timePasses(app)

  expect(mailbox.letters).toEqual([])
  expect(await app.ctx.db('letters')).toEqual([])
})

describe('A mail server whose certificate nobody trusts', () => {
  test('is told of at the start, on the administrator’s page and to whoever waits for a letter', async () => {
    const url = await startUntrusted()
    const app = await startApp({ env: { SMTP_URL: url } })
    app.expectErrors()
    await expect.poll(() => app.logged('mail_unusable')).toHaveLength(1)
    const [line] = app.logged('mail_unusable')
    const administrator = app.newBrowser()
    await administrator.register()

    const health = await administrator.get('/admin/health')
    const pressed = await administrator.submit(health, '/admin/health/letter')
    const after = await administrator.get(pressed.location)
    const waiting = await forget(app)

    expect(line?.remedy).toContain('NODE_EXTRA_CA_CERTS')
    expect(health.text).toContain('Письма не уходят. Сертификату почтового сервера мы не доверяем')
    expect(after.text).toContain('Письмо не ушло Сертификату почтового сервера мы не доверяем')
    expect(waiting.text).toContain('Сейчас письма с нашей стороны не уходят')
  })
})

test('a letter to try the mail goes to the administrator who asks, and the page says that it works', async () => {
  const mailbox = await startMailbox()
  const app = await startApp({ env: { SMTP_URL: mailbox.url } })
  await expect.poll(() => app.logged('mail_ready')).toHaveLength(1)
  const administrator = app.newBrowser()
  await administrator.register()

  const health = await administrator.get('/admin/health')
  const pressed = await administrator.submit(health, '/admin/health/letter')

  expect(health.text).toContain('Письма уходят')
  expect((await mailbox.letter()).to).toBe(PERSON.email)
  expect((await administrator.get(pressed.location)).text).toContain('Письмо ушло')
  expect((await app.newBrowser().get('/admin/health')).location).toContain('/login')
})

test('every letter says that a machine wrote it, when, and under what number', async () => {
  const mailbox = await startMailbox()
  const MAIL_FROM = '"Лавка, Тверь" <shop@example.ru>'
  const app = await startApp({ env: { SMTP_URL: mailbox.url, MAIL_FROM } })
  await app.newBrowser().register()

  await forget(app)
  const { head } = await mailbox.letter()

  expect(head).toMatch(/^Auto-Submitted: auto-generated$/im)
  expect(head).toMatch(/^Message-ID: <[^@\s]+@example\.ru>$/im)
  expect(Math.abs(Date.parse(/^Date: (.*)$/im.exec(head)?.[1] ?? '') - Date.now())).toBeLessThan(
    60_000,
  )
  expect(head).toMatch(/^From: =\?UTF-8\?.*<shop@example\.ru>$/im)
  expect(head).not.toMatch(/^(Precedence|List-Id):/im)
})

async function forget(app: TestApp): Promise<Page> {
  const browser = app.newBrowser()
  return await browser.submit(await browser.get('/forgot'), '/forgot', { email: PERSON.email })
}

/** Everything that waits is due, and the job runs. */
async function timePasses(app: TestApp) {
  await app.ctx
    .db('letters')
    .where({ sender: null })
    .update({ next_at: new Date(0) })
  await sendNoticeLetters(app.ctx, new Date(), new AbortController().signal)
}

/** Offers TLS by a certificate that is only its own word. */
async function startUntrusted(): Promise<string> {
  const server = new SMTPServer({ authOptional: true })
  server.on('error', () => undefined)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => {
    server.close()
  })
  return `smtp://localhost:${(server.server.address() as AddressInfo).port}`
}
