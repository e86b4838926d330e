import { type DatabaseConfig, databaseOf } from '../app/config/database.ts'
import { loadEnvFile } from '../app/config/env-file.ts'
import { inWords } from '../app/store/await-database.ts'
import { type Db, openDb } from '../app/store/db.ts'
import { openDatabase } from '../app/store/prepare.ts'

/** For commands about the schema, which need no secrets. What fails is told in words. */
export async function withDatabase(
  work: (db: Db, config: DatabaseConfig) => Promise<void>,
): Promise<void> {
  loadEnvFile()
  const config = databaseOf(process.env)
  const db = openDb(config)
  try {
    await openDatabase(db, config, { waitMs: 0 })
    await inWords(config, () => work(db, config))
  } finally {
    await db.destroy()
  }
}
