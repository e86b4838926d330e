import path from 'node:path'
import { databaseOf } from './app/config/database.ts'
import { loadEnvFile } from './app/config/env-file.ts'
import { ROOT } from './app/root.ts'
import { databaseOptions } from './app/store/db.ts'
import { prepareSqliteFile } from './app/store/sqlite-file.ts'

/** For the `knex` command. Needs no secrets: the schema is not one. The command runs in this file's folder. */
loadEnvFile(path.join(ROOT, '.env'))

const database = databaseOf(process.env)
if (database.client === 'sqlite') {
  database.file = path.resolve(ROOT, database.file)
  prepareSqliteFile(database.file)
}

export default databaseOptions(database)
