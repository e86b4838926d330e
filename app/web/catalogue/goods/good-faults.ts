import type { Capacity } from '../../../catalogue/capacity.ts'
import { clean, cleanLines } from '../../../catalogue/clean.ts'
import type { Overrides } from '../../../catalogue/owner/overrides.ts'
import { counted } from '../../../texts/plural.ts'
import { named } from '../../../texts/names.ts'
import type { PlatformName } from '../../../texts/name-gaps.ts'
import { price } from '../../kit/amounts.ts'
import type { FieldErrors } from '../../kit/forms.ts'

/** A window as its limits are told of: what it can hold, and what the product costs there; undefined: it has no price. */
export interface Place {
  shop: PlatformName
  capacity: Capacity
  price: number | undefined
}

/** What no window could show as it was typed. Of what is as it was nothing is said. */
export function fieldFaults(
  { title, description, oldPrice }: Overrides,
  now: Overrides,
  places: readonly Place[],
): FieldErrors {
  const ofTitle = title === now.title ? undefined : titleFault(title, places)
  const ofWords = description === now.description ? undefined : wordsFault(description, places)
  const ofPrice = Object.is(oldPrice, now.oldPrice) ? undefined : oldPriceFault(oldPrice, places)
  return {
    ...(ofTitle && { title: ofTitle }),
    ...(ofWords && { description: ofWords }),
    ...(ofPrice && { old_price: ofPrice }),
  }
}

function titleFault(title: string | undefined, places: readonly Place[]): string | undefined {
  if (title === undefined) return undefined
  return first(places, ({ shop, capacity: { title: room, letters } }) =>
    lengthFault(shop, clean(title, letters).length, room),
  )
}

function wordsFault(text: string | undefined, places: readonly Place[]): string | undefined {
  if (text === undefined) return undefined
  return first(places, ({ shop, capacity: { description: room, letters } }) =>
    lengthFault(shop, cleanLines(text, letters).length, room),
  )
}

/** Signs a place cannot hold do not count: they are left out there. */
function lengthFault(shop: PlatformName, length: number, { least, most }: Capacity['title']) {
  if (length < least)
    return named(
      `{P} {принимает|принимают} от ${signs(least)}, а ${length === 0 ? 'таких знаков не показывает' : `сейчас ${length}`}. Допишите.`,
      shop,
    )
  if (length <= most) return undefined
  return named(`{P} {принимает|принимают} до ${signs(most)}, а сейчас ${length}. Сократите.`, shop)
}

/** After «от» and «до». */
const signs = (count: number) => counted(count, 'знака', 'знаков', 'знаков')

function oldPriceFault(oldPrice: number | undefined, places: readonly Place[]): string | undefined {
  if (oldPrice === undefined) return undefined
  if (Number.isNaN(oldPrice)) return 'Впишите сумму в рублях, например 1490 или 1490,50.'
  const able = places.filter(({ capacity }) => capacity.oldPrices)
  if (able.length === 0) return 'Ни одна ваша витрина не показывает старых цен.'
  const prices = able.flatMap((one) => one.price ?? [])
  if (prices.length === 0)
    return 'У товара нет цены, и перечёркивать рядом с ней нечего. Сначала укажите цену на кассе.'
  const highest = Math.max(...prices)
  if (oldPrice <= highest)
    return `Старая цена должна быть больше цены, а на витрине сейчас ${price(highest)}. Впишите сумму больше или очистите поле.`
  return first(able, ({ shop, capacity: { dearest } }) =>
    oldPrice > dearest
      ? named(
          `{P} {принимает|принимают} цены до ${price(dearest)}. Проверьте, нет ли лишних цифр.`,
          shop,
        )
      : undefined,
  )
}

function first(places: readonly Place[], fault: (place: Place) => string | undefined) {
  for (const place of places) {
    const found = fault(place)
    if (found) return found
  }
  return undefined
}
