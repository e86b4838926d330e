import type { Link } from '../../../store/sync-links.ts'

/** The page of one product's photos. */
export const addressOf = ({ id }: Pick<Link, 'id'>, productId: string): string =>
  `/photos/${id}/${encodeURIComponent(productId)}`
