import type { Knex } from 'knex'

/** SHA-256 of the file a photo was made of: the same file again need not be unpacked. Photos from before have none. */
export async function up(db: Knex) {
  await db.schema.alterTable('sync_photos', (table) => {
    table.string('source', 64)
    table.index(['user_id', 'source'])
  })
}

export async function down(db: Knex) {
  await db.schema.alterTable('sync_photos', (table) => {
    table.dropIndex(['user_id', 'source'])
    table.dropColumn('source')
  })
}
