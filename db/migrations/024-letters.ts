import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('letters', (table) => {
    table.increments()
    table.integer('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE')
    table.string('kind', 32).notNullable()
    table.text('details').notNullable() // JSON; never a secret: links are made when the letter leaves
    table.integer('tries').notNullable().defaultTo(0)
    table.string('sender', 64) // which instance is sending it
    table.datetime('next_at').notNullable().index() // what is due; the end of the lease while it is being sent
    table.datetime('created_at').notNullable()
    table.index('user_id') // removed with their user
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('letters')
}
