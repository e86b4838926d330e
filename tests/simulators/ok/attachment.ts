import { badParam, OkRefusal } from './refusal.ts'
import type { OkGroup, OkMarket, OkProduct } from './state.ts'

const DAY_MS = 24 * 3600_000
const CURRENCIES = ['RUB', 'USD', 'KZT', 'UAH', 'GEL', 'UZS', 'KGS', 'AZN', 'EUR', 'BYN']

type Content = Pick<
  OkProduct,
  'title' | 'description' | 'price' | 'currency' | 'until' | 'photoIds'
> & { tokens: readonly string[] }

/**
 * A card's content, in the one order the manual allows: title, description, photos, product; a description or a photo at
 * the least (docs/platforms/ok.md#cards).
 */
export function readAttachment(
  market: OkMarket,
  group: OkGroup,
  text: string | undefined,
  card?: OkProduct,
): Content {
  const blocks = blocksOf(text)
  const title = textIn(blocks.shift(), market.rules.longestTitle)
  if (!title) throw badParam('attachment: the title comes first')
  const described = blocks[0]?.type === 'text'
  const description = described ? textIn(blocks.shift(), market.rules.longestText) : ''
  const photos =
    blocks[0]?.type === 'photo' ? photosIn(market, group, blocks.shift(), card) : undefined
  const product = blocks.shift()
  if (product?.type !== 'product' || blocks.length > 0) throw badParam('attachment: order of media')
  if (!description && !photos) throw badParam('attachment: neither a description nor a photo')
  return {
    title,
    description,
    ...(photos ?? { photoIds: [], tokens: [] }),
    ...saleOf(group, product),
  }
}

interface Block {
  type?: unknown
  text?: unknown
  list?: unknown
  price?: unknown
  currency?: unknown
  lifetime?: unknown
}

function blocksOf(text: string | undefined): Block[] {
  try {
    const { media } = JSON.parse(text ?? '') as { media?: unknown }
    if (Array.isArray(media)) return [...(media as Block[])]
  } catch {
    // no JSON, then
  }
  throw badParam('Invalid attachment')
}

function textIn(block: Block | undefined, most: number): string {
  if (block?.type !== 'text' || typeof block.text !== 'string') return ''
  if (Array.from(block.text).length > most) throw new OkRefusal(601)
  return block.text.trim()
}

/** Photos by the tokens of their uploads, each for one card, or those the card has already. */
function photosIn(market: OkMarket, { id }: OkGroup, block: Block = {}, card?: OkProduct) {
  const list = Array.isArray(block.list) ? (block.list as Record<string, unknown>[]) : []
  const photoIds: string[] = []
  const tokens: string[] = []
  for (const one of list) {
    const photo = [...market.photos.values()].find(({ token }) => token && token === one.id)
    const existing = typeof one.existing_photo_id === 'string' ? one.existing_photo_id : ''
    if (photo?.groupId === id && !photo.usedBy && photo.until > Date.now()) {
      photoIds.push(photo.id)
      tokens.push(photo.id)
    } else if (one.group === true && card?.photoIds.includes(existing)) photoIds.push(existing)
    else throw badParam('attachment: invalid photo token')
  }
  if (photoIds.length === 0) throw badParam('attachment: a list of photos without one')
  return { photoIds, tokens }
}

/** Groups show a card for thirty days at the most, public pages for ever if they are told so. */
function saleOf(group: OkGroup, { price, currency = 'RUB', lifetime = 30 }: Block) {
  if (typeof price !== 'number' || !(price >= 0)) throw badParam('attachment: price')
  if (!CURRENCIES.includes(String(currency))) throw badParam('attachment: currency')
  const days = group.business ? [0, 30] : [30]
  if (typeof lifetime !== 'number' || !days.includes(lifetime))
    throw badParam('attachment: lifetime')
  return {
    price: Math.round(price * 100),
    currency: String(currency),
    until: lifetime === 0 ? undefined : Date.now() + lifetime * DAY_MS,
  }
}
