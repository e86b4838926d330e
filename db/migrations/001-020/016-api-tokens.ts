import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('api_tokens', (table) => {
    table.increments()
    table.integer('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE')
    table.string('name', 100).notNullable()
    table.string('token_hash', 64).notNullable().unique()
    table.string('scopes', 64).notNullable()
    table.datetime('created_at').notNullable()
    table.datetime('expires_at')
    table.datetime('last_used_at')
    table.index('user_id') // listed on their owner's page, removed with them
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('api_tokens')
}
