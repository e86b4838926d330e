import { databaseOf } from '../app/config/database.ts'
import { loadEnvFile } from '../app/config/env-file.ts'
import { ConfigError } from '../app/errors.ts'
import { copySqlite } from '../app/store/backups.ts'
import { inWords } from './in-words.ts'

/** Copies the SQLite database while EvoSync runs: `npm run backup -- backups/today.sqlite`. PostgreSQL has pg_dump. */
await inWords(async () => {
  loadEnvFile()
  const source = databaseOf(process.env)
  if (source.client === 'postgres') {
    throw new ConfigError(['База в PostgreSQL: копию делает pg_dump "$DATABASE_URL".'])
  }
  process.umask(0o077)
  console.log(`Копия базы: ${await copySqlite(source.file, process.argv[2])}`)
  console.log('Храните её отдельно от .env: ключи TOKEN_KEYS из него открывают доступы.')
})
