import type { Overrides } from '../../../catalogue/owner/overrides.ts'

/** What of a product is set by hand, as the list marks it. */
export const ownWords = ({ title, description, oldPrice, aside }: Overrides = {}): string[] => [
  ...(aside ? ['не переносим'] : []),
  ...(title === undefined ? [] : ['своё название']),
  ...(description === undefined ? [] : ['своё описание']),
  ...(oldPrice === undefined ? [] : ['старая цена']),
]
