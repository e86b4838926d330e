import { expect, test } from 'vitest'
import type { Fault } from '../../simulators/simulator.ts'
import type { Stage } from '../../simulators/stage.ts'
import {
  ANSWERS,
  asBefore,
  expectBlamed,
  forget,
  letterAbout,
  noticesOf,
  openWorld,
  walkerOf,
  type World,
} from '../../support/blame.ts'
import type { Browser, Page } from '../../support/browser.ts'
import { cardText } from '../../support/stage.ts'

/** Enough to show that nothing of it is decided by the way it fails. */
const UNTOLD = ['400', '503 in a page', 'HTML with 200', 'a redirect', 'half a body', 'nothing']

/** Said of a platform that has answered, or of an account that nobody has touched. */
const UNTRUE = /не отвеча[ею]т|больше не даёт доступ|Доступа больше нет|Не хватает прав/
const UNTRUE_OF_THE_SILENT = /больше не даёт доступ|Доступа больше нет|Не хватает прав/

test('on the way back from any platform, whatever it answers is its own', async () => {
  const world = await openWorld()
  const { app, stages } = world

  for (const stage of stages) {
    const { key, title, simulator, tokenPath } = stage
    for (const [name, fault, came] of ANSWERS) {
      const cell = `${key}, exchange: ${name}`
      const { browser } = walkerOf(world, fault)
      const callback = await browser.consent(`/${key}/connect`)
      simulator.fault(tokenPath, fault)
      const back = await browser.get(callback)
      simulator.mend()
      const page = await browser.get(back.location)

      expect(back.location, cell).toMatch(new RegExp(`^/${key}\\?error=`))
      expectBlamed(noticesOf(page), title, othersOf(world, stage), cell)
      expect(noticesOf(page), cell).not.toMatch(came ? UNTRUE : UNTRUE_OF_THE_SILENT)
      expect(noticesOf(page), cell).not.toMatch(/мы продолжим сами|подключение не потеряно/)
      expect(await app.ctx.connections.find(1, key), cell).toBeUndefined()
      await forget(app)
    }
  }
})

test('when any platform will not say who it is, the connection stands and the name follows', async () => {
  const world = await openWorld()
  const { app, browser, stages } = world

  for (const stage of stages) {
    const { key, title, simulator, probePath } = stage
    for (const [name, fault] of ANSWERS.filter(([name]) => UNTOLD.includes(name))) {
      const cell = `${key}, identity: ${name}`
      const callback = await browser.consent(`/${key}/connect`)
      simulator.fault(probePath, fault)
      const back = await browser.get(callback)
      simulator.mend()
      const page = await browser.get(back.location)

      expect(back.location, cell).toBe(`/${key}?error=profile_failed`)
      expectBlamed(noticesOf(page), title, othersOf(world, stage), cell)
      expect(await app.ctx.connections.find(1, key), cell).not.toMatchObject({ health: 'revoked' })
      await forget(app)
    }
  }
})

test('what a check of any platform meets is told as that platform’s, everywhere', async () => {
  const world = await openWorld()
  const { app, browser, stages } = world

  for (const stage of stages) {
    const { key, title, simulator } = stage
    await browser.connect(key)
    for (const [name, fault, came] of ANSWERS) {
      if (isKnownAnyway(key, name)) continue
      const cell = `${key}, check: ${name}`
      const { browser, ask } = walkerOf(world, fault)
      await asBefore(app)
      simulator.fault('*', fault)
      await browser.submit(await browser.get(`/${key}`), `/${key}/check`)
      simulator.mend()
      const [page, card, letter] = [
        await browser.get(`/${key}`),
        cardText(await browser.get('/connections'), key),
        await letterAbout(app, key),
      ]
      const { body } = await ask('GET', `/connections/${key}`)

      const said = [noticesOf(page), letter].filter(Boolean)
      expect(said.length, cell).toBe(fault.status === 429 ? 1 : 2)
      for (const words of said) {
        expectBlamed(words, title, othersOf(world, stage), cell)
        expect(words, cell).not.toMatch(came ? UNTRUE : UNTRUE_OF_THE_SILENT)
      }
      expect(card + page.text, cell).not.toMatch(came ? UNTRUE : UNTRUE_OF_THE_SILENT)
      expect(card, cell).toMatch(badgeFor(fault, came))
      expect(body.state, cell).toBe(fault.status === 429 ? 'ok' : 'down')
    }
    await forget(app)
  }
})

