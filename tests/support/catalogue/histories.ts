import { expect } from 'vitest'
import { preview } from '../../../app/flows/catalogue/preview.ts'
import { FAREWELLS } from '../../../app/catalogue/settings.ts'
import { markOfHand } from '../../../app/flows/catalogue/goods/override-good.ts'
import { faultsOf } from './converged.ts'
import { createDice, type Dice } from '../dice.ts'
import { editShop, editTill, type Foreign, textOf } from './edits.ts'
import { Remembered, setByHand } from './hand-settings.ts'
import { breakSomething, mend } from './misfortunes.ts'
import { NEVER_BROKEN, openShop, type ShopScene } from './shop.ts'
import { beginRun, carry, openWorld, runWhole, type SmallWorld } from './small-world.ts'

/**
 * Lives through `count` histories of edits, faults and deaths, and expects the community to be as the till after each.
 * The same seeds, the same histories; one that fails says which it was: begin with it.
 */
export async function liveThrough(
  firstSeed: number,
  count: number,
  { byHand = false } = {},
): Promise<void> {
  const scene = await openShop({ quietMs: 20, http: NEVER_BROKEN })
  scene.vk.perSecond = Infinity
  scene.vk.keepPhotos = false
  const told = { writes: 0, deaths: 0, pauses: 0, failures: 0, ...(byHand && { settings: 0 }) }

  for (let seed = firstSeed; seed < firstSeed + count; seed += 1)
    await live(scene, seed, told, byHand)

  // What never happens is not tested.
  for (const times of Object.values(told)) expect(times).toBeGreaterThan(count / 20)
}

type Told = Record<'writes' | 'deaths' | 'pauses' | 'failures', number> & { settings?: number }

interface History {
  world: SmallWorld
  dice: Dice
  told: Told
  /** What was done, to be read when it ends badly. */
  story: string[]
  foreign: Foreign
  remembered: Remembered
}

async function live(scene: ShopScene, seed: number, told: Told, byHand: boolean) {
  const dice = createDice(seed)
  const settings = { gone: dice.of(FAREWELLS) ?? 'hide', outOfStock: dice.of(FAREWELLS) ?? 'hide' }
  const world = await openWorld(scene, seed, 3 + dice.below(6), settings)
  await world.ctx.db('sync_overrides').delete() // the till of all histories is one
  const story = [`${world.till.products.size} products, ${JSON.stringify(settings)}`]
  const foreign = new Map<number, string>()
  const history = { world, dice, told, story, foreign, remembered: new Remembered() }
  try {
    await runSomehow(history)
    for (let days = 1 + dice.below(2); days > 0; days -= 1) {
      edit(history)
      if (byHand) await setSome(history)
      await runSomehow(history)
    }
    mend(world)
    await settle(history)
    told.writes += scene.vk.writes.length
  } catch (error) {
    throw new Error(`history ${seed}:\n${story.join('\n')}`, { cause: error })
  }
}

function edit({ world, dice, story, foreign }: History) {
  for (let n = dice.below(5); n > 0; n -= 1) story.push(editTill(world, dice))
  for (let n = dice.below(5); n > 0; n -= 1)
    story.push(editShop(world, dice, foreign, String(story.length)))
}

async function setSome({ world, dice, story, told, remembered }: History) {
  for (let n = 1 + dice.below(4); n > 0; n -= 1)
    story.push(await setByHand(world, dice, remembered))
  told.settings = (told.settings ?? 0) + 1
}

/** A run, perhaps with faults, perhaps begun again after a death or a pause, perhaps left where it is. */
async function runSomehow({ world, dice, story, told }: History) {
  if (dice.percent(50)) story.push(breakSomething(world, dice))
  if (dice.percent(10)) await preview(world.ctx, world.link).catch(() => undefined)
  const id = await beginRun(world, { whole: dice.percent(60) })
  for (let tries = 1 + dice.below(3); tries > 0; tries -= 1) {
    const mortal = dice.percent(50)
    const death = mortal ? { call: 1 + dice.below(100), after: dice.percent(50) } : undefined
    const died = (await carry(world, death)) === 'died'
    const run = await world.ctx.syncRuns.find(id)
    story.push(
      `${died ? 'died' : 'carried'} ${JSON.stringify(death)}: ${run?.state} ${run?.stage} ${run?.reason}`,
    )
    if (run?.reason === 'interrupted') throw new Error('a run broke')
    if (died) told.deaths += 1
    if (run?.state === 'failed') told.failures += 1
    if (run?.state === 'paused') {
      told.pauses += 1
      await world.ctx.syncRuns.resume(id)
    } else if (run?.state !== 'running') break
  }
  if (dice.percent(10)) await world.ctx.syncRuns.askStop(id)
  if (dice.percent(60)) mend(world)
}

/** Faults are over: runs go on until nothing happens any more. */
async function settle({ world, story, foreign, remembered }: History) {
  const { scene, community, ctx, link } = world
  if (await ctx.syncRuns.active(link.id)) await runWhole(world)
  for (let runs = 1, quiet = false; !quiet; runs += 1) {
    const before = scene.vk.writes.length
    const run = await runWhole(world)
    const sent = scene.vk.writes.slice(before).map(({ method }) => method)
    story.push(`at the end: ${run?.state} ${run?.reason}, ${sent.join()}`)
    if (runs > 8) throw new Error('it goes on for ever')
    const known = await ctx.syncItems.known(link.id)
    quiet = sent.length === 0 && run?.state === 'done' && known.every(({ misses }) => misses !== 1)
  }
  const faults = [...(await lostOf(world, remembered)), ...(await faultsOf(world, remembered.of))]
  for (const [id, text] of foreign)
    if (textOf(community.items.get(id)) !== text) faults.push(`${text} was changed`)
  expect(faults.join('\n')).toBe('')
}

/** What the owner remembers to have set, and is set no longer, or otherwise. */
async function lostOf({ ctx, link }: SmallWorld, { of }: Remembered): Promise<string[]> {
  const kept = await ctx.syncOverrides.ofTill(link)
  const ids = new Set([...kept.keys(), ...of.keys()])
  return [...ids]
    .filter((id) => markOfHand(kept.get(id) ?? {}) !== markOfHand(of.get(id) ?? {}))
    .map((id) => `what is set of ${id} is not what was set`)
}
