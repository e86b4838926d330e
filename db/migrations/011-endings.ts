import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.alterTable('connections', (table) => {
    table.datetime('ends_at') // of the whole grant, where renewing does not prolong it
    table.integer('refusals').notNullable().defaultTo(0) // in a row, of a platform that refuses good tokens at times
  })
}

export async function down(db: Knex) {
  await db.schema.alterTable('connections', (table) => {
    table.dropColumn('ends_at')
    table.dropColumn('refusals')
  })
}
