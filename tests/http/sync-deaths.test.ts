import { expect, test } from 'vitest'
import { settledOf } from '../../app/store/sync-run-rows.ts'
import { faultsOf } from '../support/converged.ts'
import { createDice } from '../support/dice.ts'
import type { Death } from '../support/mortal.ts'
import { NEVER_BROKEN, openShop } from '../support/shop.ts'
import { snapshotOf } from '../support/snapshot.ts'
import {
  beginRun,
  carry,
  groupIdOf,
  openWorld,
  productOf,
  runWhole,
  type SmallWorld,
} from '../support/small-world.ts'

test('a run that dies at any of its calls is ended by the next process: no card lost, none twice', async () => {
  const world = await busyWorld(1, 1)
  const again = await snapshotOf(world)
  await beginRun(world)
  const calls = Number(await carry(world))

  expect(await faultsOf(world)).toEqual([])
  expect(calls).toBeGreaterThan(50)
  for (const after of [false, true])
    for (let call = 1; call <= calls; call += 1) {
      await again()
      await dieAndGoOn(world, [{ call, after }])
    }
}, 300_000)

test('a run of sixty changes outlives one process after the other', async () => {
  const dice = createDice(7)
  const world = await busyWorld(2, 12)
  const again = await snapshotOf(world)

  let deaths = 0
  for (let round = 0; round < 8; round += 1) {
    await again()
    const plan = Array.from({ length: 200 }, () => ({
      call: 8 + dice.below(25),
      after: dice.percent(50),
    }))
    deaths += await dieAndGoOn(world, plan)
  }

  expect(deaths).toBeGreaterThan(200)
}, 300_000)

/** Processes with these deaths one after the other, then one that lives. Gives how many died. */
async function dieAndGoOn(world: SmallWorld, deaths: readonly Death[]): Promise<number> {
  const id = await beginRun(world)
  let died = 0
  for (const death of deaths) {
    if ((await carry(world, death)) !== 'died') break
    died += 1
  }
  await carry(world)

  const run = await world.ctx.syncRuns.find(id)
  const faults = await faultsOf(world)
  const done = run && settledOf(run)
  expect({ deaths: died && deaths.slice(0, 1), state: run?.state, done, faults }).toEqual({
    deaths: died && deaths.slice(0, 1),
    state: 'done',
    done: run?.total,
    faults: [],
  })
  return died
}

/** Of each kind of change so many: new cards, edits, cards that are hidden, moved, and made anew. */
async function busyWorld(number: number, each: number): Promise<SmallWorld> {
  const scene = await openShop({ quietMs: 20, http: NEVER_BROKEN })
  scene.vk.perSecond = Infinity
  scene.vk.keepPhotos = false
  const world = await openWorld(scene, number, each * 4)
  await runWhole(world)

  const { till, community } = world
  const products = [...till.products.values()]
  till.putGroup({ id: groupIdOf(number, 2), name: 'Новая полка' })
  for (const [at, { id }] of products.entries()) {
    const kind = at % 4
    if (kind === 0) till.setPrice(id, 777 + at)
    if (kind === 1) till.setQuantity(id, 0)
    if (kind === 2) till.change(id, { parent_id: groupIdOf(number, 2) })
  }
  for (const [at, { id }] of [...community.items.values()].entries())
    if (at % 4 === 3) scene.vk.handDelete(id)
  for (let at = 0; at < each; at += 1) till.put(productOf(number, 500 + at))
  return world
}
