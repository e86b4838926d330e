import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('password_resets', (table) => {
    table.increments()
    table.string('token_hash', 64).notNullable().unique()
    table.integer('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE')
    table.datetime('created_at').notNullable()
    table.datetime('expires_at').notNullable().index() // the nightly sweep asks for the expired
    table.index('user_id') // a new password makes a person's other links void
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('password_resets')
}
