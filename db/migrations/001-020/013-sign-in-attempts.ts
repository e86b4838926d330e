import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('sign_in_attempts', (table) => {
    table.increments()
    table.string('state_hash', 64).notNullable().unique()
    table.string('session_hash', 64).notNullable()
    table.string('provider', 64).notNullable()
    table.string('purpose', 16).notNullable()
    table.integer('user_id').references('id').inTable('users').onDelete('CASCADE') // null unless linking
    table.text('sealed_verifier')
    table.string('return_to', 512)
    table.datetime('created_at').notNullable()
    table.datetime('expires_at').notNullable().index() // the nightly sweep asks for the expired
    table.datetime('taken_at')
    table.index('user_id') // removed with their user
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('sign_in_attempts')
}
