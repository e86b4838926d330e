import type { Knex } from 'knex'

/** Links by which administrators let people in. The token is hashed, and there is none before a letter leaves. */
export async function up(db: Knex) {
  await db.schema.createTable('invitations', (table) => {
    table.increments()
    table.string('token_hash', 64).unique()
    table.string('role', 16).notNullable()
    table.string('email', 254) // whom the letter goes to; null: a link to hand over
    table.integer('made_by').notNullable().references('id').inTable('users').onDelete('CASCADE')
    table.datetime('created_at').notNullable()
    table.datetime('expires_at').notNullable().index() // what is swept
    table.index('made_by') // removed with whoever made it
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('invitations')
}
