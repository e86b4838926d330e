import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  addProvider,
  patchProvider,
  removeProvider,
} from '../../../app/flows/platforms/manage-provider.ts'
import type { Page } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { define, openRayon, type Rayon } from '../../support/rayon.ts'

describe.each(ENGINES)('Somebody is just coming back from a platform, on %s', (engine) => {
  test('that is removed meanwhile: nothing is kept, and the grant is given back', async () => {
    const scene = await open(engine)
    const coming = await comeBackSlowly(scene)

    await removeProvider(scene.app.ctx, 'rayon', 1)

    expect((await coming.page).location).toBe('/rayon?error=provider_disabled')
    expect(await scene.app.ctx.db('connections').select('id')).toEqual([])
    expect(scene.rayon.refreshTokens.size).toBe(0)
  })

  test('that is removed and made anew under the same key: the new one does not inherit the token', async () => {
    const scene = await open(engine)
    const { ctx } = scene.app
    const stored = await ctx.customProviders.find('rayon')
    const coming = await comeBackSlowly(scene)

    await removeProvider(ctx, 'rayon', 1)
    const other = { tokenUrl: `${scene.rayon.url}/other`, userinfoUrl: `${scene.rayon.url}/other` }
    expect(await addProvider(ctx, { ...stored, ...other }, 1)).toMatchObject({ ok: true })

    expect((await coming.page).location).toBe('/rayon?error=provider_disabled')
    expect(await ctx.db('connections').select('id')).toEqual([])
  })

  test('whose addresses are changed meanwhile: the token does not go to the new ones', async () => {
    const scene = await open(engine)
    const coming = await comeBackSlowly(scene)

    const userinfoUrl = 'https://thief.example/me'
    const moved = await patchProvider(scene.app.ctx, 'rayon', { userinfoUrl }, 1)

    expect(moved).toMatchObject({ ok: true })
    expect((await coming.page).location).toBe('/rayon?error=provider_disabled')
    expect(await scene.app.ctx.db('connections').select('id')).toEqual([])
  })

  test('a new name meanwhile costs nobody the connection', async () => {
    const scene = await open(engine)
    const coming = await comeBackSlowly(scene)

    await patchProvider(scene.app.ctx, 'rayon', { title: 'Город' }, 1)

    expect((await coming.page).location).toBe('/connections')
    expect(await scene.app.ctx.connections.find(1, 'rayon')).toMatchObject({ isOnline: true })
  })
})

describe.each(ENGINES)('While people are connected, on %s', (engine) => {
  test.each(['tokenUrl', 'userinfoUrl', 'revokeUrl'] as const)(
    '%s does not move to another server, which would be shown their tokens',
    async (field) => {
      const { app, browser, rayon } = await open(engine)
      await browser.connect('rayon')
      const elsewhere = { [field]: 'https://thief.example/x', clientSecret: rayon.clientSecret }

      const moved = await patchProvider(app.ctx, 'rayon', elsewhere, 1)

      expect(moved).toEqual({ ok: false, faults: { [field]: 'people_connected' } })
      const near = { [field]: `${rayon.url}/v2`, clientSecret: rayon.clientSecret }
      expect(await patchProvider(app.ctx, 'rayon', near, 1)).toMatchObject({ ok: true })
    },
  )
})

test('a key that is given anew does not come with connections somebody had under it before', async () => {
  const { app, browser, rayon } = await openRayon()
  await define({ browser, rayon })
  await browser.connect('rayon')
  const stored = await app.ctx.customProviders.find('rayon')
  await app.ctx.db('custom_providers').delete() // an older version's platform, or a hand in the database
  await app.ctx.providers.reload()

  await addProvider(app.ctx, { ...stored }, 1)

  expect(await app.ctx.db('connections').select('id')).toEqual([])
})

async function open(engine: (typeof ENGINES)[number]): Promise<Rayon> {
  const scene = await openRayon({ engine })
  await define(scene)
  return scene
}

/** The code is being exchanged; `page` is what follows. */
async function comeBackSlowly({ browser, rayon }: Rayon): Promise<{ page: Promise<Page> }> {
  const callback = await browser.consent('/rayon/connect')
  rayon.fault('/oauth/token', { delay: 800 })
  const page = browser.get(callback)
  while (rayon.count('/oauth/token') === 0) await pause(10)
  return { page }
}
