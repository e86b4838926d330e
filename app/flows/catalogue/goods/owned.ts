import type { Context } from '../../../context.ts'
import type { Owned } from '../../../catalogue/owner/overrides.ts'
import type { Till } from '../../../store/sync-good-photos.ts'

/** What of a till's products is the owner's, of these or of all: by the product, nothing where nothing is. */
export async function ownedOf(
  { syncGoodPhotos, syncOverrides }: Pick<Context, 'syncGoodPhotos' | 'syncOverrides'>,
  till: Till,
  productIds?: readonly string[],
): Promise<(productId: string) => Owned> {
  const photos = await (productIds
    ? syncGoodPhotos.ofSome(till, productIds)
    : syncGoodPhotos.ofTill(till))
  const byHand = await (productIds
    ? syncOverrides.of(till, productIds)
    : syncOverrides.ofTill(till))
  return (productId) => {
    const own = photos.get(productId)
    const overrides = byHand.get(productId)
    return { ...(own && { photos: own }), ...(overrides && { overrides }) }
  }
}
