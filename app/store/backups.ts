import { chmodSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Database } from 'better-sqlite3'
import { ConfigError } from '../errors.ts'
import { BACKUPS } from './backup-advice.ts'
import { openSqlite } from './sqlite-driver.ts'
import { checkSqliteFile } from './sqlite-file.ts'
import { sqliteTrouble } from './sqlite-trouble.ts'

/**
 * A sound copy of a SQLite file, while others write to it too; copying it by hand would miss what still stands in the
 * write-ahead log.
 * @returns where the copy is
 */
export async function copySqlite(source: string, target = freshName(new Date())): Promise<string> {
  const file = path.resolve(target)
  if (!statSync(source, { throwIfNoEntry: false })) {
    throw new ConfigError([`DATABASE_FILE: файла ${source} нет, копировать нечего. Проверьте путь`])
  }
  checkSqliteFile(source)
  const database = openSqlite(source, { readonly: true })
  try {
    await write(database, file)
  } catch (error) {
    const words = sqliteTrouble(error, file, 'Копия не сделана')
    throw words ? new ConfigError([words], { cause: error }) : error
  } finally {
    database.close()
  }
  return file
}

async function write(database: Database, file: string): Promise<void> {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  await database.backup(file)
  chmodSync(file, 0o600)
}

const freshName = (now: Date) =>
  path.join(BACKUPS, `evosync-${now.toISOString().slice(0, 19).replace(/[T:]/g, '-')}.sqlite`)
