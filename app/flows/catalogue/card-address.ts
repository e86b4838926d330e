import type { Context } from '../../context.ts'
import type { Link } from '../../store/sync-links.ts'

type Where = Pick<Context, 'providers'>

type Community = Pick<Link, 'target' | 'communityId'>

const targetOf = ({ providers }: Where, { target }: Community) =>
  target === undefined ? undefined : providers.target(target)?.target

/** Finds where a buyer sees a card of this link; undefined where the goods go into a file only. */
export function cardAddresses(ctx: Where, link: Community): (itemId: string) => string | undefined {
  const target = targetOf(ctx, link)
  return (itemId) => target?.cardUrl(link.communityId, itemId)
}

/** Where a buyer sees the community of this link; what was stored may have been given up since. */
export const communityAddress = (ctx: Where, link: Community) =>
  targetOf(ctx, link)?.communityUrl(link.communityId)
