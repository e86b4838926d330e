import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('notices', (table) => {
    table.increments()
    table.integer('user_id').notNullable().references('id').inTable('users').onDelete('CASCADE')
    table.string('provider', 64).notNullable()
    table.string('kind', 16).notNullable()
    table.string('code', 64).notNullable()
    table.datetime('created_at').notNullable()
    table.datetime('closed_at')
    table.index(['user_id', 'closed_at']) // what the dashboard still has to show
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('notices')
}
