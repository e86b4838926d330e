import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { syncDue } from '../../../app/flows/catalogue/sync-due.ts'
import { settledOf } from '../../../app/store/sync-run-rows.ts'
import type { Context } from '../../../app/context.ts'
import { startApp } from '../../support/app.ts'
import { busyWorld } from '../../support/busy-world.ts'
import { faultsOf } from '../../support/catalogue/converged.ts'
import { ENGINES } from '../../support/databases.ts'
import { type Frost, frozen } from '../../support/catalogue/frozen.ts'
import { snapshotOf } from '../../support/snapshot.ts'
import { NEVER_BROKEN, UNPACED } from '../../support/catalogue/shop.ts'
import {
  beginRun,
  carry,
  impatient,
  runWhole,
  type SmallWorld,
} from '../../support/catalogue/small-world.ts'

/** Another one waits so long before it looks for a card; whoever has stood still for half of it sends nothing. */
const QUIET_MS = 80
const FRESH_MS = 40
const STILL_MS = 60
/** Calls between two freezes: all of them take minutes on a second engine. */
const STRIDE = { sqlite: 5, postgres: 15 } as const
const NEVER = new AbortController().signal

describe.each(ENGINES)('A process that stands still in a run, on %s', (engine) => {
  test('finds at any of its calls that another has gone on: every card once, every step counted once', async () => {
    const world = await busyWorld(1, 1, { engine, quietMs: QUIET_MS })
    const beside = await openInstance(world)
    const again = await snapshotOf(world)
    await beginRun(world)
    const calls = Number(await carry(world))
    expect(calls).toBeGreaterThan(60)

    for (let call = 1; call <= calls; call += STRIDE[engine])
      for (const after of [false, true]) {
        await again()
        await standStill(world, beside, { call, after })
      }
  }, 300_000)

  test('is not taken for dead by itself, whatever the clock says of its lease', async () => {
    const world = await busyWorld(2, 2, { engine, quietMs: QUIET_MS })
    const { ctx, scene } = world
    const id = await beginRun(world)
    scene.vk.latencyMs = 5

    await syncDue(ctx, NEVER)
    while (ctx.carrying.size > 0) {
      await leaseOver(world)
      await syncDue(ctx, NEVER)
      await pause(5)
    }

    expect(await ctx.syncRuns.find(id)).toMatchObject({ state: 'done', fence: 1 })
    expect(await faultsOf(world)).toEqual([])
  })
})

/** One process begins, stands still, and comes back when another has ended the run; or while it still goes on. */
async function standStill(world: SmallWorld, beside: Context, frost: Frost) {
  const { ctx } = world
  const id = await beginRun(world)
  const first = frozen({ ...beside, freshMs: FRESH_MS }, frost)
  const over = syncDue(first.ctx, NEVER).then(() => Promise.all(first.ctx.carrying.values()))
  await Promise.race([first.stood, over])
  await leaseOver(world)
  const late = frost.call % 3 === 0
  const other = carry(world)
  await Promise.all([pause(STILL_MS), late && other])
  first.thaw()
  await Promise.all([over, other])
  for (let tries = 0; tries < 3 && (await ctx.syncRuns.active(world.link.id)); tries += 1) {
    await pauseOver(world)
    await carry(world)
  }

  const run = await ctx.syncRuns.find(id)
  const open = await ctx.syncSteps.anyOpen(id)
  const faults = await faultsOf(world)
  const done = run && settledOf(run)
  expect({ frost, state: run?.state, done, open, faults }).toEqual({
    frost,
    state: 'done',
    done: run?.total,
    open: false,
    faults: [],
  })
  const writes = world.scene.vk.writes.length
  await runWhole(world)
  const after = world.scene.vk.writes.slice(writes).map(({ method }) => method)
  expect({ frost, after }).toEqual({ frost, after: [] })
}

/** A process of its own: one that stands still at a call's turn keeps its own lane busy, and nobody else's. */
async function openInstance({ scene: { app, evotor, vk } }: SmallWorld): Promise<Context> {
  const options = { evotor, vk, env: UNPACED, http: NEVER_BROKEN, quietMs: QUIET_MS }
  const beside = await startApp({ beside: app, ...options })
  return impatient({ app: beside, vk })
}

/** As if a clock had been set forward, or half a minute had passed. */
const leaseOver = ({ ctx }: SmallWorld) =>
  ctx
    .db('sync_runs')
    .where({ state: 'running' })
    .update({ lease_until: new Date(0) })

/** As if its minute had passed: on a busy machine the one that thaws stands still before each of its tries, and rests. */
const pauseOver = ({ ctx }: SmallWorld) =>
  ctx
    .db('sync_runs')
    .where({ state: 'paused' })
    .update({ resume_at: new Date(0) })
