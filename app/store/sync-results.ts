import type { Linked } from '../catalogue/linked.ts'
import type { Step } from '../catalogue/steps.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Db } from './db.ts'
import { readerWithin } from './reader.ts'
import { createSyncItemStore, type OwnAlbum } from './sync-items.ts'
import { createSyncLinkStore, type Trouble } from './sync-links.ts'
import type { Claim, Counts, Run } from './sync-run-rows.ts'
import { transact } from './transaction.ts'
import type { RunState } from './vocabulary.ts'
import { createSyncRunStore, type Halt, type Outlook } from './sync-runs.ts'
import { createSyncStepStore, type Settled } from './sync-steps.ts'

/** What became of some steps: their results, the cards that are known by now, and those that are gone. */
export interface Results {
  settled: readonly Settled[]
  links: readonly Linked[]
  unlinked: readonly string[]
  /** Which of the counts a result belongs to. */
  countOf: (settled: Settled) => keyof Counts
}

/** How a run ends, and what follows for its pair. */
export interface RunEnding {
  /** `dropped`: nothing is left of it. */
  state: Extract<RunState, 'done' | 'stopped' | 'failed'> | 'dropped'
  halt?: Halt
  /** Listings of the link it has carried. */
  carried?: number
  trouble?: Trouble
  /** It has worked: what passes by itself has passed. */
  worked?: true
  /** Undefined: by hand only. */
  nextRunAt: Date | undefined
}

type Claimed = Pick<Run, 'id' | 'fence' | 'linkId'>

/**
 * What belongs together of a run is kept all together or not at all, and only while its claim is the newest. On SQLite each
 * commit waits for the disk, and everybody with it.
 */
export function createSyncResultStore(db: Db, vault: Vault) {
  /** Undefined: the run is somebody else's by now, and nothing was written. */
  const whileHeld = <T>(claim: Claim, work: (all: Db) => Promise<T>): Promise<T | undefined> =>
    transact(db, async (all) =>
      (await createSyncRunStore(all).fix(claim)) ? await work(all) : undefined,
    )

  return {
    /** Gives the results that are news: what had been settled before counts once. */
    keep({ linkId, ...claim }: Claimed, results: Results): Promise<Settled[] | undefined> {
      const { settled, links, unlinked, countOf } = results
      return whileHeld(claim, async (all) => {
        const items = createSyncItemStore(all)
        await items.saveLinks(linkId, links)
        await items.unlink(linkId, unlinked)
        const fresh = await createSyncStepStore(all).settle(claim.id, settled)
        await createSyncRunStore(all).count(claim, tallyOf(fresh.map(countOf)))
        return fresh
      })
    },
    /** What was found out of cards before anything is sent. */
    async adopt(
      { linkId, ...claim }: Claimed,
      {
        links,
        unlinked,
        forgotten,
      }: Record<'unlinked' | 'forgotten', readonly string[]> & {
        links: readonly Linked[]
      },
    ): Promise<boolean> {
      const kept = await whileHeld(claim, async (all) => {
        const items = createSyncItemStore(all)
        await items.saveLinks(linkId, links)
        await items.unlink(linkId, unlinked)
        await items.forget(linkId, forgotten)
        return true
      })
      return kept === true
    },
    /** What there is to do: from now on it is sent. */
    async begin(claim: Claim, outlook: Outlook, steps: readonly Step[]): Promise<boolean> {
      const begun = await whileHeld(claim, async (all) => {
        await createSyncStepStore(all).replace(claim.id, steps)
        return await createSyncRunStore(all).setOutlook(claim, outlook)
      })
      return begun === true
    },
    /** Cards stand in this album now; undefined: in none. */
    async place(
      { linkId, ...claim }: Claimed,
      { steps, albumId }: { steps: readonly { id: number; productId: string }[]; albumId?: string },
    ): Promise<boolean> {
      const placed = await whileHeld(claim, async (all) => {
        const products = steps.map(({ productId }) => productId)
        await createSyncItemStore(all).setAlbumOf(linkId, products, albumId)
        const ids = steps.map(({ id }) => id)
        return await createSyncStepStore(all).notePlaced(claim, ids)
      })
      return placed === true
    },
    /** A group has an album of its own now. */
    async noteAlbum({ linkId, ...claim }: Claimed, album: OwnAlbum): Promise<boolean> {
      const noted = await whileHeld(claim, async (all) => {
        await createSyncItemStore(all).setAlbum(linkId, album)
        return true
      })
      return noted === true
    },
    /** An album is called as its group is; `changed`: it was called otherwise, and that counts. */
    async noteTitle(
      { linkId, ...claim }: Claimed,
      { changed, ...album }: OwnAlbum & { changed: boolean },
    ): Promise<boolean> {
      const noted = await whileHeld(claim, async (all) => {
        await createSyncItemStore(all).setAlbum(linkId, album)
        return !changed || (await createSyncRunStore(all).count(claim, { renamed: 1 }))
      })
      return noted === true
    },
    /** False: it is somebody else's, or the fate of a step is open. */
    async end({ linkId, ...claim }: Claimed, ending: RunEnding): Promise<boolean> {
      const { state, halt, carried, trouble, worked, nextRunAt } = ending
      const ended = await whileHeld(claim, async (all) => {
        const runs = createSyncRunStore(all)
        const over =
          state === 'dropped' ? await runs.drop(claim) : await runs.finish(claim, state, halt)
        if (!over) return false
        const links = createSyncLinkStore(all, vault, readerWithin(all))
        if (carried !== undefined) await links.noteSettled(linkId, carried)
        if (worked) await links.endPassing(linkId)
        if (trouble) await links.setTrouble(linkId, trouble)
        await links.setNextRun(linkId, nextRunAt)
        return true
      })
      return ended === true
    },
  }
}

function tallyOf(names: readonly (keyof Counts)[]): Partial<Counts> {
  const counts: Partial<Counts> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
