import type { Knex } from 'knex'

/** What was sent of a card is known field by field, and so is what its platform keeps in a way of its own. */
export async function up(db: Knex) {
  await db.schema.alterTable('sync_items', (table) => {
    table.text('memory') // null: nothing is known of it
  })
  await db.schema.alterTable('sync_items', (table) => {
    table.dropColumns('sent', 'view', 'repeats')
  })
}

export async function down(db: Knex) {
  await db.schema.alterTable('sync_items', (table) => {
    table.string('sent', 64)
    table.string('view', 64)
    table.integer('repeats').notNullable().defaultTo(0)
  })
  await db.schema.alterTable('sync_items', (table) => {
    table.dropColumn('memory')
  })
}
