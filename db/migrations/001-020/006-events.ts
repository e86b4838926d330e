import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('events', (table) => {
    table.increments()
    table.datetime('at').notNullable()
    table.integer('user_id').references('id').inTable('users').onDelete('CASCADE')
    table.string('event', 64).notNullable()
    table.string('provider', 64)
    table.string('address', 64)
    table.string('request_id', 32)
    table.text('details')
    table.index(['user_id', 'event', 'at']) // a person's journal, and "has signed in from here before"
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('events')
}
