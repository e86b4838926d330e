import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { syncDue } from '../../../app/flows/catalogue/sync-due.ts'
import { busyWorld } from '../../support/busy-world.ts'
import { ENGINES } from '../../support/databases.ts'
import { frozen } from '../../support/catalogue/frozen.ts'
import { snapshotOf } from '../../support/snapshot.ts'
import { beginRun, carry, type SmallWorld } from '../../support/catalogue/small-world.ts'

/** Calls between two freezes: all of them take minutes on a second engine. */
const STRIDE = { sqlite: 2, postgres: 9 } as const
/** What is under way when a process stops arrives. */
const ARRIVES_MS = 20
const NEVER = new AbortController().signal
const TABLES = [
  ...['sync_links', 'sync_items', 'sync_groups', 'sync_holds', 'sync_runs', 'sync_steps'],
  ...['events', 'notices'],
]

describe.each(ENGINES)('Whoever has lost a run, on %s', (engine) => {
  test('writes nothing any more, from whichever of its calls on', async () => {
    const world = await busyWorld(1, 1, { engine })
    const again = await snapshotOf(world)
    await beginRun(world)
    const calls = Number(await carry(world))
    expect(calls).toBeGreaterThan(60)

    let lost = 0
    for (let call = 1; call <= calls; call += STRIDE[engine]) {
      await again()
      if (await isLostAt(world, call)) lost += 1
    }
    expect(lost).toBeGreaterThan((calls / STRIDE[engine]) * 0.8)
  })
})

/** Another process takes the run while the first one stands still. False: it had not begun, or was over. */
async function isLostAt(world: SmallWorld, call: number): Promise<boolean> {
  const { ctx } = world
  const id = await beginRun(world)
  const first = frozen(ctx, { call, after: false })
  const over = syncDue(first.ctx, NEVER).then(() => Promise.all(first.ctx.carrying.values()))
  await Promise.race([first.stood, over])
  await pause(ARRIVES_MS)
  const running = (await ctx.syncRuns.find(id))?.state === 'running'
  if (running) await ctx.db('sync_runs').where({ id }).increment('fence', 1)
  const before = await everything(world)
  first.thaw()
  await over

  if (running) expect({ call, ...(await everything(world)) }).toEqual({ call, ...before })
  return running
}

async function everything({ ctx, scene }: SmallWorld) {
  const rows = await Promise.all(TABLES.map((table) => ctx.db<object>(table).orderBy('id')))
  return { rows, sent: scene.vk.writes.length }
}
