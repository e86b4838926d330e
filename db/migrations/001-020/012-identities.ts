import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('identities', (table) => {
    table.increments()
    table.integer('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE')
    table.string('provider', 64).notNullable()
    table.string('subject', 255).notNullable() // whose account it is at the platform, by the platform's own id
    table.string('email', 254) // canonical; null unless the platform has verified it
    table.datetime('created_at').notNullable()
    table.datetime('last_used_at')
    table.unique(['provider', 'subject']) // one account there opens one account here, however many ask at once
    table.index('user_id') // a person's list of ways to sign in; removed with their user
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('identities')
}
