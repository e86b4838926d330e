import { descriptionOf } from '../../../catalogue/description.ts'
import type { Product } from '../../../catalogue/goods.ts'
import type { GroupIndex } from '../../../catalogue/group-index.ts'
import { type Item, UNLIMITED } from '../../../catalogue/items.ts'
import type { CardNow } from '../../../catalogue/owner/in-window.ts'
import type { Owned } from '../../../catalogue/owner/overrides.ts'
import type { Link } from '../../../store/sync-links.ts'
import { named } from '../../../texts/names.ts'
import type { PlatformName } from '../../../texts/name-gaps.ts'
import { number, price as priceInWords } from '../../kit/amounts.ts'

/** What a card says of one thing, what it is going to say, and why that is not what the till says. */
export interface CardRow {
  label: string
  /** As it shows, or is going to. */
  value: string
  /** It shows otherwise by now. */
  next?: string
  why?: string
  /** The owner has set it. */
  own?: boolean
}

export interface Carded {
  product: Product
  owned: Owned
  /** As it should be. */
  item: Item
  /** As it was seen last; undefined: there is none. */
  card: CardNow | undefined
  link: Link
  shop: PlatformName
  places: GroupIndex
}

/** The lines of a card on a product's page. */
export const cardRows = (of: Carded): CardRow[] =>
  [titleRow(of), priceRow(of), oldPriceRow(of), stockRow(of), descriptionRow(of)].filter(
    (row) => row !== undefined,
  )

function titleRow({ product, owned, item, card }: Carded): CardRow {
  const own = owned.overrides?.title
  const whole = own ?? product.name
  const why =
    item.title === whole
      ? undefined
      : item.title.startsWith(whole)
        ? 'К названию с кассы добавили вариант и единицу.'
        : 'Название привели к виду, который принимает витрина.'
  return row('Название', card?.title, item.title, why, own !== undefined)
}

function priceRow({ product, item, card }: Carded): CardRow {
  const now = card?.price === undefined ? undefined : price(card.price)
  const why = item.price === product.price ? undefined : 'Цена по правилу из настроек.'
  return row('Цена', now, price(item.price), why)
}

/** Only where it shows, or where the owner would have it. */
function oldPriceRow({ owned, item, card, shop, places, link }: Carded): CardRow | undefined {
  const wanted = owned.overrides?.oldPrice
  if (wanted === undefined && !card?.oldPrice) return undefined
  const next = item.oldPrice === undefined ? 'не показываем' : price(item.oldPrice)
  const now = card && (card.oldPrice ? price(card.oldPrice) : 'не показываем')
  if (wanted === undefined) return row('Старая цена', now, 'уберём')
  const why =
    item.oldPrice !== undefined
      ? undefined
      : places.capacity.oldPrices
        ? `Вы задали ${price(wanted)}, но это не больше цены.`
        : link.target === undefined
          ? 'Файл старых цен не показывает.'
          : named('{P} старых цен не {показывает|показывают}.', shop)
  return row('Старая цена', now, next, why, true)
}

function stockRow({ product, item, card }: Carded): CardRow | undefined {
  const { quantity } = product
  if (item.stock === undefined && card?.stock === undefined) return undefined
  const now = card?.stock === undefined ? undefined : pieces(card.stock)
  const next = item.stock === undefined ? (now ?? '') : pieces(item.stock)
  const differs = quantity !== undefined && item.stock !== undefined && item.stock !== quantity
  return row('Остаток', now, next, differs ? 'Витрина считает целыми штуками.' : undefined)
}

/** In one piece: the sign stays with its sum. */
const price = (kopecks: number): string => priceInWords(kopecks).replaceAll(' ', '\u00a0')

const pieces = (stock: number) => (stock === UNLIMITED ? 'есть' : `${number(stock)} шт`)

function descriptionRow({ product, owned, item, link, places }: Carded): CardRow {
  const own = owned.overrides?.description
  const told = { ...product, description: '' }
  const filled = descriptionOf(
    told,
    link.settings.template,
    { full: item.title, price: item.price },
    places.capacity,
  )
  const isFilled = 'description' in filled && filled.description === item.description
  const why =
    own === undefined && isFilled && item.description !== ''
      ? 'На кассе описания нет или оно слишком короткое: взяли из шаблона.'
      : undefined
  return row('Описание', undefined, item.description || 'нет', why, own !== undefined)
}

function row(
  label: string,
  now: string | undefined,
  next: string,
  why?: string,
  own = false,
): CardRow {
  const differs = now !== undefined && now !== next
  return {
    label,
    value: now ?? next,
    ...(differs && { next }),
    ...(why && { why }),
    ...(own && { own }),
  }
}
