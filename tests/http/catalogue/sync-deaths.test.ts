import { expect, test } from 'vitest'
import { settledOf } from '../../../app/store/sync-run-rows.ts'
import { busyWorld } from '../../support/busy-world.ts'
import { faultsOf } from '../../support/catalogue/converged.ts'
import { createDice } from '../../support/dice.ts'
import type { Death } from '../../support/catalogue/mortal.ts'
import { snapshotOf } from '../../support/snapshot.ts'
import { beginRun, carry, type SmallWorld } from '../../support/catalogue/small-world.ts'

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
