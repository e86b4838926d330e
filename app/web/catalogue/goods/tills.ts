import type { Response } from 'express'
import type { Context } from '../../../context.ts'
import { isSameStore, type Link } from '../../../store/sync-links.ts'
import { rowOf } from '../../kit/page-links.ts'
import { signedIn } from '../../kit/signed-in.ts'

/** A till, and the windows its goods are shown in: at least one. */
export interface Till {
  /** The first of them; the till goes by its number in addresses. */
  first: Link
  links: readonly Link[]
}

/** Every till of the person that has a window, the oldest first. */
export async function tillsOf(ctx: Context, res: Response): Promise<Till[]> {
  const all = await ctx.syncLinks.list(signedIn(res).id)
  const tills: { first: Link; links: Link[] }[] = []
  for (const link of all) {
    const till = tills.find(({ first }) => isSameStore(first, link))
    if (till) till.links.push(link)
    else tills.push({ first: link, links: [link] })
  }
  return tills
}

/** The till an address names by any of its pairs, or the first. */
export function tillIn(tills: readonly Till[], wanted: unknown): Till | undefined {
  const id = rowOf(wanted)
  return tills.find(({ links }) => links.some((link) => link.id === id)) ?? tills.at(0)
}
