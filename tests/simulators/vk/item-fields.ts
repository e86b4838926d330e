import type { VkCall } from './access.ts'
import { isCategory } from './categories.ts'
import { flagOf, idsOf, intOf, lettersOf, type Params } from './params.ts'
import { invalid, VkRefusal } from './refusal.ts'
import type { VkRules } from './rules.ts'
import type { Community, VkItem } from './state.ts'

const CP1251 = new Set(new TextDecoder('windows-1251').decode(Uint8Array.from({ length: 256 }, (_, at) => at))) // prettier-ignore

/** Letters of a name as VK counts: what cp1251 has not is written as `&#NNNN;` (reference: VK, 7.1). */
function lengthAtVk(text: string): number {
  const letters = lettersOf(text).map((letter) =>
    CP1251.has(letter) ? 1 : `&#${letter.codePointAt(0) ?? 0};`.length,
  )
  return letters.reduce((sum, length) => sum + length, 0)
}

/** Those fields of a card that were sent, checked (reference: VK, 7.1). `item` is the card that is edited. */
export function fieldsOf(call: VkCall, community: Community, item?: VkItem): Partial<VkItem> {
  const { params, market, version } = call
  const { rules } = market
  const stock = version >= 199 ? intOf(params, 'stock_amount', -1, 999_999) : undefined
  return {
    ...('name' in params && { title: titleOf(params, rules) }),
    ...('description' in params && { description: descriptionOf(params, rules) }),
    ...('price' in params && { price: priceOf(params, 'price', rules) }),
    ...('old_price' in params && { oldPrice: oldPriceOf(call) }),
    ...('category_id' in params && { categoryId: categoryOf(params, rules) }),
    ...('deleted' in params && { availability: flagOf(params, 'deleted') ? 2 : 0 }),
    ...('sku' in params && { sku: atMost(params, 'sku', 50) }),
    ...('url' in params && { url: atMost(params, 'url', 320) }),
    ...(stock !== undefined && { stock }),
    ...sizeOf(params),
    ...photosOf(call, community, item),
    ...(rules.stockHides && stock === 0 && { availability: 2 }),
  }
}

function titleOf({ name = '' }: Params, { normalise }: VkRules): string {
  const title = name.trim()
  const length = lengthAtVk(title)
  if (length < 4) throw invalid('name should be at least 4 letters length')
  if (length > 100) throw invalid('name should be at most 100 letters length')
  return normalise(title)
}

function descriptionOf({ description = '' }: Params, rules: VkRules): string {
  const text = description.trim()
  const { length } = lettersOf(text)
  if (length < 10) throw invalid('description should be at least 10 letters length')
  if (length > rules.longestDescription) throw invalid('description is too long')
  const bad = rules.forbiddenHosts.some((host) => text.toLowerCase().includes(host))
  if (bad) throw new VkRefusal(1408)
  return rules.normalise(text)
}

/** Roubles come, kopecks stay. */
function priceOf(params: Params, name: string, { kopecks }: VkRules): number {
  const sent = params[name] ?? ''
  if (!/^\d+(\.\d+)?$/.test(sent)) throw invalid(`${name} is invalid`)
  if (Number(sent) > 999_999_999_999) throw invalid(`${name} is too big`)
  return kopecks(Number(sent))
}

/** From 5.199 on 0 is none; before, nothing takes it away again (reference: VK, 5.2). */
function oldPriceOf({ params, market, version }: VkCall): number {
  if (version < 199 && Number(params.old_price) < 0.01) throw invalid('old_price is invalid')
  return priceOf(params, 'old_price', market.rules)
}

function categoryOf(params: Params, { leavesOnly }: VkRules): number {
  const id = intOf(params, 'category_id') ?? 0
  if (!isCategory(id, leavesOnly)) throw invalid('category_id is invalid')
  return id
}

function atMost(params: Params, name: string, most: number): string {
  const text = (params[name] ?? '').trim()
  if (lettersOf(text).length > most)
    throw invalid(`${name} should be at most ${most} letters length`)
  return text
}

const SIDES = ['width', 'height', 'length'] as const

/** All four together, or none: 1429. */
function sizeOf(params: Params): Partial<VkItem> {
  const sides = SIDES.map((side) => intOf(params, `dimension_${side}`, 0, 100_000))
  const weight = intOf(params, 'weight', 0, 100_000_000)
  const [width, height, length] = sides
  if ([...sides, weight].every((one) => one === undefined)) return {}
  if (width === undefined || height === undefined || length === undefined || weight === undefined)
    throw new VkRefusal(1429)
  return { size: { width, height, length, weight } }
}

/** The main photo and up to four more; each free, or this card's already (reference: VK, 8.4). */
function photosOf(call: VkCall, community: Community, item?: VkItem): Partial<VkItem> {
  const { params, market } = call
  if (item && !params.main_photo_id && params.photo_ids === undefined) return {}
  const main = intOf(params, 'main_photo_id', 1) ?? item?.photoIds[0]
  if (main === undefined) throw invalid('photo is undefined')
  const { photo_ids } = params
  const more =
    photo_ids === undefined
      ? (item?.photoIds.slice(1) ?? [])
      : photo_ids === ''
        ? []
        : idsOf(params, 'photo_ids')
  if (new Set([main, ...more]).size < 1 + more.length) throw invalid('photo_ids has a photo twice')
  if (more.length > 4) throw invalid('photo_ids should contain 4 ids at most')
  const photoIds = [main, ...more]
  for (const id of photoIds) {
    const photo = community.photos.get(id)
    const late = photo && !photo.itemId && photo.savedAt + market.rules.photoMs < Date.now()
    const taken = photo?.itemId !== undefined && photo.itemId !== item?.id
    if (!photo || late || taken)
      throw invalid('photo not found or already assigned to another item')
  }
  return { photoIds }
}
