import type { Knex } from 'knex'

/**
 * Takes columns away in place. Knex would make SQLite's table anew, and dropping the old one inside a migration's
 * transaction deletes every row of other tables that hangs on it.
 */
export async function dropColumns(db: Knex, table: string, ...columns: string[]) {
  for (const column of columns) await db.raw('alter table ?? drop column ??', [table, column])
}
