import type { Knex } from 'knex'
import { dropColumns } from '../drop-columns.ts'

export async function up(db: Knex) {
  await db.schema.alterTable('connections', (table) => {
    table.datetime('ends_at') // of the whole grant, where renewing does not prolong it
    table.integer('refusals').notNullable().defaultTo(0) // in a row, of a platform that refuses good tokens at times
  })
}

export async function down(db: Knex) {
  await dropColumns(db, 'connections', 'ends_at', 'refusals')
}
