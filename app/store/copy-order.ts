import { type Db, isPostgres } from './db.ts'

/** What triggers count as rows come: copied last, over what they have counted meanwhile. */
export const COUNTED_BY_TRIGGERS: readonly string[] = ['connection_counts', 'refresh_counts']

/** Tables in an order in which nothing refers to what is not there yet. */
export async function copyOrder(db: Db, tables: readonly string[]): Promise<string[]> {
  const found = await db.raw<{ rows: Reference[] } | Reference[]>(
    isPostgres(db) ? POSTGRES : SQLITE,
  )
  const references = (Array.isArray(found) ? found : found.rows).filter(
    ({ from, to }) => from !== to,
  )
  const order: string[] = []
  const place = (table: string) => {
    if (order.includes(table)) return
    for (const { from, to } of references) if (from === table) place(to)
    order.push(table)
  }
  tables.filter((table) => !COUNTED_BY_TRIGGERS.includes(table)).forEach(place)
  return [...order, ...tables.filter((table) => COUNTED_BY_TRIGGERS.includes(table))]
}

interface Reference {
  from: string
  to: string
}

const POSTGRES = `select distinct f.relname as "from", t.relname as "to"
  from pg_constraint join pg_class f on f.oid = conrelid join pg_class t on t.oid = confrelid
  where contype = 'f' and f.relnamespace = to_regnamespace(current_schema())`
const SQLITE = `select distinct m.name as "from", k."table" as "to"
  from sqlite_master m join pragma_foreign_key_list(m.name) k where m.type = 'table'`
