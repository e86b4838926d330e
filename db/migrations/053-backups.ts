import type { Knex } from 'knex'

/** Copies of the database that were begun: whose tick it was, and what became of it. A tick is one instance's. */
export async function up(db: Knex) {
  await db.schema.createTable('backups', (table) => {
    table.increments()
    table.datetime('tick').notNullable().unique()
    table.datetime('began_at').notNullable()
    table.datetime('ended_at')
    table.string('file', 500)
    table.bigInteger('bytes')
    table.string('trouble', 1000)
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('backups')
}
