import type { Knex } from 'knex'
import { dropColumns } from './drop-columns.ts'

/** What an album of ours was called last, so that it follows its group and leaves alone what its owner wrote. */
export async function up(db: Knex) {
  await db.schema.alterTable('sync_groups', (table) => {
    table.string('album_title', 255) // null: the album is of before, and is read once
  })
  await db.schema.alterTable('sync_runs', (table) => {
    table.integer('renamed').notNullable().defaultTo(0) // albums
  })
}

export async function down(db: Knex) {
  await dropColumns(db, 'sync_groups', 'album_title')
  await dropColumns(db, 'sync_runs', 'renamed')
}
