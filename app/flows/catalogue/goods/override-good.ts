import type { Context } from '../../../context.ts'
import { sha256 } from '../../../catalogue/hashes.ts'
import type { Overrides } from '../../../catalogue/owner/overrides.ts'
import type { Link } from '../../../store/sync-links.ts'
import { restate } from './restate.ts'

/** Same mark, the same set by hand. */
export const markOfHand = ({ title, description, oldPrice, aside }: Overrides): string =>
  sha256(JSON.stringify([title, description, oldPrice, aside])).slice(0, 16)

/**
 * Sets by hand what a product of this till is to be called, and the rest of it, whole; nothing is sent. False where it is
 * not as it was `seen`: somebody has set it meanwhile, and nothing is changed.
 */
export async function overrideGood(
  ctx: Context,
  link: Link,
  productId: string,
  { seen, wanted }: { seen: string; wanted: Overrides },
): Promise<boolean> {
  return await ctx.inOne(async (unit) => {
    let before: Overrides = {}
    const kept = await unit.syncOverrides.change(link, productId, (now) => {
      before = now
      const isAsked = markOfHand(now) === seen && markOfHand(now) !== markOfHand(wanted)
      return isAsked ? wanted : undefined
    })
    if (!kept) return markOfHand(before) === seen
    await unit.syncLinks.touch(link)
    const words = before.description !== wanted.description
    await restate(unit, link, [productId], words)
    return true
  })
}
