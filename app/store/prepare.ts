import type { DatabaseConfig } from '../config/database.ts'
import type { Vault } from '../crypto/vault.ts'
import { awaitDatabase, inWords, type Patience } from './await-database.ts'
import { copyBeforeMigrations } from './copy-before.ts'
import { type Db, openDb } from './db.ts'
import { migrate } from './migrate.ts'
import { checkVersion } from './schema-version.ts'
import { checkKeys, leaveCanary } from './vault-canary.ts'

/**
 * Waits for the database, proves that it is ours and the keys are its keys, and brings it up to date.
 * @throws ConfigError in words, with nothing touched; the signal's reason when it ends the waiting
 */
export async function prepareDatabase(
  db: Db,
  config: DatabaseConfig,
  vault: Vault,
  patience: Patience,
): Promise<void> {
  await openDatabase(db, config, patience)
  await inWords(config, async () => {
    await checkKeys(db, vault)
    const copy = await copyBeforeMigrations(db, config)
    if (copy) patience.log?.info('backup_made', { file: copy, before: 'migrations' })
    await migrateWithTime(db, config)
    await leaveCanary(db, vault)
  })
}

/** A table may take longer to change than a statement of every day may last. */
async function migrateWithTime(db: Db, config: DatabaseConfig): Promise<void> {
  if (config.client === 'sqlite' || !config.pool?.statementMs) {
    await migrate(db)
    return
  }
  const patient = openDb({ ...config, pool: { ...config.pool, statementMs: 0 } })
  try {
    await migrate(patient)
  } finally {
    await patient.destroy()
  }
}

/**
 * Waits for the database and proves that it is ours and not newer than this code.
 * @throws ConfigError as {@link prepareDatabase} does
 */
export async function openDatabase(
  db: Db,
  config: DatabaseConfig,
  patience: Patience,
): Promise<void> {
  await inWords(config, async () => {
    await awaitDatabase(db, config, patience)
    await checkVersion(db, config)
  })
}
