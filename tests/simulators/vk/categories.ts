import { isNew, type VkCall } from './access.ts'
import { pageOf } from './params.ts'

interface Leaf {
  id: number
  name: string
  section: { id: number; name: string }
}

// prettier-ignore
const SECTIONS: readonly [number, string, readonly string[]][] = [
  [5, 'Одежда и обувь', ['Женская одежда', 'Мужская одежда', 'Обувь', 'Аксессуары', 'Бельё']],
  [6, 'Дом и сад', ['Цветы и растения', 'Семена и рассада', 'Горшки и кашпо', 'Удобрения и грунт', 'Садовый инвентарь', 'Посуда', 'Текстиль']],
  [7, 'Продукты питания', ['Мёд и варенье', 'Чай и кофе', 'Сладости', 'Выпечка', 'Крупы и специи', 'Напитки']],
  [8, 'Красота и здоровье', ['Уход за лицом', 'Уход за телом', 'Парфюмерия', 'Мыло и свечи', 'Для волос']],
  [9, 'Детские товары', ['Игрушки', 'Детская одежда', 'Для малышей', 'Книги для детей', 'Школа']],
  [10, 'Хобби и творчество', ['Рукоделие', 'Пряжа', 'Ленты и тесьма', 'Картины и постеры', 'Музыка']],
  [11, 'Подарки и праздник', ['Букеты', 'Открытки', 'Упаковка подарков', 'Воздушные шары', 'Сувениры']],
  [12, 'Электроника', ['Телефоны', 'Наушники', 'Зарядные устройства', 'Умный дом', 'Фототехника']],
  [13, 'Животные', ['Корма', 'Лежанки и домики', 'Игрушки для животных', 'Аквариумы']],
  [14, 'Строительство и ремонт', ['Инструменты', 'Краски', 'Крепёж', 'Освещение', 'Сантехника']],
  [15, 'Спорт и отдых', ['Туризм', 'Велосипеды', 'Тренажёры', 'Рыбалка']],
  [16, 'Канцелярские товары', ['Бумага', 'Ручки и карандаши', 'Тетради', 'Батарейки', 'Папки']],
]

const TREE = SECTIONS.map(([number, name, leaves]) => ({
  id: 10_000 + number,
  name,
  children: leaves.map((leaf, index) => ({ id: 20_010 + number * 10 + index, name: leaf })),
}))

const LEAVES: readonly Leaf[] = TREE.flatMap(({ id, name, children }) =>
  children.map((leaf) => ({ ...leaf, section: { id, name } })),
)

const BY_ID = new Map<number, { id: number; name: string; section?: Leaf['section'] }>([
  ...TREE.map(({ id, name }) => [id, { id, name }] as const),
  ...LEAVES.map((leaf) => [leaf.id, leaf] as const),
])

/** «Дом и сад → Цветы и растения». */
export const FLOWERS = 20_070

/** A card may be in it; sections count unless only leaves do. */
export const isCategory = (id: number, leavesOnly: boolean) =>
  leavesOnly ? BY_ID.get(id)?.section !== undefined : BY_ID.has(id)

/** A category inside a card: with its section, or nested by `parent` from 5.199 on. */
export function categoryOut(call: VkCall, id: number) {
  const { section, ...category } = BY_ID.get(id) ?? { id, name: '' }
  if (!section) return category
  return isNew(call) ? { ...category, parent: section } : { ...category, section }
}

/** market.getCategories: a tree from 5.199 on, before a flat list by pages of 10 (reference: VK, 7.5). */
export function getCategories(call: VkCall): unknown {
  if (isNew(call)) return { items: TREE }
  return { count: LEAVES.length, items: pageOf(call.params, LEAVES, 10, 1000) }
}
