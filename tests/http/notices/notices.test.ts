import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { checkDue } from '../../../app/flows/connections/check-due.ts'
import { sendNoticeLetters } from '../../../app/flows/notices/send-letters.ts'
import { type Options, startApp, type TestApp } from '../../support/app.ts'
import { PERSON } from '../../support/browser.ts'
import { connectMany } from '../../support/crowd.ts'
import { ENGINES } from '../../support/databases.ts'
import { type Mailbox, startMailbox } from '../../support/mailbox.ts'
import { freePort } from '../../support/postgres.ts'
import { startEvotor, startVk } from '../../support/simulators.ts'
import { everybody } from '../../support/crowd.ts'

const NEVER = new AbortController().signal
/** Platforms rest briefly: the real minute would outlast a test. */
const REST_MS = 700
/** Ends what goes on for ever. */
const MOST_TICKS = 50
const BRIEF = { breaker: { failures: 5, cooldownMs: REST_MS, successes: 1 } }

describe.each(ENGINES)('An outage on %s', (engine) => {
  const many = engine === 'sqlite' ? 500 : 60

  test(`of a platform with ${many} owners is one letter to each, one to administrators, and so is its end`, async () => {
    const scene = await openScene({ engine }, many)
    const { app, vk, mailbox } = scene
    vk.fault('/method/users.get', { status: 503, body: '' })

    await tickUntil(app, many + 1)
    await allTold(app)

    expect(mailbox.letters).toHaveLength(many + 2)
    const away = (to: string) => `${to}: ВКонтакте временно не отвечает`
    expect(sorted(mailbox)).toEqual(
      [
        ...owners(many).map(away),
        away(PERSON.email),
        `${PERSON.email}: ВКонтакте не отвечает: сбой у ${many + 1} подключения`,
      ].sort(),
    )

    mailbox.letters.length = 0
    await rest()
    vk.mend()
    await tickUntil(app, 0)
    await allTold(app)

    const back = (to: string) => `${to}: ВКонтакте снова на связи`
    expect(sorted(mailbox)).toEqual(
      [
        ...owners(many).map(back),
        back(PERSON.email),
        `${PERSON.email}: ВКонтакте: сбой закончился`,
      ].sort(),
    )
  }, 600_000)

  test('of two platforms at once is one letter to an owner of both, and one when both are back', async () => {
    const { app, vk, evotor, mailbox } = await openScene({ engine }, 2)
    vk.fault('/method/users.get', { status: 503, body: '' })
    evotor.fault('/stores', { status: 503, body: '' })

    for (let n = 0; n < 3; n += 1) await tick(app)
    await allTold(app)

    expect(sorted(mailbox)).toEqual([
      `${PERSON.email}: ВКонтакте не отвечает: сбой у 3 подключений`,
      `${PERSON.email}: Временно не отвечают 2 сервиса`,
      'owner0@example.ru: ВКонтакте временно не отвечает',
      'owner1@example.ru: ВКонтакте временно не отвечает',
    ])

    mailbox.letters.length = 0
    await rest()
    vk.mend()
    evotor.mend()
    for (let n = 0; n < 2; n += 1) await tick(app)
    await allTold(app)

    expect(sorted(mailbox)).toEqual([
      `${PERSON.email}: ВКонтакте: сбой закончился`,
      `${PERSON.email}: Снова на связи: Эвотор и ВКонтакте`,
      'owner0@example.ru: ВКонтакте снова на связи',
      'owner1@example.ru: ВКонтакте снова на связи',
    ])
  })

  test('that two instances notice in one tick is told once', async () => {
    const { app, vk, mailbox, options } = await openScene({ engine }, 60)
    const other = await startApp({ ...options, beside: app })
    vk.fault('/method/users.get', { status: 503, body: '' })

    for (let n = 0; n < 3; n += 1) {
      const since = new Date()
      await Promise.all([tick(app, since), tick(other, since)])
    }
    await allTold(app)

    expect(new Set(sorted(mailbox)).size).toBe(62)
    expect(mailbox.letters).toHaveLength(62)
    const dashboard = await (await signedIn(app)).get('/connections')
    expect(dashboard.text.match(/ВКонтакте не отвечает: сбой у/g)).toHaveLength(1)
  })

  test('is not written to whoever was blocked before the letter left, nor when they are let in again', async () => {
    const { app, mailbox } = await openScene({ engine }, 2)
    const people = await everybody(app.ctx)
    for (const { id } of people) await away(app, id)
    const { id: last, email } = people.at(-1) ?? { id: 0, email: '' }
    await app.ctx.standing.block(last, 'спам', 1)

    await sendNoticeLetters(app.ctx, new Date(), NEVER)
    expect(await untold(app)).toBe(0)
    await app.ctx.standing.unblock(last, 1)
    await sendNoticeLetters(app.ctx, new Date(), NEVER)

    expect(mailbox.letters).toHaveLength(people.length - 1)
    expect(mailbox.letters.filter(({ to }) => to === email)).toEqual([])
  })

  test('whose letters two instances write at once is written once', async () => {
    const { app, mailbox, options } = await openScene({ engine }, 40)
    const other = await startApp({ ...options, beside: app })
    for (const { id } of await everybody(app.ctx)) await away(app, id)

    const instances = [app, other, app, other]
    await Promise.all(instances.map(({ ctx }) => sendNoticeLetters(ctx, new Date(), NEVER)))

    expect(mailbox.letters).toHaveLength(41)
    expect(new Set(sorted(mailbox)).size).toBe(41)
  })
})

