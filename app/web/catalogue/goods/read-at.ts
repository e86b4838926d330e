import type { Context } from '../../../context.ts'
import { OVERLAP_MS } from '../../../flows/catalogue/runs/list-source.ts'
import type { Link } from '../../../store/sync-links.ts'

/** When the till was last looked at, by a run or for a person; undefined: never. */
export async function readAtOf(ctx: Context, links: readonly Link[]): Promise<Date | undefined> {
  const moments: Date[] = []
  for (const { id, listedFrom } of links) {
    const draft = await ctx.syncRuns.draftOf(id)
    if (listedFrom) moments.push(new Date(listedFrom.getTime() + OVERLAP_MS))
    if (draft) moments.push(draft.createdAt)
  }
  return moments.sort((a, b) => b.getTime() - a.getTime()).at(0)
}
