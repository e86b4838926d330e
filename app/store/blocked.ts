import type { Db } from './db.ts'

/** Those an administrator keeps out: their work rests. Any date: a condition that finds its rows by the index. */
export const blocked = (db: Db) => db('users').select('id').where('blocked_at', '>', new Date(0))

/** Their pairs. */
export const restingLinks = (db: Db) =>
  db('sync_links').select('id').whereIn('user_id', blocked(db))
