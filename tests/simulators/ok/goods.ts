import { readAttachment } from './attachment.ts'
import { groupOf, listOf, needed, type OkCall, ownGroup, ownProduct, pageOf } from './call.ts'
import { badParam, notFound, OkRefusal } from './refusal.ts'
import { nextId, type OkGroup, type OkMarket, type OkProduct, type Status } from './state.ts'

/** market.add: there is no key that makes it safe to repeat. */
export function add(call: OkCall): unknown {
  const { market, params } = call
  if (needed(params, 'type') !== 'GROUP_PRODUCT') throw badParam('Invalid type')
  const group = ownGroup(call)
  const { tokens, ...content } = readAttachment(market, group, params.attachment)
  if (group.products.size >= market.rules.mostProducts) throw new OkRefusal(11)
  const catalogIds = catalogsIn(group, listOf(params, 'catalog_ids'))
  const product: OkProduct = { id: nextId(market), status: 'ACTIVE', catalogIds, ...content }
  group.products.set(product.id, product)
  use(market, tokens, product.id)
  return { product_id: product.id, success: true }
}

/** market.edit: the content is replaced as a whole, and catalogs that are not said are lost. */
export function edit(call: OkCall): unknown {
  const { market, params } = call
  const { group, product } = theirs(call)
  const { tokens, ...content } = readAttachment(market, group, params.attachment, product)
  product.status = statusOf(product)
  Object.assign(product, content, {
    catalogIds: catalogsIn(group, listOf(params, 'catalog_ids')),
    ...(market.rules.editShows && { status: 'ACTIVE' }),
  })
  use(market, tokens, product.id)
  return { success: true }
}

/** market.delete. */
export function remove(call: OkCall): unknown {
  const { group, product } = theirs(call)
  group.products.delete(product.id)
  return { success: true }
}

const NEXT: Record<'group' | 'page', Record<Status, readonly Status[]>> = {
  group: {
    ...{ ACTIVE: ['SOLD', 'CLOSED'], CLOSED: ['ACTIVE'], AUTO_CLOSED: ['ACTIVE'] },
    ...{ SOLD: ['ACTIVE'], OUT_OF_STOCK: [] },
  },
  page: {
    ...{ ACTIVE: ['OUT_OF_STOCK', 'CLOSED'], CLOSED: ['ACTIVE'], AUTO_CLOSED: ['ACTIVE'] },
    ...{ OUT_OF_STOCK: ['ACTIVE'], SOLD: [] },
  },
}

/** market.setStatus: only along the ways of the manual; where a card is already it is not found. No day is added to its display. */
export function setStatus(call: OkCall): unknown {
  const { group, product } = theirs(call)
  const wanted = needed(call.params, 'product_status') as Status
  const now = statusOf(product)
  if (!NEXT[group.business ? 'page' : 'group'][now].includes(wanted))
    throw notFound('mediaTopic.editAdvert.notFound')
  product.status = wanted
  return { success: true }
}

/** market.updateCatalogsList: the catalogs a card is in from now on. */
export function updateCatalogsList(call: OkCall): unknown {
  const group = ownGroup(call)
  const product = group.products.get(needed(call.params, 'product_id'))
  if (!product) throw notFound('product')
  product.catalogIds = catalogsIn(group, listOf(call.params, 'catalog_ids'))
  return { success: true }
}

/** market.getProducts: the numbers of a page of goods; everything else is asked for by them. */
export function getProducts(call: OkCall): unknown {
  const tab = needed(call.params, 'tab')
  if (!['PRODUCTS', 'ON_MODERATION', 'OWN'].includes(tab)) throw badParam('Invalid tab')
  const group = groupOf(call)
  const all = tab === 'ON_MODERATION' ? [] : [...group.products.values()]
  const { page, rest } = pageOf(call.params, all)
  const short_products = page.map(({ id, title }) => ({ id, title }))
  return { ...(page.length > 0 && { short_products }), ...rest }
}

/** market.getByIds: whole cards, as a media topic with a product in it. Those that are gone are left out. */
export function getByIds(call: OkCall): unknown {
  const { market, params } = call
  const ids = listOf(params, 'product_ids')
  if (ids.length === 0 || ids.length > 100) throw badParam('Invalid product_ids')
  const fields = listOf(params, 'fields').map((name) => name.toUpperCase())
  if (!fields.includes('MEDIA')) return { products: ids.map((id) => ({ id })) }
  const groups = [...market.groups.values()]
  const products = ids.slice(0, market.rules.idsAtOnce).flatMap((id) => {
    const found = groups.find(({ products: all }) => all.has(id))?.products.get(id)
    return found ? [productOut(market, found)] : []
  })
  return { products }
}

function productOut({ rules }: OkMarket, product: OkProduct) {
  const { id, title, description, price, currency, photoIds, catalogIds } = product
  const sale = {
    type: 'product',
    product_title: title,
    product_status: statusOf(product).toLowerCase(),
    product_price_number: price / 100,
    product_ccy: currency,
  }
  const told = catalogIds.length > 0 || !rules.silentCatalogs
  return {
    id,
    media: [
      sale,
      ...(description ? [{ type: 'text', text: description }] : []),
      ...(photoIds.length > 0
        ? [{ type: 'photo', photo_refs: photoIds.map((one) => `group_photo:${one}`) }]
        : []),
      ...(told
        ? [{ type: 'catalog', catalog_refs: catalogIds.map((one) => `catalog:${one}`) }]
        : []),
    ],
  }
}

/** What has been shown for as long as it may is closed by itself. */
const statusOf = ({ status, until }: OkProduct): Status =>
  status === 'ACTIVE' && until !== undefined && until < Date.now() ? 'AUTO_CLOSED' : status

function theirs(call: OkCall) {
  const found = ownProduct(call)
  if (!found) throw notFound('product')
  return found
}

function catalogsIn({ catalogs }: OkGroup, ids: readonly string[]): string[] {
  const unknown = ids.find((id) => !catalogs.has(id))
  if (unknown !== undefined) throw notFound('catalog')
  return [...ids]
}

function use({ photos }: OkMarket, ids: readonly string[], productId: string) {
  for (const id of ids) {
    const photo = photos.get(id)
    if (photo) photo.usedBy = productId
  }
}
