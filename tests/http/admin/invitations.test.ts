import { describe, expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { type Browser, csrfOf, type Page, PERSON } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { startMailbox } from '../../support/mailbox.ts'

const LIST = '/admin/invitations'
const OLEG = { name: 'Олег', email: 'oleg@example.ru', password: 'лавка-утро-2490', consent: 'on' }
const CLOSED = { REGISTRATION: 'closed' }

describe.each(ENGINES)('Invitations on %s', (engine) => {
  test('by link: a new person chooses a password, registration being closed', async () => {
    const { app, browser } = await open({ engine })
    const link = linkIn(await invite(browser, 'link'))
    const guest = app.newBrowser()
    expect((await guest.get('/register')).text).toContain('Регистрация закрыта')

    const done = await accept(guest, link)

    expect(done.location).toBe('/connections')
    expect((await guest.get('/connections')).status).toBe(200)
    expect((await guest.get('/admin/users')).status).toBe(403)
    expect((await app.newBrowser().signIn(OLEG)).location).toBe('/connections')
    const stored = JSON.stringify(await app.ctx.db('events')) + JSON.stringify(app.lines)
    expect(stored).not.toContain(tokenIn(link))
    const journal = (await browser.get('/admin/audit')).text
    for (const words of ['Приглашение', 'Регистрация']) expect(journal).toContain(words)
  })

  test('an administrator is invited as one, and the link works once', async () => {
    const { app, browser } = await open({ engine })
    const link = linkIn(await invite(browser, 'link', { role: 'admin' }))
    expect((await app.ctx.db('invitations').first())?.token_hash).not.toContain(tokenIn(link))
    const guest = app.newBrowser()
    await accept(guest, link)

    expect((await guest.get('/admin/users')).status).toBe(200)
    const again = await app.newBrowser().get(link)
    expect([again.status, again.text]).toEqual([410, expect.stringContaining('уже не действует')])
  })

  test('of eight who open one link at once, one gets the account', async () => {
    const { app, browser } = await open({ engine })
    const link = linkIn(await invite(browser, 'link'))
    const guests = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const guest = app.newBrowser()
        return { guest, page: await guest.get(link), email: `guest${index}@example.ru` }
      }),
    )

    const answers = await Promise.all(
      guests.map(({ guest, page, email }) => guest.submit(page, '/invite', { ...OLEG, email })),
    )

    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      303,
      ...Array.from({ length: 7 }, () => 410),
    ])
    expect(await app.ctx.db('users').select('id')).toHaveLength(2)
    expect(
      await app.ctx.db('sessions').whereNot({ user_id: 1 }).whereNotNull('user_id'),
    ).toHaveLength(1)
  })

  test('one that ran out, was taken back, or whose maker administers no more is dead', async () => {
    const { app, browser } = await open({ engine })
    const links = []
    for (let n = 0; n < 3; n += 1) links.push(linkIn(await invite(browser, 'link')))
    const [late = '', taken = '', orphan = ''] = links
    const guest = app.newBrowser()
    const form = await guest.get(orphan)
    await app.ctx
      .db('invitations')
      .where({ id: 1 })
      .update({ expires_at: new Date(Date.now() - 1) })
    const back = await browser.submit(await browser.get(LIST), `${LIST}/2/take-back`)
    expect(back.location).toBe(LIST)
    expect((await browser.get(LIST)).text).toContain('Приглашение отозвано')

    for (const link of [late, taken]) expect((await guest.get(link)).status).toBe(410)
    await app.ctx.db('users').where({ id: 1 }).update({ blocked_at: new Date() })
    expect((await guest.get(orphan)).status).toBe(410)
    expect((await guest.submit(form, '/invite', OLEG)).status).toBe(410)
    await app.ctx.standing.letIn(1)
    await app.ctx.users.setRole(1, 'owner')
    expect((await guest.get(orphan)).status).toBe(410)
    await app.ctx.invitations.sweep()
    expect(await app.ctx.db('invitations').pluck('id')).toEqual([3])
    expect(await app.ctx.users.find(2)).toBeUndefined()
  })

  test('by letter: the link is made as the letter leaves, and is for that address alone', async () => {
    const mailbox = await startMailbox()
    const { app, browser } = await open({
      engine,
      env: { SMTP_URL: mailbox.url, MAIL_FROM: 'EvoSync <evosync@example.ru>' },
    })

    const made = await invite(browser, 'letter', { email: ' Oleg@Example.ru' })

    expect(made.text).toContain('Письмо с приглашением уходит на oleg@example.ru')
    const { to, subject, text } = await mailbox.letter()
    expect([to, subject]).toEqual(['oleg@example.ru', 'Приглашение в EvoSync'])
    const link = linkIn({ html: text })
    expect(link.startsWith(app.url)).toBe(true)
    const guest = app.newBrowser()
    expect((await guest.get(link)).text).toContain('oleg@example.ru')
    await accept(guest, link, { email: 'other@example.ru' })
    expect((await app.ctx.users.find(2))?.email).toBe('oleg@example.ru')
  })
})

