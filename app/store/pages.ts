import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Knex } from 'knex'

/** Rows of one page. */
const SIZE = 200

/** Rows of a question in the order of `key`, which tells them apart, page by page; others have their turn in between. */
export async function* inPages<Row extends Record<Key, number>, Key extends string>(
  question: () => Knex.QueryBuilder,
  key: Key,
): AsyncGenerator<Row[]> {
  for (let after = -1; ;) {
    const rows = (await question().where(key, '>', after).orderBy(key).limit(SIZE)) as Row[]
    const last = rows.at(-1)
    if (!last) return
    yield rows
    await othersTurn()
    after = last[key]
  }
}
