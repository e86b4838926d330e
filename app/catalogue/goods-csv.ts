import { type Cell, csv } from './csv.ts'
import { type Entry, isAvailable } from './entry.ts'
import { TABLE } from './file-capacity.ts'
import type { Group } from './goods.ts'
import { createNaming } from './group-names.ts'

const TITLES = [
  'Название',
  'Артикул',
  'Группа',
  'Цена, ₽',
  'Единица',
  'Остаток',
  'В наличии',
  'Описание',
  'Фото',
  'Страница',
  'Код товара',
]

/** The catalogue as a table for people. */
export function goodsCsv(
  groups: readonly Group[],
  entries: AsyncIterable<Entry> | Iterable<Entry>,
): AsyncGenerator<string> {
  return csv(TITLES, rows(createNaming(groups, TABLE), entries))
}

async function* rows(
  named: ReturnType<typeof createNaming>,
  entries: AsyncIterable<Entry> | Iterable<Entry>,
): AsyncGenerator<Cell[]> {
  for await (const entry of entries) {
    const { stock, groupId } = entry
    yield [
      entry.title,
      entry.article,
      named(groupId)?.name,
      entry.price / 100,
      entry.unit,
      entry.quantity ?? (stock !== undefined && stock >= 0 ? stock : undefined),
      isAvailable(entry) ? 'да' : 'нет',
      entry.description,
      entry.picture,
      entry.url,
      entry.productId,
    ]
  }
}
