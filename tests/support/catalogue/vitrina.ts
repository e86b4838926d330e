import type { ShopScene } from './shop.ts'

const GOODS = [
  ['Роза Эквадор красная, 60 см', 'Розы', 'шт'],
  ['Роза кустовая «Мисти Бабблс»', 'Розы', 'шт'],
  ['Ваза стеклянная «Север», 20 см', 'Вазы и кашпо', 'шт'],
  ['Кашпо керамическое белое', 'Вазы и кашпо', 'шт'],
  ['Лента атласная бордо', 'Упаковка', 'м'],
  ['Грунт для орхидей', 'Грунты', 'кг'],
] as const

/** Goods of a flower shop without a photo in place of whatever the till has, and one with; by their names. */
export function addVitrina({ evotor, link }: Pick<ShopScene, 'evotor' | 'link'>) {
  const till = evotor.catalogueOf(link.storeId)
  till.fill({ groups: [], products: [] })
  const groups = new Map<string, string>()
  const goods = GOODS.map(([name, group, unit], nth) => {
    const id = groups.get(group) ?? till.putGroup({ name: group }).id
    groups.set(group, id)
    const rest = { price: 150 + nth * 40, quantity: 5, article_number: `A-${nth + 1}` }
    return till.put({ name, parent_id: id, measure_name: unit, ...rest })
  })
  till.put({ name: 'Тюльпан «Стронг Голд»', price: 90, quantity: 30, picture: 'tulip' })
  return new Map(goods.map((one) => [one.name, one.id]))
}
