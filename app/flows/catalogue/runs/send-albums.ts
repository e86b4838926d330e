import { ShopRefused } from '../../../errors.ts'
import type { Outcome } from '../../../providers/catalogue.ts'
import { type KeptStep, UNREADABLE } from '../../../store/sync-steps.ts'
import type { Placement } from '../../../catalogue/items.ts'
import { changeIn, contentIn } from '../../../catalogue/steps.ts'
import type { RunExecution } from './step-results.ts'
import { stillOurs } from './run-lease.ts'

const AT_ONCE = 500

/** Puts cards where they belong and takes them out of where they were. */
export async function sendAlbums(carrying: RunExecution): Promise<void> {
  const { ctx, run, hold } = carrying
  const albums = createAlbums(carrying)
  for (;;) {
    const steps = await ctx.syncSteps.unplaced(run.id, AT_ONCE)
    if (steps.length === 0) return
    hold.check()
    const [known, lost] = partition(steps)
    stillOurs(await ctx.syncSteps.notePlaced(run, lost, UNREADABLE))
    await leave(carrying, known)
    for (const [album, group] of byAlbum(known))
      await enterNew(carrying, () => albums(album), group)
    const nowhere = known.filter(({ step }) => !contentIn(step)?.album)
    await settleAlbum(carrying, nowhere)
  }
}

/** Those that can be read, and the numbers of those that cannot. */
const partition = (steps: readonly KeptStep[]): [KeptStep[], number[]] => [
  steps.filter(({ unreadable }) => !unreadable),
  steps.flatMap(({ id, unreadable }) => (unreadable ? [id] : [])),
]

async function leave({ shop, hold }: RunExecution, steps: readonly KeptStep[]): Promise<void> {
  const moves = steps.flatMap(({ itemId, step }) => {
    const { leaveAlbum: albumId } = changeIn(step)
    return itemId !== undefined && albumId !== undefined ? [{ itemId, albumId }] : []
  })
  for (let from = 0; from < moves.length; from += shop.atOnce) {
    hold.check()
    halt(await shop.take(moves.slice(from, from + shop.atOnce)))
  }
}

/** An album that may not be made leaves its cards without one. */
async function enterNew(
  carrying: RunExecution,
  album: () => Promise<string>,
  steps: readonly KeptStep[],
): Promise<void> {
  let albumId: string
  try {
    albumId = await album()
  } catch (error) {
    if (!(error instanceof ShopRefused) || error.scope !== 'item') throw error
    const { code, values } = error
    const ids = steps.map(({ id }) => id)
    stillOurs(await carrying.ctx.syncSteps.notePlaced(carrying.run, ids, { code, values }))
    return
  }
  await enter(carrying, albumId, steps)
}

async function enter(
  carrying: RunExecution,
  albumId: string,
  steps: readonly KeptStep[],
): Promise<void> {
  const outcomes = await carrying.shop.place(albumId, steps.map(madeCard))
  const placed = steps.filter((_kept, index) => outcomes[index]?.done)
  await settleAlbum(carrying, placed, albumId)
  for (const [index, { id }] of steps.entries()) {
    const outcome = outcomes[index]
    if (!outcome) throw new Error('an outcome for each card')
    if (outcome.done || isHalting(outcome)) continue
    const { code, values } = outcome.refusal
    stillOurs(await carrying.ctx.syncSteps.notePlaced(carrying.run, [id], { code, values }))
  }
  halt(outcomes)
}

/** What is carried out has a card. */
function madeCard({ id, itemId }: KeptStep): string {
  if (itemId === undefined) throw new Error(`step ${id} is done and has no card`)
  return itemId
}

async function settleAlbum(
  { ctx, run }: RunExecution,
  steps: readonly KeptStep[],
  albumId?: string,
): Promise<void> {
  if (steps.length === 0) return
  const placed = steps.map(({ id, step: { productId } }) => ({ id, productId }))
  const album = albumId === undefined ? {} : { albumId }
  stillOurs(await ctx.syncResults.place(run, { steps: placed, ...album }))
}

/** Ids of albums; one that is not there yet is made, unless it turns out that it was made before. */
function createAlbums({
  ctx,
  run,
  shop,
  hold,
}: RunExecution): (album: Placement) => Promise<string> {
  const made = new Map<string, string>()
  let looked = run.stage !== 'albums' // nobody has been here before us

  async function make({ groupId, title }: Exclude<Placement, { id: string }>): Promise<string> {
    if (!looked) {
      await hold.quiet() // somebody before us may be making one
      for (const album of await shop.albums()) made.set(album.title, album.id)
      looked = true
    }
    const albumId = made.get(title) ?? (await shop.addAlbum(title))
    made.set(title, albumId)
    stillOurs(await ctx.syncResults.noteAlbum(run, { groupId, albumId, title }))
    return albumId
  }

  return async (album) => ('id' in album ? album.id : await make(album))
}

function byAlbum(steps: readonly KeptStep[]): [Placement, KeptStep[]][] {
  const groups = new Map<string, [Placement, KeptStep[]]>()
  for (const kept of steps) {
    const album = contentIn(kept.step)?.album
    if (!album || !kept.step.fields.includes('album')) continue
    const name = 'id' in album ? `id ${album.id}` : `group ${album.groupId}`
    const group = groups.get(name)
    if (group) group[1].push(kept)
    else groups.set(name, [album, [kept]])
  }
  return [...groups.values()]
}

const isHalting = (outcome: Outcome) =>
  !outcome.done && outcome.refusal.scope !== 'item' && outcome.refusal.scope !== 'missing'

/** @throws ShopRefused: the first refusal that is not about one card */
function halt(outcomes: readonly Outcome[]) {
  for (const outcome of outcomes) if (!outcome.done && isHalting(outcome)) throw outcome.refusal
}
