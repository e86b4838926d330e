import { chmodSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import type { DatabaseConfig } from '../config/database.ts'
import { ConfigError } from '../errors.ts'
import { regularName } from './backup-names.ts'
import { type PostgresConfig, runTool } from './postgres-tools.ts'
import { openSqlite } from './sqlite-driver.ts'
import { checkSqliteFile } from './sqlite-file.ts'
import { sqliteTrouble } from './sqlite-trouble.ts'

/**
 * A sound copy of the database while others write to it, for its owner's eyes only: a SQLite file, or what `pg_dump`
 * makes in its custom format.
 * @param environment what we have of our own, for `pg_dump`
 * @returns where the copy is
 * @throws ConfigError in words when there is none
 */
export async function makeBackup(
  database: DatabaseConfig,
  environment: Readonly<Record<string, string>>,
  target?: string,
): Promise<string> {
  return database.client === 'sqlite'
    ? await copySqlite(database.file, target)
    : await dumpPostgres(database, environment, target)
}

/** {@link makeBackup} of SQLite. Copying the file by hand would miss what still stands in the write-ahead log. */
export async function copySqlite(
  source: string,
  target = regularName(new Date(), 'sqlite'),
): Promise<string> {
  if (!statSync(source, { throwIfNoEntry: false })) {
    throw new ConfigError([`DATABASE_FILE: файла ${source} нет, копировать нечего. Проверьте путь`])
  }
  checkSqliteFile(source)
  return await writeCopy(target, (draft) => copyPages(source, draft))
}

async function dumpPostgres(
  database: PostgresConfig,
  environment: Readonly<Record<string, string>>,
  target = regularName(new Date(), 'dump'),
): Promise<string> {
  const args = ['--format=custom', '--no-owner', '--no-privileges']
  return await writeCopy(target, (draft) =>
    runTool('pg_dump', database, [...args, `--file=${draft}`], environment),
  )
}

/** It has its own name only when it is whole. */
async function writeCopy(
  target: string,
  write: (draft: string) => Promise<unknown>,
): Promise<string> {
  const file = path.resolve(target)
  const draft = `${file}.part`
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    rmSync(draft, { force: true })
    closeSync(openSync(draft, 'w', 0o600))
    await write(draft)
    chmodSync(draft, 0o600)
    renameSync(draft, file)
    return file
  } catch (error) {
    discard(draft)
    const words = sqliteTrouble(error, file, 'Копия не сделана')
    throw words ? new ConfigError([words], { cause: error }) : error
  }
}

function discard(draft: string) {
  try {
    rmSync(draft, { force: true })
  } catch {
    // its folder is none, which is told already
  }
}

/** A reading transaction holds the state it began with: without one every write of others would begin the copy anew. */
async function copyPages(source: string, draft: string): Promise<void> {
  const database = openSqlite(source, { readonly: true })
  try {
    database.exec('begin')
    database.prepare('select count(*) from sqlite_master').get()
    await database.backup(draft)
  } finally {
    database.close()
  }
}
