import type { Context } from '../../../context.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Claim } from '../../../store/sync-run-rows.ts'
import type { Group, Product } from '../../../catalogue/goods.ts'
import { whileOurs } from './run-lease.ts'

/** What a listing of the till has brought. */
export interface Listed {
  /** Something is different from before. */
  found: boolean
  changed: readonly Product[]
  /** New counts of listings in which products were missing. */
  misses: ReadonlyMap<string, number>
  /** All of them, where one is different. */
  groups?: readonly Group[]
  /** A run's: changes since `from` are asked for next time. */
  listed?: { from: Date; complete: boolean }
}

const NONE: Listed['misses'] = new Map()
/** Products kept in one go: nobody has to wait for all of them. */
const AT_ONCE = 500

/**
 * Keeps a listing, piece by piece and each as long as the run is ours. Gives how many listings found something by now.
 * @throws RunLost
 */
export async function keepListing(
  ctx: Context,
  { id, changes: before }: Link,
  run: Claim | undefined,
  { found, changed, misses, groups, listed }: Listed,
): Promise<number> {
  const keep = <T>(write: (unit: Context) => Promise<T>) => whileOurs(ctx, run, write)
  // Noted before it is kept: after a crash in between one look too many is taken, not one too few.
  const changes = found ? await keep(({ syncLinks }) => syncLinks.noteChanges(id)) : before
  for (let at = 0; at < changed.length; at += AT_ONCE) {
    const some = changed.slice(at, at + AT_ONCE)
    await keep(({ syncItems }) => syncItems.saveListing(id, { changed: some, misses: NONE }))
  }
  await keep(async ({ syncItems, syncLinks }) => {
    await syncItems.saveListing(id, { changed: [], misses })
    if (groups) await syncItems.saveGroups(id, groups)
    if (listed) await syncLinks.noteListing(id, listed.from, listed.complete)
  })
  return changes
}
