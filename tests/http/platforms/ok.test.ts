import { expect, test } from 'vitest'
import { MARINA, type Ok, startOk } from '../../simulators/ok.ts'
import type { TestApp } from '../../support/app.ts'
import { openBeside } from '../../support/stage.ts'

test('a long session is said to go on, and no token is asked for', async () => {
  const { app, platform, check } = await open()
  const before = await app.ctx.connections.tokensOf(1, 'ok')

  await check()

  expect(platform.market.made.get('auth.touchSession')).toBe(1)
  expect(asked(platform, 'refresh_token')).toBe(0)
  const after = await app.ctx.connections.tokensOf(1, 'ok')
  expect(after?.accessToken).toBe(before?.accessToken)
  expect(daysUntil(after?.expiresAt)).toBeCloseTo(30, 1)
})

test('a long session that is over is renewed like any other', async () => {
  const { app, platform, check } = await open()
  platform.tokens.clear()

  await check()

  expect(asked(platform, 'refresh_token')).toBe(1)
  expect(await app.ctx.connections.find(1, 'ok')).toMatchObject({ health: 'online' })
})

test('a short session is renewed by its refresh token, whose end stays what it was', async () => {
  const { app, platform, check } = await open('VALUABLE_ACCESS;GROUP_CONTENT;PHOTO_CONTENT')
  const before = await app.ctx.connections.find(1, 'ok')
  expect(daysUntil(before?.refreshExpiresAt)).toBeCloseTo(30, 1)

  await check()

  expect(platform.market.made.get('auth.touchSession')).toBeUndefined()
  expect(asked(platform, 'refresh_token')).toBe(1)
  const after = await app.ctx.connections.find(1, 'ok')
  expect(after?.refreshExpiresAt).toEqual(before?.refreshExpiresAt)
})

test('a right that was not ticked is named', async () => {
  const { browser } = await openBeside(startOk())

  const back = await browser.connect('ok', { without: ['GROUP_CONTENT'] })
  const page = await browser.get(back.location === '/connections' ? '/ok' : back.location)

  expect(page.text).toContain('«Группы»')
})

test('the token is in no address, and people come back by their own', async () => {
  const { browser, platform } = await open()

  await browser.get('/ok')

  const calls = platform.asked.filter(({ path }) => path === '/fb.do')
  expect(calls.length).toBeGreaterThan(3)
  expect(calls.every(({ method, query }) => method === 'POST' && !('access_token' in query))).toBe(
    true,
  )
  expect((await browser.get('/ok')).text).toContain(MARINA.name)
})

async function open(scopes?: string) {
  const scene = await openBeside(startOk(), scopes ? { OK_SCOPES: scopes } : {})
  const { app, browser } = scene
  expect((await browser.connect('ok')).location).toBe('/connections')
  const check = async () => {
    await due(app)
    await browser.submit(await browser.get('/ok'), '/ok/check')
  }
  return { ...scene, check }
}

const due = ({ ctx }: TestApp) =>
  ctx.db('connections').update({ refresh_due_at: new Date(Date.now() - 1000) })

const asked = ({ asked: all }: Ok, grant: string) =>
  all.filter(({ form }) => form.grant_type === grant).length

const daysUntil = (at: Date | undefined) => ((at?.getTime() ?? 0) - Date.now()) / (24 * 3600_000)
