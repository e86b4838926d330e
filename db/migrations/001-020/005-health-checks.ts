import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('health_checks', (table) => {
    table.increments()
    table
      .integer('connection_id')
      .notNullable()
      .references('id')
      .inTable('connections')
      .onDelete('CASCADE')
    table.datetime('checked_at').notNullable().index() // the nightly sweep asks for those past 30 days
    table.string('health', 16).notNullable()
    table.string('reason', 64)
    table.index(['connection_id', 'checked_at']) // the strip of one platform's page
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('health_checks')
}
