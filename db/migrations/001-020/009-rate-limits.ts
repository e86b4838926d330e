import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('rate_limits', (table) => {
    table.string('key', 128).primary() // a hash: no addresses in the clear
    table.integer('count').notNullable()
    table.bigInteger('resets_at').notNullable().index() // ms; the nightly sweep asks for the past
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('rate_limits')
}
