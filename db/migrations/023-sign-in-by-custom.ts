import type { Knex } from 'knex'

export async function up(db: Knex) {
  await db.schema.alterTable('custom_providers', (table) => {
    table.boolean('sign_in').notNullable().defaultTo(false) // people come in by it
    table.text('sign_in_scope') // null: what of the usual rights is asked for anyway
  })
  await db.schema.alterTable('identities', (table) => {
    table.string('edition', 64).notNullable().defaultTo('') // which server said so; empty for the list's platforms
    table.dropUnique(['provider', 'subject'])
    table.unique(['provider', 'edition', 'subject']) // another server's account of the same number is somebody else
  })
  await db.schema.alterTable('sign_in_attempts', (table) => {
    table.string('edition', 64).notNullable().defaultTo('') // who was asked has to be who answers
  })
}

export async function down(db: Knex) {
  await db('identities').whereNot({ edition: '' }).delete() // nobody reads them there, and they may be double
  await db.schema.alterTable('sign_in_attempts', (table) => {
    table.dropColumn('edition')
  })
  await db.schema.alterTable('identities', (table) => {
    table.dropUnique(['provider', 'edition', 'subject'])
    table.dropColumn('edition')
    table.unique(['provider', 'subject'])
  })
  await db.schema.alterTable('custom_providers', (table) => {
    table.dropColumn('sign_in_scope')
    table.dropColumn('sign_in')
  })
}
