import type { Knex } from 'knex'
import { dropColumns } from './drop-columns.ts'

/** A photo that was uploaded for a card and not used, for want of a request that day, is good for the next one. */
export async function up(db: Knex) {
  await db.schema.alterTable('sync_items', (table) => {
    table.bigInteger('ahead_photo')
    table.string('ahead_hash', 64)
  })
}

export async function down(db: Knex) {
  await dropColumns(db, 'sync_items', 'ahead_photo', 'ahead_hash')
}
