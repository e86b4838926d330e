import type { Context } from '../context.ts'
import type { Link } from '../store/sync-links.ts'

/** Finds where a buyer sees a card of this link; undefined where the goods go into a file only. */
export function cardAddresses(
  { providers }: Pick<Context, 'providers'>,
  { communityId, communityUrl }: Pick<Link, 'communityId' | 'communityUrl'>,
): (itemId: number) => string | undefined {
  const shown = providers.all.find(({ target }) => target)?.target
  return (itemId) =>
    communityId === '' ? undefined : shown?.cardUrl({ id: communityId, url: communityUrl }, itemId)
}
