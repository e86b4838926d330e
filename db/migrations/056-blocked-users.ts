import type { Knex } from 'knex'
import { dropColumns } from './drop-columns.ts'

/** Since when a person is kept out, and why, in an administrator's words. Few are: the index holds no others. */
export async function up(db: Knex) {
  await db.schema.alterTable('users', (table) => {
    table.datetime('blocked_at')
    table.string('block_reason', 300)
  })
  await db.raw('create index users_blocked on users (blocked_at) where blocked_at is not null')
}

export async function down(db: Knex) {
  await db.raw('drop index users_blocked')
  await dropColumns(db, 'users', 'block_reason', 'blocked_at')
}
