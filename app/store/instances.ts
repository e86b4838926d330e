import { type Db, fromNow, toDate } from './db.ts'
import { relaxed } from './durability.ts'

/** A process of EvoSync on this database. */
export interface Instance {
  id: string
  role: string
  host: string
  version: string
  startedAt: Date
  seenAt: Date
}

/** Three of its words missed: it is gone, or as good as gone. */
const ALIVE_MS = 35_000
const DAY_MS = 24 * 3600_000

/** Instances that share the database, as each says of itself. What a power cut takes of it is said again. */
export function createInstanceStore(db: Db) {
  const table = () => db('instances')

  return {
    /** This one lives. */
    async show(instance: Pick<Instance, 'id' | 'role' | 'host' | 'version'>): Promise<void> {
      const now = fromNow(db)
      const row = { ...instance, started_at: now, seen_at: now }
      await relaxed(table().insert(row).onConflict('id').merge(['seen_at']))
    },
    /** Those heard of lately, the oldest first. */
    async alive(): Promise<Instance[]> {
      const rows = await table()
        .where('seen_at', '>', fromNow(db, -ALIVE_MS))
        .orderBy(['started_at', 'id'])
        .select()
      return rows.map(({ started_at, seen_at, ...row }) => ({
        ...row,
        startedAt: toDate(started_at),
        seenAt: toDate(seen_at),
      }))
    },
    /** This one ends. */
    async leave(id: string): Promise<void> {
      await relaxed(table().where({ id }).delete())
    },
    /** Those that were killed long ago. */
    async sweep(): Promise<void> {
      await relaxed(table().where('seen_at', '<', fromNow(db, -DAY_MS)).delete())
    },
  }
}
