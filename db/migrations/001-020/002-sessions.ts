import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('sessions', (table) => {
    table.increments()
    table.string('sid_hash', 64).notNullable().unique()
    table.integer('user_id').references('id').inTable('users').onDelete('CASCADE')
    table.text('data').notNullable()
    table.datetime('created_at').notNullable()
    table.datetime('seen_at').notNullable()
    table.bigInteger('expires_at').notNullable().index() // ms; the nightly sweep asks for the expired
    table.index('user_id') // a person's list of sessions, and ending them all
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('sessions')
}
