import type { Response } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { communityAddress } from '../../flows/catalogue/card-address.ts'
import type { Provider, SourcePlatform, TargetPlatform } from '../../providers/provider.ts'
import type { Link } from '../../store/sync-links.ts'
import { signedIn } from '../kit/signed-in.ts'

/** One end of a link as the pages name it. */
interface PairEnd {
  key: string
  icon: string
  platform: string
  name: string
  /** Where buyers see it. */
  url?: string
}

/** From which store to which community. */
export interface Pair {
  source: PairEnd
  target: PairEnd
}

/** The platforms the goods of a pair come from and go to. */
export function platformsOf(
  { providers }: Context,
  link: Pick<Link, 'source' | 'target'>,
): { source: SourcePlatform; target: TargetPlatform } {
  const source = providers.source(link.source)
  const target = providers.target(link.target)
  if (!source || !target) throw new NotFound('no platforms to carry goods between')
  return { source, target }
}

export function pairOf(ctx: Context, link: Link): Pair {
  const { source, target } = platformsOf(ctx, link)
  const url = communityAddress(ctx, link)
  return {
    source: endOf(source, link.storeName),
    target: { ...endOf(target, link.communityName ?? ''), ...(url && { url }) },
  }
}

const endOf = ({ key, icon, title }: Provider, name: string): PairEnd => ({
  key,
  icon,
  platform: title,
  name: name || title,
})

/**
 * The link a page is about: `?link=`, or the person's oldest; undefined when they have none.
 * @throws NotFound for one that is not theirs
 */
export async function linkOf(
  ctx: Context,
  res: Response,
  wanted: unknown,
): Promise<Link | undefined> {
  const { id } = signedIn(res)
  if (wanted === undefined || wanted === '') return (await ctx.syncLinks.list(id)).at(0)
  const number = typeof wanted === 'string' && /^\d{1,9}$/.test(wanted) ? Number(wanted) : 0
  const link = await ctx.syncLinks.find(id, number)
  if (!link) throw new NotFound('link')
  return link
}
