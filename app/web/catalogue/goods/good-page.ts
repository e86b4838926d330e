import type { Context } from '../../../context.ts'
import { buildItem } from '../../../catalogue/build-item.ts'
import { isGone } from '../../../catalogue/decide-step.ts'
import { YML } from '../../../catalogue/file-capacity.ts'
import type { Product } from '../../../catalogue/goods.ts'
import { createNaming } from '../../../catalogue/group-names.ts'
import { isSet, type Owned } from '../../../catalogue/owner/overrides.ts'
import { NotFound } from '../../../errors.ts'
import { placesOf } from '../../../flows/catalogue/goods/first-showings.ts'
import { ownedOf } from '../../../flows/catalogue/goods/owned.ts'
import { markOfHand } from '../../../flows/catalogue/goods/override-good.ts'
import type { Known } from '../../../store/sync-items.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { FieldErrors } from '../../kit/forms.ts'
import { addressOf as photosAddress } from '../good-photos/address.ts'
import { platformsOf } from '../pair.ts'
import { remedyFor, remedyOf } from '../remedies.ts'
import { goodAddress } from './address.ts'
import { cardRows } from './card-rows.ts'
import { type GoodFields, fieldsFrom } from './good-form.ts'
import { atTill, windowOf } from './state-words.ts'
import { thumbOf } from './thumb.ts'
import type { Till } from './tills.ts'

/** One product, in every window of its till, and what its owner has set of it. */
export interface Good {
  product: Product
  /** The first pair that carries it. */
  owner: Link
  owned: Owned
  seen: readonly { link: Link; known: Known | undefined }[]
}

/** @throws NotFound for what this till has not */
export async function goodIn(ctx: Context, { links }: Till, productId: string): Promise<Good> {
  const seen = await Promise.all(
    links.map(async (link) => ({
      link,
      known: (await ctx.syncItems.of(link.id, [productId])).get(productId),
    })),
  )
  const first = seen.find(({ known }) => known !== undefined)
  if (!first?.known) throw new NotFound('product')
  const owned = await ownedOf(ctx, first.link, [productId])
  return { product: first.known.product, owner: first.link, owned: owned(productId), seen }
}

/** A form that has to be put right, as it was typed. */
export interface Refused {
  fields: GoodFields
  errors: FieldErrors
  /** Somebody has set the product meanwhile. */
  changed?: boolean
}

export async function goodPage(
  ctx: Context,
  { several, first }: { several: boolean; first: Link },
  good: Good,
  refused?: Refused,
) {
  const { product, owner, owned, seen } = good
  const { overrides = {} } = owned
  const { id } = product
  const { groups } = await ctx.syncItems.groups(owner.id)
  const places = await placesOf(ctx, owner)
  const stands = await ctx.syncGoods.of(
    seen.map(({ link }) => link.id),
    [id],
  )
  return {
    title: overrides.title ?? product.name,
    back: several ? `/goods?till=${first.id}` : '/goods',
    action: goodAddress(id, several ? first.id : undefined),
    link: owner,
    product,
    overrides,
    own: isSet(overrides),
    gone: seen.every(({ known }) => !known || isGone(known)),
    photos: photosAddress(owner, id),
    thumb: thumbOf(product, owner, places, owned.photos?.[0]),
    till: { ...atTill(product), group: createNaming(groups, YML)(product.groupId)?.name },
    windows: await Promise.all(
      seen.map(({ link, known }) =>
        windowPart(ctx, good, { link, known, stands: stands.get(link.id)?.get(id) }),
      ),
    ),
    oldPrices: overrides.oldPrice !== undefined || takesOldPrices(ctx, seen),
    seen: markOfHand(overrides),
    fields: refused?.fields ?? fieldsFrom(overrides),
    errors: refused?.errors ?? {},
    changed: refused?.changed ?? false,
  }
}

type Stands = Parameters<typeof windowOf>[2]

async function windowPart(
  ctx: Context,
  { product, owned }: Good,
  { link, known, stands }: { link: Link; known: Known | undefined; stands: Stands },
) {
  const places = await placesOf(ctx, link)
  const itemId = known?.linked?.itemId
  const isThere = link.target === undefined || itemId !== undefined
  const verdict = buildItem(product, places, link.settings, isThere, owned)
  const shop = platformsOf(ctx, link).target
  const code = stands?.reason?.code
  return {
    ...windowOf(ctx, link, stands, itemId),
    id: link.id,
    ...(code && code !== 'set_aside' && { advice: remedyOf(code, shop).advice }),
    ...(code && code !== 'set_aside' && { fix: remedyFor(code, link.id) }),
    rows:
      'item' in verdict
        ? cardRows({ product, owned, item: verdict.item, card: stands?.card, link, shop, places })
        : [],
  }
}

function takesOldPrices(ctx: Context, seen: Good['seen']): boolean {
  return seen.some(({ link }) =>
    link.target === undefined
      ? YML.oldPrices
      : (ctx.providers.target(link.target)?.target.capacity.oldPrices ?? false),
  )
}
