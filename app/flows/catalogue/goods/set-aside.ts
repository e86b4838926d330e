import type { Context } from '../../../context.ts'
import type { Link } from '../../../store/sync-links.ts'
import { restate } from './restate.ts'

/** Sets products of this till aside, or takes them back; nothing is sent. Gives how many were not so before. */
export const setAside = (
  ctx: Context,
  link: Link,
  productIds: readonly string[],
  aside: boolean,
): Promise<number> =>
  ctx.inOne(async (unit) => {
    const changed = await unit.syncOverrides.setAside(link, productIds, aside)
    return await lookAnew(unit, link, changed)
  })

/** Takes the last change of many back, where it is still the one of this moment. Gives how many are again as before. */
export const undoAside = (ctx: Context, link: Link, at: Date): Promise<number> =>
  ctx.inOne(async (unit) => lookAnew(unit, link, await unit.syncOverrides.undoAct(link, at)))

async function lookAnew(unit: Context, link: Link, changed: readonly string[]): Promise<number> {
  if (changed.length === 0) return 0
  await unit.syncLinks.touch(link)
  await restate(unit, link, changed)
  return changed.length
}
