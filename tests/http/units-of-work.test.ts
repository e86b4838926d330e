import { describe, expect, test } from 'vitest'
import { setTimeout as pause } from 'node:timers/promises'
import { asking } from '../../app/observe/request.ts'
import { ENGINES } from '../support/databases.ts'
import { PLATFORMS } from '../support/platforms.ts'
import { openScene } from '../support/stage.ts'
import { countAsked } from '../support/statements.ts'

const [PLATFORM] = PLATFORMS
if (!PLATFORM) throw new Error('no platform')

/** Read anew every few seconds, whichever request comes by then. */
const OF_ALL_REQUESTS = /custom_providers|platform_settings/

/** How often a request may make the disk wait, commit otherwise, and ask. */
const LIMITS = {
  'a page': { synced: 0, relaxed: 0, statements: 6 },
  'the start of a connection': { synced: 0, relaxed: 1, statements: 4 },
  'coming back from the consent': { synced: 1, relaxed: 2, statements: 14 },
  'the page after it': { synced: 0, relaxed: 1, statements: 7 },
  'signing out': { synced: 1, relaxed: 0, statements: 3 },
  "a stranger's page": { synced: 0, relaxed: 0, statements: 2 },
  'signing in': { synced: 1, relaxed: 2, statements: 13 },
}

const ofRequest = () => asking.getStore() !== undefined

describe.each(ENGINES)('What requests cost the database on %s', (engine) => {
  test('one commit that is waited for where something must last, none where nothing has to', async () => {
    const { app, browser } = await openScene(PLATFORM, { engine })
    await browser.get('/connections')
    const costs: Record<string, { synced: number; relaxed: number; statements: number }> = {}
    const cost = async (name: keyof typeof LIMITS, work: () => Promise<unknown>) => {
      const limit = LIMITS[name]
      const { statements, synced, relaxed } = await countAsked(
        app.ctx,
        async (soFar) => {
          await work()
          const stored = () => soFar.synced >= limit.synced && soFar.relaxed >= limit.relaxed
          await expect.poll(stored).toBe(true) // while the answer leaves
          await pause(20) // and nothing else is
        },
        ofRequest,
      )
      const own = statements.filter((sql) => !OF_ALL_REQUESTS.test(sql))
      costs[name] = { synced, relaxed, statements: own.length }
    }

    let back = ''
    await cost('a page', () => browser.get('/connections'))
    await cost(
      'the start of a connection',
      async () => (back = await browser.consent('/vk/connect')),
    )
    await cost('coming back from the consent', () => browser.get(back))
    await cost('the page after it', () => browser.get('/connections'))
    const page = await browser.get('/connections')
    await cost('signing out', () => browser.submit(page, '/logout'))
    await cost("a stranger's page", () => browser.get('/login'))
    const login = await browser.get('/login')
    await cost('signing in', () =>
      browser.submit(login, '/login', { email: 'marina@example.ru', password: 'buket-utro-2490' }),
    )

    for (const [name, limit] of Object.entries(LIMITS)) {
      const { statements, ...commits } = costs[name] ?? { statements: NaN }
      expect({ name, ...commits }).toEqual({ name, synced: limit.synced, relaxed: limit.relaxed })
      expect(statements, name).toBeLessThanOrEqual(limit.statements)
    }
  })
})
