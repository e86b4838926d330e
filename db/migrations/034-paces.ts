import type { Knex } from 'knex'

/** When the last calls of each credential left, from whatever instance: a platform counts them together. */
export async function up(db: Knex) {
  await db.schema.createTable('paces', (table) => {
    table.string('lane', 64).primary() // a hash, of no use to anybody
    table.text('moments').notNullable() // JSON, ms by the clock all instances share, oldest first
    table.double('asked_at').notNullable().index() // the same clock; the nightly sweep asks for the past
    table.string('taker', 64).notNullable() // who asked last
    table.double('shared_at').notNullable() // when it was somebody else than before
    table.double('held_until').notNullable() // a pause the platform has asked for
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('paces')
}
