import type { Product } from '../../../catalogue/goods.ts'
import { type GroupIndex, lineage, nearest } from '../../../catalogue/group-index.ts'
import { pictureTag } from '../../../flows/catalogue/files/feed-entry.ts'
import type { Link } from '../../../store/sync-links.ts'

const goodAddress = (id: string): string => `/goods/${encodeURIComponent(id)}`

/**
 * Where the first photo of a product is: `main`, which its owner gave it, the till's, or the owner's for its group or for
 * all; undefined for none.
 */
export function thumbOf(
  product: Product,
  link: Link,
  places: GroupIndex,
  main: number | undefined,
): string | undefined {
  if (main !== undefined) return `/sync/photos/${main}`
  if (product.image)
    return `${goodAddress(product.id)}/photo.jpg?link=${link.id}&v=${pictureTag(product.image)}`
  const own = nearest(lineage(product, places), link.settings.photos) ?? link.settings.photoId
  return own === undefined ? undefined : `/sync/photos/${own}`
}
