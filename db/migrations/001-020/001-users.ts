import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('users', (table) => {
    table.increments()
    table.string('email', 254).notNullable().unique() // canonical: lower case, no spaces around
    table.string('name', 200).notNullable()
    table.text('password_hash') // null for people who sign in through a platform only
    table.string('role', 16).notNullable()
    table.string('time_zone', 64)
    table.boolean('founder').unique() // true for one row at most: the first to register, however many try at once
    table.datetime('created_at').notNullable()
    table.datetime('updated_at').notNullable()
    table.datetime('signed_in_at')
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('users')
}
