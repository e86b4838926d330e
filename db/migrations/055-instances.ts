import type { Knex } from 'knex'

/** Which instances share this database, and when each was last heard of. */
export async function up(db: Knex) {
  await db.schema.createTable('instances', (table) => {
    table.string('id', 64).notNullable().primary() // made anew with each start
    table.string('role', 16).notNullable()
    table.string('host', 255).notNullable() // as the machine calls itself
    table.string('version', 32).notNullable()
    table.datetime('started_at').notNullable()
    table.datetime('seen_at').notNullable().index() // by the clock all instances share
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('instances')
}
