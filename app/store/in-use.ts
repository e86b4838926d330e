import { statSync } from 'node:fs'
import knex from 'knex'
import type { DatabaseConfig } from '../config/database.ts'
import { tellRunning } from './copy-words.ts'
import { databaseOptions, type Db } from './db.ts'
import { aloneWith } from './sqlite-alone.ts'
import { beginsAsDatabase } from './sqlite-file.ts'

/** @throws ConfigError while another process works with the database, as far as that can be known */
export async function refuseInUse(config: DatabaseConfig): Promise<void> {
  if (config.client === 'sqlite') {
    refuseOpenFile(config.file)
    return
  }
  const db = knex({ ...databaseOptions(config), pool: { min: 0, max: 1 } })
  try {
    await refuseOthers(db)
  } finally {
    await db.destroy()
  }
}

function refuseOpenFile(file: string) {
  if (!statSync(file, { throwIfNoEntry: false }) || !beginsAsDatabase(file)) return
  try {
    aloneWith(file, () => undefined)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') tellRunning(file)
    throw error
  }
}

/** Of PostgreSQL, by a connection there is already: nobody else may have one. */
export async function refuseOthers(db: Db): Promise<void> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select datname as name from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  )
  if (rows[0]) tellRunning(rows[0].name)
}
