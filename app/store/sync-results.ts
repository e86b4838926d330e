import type { Linked } from '../sync/items.ts'
import type { Db } from './db.ts'
import { createSyncItemStore } from './sync-items.ts'
import type { Counts } from './sync-run-rows.ts'
import { createSyncRunStore } from './sync-runs.ts'
import { createSyncStepStore, type Settled } from './sync-steps.ts'

/** What became of some steps: their results, the cards that are known by now, those that are gone, and how many of what. */
export interface Results {
  settled: readonly Settled[]
  links: readonly Linked[]
  unlinked: readonly string[]
  counts: Partial<Counts>
}

/** Results of steps, kept all together or not at all. On SQLite each commit waits for the disk, and everybody with it. */
export function createSyncResultStore(db: Db) {
  return {
    async keep(linkId: number, runId: number, results: Results): Promise<void> {
      await db.transaction(async (all) => {
        const items = createSyncItemStore(all)
        await items.saveLinks(linkId, results.links)
        await items.unlink(linkId, results.unlinked)
        await createSyncStepStore(all).settle(results.settled)
        await createSyncRunStore(all).count(runId, results.counts)
      })
    },
  }
}
