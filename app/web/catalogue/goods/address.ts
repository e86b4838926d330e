import { withQuery } from '../../kit/page-links.ts'

/** The page of one product; `till` where there are several. */
export const goodAddress = (productId: string, till: number | undefined): string =>
  withQuery(`/goods/${encodeURIComponent(productId)}`, { till })
