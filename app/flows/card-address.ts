import type { Route } from '../store/sync-links.ts'

/** Where a buyer sees a card: a window over its community's page, which goes by the numbers of both (vk.md §6.5). */
export const cardAddress = (
  { communityUrl, communityId }: Pick<Route, 'communityUrl' | 'communityId'>,
  itemId: number,
): string => `${communityUrl}?w=product-${communityId}_${itemId}`