test('a slip of the form uses nothing up, and what was typed stays', async () => {
  const { app, browser } = await open({})
  const link = linkIn(await invite(browser, 'link'))
  const guest = app.newBrowser()

  const weak = await accept(guest, link, { password: '123' })
  expect(weak.status).toBe(422)
  expect(weak.dom.querySelector('#email')?.getAttribute('value')).toBe(OLEG.email)
  const taken = await accept(guest, link, { email: PERSON.email })
  expect([taken.status, taken.text]).toEqual([409, expect.stringContaining('уже зарегистрирована')])
  const without = await accept(guest, link, { consent: '' })
  expect([without.status, without.text]).toEqual([422, expect.stringContaining('Без согласия')])

  expect((await accept(guest, link)).location).toBe('/connections')
})

test('a letter goes to nobody who is here, and to no address that is none', async () => {
  const mailbox = await startMailbox()
  const { app, browser } = await open({
    env: { SMTP_URL: mailbox.url, MAIL_FROM: 'EvoSync <evosync@example.ru>' },
  })

  const here = await invite(browser, 'letter', { email: PERSON.email })
  const none = await invite(browser, 'letter', { email: 'oleg@' })

  expect([here.status, here.text]).toEqual([409, expect.stringContaining('уже есть аккаунт')])
  expect([none.status, none.text]).toEqual([
    422,
    expect.stringContaining('Укажите почту полностью'),
  ])
  expect(await app.ctx.db('invitations')).toEqual([])
})

test('without mail there is a link alone', async () => {
  const { browser } = await open({})
  const page = await browser.get(LIST)

  expect(page.text).toContain('Почта не настроена')
  const fields = { _csrf: csrfOf(page), role: 'owner', email: 'oleg@example.ru' }
  expect((await browser.post(`${LIST}/letter`, fields)).status).toBe(404)
})

test('only administrators invite, by forms of their own pages, to roles there are', async () => {
  const { app, browser } = await open({ env: {} })
  const token = csrfOf(await browser.get(LIST))
  const guest = app.newBrowser()
  await accept(guest, linkIn(await invite(browser, 'link')))
  const foreign = csrfOf(await guest.get('/account'))

  expect((await guest.get(LIST)).status).toBe(403)
  for (const what of ['link', 'letter', '1/take-back']) {
    const own = { _csrf: foreign, role: 'admin', email: 'x@example.ru' }
    expect((await guest.post(`${LIST}/${what}`, own)).status).toBe(403)
    expect((await browser.post(`${LIST}/${what}`, { role: 'admin' })).status).toBe(403)
  }
  expect((await browser.post(`${LIST}/link`, { _csrf: token, role: 'root' })).status).toBe(404)
  expect((await browser.post(`${LIST}/99/take-back`, { _csrf: token })).status).toBe(404)
  expect((await app.newBrowser().post('/invite', { ...OLEG, token: 'x' })).status).toBe(403)
  for (const query of [
    '',
    '?token=',
    '?token=a&token=b',
    '?token=%00',
    `?token=${'x'.repeat(3000)}`,
  ])
    expect((await app.newBrowser().get(`/invite${query}`)).status).toBe(410)
})

async function open({
  engine = 'sqlite',
  env = {},
}: {
  engine?: 'sqlite' | 'postgres'
  env?: object
}) {
  const app = await startApp({ engine, env: { ...CLOSED, ...env } })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser }
}

async function invite(
  browser: Browser,
  how: 'link' | 'letter',
  fields: Record<string, string> = {},
): Promise<Page> {
  const done = await browser.submit(await browser.get(LIST), `${LIST}/${how}`, {
    role: 'owner',
    ...fields,
  })
  return done.location ? await browser.get(done.location) : done
}

async function accept(guest: Browser, link: string, fields: Record<string, string> = {}) {
  return await guest.submit(await guest.get(link), '/invite', { ...OLEG, ...fields })
}

const linkIn = ({ html }: Pick<Page, 'html'>) =>
  /https?:\S+\/invite\?token=[\w-]+/.exec(html)?.[0] ?? ''
const tokenIn = (link: string) => link.split('=')[1] ?? 'none'
