import path from 'node:path'
import { type Config, loadConfig } from '../app/config/index.ts'
import { loadEnvFile } from '../app/config/env-file.ts'
import { createVault } from '../app/crypto/vault.ts'
import { ConfigError } from '../app/errors.ts'
import { platforms } from '../app/providers/index.ts'
import { restorePostgres } from '../app/store/restore-postgres.ts'
import { restoreSqlite } from '../app/store/restore-sqlite.ts'
import { inWords } from './in-words.ts'

/** Puts a copy in the place of the database: `npm run restore -- backups/evosync-….sqlite`. What was there is kept. */
await inWords(async () => {
  const [copy] = process.argv.slice(2)
  if (!copy) {
    throw new ConfigError([
      'Как вызвать: npm run restore -- backups/имя-копии. Копии делает npm run backup',
    ])
  }
  loadEnvFile()
  process.umask(0o077)
  const kept = await restore(path.resolve(copy), loadConfig(process.env, platforms))
  console.log(`База возвращена из копии ${copy}.`)
  console.log(kept ? `Прежняя база отложена: ${kept}` : 'Прежней базы не было, отложить нечего.')
  console.log('Запустите EvoSync: чего копии не хватает для этой версии, сделается при запуске.')
})

async function restore(copy: string, config: Config): Promise<string | undefined> {
  const { database, tokenKeys, commandEnvironment } = config
  const vault = createVault(tokenKeys)
  return database.client === 'sqlite'
    ? await restoreSqlite(copy, path.resolve(database.file), vault)
    : await restorePostgres(copy, database, vault, commandEnvironment)
}