test('what renewing meets is told as the platform’s, to a person and to a program', async () => {
  const world = await openWorld()
  const { app, browser, stages } = world

  let walked = 0
  for (const stage of stages) {
    const { key, title, simulator } = stage
    await browser.connect(key)
    if (!isRenewedThere(await app.ctx.connections.find(1, key), key)) continue
    walked += 1
    for (const [name, fault] of ANSWERS) {
      const cell = `${key}, renewal: ${name}`
      const { browser, ask } = walkerOf(world, fault)
      await asBefore(app)
      await ended(app)
      simulator.fault('*', fault)
      const refused = await ask('GET', `/connections/${key}/token`)
      const page = await checked(browser, stage)
      const again = await checked(browser, stage)
      simulator.mend()

      expect([502, 503], cell).toContain(refused.status)
      const problem = `${String(refused.body.title)}. ${String(refused.body.detail)}`
      for (const words of [problem, noticesOf(page), noticesOf(again), await letterAbout(app, key)])
        if (words) expectBlamed(words, title, othersOf(world, stage), cell)
      for (const words of [noticesOf(page), noticesOf(again)])
        expect(words, cell).not.toMatch(/больше не даёт доступ|Доступ ещё действует/)
    }
    await forget(app)
  }
  expect(walked).toBeGreaterThan(7)
})

test('renewing ahead of time that fails is told as the platform’s, and nobody has to connect anew', async () => {
  const world = await openWorld()
  const { app, browser, stages } = world
  const renewed: string[] = []

  for (const stage of stages) {
    const { key, title, simulator, probePath } = stage
    await browser.connect(key)
    const { renewable } = (await app.ctx.connections.find(1, key)) ?? {}
    if (!renewable || stage.renewsByProbe) continue
    renewed.push(key)
    let told = 0
    for (const [name, fault] of ANSWERS) {
      const cell = `${key}, early renewal: ${name}`
      const { browser, ask } = walkerOf(world, fault)
      await asBefore(app)
      await app.ctx.db('connections').update(lateRenewal())
      simulator.fault('*', fault)
      simulator.fault(probePath, {})
      const refused = await ask('POST', `/connections/${key}/refresh`)
      const page = await checked(browser, stage)
      const letter = await letterAbout(app, key)
      const kept = await ask('GET', `/connections/${key}/token`)
      simulator.mend()

      expect([502, 503], cell).toContain(refused.status)
      expect([200, 503], cell).toContain(kept.status) // 503: a refusal that is not believed at once
      const problem = `${String(refused.body.title)}. ${String(refused.body.detail)}`
      const notice = noticesOf(page) && `${headingOf(page)}: ${noticesOf(page)}`
      told += notice && letter ? 1 : 0
      for (const words of [problem, notice, letter].filter(Boolean))
        expectBlamed(words, title, othersOf(world, stage), cell)
      expect(noticesOf(page), cell).not.toMatch(UNTRUE_OF_THE_SILENT)
    }
    expect(told, key).toBeGreaterThan(9) // a refusal that is not believed at once is not told yet
    await forget(app)
  }
  expect(renewed.length).toBeGreaterThan(9)
})

test('whoever comes in by a platform, or links it, is told what the platform did', async () => {
  const world = await openWorld()
  const { app, stages } = world
  const entrances = stages.filter(({ key }) => app.ctx.providers.get(key).signIn)
  expect(entrances.length).toBeGreaterThan(3)

  for (const stage of entrances) {
    const { key, title, simulator, probePath } = stage
    for (const [name, fault, came] of ANSWERS)
      for (const path of UNTOLD.includes(name) ? ['*', probePath] : ['*']) {
        const cell = `${key}, sign-in at ${path}: ${name}`
        const { browser, app: through } = walkerOf(world, fault)
        const visitor = through.newBrowser()
        const [login, linking] = [
          await visitor.consent(`/login/${key}`),
          await browser.consent(`/account/sign-in/${key}/link`),
        ]
        simulator.fault(path, fault)
        const [refused, unlinked] = [await visitor.get(login), await browser.get(linking)]
        simulator.mend()
        const pages = [
          await visitor.get(refused.location),
          await browser.get(unlinked.location),
        ].map(noticesOf)

        expect(refused.location, cell).toMatch(/^\/login\?error=\w+$/)
        expect(unlinked.location, cell).toBe('/account')
        for (const words of pages) {
          expectBlamed(words, title, othersOf(world, stage), cell)
          expect(words, cell).not.toMatch(came ? UNTRUE : UNTRUE_OF_THE_SILENT)
          expect(words, cell).not.toMatch(/одключение не потеряно|мы продолжим сами/)
        }
        expect(await app.ctx.identities.of(1), cell).toEqual([])
        await forget(app)
      }
  }
})

