import type { Restricted } from '../../catalogue/goods.ts'
import { asNumber, fieldOf } from './fields.ts'

/** Beginnings of Evotor's product types (evotor/integration-library, ProductType); others are ordinary goods. */
const RESTRICTED: readonly (readonly [string, Restricted])[] = [
  ['ALCOHOL', 'alcohol'],
  ['BEER', 'beer'],
  ['TOBACCO', 'tobacco'],
  ['NICOTINE', 'tobacco'],
  ['MEDICINE', 'medicine'],
  ['DIETARY', 'supplements'],
  ['LOTTERY', 'lottery'],
  ['JEWELRY', 'jewelry'],
]

/** What a product's type and flags mean for a shop window. */
export function kindOf(
  item: Record<string, unknown>,
  type: string,
): { service: boolean; restricted?: Restricted } {
  const name = type.toUpperCase()
  const byType = RESTRICTED.find(([beginning]) => name.startsWith(beginning))?.[1]
  const restricted = byType ?? flagged(item)
  return { service: name === 'SERVICE', ...(restricted && { restricted }) }
}

/** A type is often left at NORMAL where a flag says more. */
function flagged(item: Record<string, unknown>): Restricted | undefined {
  const codes = fieldOf(item, 'alcocodes') ?? item.alcoCodes
  if (Array.isArray(codes) && codes.length > 0) return 'alcohol'
  if (asNumber(fieldOf(item, 'alcohol_by_volume'))) return 'alcohol'
  if (asNumber(fieldOf(item, 'alcohol_product_kind_code'))) return 'alcohol'
  if (isTrue(fieldOf(item, 'is_age_limited'))) return 'adult'
  return isTrue(fieldOf(item, 'is_excisable')) ? 'excise' : undefined
}

const isTrue = (value: unknown) => [true, 1, 'true', '1'].some((one) => one === value)
