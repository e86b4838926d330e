import { statSync } from 'node:fs'
import { type DatabaseConfig, databaseOf } from '../app/config/database.ts'
import { forCommands } from '../app/config/environment.ts'
import { loadEnvFile } from '../app/config/env-file.ts'
import { makeBackup } from '../app/store/backups.ts'
import { createBackupLog } from '../app/store/backup-log.ts'
import { openDb } from '../app/store/db.ts'
import { inWords } from './in-words.ts'

/** Copies the database while EvoSync runs: `npm run backup`, or `npm run backup -- backups/today.sqlite`. */
await inWords(async () => {
  loadEnvFile()
  process.umask(0o077)
  const database = databaseOf(process.env)
  const copy = await makeBackup(database, forCommands(process.env), process.argv[2])
  await record(database, copy)
  console.log(`Копия базы: ${copy}`)
  console.log('Храните её отдельно от .env: ключи TOKEN_KEYS из него открывают доступы.')
})

/** So that «Состояние» tells of it. An older database has no place for that. */
async function record(database: DatabaseConfig, copy: string) {
  const db = openDb(database)
  try {
    if (await db.schema.hasTable('backups')) {
      await createBackupLog(db).record(copy, statSync(copy).size)
    }
  } finally {
    await db.destroy()
  }
}