describe('Administrators', () => {
  test('read of an outage on their dashboard, and of its end; owners do not', async () => {
    const { app, vk } = await openScene({}, 2)
    const owner = app.newBrowser()
    await owner.register({ email: 'oleg@example.ru' })
    vk.fault('/method/users.get', { status: 503, body: '' })
    for (let n = 0; n < 2; n += 1) await tick(app)
    const administrator = await signedIn(app)

    const during = await administrator.get('/connections')
    await rest()
    vk.mend()
    await tick(app)
    const after = await administrator.get('/connections')

    expect(during.text).toContain('ВКонтакте не отвечает: сбой у 3 подключений')
    expect(after.text).toContain('ВКонтакте: сбой закончился')
    expect(after.text).not.toContain('ВКонтакте не отвечает')
    expect((await owner.get('/connections')).text).not.toContain('сбой')

    const [notice] = await app.ctx.notices.outages(1)
    await administrator.submit(after, `/connections/notices/${notice?.id ?? 0}/close`)
    expect((await administrator.get('/connections')).text).not.toContain('сбой')
  })

  test('are not bothered by two accounts of a platform that fail', async () => {
    const { app, vk, mailbox } = await openScene({}, 1)
    vk.fault('/method/users.get', { status: 503, body: '' })

    for (let n = 0; n < 3; n += 1) await tick(app)
    await allTold(app)

    expect(sorted(mailbox)).toEqual([
      `${PERSON.email}: ВКонтакте временно не отвечает`,
      'owner0@example.ru: ВКонтакте временно не отвечает',
    ])
    expect(await app.ctx.notices.outages(1)).toEqual([])
  })

  test('are told at once of what only they can mend, though an outage runs already', async () => {
    const { app, vk, evotor, mailbox } = await openScene({}, 2)
    vk.fault('/method/users.get', { status: 503, body: '' })
    for (let n = 0; n < 2; n += 1) await tick(app)
    await allTold(app)
    mailbox.letters.length = 0
    evotor.fault('/stores', { status: 406, body: '' })

    for (let n = 0; n < 2; n += 1) await tick(app)
    await allTold(app)

    expect(sorted(mailbox)).toEqual([
      `${PERSON.email}: Эвотор не принимает запросы EvoSync`,
      `${PERSON.email}: Эвотор не принимает запросы EvoSync`,
    ])
    expect((await app.ctx.outages.running()).map(({ provider }) => provider).sort()).toEqual([
      'evotor',
      'vk',
    ])
  })
})

