import type { Restricted } from '../sync/goods.ts'

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

/** What a product type means for a shop window. */
export function kindOf(type: string): { service: boolean; restricted?: Restricted } {
  const name = type.toUpperCase()
  const restricted = RESTRICTED.find(([beginning]) => name.startsWith(beginning))?.[1]
  return { service: name === 'SERVICE', ...(restricted && { restricted }) }
}
