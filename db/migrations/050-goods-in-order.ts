import type { Knex } from 'knex'

const UNDER_WAY = 'create unique index sync_runs_under_way on sync_runs (active_link_id)'

/** Goods are read page by page in the order they became known: without an index of it each page sorts all that are left. */
export async function up(db: Knex) {
  await db.raw('create index sync_items_in_order on sync_items (link_id, id)')
  // SQLite takes `is null` of a unique column to be one row, and so read everybody's runs that are over
  await db.schema.alterTable('sync_runs', (table) => {
    table.dropUnique(['active_link_id'])
  })
  await db.raw(`${UNDER_WAY} where active_link_id is not null`)
}

export async function down(db: Knex) {
  await db.raw('drop index sync_runs_under_way')
  await db.schema.alterTable('sync_runs', (table) => {
    table.unique(['active_link_id'])
  })
  await db.raw('drop index sync_items_in_order')
}
