import type { Knex } from 'knex'

/** What administrators enter of a platform's variables; each value is sealed. */
export async function up(db: Knex) {
  await db.schema.createTable('platform_settings', (table) => {
    table.increments()
    table.string('provider', 64).notNullable()
    table.string('name', 64).notNullable()
    table.text('sealed_value').notNullable()
    table.datetime('entered_at').notNullable()
    table.unique(['provider', 'name'])
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('platform_settings')
}
