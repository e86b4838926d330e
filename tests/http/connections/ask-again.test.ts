import { describe, expect, test } from 'vitest'
import { startMailbox } from '../../support/mailbox.ts'
import type { TestApp } from '../../support/app.ts'
import { type Browser, formOf, PERSON } from '../../support/browser.ts'
import { VK } from '../../support/platforms.ts'
import { openScene } from '../../support/stage.ts'

const HOUR_MS = 3600_000

/** What gives a lasting way in or takes data along; the fields beside the page's own. */
const FORMS: [string, string, Record<string, string>][] = [
  ['an API token is made', '/account/tokens', { 'token-name': 'Бот «Утро»', scope_read: 'on' }],
  ['a webhook is led elsewhere', '/account/webhook', { url: 'https://hook.example/in' }],
  ['everything is taken along', '/account/export', {}],
]

describe('An hour after signing in', () => {
  test.each(FORMS)(
    'the password is asked for before %s, and nothing typed is lost',
    async (_what, path, fields) => {
      const { app, browser } = await openAged()

      const asked = await browser.submit(await browser.get('/account'), path, fields)
      const wrong = await browser.submit(asked, path, { confirm_password: 'не тот пароль' })
      const tokens = await app.ctx.apiTokens.of(1)
      const done = await browser.submit(wrong, path, { confirm_password: PERSON.password })

      expect([asked.status, wrong.status]).toEqual([403, 422])
      expect(asked.text).toContain('Подтвердите, что это вы')
      expect(formOf(wrong, path)).toMatchObject(fields)
      expect(tokens).toEqual([])
      expect(await app.ctx.webhooks.find(1)).toEqual(
        path === '/account/webhook' ? expect.anything() : undefined,
      )
      expect(done.status).toBeLessThan(400)
      expect((await browser.submit(await browser.get('/account'), '/account/export')).status).toBe(
        200,
      )
    },
  )

  test('another way of signing in waits for the password, and goes on after it', async () => {
    const { app, browser } = await openAged()

    const asked = await browser.get('/account/sign-in/vk/link')
    const on = await browser.submit(asked, '/account/confirm', {
      confirm_password: PERSON.password,
    })
    const away = await browser.get(on.location)

    expect(asked.status).toBe(403)
    expect(on.location).toBe('/account/sign-in/vk/link')
    expect(away.status).toBe(302)
    expect(await app.ctx.db('sign_in_attempts').select('purpose')).toEqual([{ purpose: 'link' }])
  })

  test('an administrator’s link to a new password waits as well', async () => {
    const { app, browser } = await openAged()

    const page = await browser.get('/admin/users')
    const asked = await browser.submit(page, '/admin/users/1/reset-link')

    expect(asked.status).toBe(403)
    expect(await app.ctx.db('password_resets').first()).toBeUndefined()
  })

  test('who has no password proves it by the platform they come in by, and by no other account of it', async () => {
    const { app, browser } = await openScene(VK)
    await browser.get(await browser.consent('/account/sign-in/vk/link'))
    await app.ctx.db('users').update({ password_hash: null })
    await age(app)
    const account = await browser.get('/account')

    const asked = await browser.submit(account, '/account/export')
    const other = await browser.get(await browser.consent('/account/confirm/vk', { account: 1 }))
    const still = await browser.submit(account, '/account/export')
    await browser.get(await browser.consent('/account/confirm/vk'))
    const done = await browser.submit(account, '/account/export')

    expect(asked.html).toContain('/account/confirm/vk')
    expect(other.location).toBe('/account')
    expect([asked.status, still.status, done.status]).toEqual([403, 403, 200])
  })

  test('a clock that was set back proves nothing', async () => {
    const { app, browser } = await openAged()
    await age(app, -HOUR_MS)

    const asked = await browser.submit(await browser.get('/account'), '/account/export')

    expect(asked.status).toBe(403)
  })
})

test('a new password says what else opens the account, on the page and by letter', async () => {
  const mailbox = await startMailbox()
  const { browser } = await openScene(VK, { env: { SMTP_URL: mailbox.url } })
  await browser.get(await browser.consent('/account/sign-in/vk/link'))

  const changed = await browser.submit(await browser.get('/account'), '/account/password', {
    current: PERSON.password,
    password: 'совсем другой пароль',
  })

  const page = await browser.get(changed.location)
  const letter = await mailbox.letter(2)
  expect(page.text).toContain('Войти без пароля по-прежнему можно через ВКонтакте')
  expect(page.html).toContain('/account#ways')
  expect(letter.text).toContain('по-прежнему можно войти через ВКонтакте')
})

async function openAged(): Promise<{ app: TestApp; browser: Browser }> {
  const { app, browser } = await openScene(VK)
  await age(app)
  return { app, browser }
}

/** As if everybody had signed in so long ago. */
async function age({ ctx }: TestApp, ms = HOUR_MS) {
  const rows = await ctx.db<{ id: number; data: string }>('sessions').select('id', 'data')
  for (const { id, data } of rows) {
    const session = JSON.parse(data) as Record<string, unknown>
    const aged = { ...session, signedInAt: Date.now() - ms }
    await ctx
      .db('sessions')
      .where({ id })
      .update({ data: JSON.stringify(aged) })
  }
}
