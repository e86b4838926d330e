import type { Knex } from 'knex'

/** Who lost a run to another writes nothing more; what a pause began at tells whether the clock was set back since. */
export async function up(db: Knex) {
  await db.schema.alterTable('sync_runs', (table) => {
    table.integer('fence').notNullable().defaultTo(0) // grows with each claim
    table.datetime('paused_at')
  })
}

export async function down(db: Knex) {
  await db.schema.alterTable('sync_runs', (table) => {
    table.dropColumns('fence', 'paused_at')
  })
}
