import type { Knex } from 'knex'

/** Whose failure keeps a run or a pair waiting, since when, and whether it may pass by itself. */
export async function up(db: Knex) {
  await db.schema.alterTable('sync_runs', (table) => {
    table.string('reason_platform', 32)
    table.datetime('failing_since')
  })
  await db.schema.alterTable('sync_links', (table) => {
    table.string('trouble_platform', 32)
    table.boolean('trouble_passes').notNullable().defaultTo(false)
  })
}

export async function down(db: Knex) {
  await db.schema.alterTable('sync_links', (table) => {
    table.dropColumns('trouble_platform', 'trouble_passes')
  })
  await db.schema.alterTable('sync_runs', (table) => {
    table.dropColumns('reason_platform', 'failing_since')
  })
}
