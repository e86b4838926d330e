import type { Context } from '../../context.ts'
import type { Link } from '../../store/sync-links.ts'

type Where = Pick<Context, 'providers'>

const targetOf = ({ providers }: Where) => providers.all.find(({ target }) => target)?.target

/** Finds where a buyer sees a card of this link; undefined where the goods go into a file only. */
export function cardAddresses(
  ctx: Where,
  { communityId }: Pick<Link, 'communityId'>,
): (itemId: number) => string | undefined {
  const target = targetOf(ctx)
  return (itemId) => (communityId === '' ? undefined : target?.cardUrl(communityId, itemId))
}

/** Where a buyer sees the community of this link; what was stored may have been given up since. */
export const communityAddress = (ctx: Where, { communityId }: Pick<Link, 'communityId'>) =>
  communityId === '' ? undefined : targetOf(ctx)?.communityUrl(communityId)
