import { chmodSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import Sqlite from 'better-sqlite3'
import { config as loadEnv } from 'dotenv'
import { databaseOf } from '../app/config.ts'

/**
 * Copies the SQLite database while EvoSync runs: `npm run backup -- backups/today.sqlite`. Copying the file by hand would
 * miss what still stands in the write-ahead log. PostgreSQL has pg_dump for this.
 */
loadEnv({ quiet: true })
const source = databaseOf(process.env)
if (source.client === 'postgres') {
  console.error('База в PostgreSQL: копию делает pg_dump "$DATABASE_URL".')
  process.exit(1)
}
const stamp = new Date().toISOString().slice(0, 16).replace(/[T:]/g, '-')
const target = path.resolve(process.argv[2] ?? `backups/evosync-${stamp}.sqlite`)

process.umask(0o077)
mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 })
const database = new Sqlite(source.file, { readonly: true, fileMustExist: true })
await database.backup(target)
database.close()
chmodSync(target, 0o600)
console.log(`Копия базы: ${target}`)
console.log('Храните её отдельно от .env: ключи TOKEN_KEYS из него открывают доступы.')
