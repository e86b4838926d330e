import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.createTable('custom_providers', (table) => {
    table.increments()
    table.string('key', 32).notNullable().unique() // part of every address, never changed
    table.string('title', 100).notNullable()
    table.string('icon', 64).notNullable()
    table.text('client_id').notNullable()
    table.text('sealed_secret') // null where the application has none
    table.text('scope').notNullable()
    table.string('scope_delimiter', 1).notNullable()
    table.text('authorize_url').notNullable()
    table.text('token_url').notNullable()
    table.text('userinfo_url').notNullable()
    table.text('revoke_url')
    table.text('issuer')
    table.boolean('issuer_required').notNullable()
    table.boolean('pkce').notNullable()
    table.string('client_auth', 8).notNullable()
    table.string('id_path', 200)
    table.string('name_path', 200)
    table.string('email_path', 200)
    table.boolean('enabled').notNullable()
    table.integer('revision').notNullable() // a change made from an older page is refused
    table.datetime('created_at').notNullable()
    table.datetime('updated_at').notNullable()
  })
}

export async function down(db: Knex) {
  await db.schema.dropTable('custom_providers')
}