describe('Letters that did not leave', () => {
  test('are kept while the mail server is away, and written once it is back', async () => {
    const port = await freePort()
    const { app, vk } = await openScene({ env: { SMTP_URL: `smtp://127.0.0.1:${port}` } }, 8)
    app.expectErrors()
    vk.fault('/method/users.get', { status: 503, body: '' })
    for (let n = 0; n < 2; n += 1) await tick(app)
    await expect.poll(() => app.logged('mail_failed').length).toBeGreaterThanOrEqual(3)
    await expect.poll(() => claimed(app)).toBe(0)

    const failures = app.logged('mail_failed').length
    const mailbox = await startMailbox(port)
    await app.ctx.db('notices').update({ tell_until: null })
    await sendNoticeLetters(app.ctx, new Date(), NEVER)

    expect(failures).toBeLessThan(10) // it does not try all of them on a server that takes none
    expect(mailbox.letters).toHaveLength(10)
    expect(await untold(app)).toBe(0)
  })

  test('are left alone for five minutes, and given up after hours', async () => {
    const port = await freePort()
    const { app } = await openScene({ env: { SMTP_URL: `smtp://127.0.0.1:${port}` } }, 0)
    app.expectErrors()
    await away(app)
    await sendNoticeLetters(app.ctx, new Date(), NEVER)

    await sendNoticeLetters(app.ctx, new Date(), NEVER)
    const soon = app.logged('mail_failed').length
    await app.ctx.db('notices').update({ tell_until: null, tries: 7 })
    await sendNoticeLetters(app.ctx, new Date(), NEVER)

    expect(soon).toBe(1)
    expect(app.logged('letter_given_up')).toHaveLength(1)
    expect(await untold(app)).toBe(0)
  })

  test('because their instance died are written by another when the lease is over', async () => {
    const { app, mailbox } = await openScene({}, 0)
    await away(app)
    await claimForDead(app)
    await sendNoticeLetters(app.ctx, new Date(), NEVER)
    const before = mailbox.letters.length

    await app.ctx.db('notices').update({ tell_until: new Date(Date.now() - 1) })
    await sendNoticeLetters(app.ctx, new Date(), NEVER)

    expect([before, mailbox.letters.length]).toEqual([0, 1])
  })

  test('are not written when it is over before anybody was told, nor is its end', async () => {
    const { app, mailbox } = await openScene({}, 0)
    await away(app)
    await claimForDead(app)
    const connection = await app.ctx.connections.find(1, 'vk')
    if (connection) await app.ctx.notices.closeIncident(connection)
    await app.ctx.db('notices').update({ tell_until: null })

    await sendNoticeLetters(app.ctx, new Date(), NEVER)

    expect(mailbox.letters).toEqual([])
    expect(await untold(app)).toBe(0)
  })

  test('are not written about a connection that has been made anew meanwhile', async () => {
    const { app, mailbox } = await openScene({}, 0)
    await away(app)
    await claimForDead(app)
    await app.ctx.db('notices').update({ tell_until: null })

    await (await signedIn(app)).connect('vk')
    await sendNoticeLetters(app.ctx, new Date(), NEVER)

    expect(mailbox.letters).toEqual([])
  })

  test('wait a minute for more when it was no tick that noticed', async () => {
    const { app, vk, mailbox } = await openScene({}, 0)
    const browser = await signedIn(app)
    vk.fault('/method/users.get', { status: 503, body: '' })
    for (let n = 0; n < 2; n += 1) await browser.submit(await browser.get('/vk'), '/vk/check')

    await sendNoticeLetters(app.ctx, new Date(Date.now() - 60_000), NEVER)
    const early = mailbox.letters.length
    await sendNoticeLetters(app.ctx, new Date(), NEVER)

    expect([early, mailbox.letters.length]).toEqual([0, 1])
  })

  test('are nobody’s where no mail server is set up', async () => {
    const { app, vk } = await openScene({ env: { SMTP_URL: '' } }, 3)
    vk.fault('/method/users.get', { status: 503, body: '' })

    for (let n = 0; n < 2; n += 1) await tick(app)

    await expect.poll(() => untold(app)).toBe(0)
  })
})

/** Marina, the administrator, has both platforms connected; `others` have VK alone. */
async function openScene({ engine = 'sqlite', env }: Partial<Options>, others: number) {
  const [vk, evotor, mailbox] = [await startVk(), await startEvotor(), await startMailbox()]
  vk.perSecond = 10_000
  const options = { engine, vk, evotor, http: BRIEF, env: { SMTP_URL: mailbox.url, ...env } }
  const app = await startApp(options)
  const browser = app.newBrowser()
  await browser.register()
  await browser.connect('vk')
  await browser.connect('evotor')
  await connectMany(app, vk, others)
  return { app, vk, evotor, mailbox, options }
}

async function signedIn(app: TestApp) {
  const browser = app.newBrowser()
  await browser.signIn()
  return browser
}

/** VK has been away for somebody for two checks. */
async function away({ ctx }: TestApp, userId = 1) {
  const connection = await ctx.connections.find(userId, 'vk')
  if (connection) await ctx.notices.openIncident(connection, 'provider_unavailable', [])
}

/** Claimed by an instance that then dies. */
const claimForDead = ({ ctx }: TestApp) =>
  ctx.noticeQueue.claim('dead instance', new Date(), 10, 60_000)

const owners = (count: number) =>
  Array.from({ length: count }, (_, index) => `owner${index}@example.ru`)

const sorted = ({ letters }: Mailbox) =>
  letters.map(({ to, subject }) => `${to}: ${subject}`).sort()

/** Ticks until so many connections are in trouble; a busy machine may miss an answer of a good platform. */
async function tickUntil(app: TestApp, troubled: number) {
  const running = () => app.ctx.db('connections').whereNotNull('incident').pluck<number[]>('id')
  for (let n = 0; n < MOST_TICKS && (await running()).length !== troubled; n += 1) await tick(app)
  expect(await running()).toHaveLength(troubled)
}

/** Nothing is left to be told; letters leave in the background. */
async function allTold(app: TestApp) {
  await expect.poll(() => untold(app)).toBe(0)
}

async function untold({ ctx }: TestApp): Promise<number> {
  return (await ctx.db('notices').whereNull('told_at').select('id')).length
}

async function claimed({ ctx }: TestApp): Promise<number> {
  return (await ctx.db('notices').whereNotNull('teller').select('id')).length
}

const rest = () => pause(REST_MS + 50)

async function tick({ ctx }: TestApp, since = new Date()) {
  await checkDue(ctx, since, NEVER)
}
