import { LONG_AGO, type EvotorGroup, type EvotorProduct, type Stock, tillId } from './catalogue.ts'
import { BAKERY, FLOWERS, KIOSK, type Shelf, type Variants } from './shelves.ts'

/** What stands in the shops of the demo when it begins, by the ends of their stores' ids. */
export const SHOPS: Record<string, () => Stock> = {
  '20250101-AAAA-4000-8000-000000000001': () => stockOf(0xaaa1, FLOWERS),
  '20250101-AAAA-4000-8000-000000000002': () => stockOf(0xaaa2, KIOSK),
  '20250101-BBBB-4000-8000-000000000001': () => stockOf(0xbbb1, BAKERY),
}

function stockOf(space: number, shelves: readonly Shelf[]): Stock {
  const groups: EvotorGroup[] = []
  const products: EvotorProduct[] = []
  let ids = 0
  const nextId = () => tillId(space, ids++)

  const add = (shelf: Shelf, parent?: EvotorGroup) => {
    const group = shelf.name ? groupOf(nextId(), shelf.name, parent) : undefined
    if (group) groups.push(group)
    for (const line of linesOf(shelf.goods))
      products.push(productOf(nextId(), products.length + 1, line, group))
    for (const variants of shelf.variants ?? []) addVariants(variants, group)
    for (const inner of shelf.shelves ?? []) add(inner, group)
  }
  const addVariants = ({ name, attribute, choices, line }: Variants, parent?: EvotorGroup) => {
    const group = groupOf(nextId(), name, parent)
    const options = choices.map((choice) => ({ id: nextId(), name: choice }))
    const attributeId = nextId()
    group.attributes.push({ id: attributeId, name: attribute, choices: options })
    groups.push(group)
    for (const { id } of options)
      products.push({
        ...productOf(nextId(), products.length + 1, `${name} | ${line}`, group),
        attributes_choices: { [attributeId]: id },
      })
  }

  for (const shelf of shelves) add(shelf)
  return { groups, products }
}

const linesOf = (goods: string) =>
  goods
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

function groupOf(id: string, name: string, parent?: EvotorGroup): EvotorGroup {
  return {
    id,
    ...(parent && { parent_id: parent.id }),
    name,
    attributes: [],
    updated_at: LONG_AGO,
  }
}

/** `name | roubles | how many and of what | words`: a type in capitals, `нет в продаже`, `фото`, or a description. */
function productOf(
  id: string,
  code: number,
  line: string,
  group: EvotorGroup | undefined,
): EvotorProduct {
  const [name = '', price = '', amount = '', ...words] = line.split('|').map((part) => part.trim())
  const [quantity = '', unit] = amount.split(' ')
  const type = words.find((word) => /^[A-Z_]+$/.test(word)) ?? 'NORMAL'
  return {
    id,
    type,
    ...(group && { parent_id: group.id }),
    name,
    code: String(code),
    ...(code % 10 < 7 && { article_number: `ЦД-${String(code).padStart(3, '0')}` }),
    ...(price && { price: Number(price) }),
    ...(quantity && { quantity: Number(quantity) }),
    measure_name: unit ?? (type === 'SERVICE' ? '' : 'шт'),
    allow_to_sell: !words.includes('нет в продаже'),
    description: words.find((word) => word.length > 20) ?? '',
    ...(words.includes('фото') && { picture: `kartinka-${code}` }),
    updated_at: LONG_AGO,
  }
}