test('who gives back what is refused is told that it may be left there, by its own name', async () => {
  const world = await openWorld()
  const { app, browser, stages } = world

  for (const stage of stages) {
    const { key, title, simulator } = stage
    for (const [name, fault] of ANSWERS.filter(([name]) => UNTOLD.includes(name))) {
      const cell = `${key}, farewell: ${name}`
      await browser.connect(key)
      const page = await browser.get(`/${key}`)
      simulator.fault('*', fault)
      const back = await browser.submit(page, `/${key}/disconnect`)
      simulator.mend()
      const words = noticesOf(await browser.get(back.location))

      expectBlamed(words, title, othersOf(world, stage), cell)
      expect(await app.ctx.connections.find(1, key), cell).toBeUndefined()
      await forget(app)
    }
  }
})

test('what a pasted token meets is no refusal of the token', async () => {
  const world = await openWorld()
  const { app, stages } = world

  const pasting = stages.filter(({ key }) => app.ctx.providers.get(key).pasted)
  expect(pasting.length).toBeGreaterThan(0)
  for (const stage of pasting) {
    for (const [name, fault] of [
      ...FORBIDDEN,
      ...ANSWERS.map(([one, what]) => [one, what] as const),
    ]) {
      const cell = `${stage.key}, pasted: ${name}`
      const { browser } = walkerOf(world, fault)
      stage.simulator.fault('*', fault)
      const token = 'f46b0000-0000-4000-8000-00000000abcd'
      const form = await browser.get(`/${stage.key}`)
      const back = await browser.submit(form, `/${stage.key}/token`, { token })
      stage.simulator.mend()
      const words = noticesOf(await browser.get(back.location))

      expectBlamed(words, stage.title, othersOf(world, stage), cell)
      expect(words, cell).not.toMatch(/не принимает этот токен|Вы подтвердили|мы продолжим сами/)
      await forget(app)
    }
  }
})

/** A pause asked for leaves the badge as it was. */
function badgeFor({ status }: Fault, came: boolean): RegExp {
  if (status === 429) return /Подключено/
  return came ? /Необычный ответ|Запросы не приняты/ : /Сервис не отвечает/
}

const FORBIDDEN: [string, Fault][] = [['403', { status: 403, body: '{}' }]]

function othersOf({ stages }: World, { title }: Stage): string[] {
  return stages.map((one) => one.title).filter((one) => one !== title && !title.includes(one))
}

/** Wix’s site may say nothing of itself: it is known by its installation. */
const isKnownAnyway = (key: string, name: string) =>
  key === 'wix' && name === 'JSON of another kind'

/** Facebook looks at the date itself: what has ended cannot be exchanged. */
const isRenewedThere = (connection: { renewable: boolean } | undefined, key: string) =>
  connection?.renewable === true && key !== 'facebook'

async function ended({ ctx }: World['app']) {
  const past = new Date(Date.now() - 1000)
  await ctx.db('connections').update({ refresh_due_at: past, expires_at: past })
}

const headingOf = ({ dom }: Page) => dom.querySelector('h1')?.text.trim() ?? ''

/** Its time came a while ago, and the access has not ended yet. */
const lateRenewal = () => ({
  refresh_due_at: new Date(Date.now() - 10 * 60_000),
  expires_at: new Date(Date.now() + 3600_000),
})

async function checked(browser: Browser, { key }: Stage) {
  await browser.submit(await browser.get(`/${key}`), `/${key}/check`)
  return await browser.get(`/${key}`)
}
