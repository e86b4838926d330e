import path from 'node:path'
import { config as loadEnv } from 'dotenv'
import { databaseOf } from './app/config.ts'
import { createSqliteFile } from './app/store/sqlite.ts'
import { databaseOptions } from './app/store/db.ts'

/** For the `knex` command. Needs no secrets: the schema is not one. The command runs in this file's folder. */
loadEnv({ quiet: true, path: path.join(import.meta.dirname, '.env') })

const database = databaseOf(process.env)
if (database.client === 'sqlite') {
  database.file = path.resolve(import.meta.dirname, database.file)
  createSqliteFile(database.file)
}

export default databaseOptions(database)
