import { describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../../support/app.ts'
import { type Browser, PERSON } from '../../support/browser.ts'
import { type Engine, ENGINES } from '../../support/databases.ts'
import { startVk } from '../../support/simulators.ts'

/** What was there before the trouble, with the address and the name each is asked for by. */
interface Case {
  what: string
  table: string
  column: string
  ask: (scene: Scene) => Promise<{ status: number; location: string }>
}

interface Scene {
  app: TestApp
  browser: Browser
  token: string
  reset: string
  callback: string
}

/** Everything that is looked up to tell whether somebody may: not being able to look is no answer to that. */
const CASES: Case[] = [
  {
    what: 'the session',
    table: 'sessions',
    column: 'seen_at',
    ask: ({ browser }) => browser.get('/connections'),
  },
  {
    what: 'the person',
    table: 'users',
    column: 'id',
    ask: ({ browser }) => browser.get('/connections'),
  },
  {
    what: "a program's token",
    table: 'api_tokens',
    column: 'scopes',
    ask: ({ app, token }) =>
      app.newBrowser().get('/api/v1/connections', { authorization: `Bearer ${token}` }),
  },
  {
    what: 'a link to a new password',
    table: 'password_resets',
    column: 'expires_at',
    ask: ({ app, reset }) => app.newBrowser().get(`/reset?token=${reset}`),
  },
  {
    what: 'an attempt to connect',
    table: 'connection_attempts',
    column: 'taken_at',
    ask: ({ browser, callback }) => browser.get(callback),
  },
  {
    what: 'a connection',
    table: 'connections',
    column: 'provider',
    ask: ({ app, token }) =>
      app.newBrowser().get('/api/v1/connections/vk/token', { authorization: `Bearer ${token}` }),
  },
]

describe.each(ENGINES)('While something cannot be read on %s', (engine) => {
  test.each(CASES)('$what is not taken for absent, and is there afterwards', async (one) => {
    const scene = await openScene(engine)
    const { db } = scene.app.ctx
    scene.app.expectErrors()
    const rename = (from: string, to: string) =>
      db.schema.alterTable(one.table, (table) => table.renameColumn(from, to))

    await rename(one.column, 'elsewhere')
    const during = await one.ask(scene)
    await rename('elsewhere', one.column)
    const after = await one.ask(scene)

    expect(during.status).toBeGreaterThanOrEqual(500)
    expect(after.status).toBeLessThan(400)
    expect(after.location).not.toMatch(/login|error/)
    expect((await scene.browser.get('/connections')).text).toContain(PERSON.name)
  })
})

async function openScene(engine: Engine): Promise<Scene> {
  const vk = await startVk()
  const app = await startApp({ engine, vk })
  const browser = app.newBrowser()
  await browser.register()
  await browser.connect('vk')
  const scopes = ['read', 'tokens'] as const
  return {
    app,
    browser,
    token: await app.ctx.apiTokens.add({ userId: 1, name: 'Бот', scopes }),
    reset: await app.ctx.resets.open(1, 60_000),
    callback: await browser.consent('/vk/connect'),
  }
}
