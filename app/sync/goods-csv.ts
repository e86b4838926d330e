import { type Cell, csv } from './csv.ts'
import { type Entry, isAvailable } from './entry.ts'
import type { Group } from './goods.ts'

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
  const names = new Map(groups.map(({ id, name }) => [id, name]))
  return csv(TITLES, rows(names, entries))
}

async function* rows(
  groups: ReadonlyMap<string, string>,
  entries: AsyncIterable<Entry> | Iterable<Entry>,
): AsyncGenerator<Cell[]> {
  for await (const entry of entries) {
    const { stock, groupId } = entry
    yield [
      entry.title,
      entry.article,
      groupId === undefined ? undefined : groups.get(groupId),
      entry.price / 100,
      entry.unit,
      stock !== undefined && stock >= 0 ? stock : undefined,
      isAvailable(entry) ? 'да' : 'нет',
      entry.description,
      entry.picture,
      entry.url,
      entry.productId,
    ]
  }
}
