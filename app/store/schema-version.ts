import { MIGRATION_NAMES, MIGRATIONS_TABLE } from '../../db/migrations/index.ts'
import type { DatabaseConfig } from '../config/database.ts'
import { ConfigError } from '../errors.ts'
import { adviceFromBackup } from './backup-advice.ts'
import { type Db, isPostgres } from './db.ts'

/** Is there while `npm run copy-database` fills the database. */
export const COPYING = 'copying'

/**
 * The database has to be empty, or ours and not newer than this code.
 * @throws ConfigError in words; nothing is touched then
 */
export async function checkVersion(db: Db, config: DatabaseConfig): Promise<void> {
  const place = config.client === 'sqlite' ? 'DATABASE_FILE' : 'DATABASE_URL'
  if (!(await db.schema.hasTable(MIGRATIONS_TABLE))) {
    const tables = isPostgres(db) ? await tablesOf(db) : []
    if (tables.length > 0) refuse(place, foreign(tables))
    return
  }
  const { done, unknown } = await readVersion(db)
  if (await db.schema.hasTable(COPYING)) {
    refuse(
      place,
      'копирование в эту базу не закончено. Повторите npm run copy-database: оно начнётся заново; прежняя база цела',
    )
  }
  if (unknown.length === 0) return
  refuse(place, unknown.length === done.length ? foreign(unknown) : newer(unknown, config))
}

/** Names of the migrations a database has had, oldest first, and those of them this code does not know. */
export async function readVersion(db: Db): Promise<{ done: string[]; unknown: string[] }> {
  if (!(await db.schema.hasTable(MIGRATIONS_TABLE))) return { done: [], unknown: [] }
  const rows = await db(MIGRATIONS_TABLE).orderBy('id').select('name')
  const done = rows.map(({ name }) => name)
  return { done, unknown: done.filter((name) => !MIGRATION_NAMES.includes(name)) }
}

/** Those of this code that a database which has had `done` has not. */
export const missingOf = (done: readonly string[]): string[] =>
  MIGRATION_NAMES.filter((name) => !done.includes(name))

const foreign = (tables: string[]) =>
  `это база другой программы (в ней ${tables.slice(0, 3).join(', ')}). EvoSync её не тронул; создайте для него свою базу`

function newer(unknown: string[], config: DatabaseConfig): string {
  const back =
    config.client === 'sqlite'
      ? adviceFromBackup(config.file)
      : 'верните копию, сделанную pg_dump перед обновлением'
  return (
    `база новее этой версии EvoSync: в ней есть изменения ${unknown.join(', ')}, которых эта версия не знает. ` +
    `Запустите версию поновее. Чтобы остаться на этой, отмените их той версией: npm run rollback столько раз, сколько их (${unknown.length}); ` +
    `или ${back}`
  )
}

/** Tables beside extensions' own, such as PostGIS has. */
async function tablesOf(db: Db): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select relname as name from pg_class
     where relkind in ('r', 'p') and relnamespace = to_regnamespace(current_schema())
       and not exists (select 1 from pg_depend where objid = pg_class.oid and deptype = 'e')
     order by relname limit 4`,
  )
  return rows.map(({ name }) => name)
}

function refuse(place: string, words: string): never {
  throw new ConfigError([`${place}: ${words}.`])
}
