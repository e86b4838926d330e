import { request } from 'undici'
import { expect, test } from 'vitest'
import { Busy, NotFound } from '../../app/errors.ts'
import { sendNoticeLetters } from '../../app/flows/notices/send-letters.ts'
import { preview } from '../../app/flows/catalogue/preview.ts'
import { IMPATIENT, startApp } from '../support/app.ts'
import type { Browser } from '../support/browser.ts'
import { addLink, addRun, step } from '../support/catalogue/rows.ts'
import { startMailbox } from '../support/mailbox.ts'
import { openShop } from '../support/catalogue/shop.ts'
import { startVk } from '../support/simulators.ts'

const NEVER = new AbortController().signal

test('a process makes six previews at once and lets fifty wait; the rest come again', async () => {
  const app = await startApp()
  const { ctx } = app
  await app.newBrowser().register()
  const link = await addLink(ctx)
  const people = Array.from({ length: 60 }, (_, at) => ({ ...link, id: at + 1, userId: at + 1 }))

  const ends = await Promise.allSettled(people.map((one) => preview(ctx, one)))

  const reasons = ends.map((end) => end.status === 'rejected' && (end.reason as Error))
  expect(reasons.filter((one) => one instanceof NotFound)).toHaveLength(56) // of what has no till
  expect(reasons.filter((one) => one instanceof Busy)).toHaveLength(4)
  await expect(preview(ctx, { ...link, id: 61 })).rejects.toThrow(NotFound)
})

test('a person has five previews under way, and is told when to come again for the sixth', async () => {
  const { app, browser, evotor, link } = await openShop({ http: IMPATIENT })
  const route = { storeId: link.storeId, communityId: link.communityId }
  const more = [2, 3, 4, 5, 6].map((at) => ({ ...route, communityId: `${route.communityId}${at}` }))
  for (const one of more) await addLink(app.ctx, one)
  const links = await app.ctx.syncLinks.list(link.userId)
  expect(links).toHaveLength(6)
  evotor.fault('*', { way: 'hang' })

  const pages = await Promise.all(links.map(({ id }) => browser.get(`/sync/preview?link=${id}`)))

  const refused = pages.filter(({ status }) => status === 503)
  expect(refused).toHaveLength(1)
  expect(refused[0]?.headers['retry-after']).toBe('30')
  expect(refused[0]?.text).toContain('Сейчас сравнивают слишком много каталогов')
  expect(pages.filter(({ status }) => status === 200)).toHaveLength(5)
})

test('a person follows runs in six windows at once, however often they are signed in', async () => {
  const app = await startApp()
  const browsers = [app.newBrowser(), app.newBrowser(), app.newBrowser(), app.newBrowser()]
  const [first, ...others] = browsers
  await first?.register()
  for (const one of others) await one.signIn()
  const id = await addRun(app.ctx, await addLink(app.ctx), [step('create')])
  const listen = (browser: Browser) =>
    request(`${app.url}/sync/runs/${id}/events`, { headers: { cookie: cookiesOf(browser) } })

  const streams = []
  for (const browser of browsers) streams.push(await listen(browser), await listen(browser))

  expect(streams.map(({ statusCode }) => statusCode)).toEqual([
    200, 200, 200, 200, 200, 200, 204, 204,
  ])
  const [gone, ...left] = streams
  gone?.body.on('error', () => undefined).destroy()
  const last = browsers.at(-1)
  await expect.poll(async () => last && (await listen(last)).statusCode).toBe(200)
  for (const { body } of left) body.on('error', () => undefined).destroy()
})

const cookiesOf = ({ cookies }: Browser) =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

test('nobody gets more than 500 letters a day; what is beyond gathers and comes later', async () => {
  const mailbox = await startMailbox()
  const vk = await startVk()
  const app = await startApp({ vk, env: { SMTP_URL: mailbox.url } })
  await app.newBrowser().register()
  const limit = { name: 'letters', most: 500, windowMs: 24 * 3600_000 }
  for (let n = 0; n < 499; n += 1) await app.ctx.limits.hit(limit, '1')
  const stop = async (code: string) => {
    await app.ctx.db('notices').insert({
      user_id: 1,
      provider: vk.key,
      kind: 'outage_over',
      code,
      created_at: new Date(),
    })
    await sendNoticeLetters(app.ctx, new Date(), NEVER)
  }

  await stop('odd_answer')
  await mailbox.letter(1)
  await stop('provider_unavailable')
  await stop('provider_unavailable')
  expect(app.logged('letters_rest')).toHaveLength(2)
  await sendNoticeLetters(app.ctx, new Date(), NEVER)
  expect(mailbox.letters).toHaveLength(1)

  await app.ctx.limits.forget(limit, '1')
  await app.ctx.db('notices').update({ tell_until: new Date(0) })
  await sendNoticeLetters(app.ctx, new Date(), NEVER)
  await mailbox.letter(2)
  expect(mailbox.letters).toHaveLength(2)
})
