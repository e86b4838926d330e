import type { Knex } from 'knex'

/** What a platform calls things by. */
const IDS = [
  ['sync_items', 'item_id'],
  ['sync_items', 'album_id'],
  ['sync_items', 'ahead_photo'],
  ['sync_groups', 'album_id'],
  ['sync_steps', 'item_id'],
] as const

/** Rows of settings rewritten in one go. */
const AT_ONCE = 200

/**
 * Platforms call their cards, albums and photos by text; until now all did by numbers. JSON of before keeps its numbers
 * and is read all the same.
 */
export async function up(db: Knex) {
  for (const [table, column] of IDS) await retype(db, table, column, 'text')
}

/** What is no number is not known any more: the version before knew no such platform. */
export async function down(db: Knex) {
  await numbersInSettings(db)
  for (const [table, column] of IDS) await retype(db, table, column, 'bigint')
}

/** In place, by the database itself: SQLite has no other way than a new column, and PostgreSQL takes that as well. */
async function retype(db: Knex, table: string, column: string, type: 'text' | 'bigint') {
  const next = `${column}_next`
  await db.schema.alterTable(table, (builder) => {
    builder.specificType(next, type)
  })
  await db(table)
    .whereNotNull(column)
    .where((q) => {
      if (type === 'bigint') q.whereRaw(IS_NUMBER, [column, column, column])
    })
    .update({ [next]: db.raw(`cast(?? as ${type})`, [column]) })
  await db.raw('alter table ?? drop column ??', [table, column])
  await db.raw('alter table ?? rename column ?? to ??', [table, next, column])
}

const IS_NUMBER = "?? <> '' and trim(??, '0123456789') = '' and length(??) <= 18"

interface Settings {
  categoryId?: unknown
  categories?: Record<string, unknown>
  groups?: Record<string, unknown>
}

/** The version before refuses settings with texts in them. */
async function numbersInSettings(db: Knex) {
  for (let after = 0; ;) {
    const rows = await db('sync_links')
      .where('id', '>', after)
      .orderBy('id')
      .limit(AT_ONCE)
      .select<{ id: number; settings: string }[]>('id', 'settings')
    const last = rows.at(-1)
    if (!last) return
    for (const { id, settings } of rows)
      await db('sync_links')
        .where({ id })
        .update({ settings: JSON.stringify(withNumbers(JSON.parse(settings) as Settings)) })
    after = last.id
  }
}

function withNumbers({ categoryId, categories = {}, groups = {}, ...rest }: Settings) {
  const own = numberOf(categoryId)
  return {
    ...rest,
    ...(own !== undefined && { categoryId: own }),
    categories: mapped(categories, numberOf),
    groups: mapped(groups, (choice) => (isAlbum(choice) ? numberOf(choice.album) : choice)),
  }
}

const isAlbum = (choice: unknown): choice is { album: unknown } =>
  typeof choice === 'object' && choice !== null && 'album' in choice

function numberOf(id: unknown): number | undefined {
  const number = Number(id)
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}

/** What comes out as nothing is left out. */
const mapped = (values: Record<string, unknown>, map: (value: unknown) => unknown) =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const given = map(value)
      return given === undefined ? [] : [[name, given]]
    }),
  )
