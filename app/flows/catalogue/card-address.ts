import type { Context } from '../../context.ts'
import type { Destination } from '../../store/sync-links.ts'

type Where = Pick<Context, 'providers'>

/** Finds where a buyer sees a card of this link; undefined where the goods go into a file only. */
export function cardAddresses(
  { providers }: Where,
  link: Destination,
): (itemId: string) => string | undefined {
  if (link.target === undefined) return () => undefined
  const { communityId } = link
  const target = providers.target(link.target)?.target
  return (itemId) => target?.cardUrl(communityId, itemId)
}

/** Where a buyer sees the community of this link; what was stored may have been given up since. */
export function communityAddress({ providers }: Where, link: Destination): string | undefined {
  if (link.target === undefined) return undefined
  return providers.target(link.target)?.target.communityUrl(link.communityId)
}
