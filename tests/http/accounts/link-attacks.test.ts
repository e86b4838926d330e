import { expect, test } from 'vitest'
import { PERSON } from '../../support/browser.ts'
import { startMailbox } from '../../support/mailbox.ts'
import { VK } from '../../support/platforms.ts'
import { openScene } from '../../support/stage.ts'

test.each([
  '/account/sign-in/vk/link',
  '/account/sign-in/vk/link/',
  '/ACCOUNT/Sign-In/vk/link',
  '/account/sign-in/vk/link?x=1',
])('a page to come back to after the password links nobody’s account: %s', async (next) => {
  const { app } = await openScene(VK)
  const visitor = app.newBrowser()
  const page = await visitor.get(`/login?next=${encodeURIComponent(next)}`)

  const { email, password } = PERSON
  const back = await visitor.submit(page, '/login', { email, password })

  expect(back.location).toBe('/account')
  expect(await app.ctx.db('sign_in_attempts').first()).toBeUndefined()
})

test('a new way of signing in is told by mail, so that one nobody wanted is noticed', async () => {
  const mailbox = await startMailbox()
  const env = { SMTP_URL: mailbox.url, MAIL_FROM: 'EvoSync <evosync@example.ru>' }
  const { browser, stage } = await openScene(VK, { env })

  await browser.get(await browser.consent(`/account/sign-in/${stage.key}/link`))
  await browser.get(await browser.consent(`/account/sign-in/${stage.key}/link`)) // again: nothing new

  const { to, subject, text } = await mailbox.letter()
  expect([to, subject]).toEqual([PERSON.email, 'Новый способ входа в EvoSync: ВКонтакте'])
  expect(text).toContain('отвяжите его')
  expect(mailbox.letters).toHaveLength(1)
})
