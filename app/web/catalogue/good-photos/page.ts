import type { Response } from 'express'
import type { Context } from '../../../context.ts'
import { NotFound } from '../../../errors.ts'
import { goodOf, MOST_OF_A_GOOD } from '../../../flows/catalogue/photos/good-photos.ts'
import type { Link } from '../../../store/sync-links.ts'
import { price } from '../../kit/amounts.ts'
import { platformsOf } from '../pair.ts'

/** `GET /photos/:id/:product`: the photos of one product, and how the shop will show it. */
export async function showGood(ctx: Context, res: Response, link: Link, productId: string) {
  const product = await goodOf(ctx, link, productId)
  if (!product) throw new NotFound('product')
  const ids = await ctx.syncGoodPhotos.of(link, productId)
  const { target } = platformsOf(ctx, link)
  res.render('photos/good', {
    title: `Фото: ${product.name}`,
    link,
    product,
    target,
    price: price(product.price),
    most: MOST_OF_A_GOOD,
    shown: target.target.capacity.photos,
    photos: ids.map((id, at) => ({ id, first: at === 0, last: at === ids.length - 1 })),
    till: product.image !== undefined && ids.length === 0,
    drawn:
      ids.length === 0 && !product.image
        ? `/sync/drawn/${link.id}/${encodeURIComponent(productId)}.svg`
        : undefined,
  })
}
