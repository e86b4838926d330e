import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('connection_attempts', (table) => {
    table.increments()
    table.string('state_hash', 64).notNullable().unique()
    table.string('session_hash', 64).notNullable()
    table.integer('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE')
    table.string('provider', 64).notNullable()
    table.string('return_to', 512)
    table.text('sealed_verifier')
    table.datetime('created_at').notNullable()
    table.datetime('expires_at').notNullable().index() // the nightly sweep asks for the expired
    table.datetime('taken_at')
    table.string('outcome', 64)
    table.text('sealed_offer') // another account's tokens, until the person says which account to keep
    table.index('user_id') // removed with their user
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('connection_attempts')
}
