import type { Knex } from 'knex'

/** When the next run was put off: a moment that lies ahead tells that the clock was set back since. */
export async function up(db: Knex) {
  await db.schema.alterTable('sync_links', (table) => {
    table.datetime('planned_at')
  })
}

export async function down(db: Knex) {
  await db.schema.alterTable('sync_links', (table) => {
    table.dropColumn('planned_at')
  })
}
