import { describe, expect, test } from 'vitest'
import { syncDue } from '../../../app/flows/catalogue/sync-due.ts'
import { startApp } from '../../support/app.ts'
import { ENGINES } from '../../support/databases.ts'
import { shortestWindows, watchDepartures } from '../../support/catalogue/departures.ts'
import { NEVER_BROKEN, openShop } from '../../support/catalogue/shop.ts'
import { beginRun, openWorld } from '../../support/catalogue/small-world.ts'

const THREE = { VK_PER_SECOND: '3' }
const NEVER = new AbortController().signal

describe.each(ENGINES)('Two instances and one token, on %s', (engine) => {
  test('two pairs at once: no four of their calls leave within a second', async () => {
    const scene = await openShop({ engine, env: THREE, http: NEVER_BROKEN })
    const { app, evotor, vk } = scene
    const beside = await startApp({ beside: app, evotor, vk, env: THREE, http: NEVER_BROKEN })
    const worlds = [await openWorld(scene, 1, 2), await openWorld(scene, 2, 2)]
    vk.perSecond = 3
    const left = watchDepartures(vk.url, '/method/')
    const before = vk.requestsMade

    const runs = []
    for (const [at, { ctx }] of [app, beside].entries()) {
      const world = worlds[at]
      if (world) runs.push(await beginRun(world))
      await syncDue(ctx, NEVER)
    }
    await Promise.all([app, beside].flatMap(({ ctx }) => [...ctx.carrying.values()]))

    const ended = await Promise.all(runs.map((id) => app.ctx.syncRuns.find(id)))
    expect(ended).toMatchObject(Array(2).fill({ state: 'done', created: 2, failed: 0 }))
    expect(left).toHaveLength(vk.requestsMade - before)
    const [shortest] = shortestWindows(left, 4)
    expect(shortest).toBeGreaterThan(1000)
    // What leaves in time may arrive together where simulator and instances stand still together: it is waited out.
    expect(vk.tooFast).toBeLessThan(left.length / 4)
  })
})
