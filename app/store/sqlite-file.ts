import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs'
import path from 'node:path'
import type { Database } from 'better-sqlite3'
import { MIGRATION_NAMES, MIGRATIONS_TABLE } from '../../db/migrations/index.ts'
import { ConfigError } from '../errors.ts'
import { openSqlite } from './sqlite-driver.ts'
import { notADatabase, notOurs, sqliteTrouble } from './sqlite-trouble.ts'

/** The first bytes of every SQLite file (sqlite.org/fileformat2.html §1.3). */
const MAGIC = 'SQLite format 3\0'
/** Reading the whole of a larger file would hold up the start. */
const CHECKED_BYTES = 32 * 1024 ** 2

/**
 * Makes the folder (0700) and the file (0600) where they are missing; SQLite gives its side files the same mode. A file
 * that was copied here with looser rights is closed to others too, if it is ours. What is there and is no sound database
 * of ours is left as it is.
 * @throws ConfigError in words
 */
export function prepareSqliteFile(file: string) {
  inWords(file, () => {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    closeSync(openSync(file, 'a', 0o600))
    const parts = [file, `${file}-wal`, `${file}-shm`].filter(isThere)
    refuseForeignRights(path.dirname(file), parts)
    inspect(file, statSync(file))
    parts.forEach(closeToOthers)
  })
}

/**
 * Looks at a file that is there, and only that.
 * @throws ConfigError in words when it is no sound database of ours
 */
export function checkSqliteFile(file: string) {
  inWords(file, () => inspect(file, statSync(file)))
}

function inWords(file: string, work: () => void) {
  try {
    work()
  } catch (error) {
    const words = sqliteTrouble(error, file)
    throw words ? new ConfigError([words], { cause: error }) : error
  }
}

const isThere = (file: string) => statSync(file, { throwIfNoEntry: false }) !== undefined

/** SQLite makes its side files beside the database, so the folder has to be writable too. */
function refuseForeignRights(folder: string, parts: string[]) {
  const { R_OK, W_OK, X_OK } = constants
  for (const [place, mode] of [
    [folder, W_OK | X_OK],
    ...parts.map((part) => [part, R_OK | W_OK]),
  ] as const) {
    try {
      accessSync(place as string, mode as number)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EROFS') throw cause
      throw new ConfigError([`DATABASE_FILE: ${notOurs(place as string)}`], { cause })
    }
  }
}

function inspect(file: string, found: Stats) {
  if (!found.isFile()) refuse(`${file} — не обычный файл (устройство, канал). Задайте другой путь`)
  if (found.size === 0) return
  if (!beginsAsDatabase(file)) refuse(notADatabase(file))
  const database = openSqlite(file, { readonly: true })
  try {
    refuseForeign(database, file)
    if (found.size <= CHECKED_BYTES) refuseBroken(database)
  } finally {
    database.close()
  }
}

/** By its first bytes. */
export function beginsAsDatabase(file: string): boolean {
  const handle = openSync(file, 'r')
  try {
    const start = Buffer.alloc(MAGIC.length)
    return readSync(handle, start) === MAGIC.length && start.toString('latin1') === MAGIC
  } finally {
    closeSync(handle)
  }
}

/** Somebody else's data must neither get our tables nor our settings. */
function refuseForeign(database: Database, file: string) {
  const tables = namesIn(database, "sqlite_master where type = 'table' and name not like 'sqlite%'")
  const own = tables.includes(MIGRATIONS_TABLE)
  const found = own ? namesIn(database, MIGRATIONS_TABLE) : tables
  if (found.length === 0 || (own && found.some((name) => MIGRATION_NAMES.includes(name)))) return
  refuse(
    `в файле ${file} база другой программы (в ней ${found.slice(0, 3).join(', ')}). EvoSync её не тронул; задайте другой файл`,
  )
}

const namesIn = (database: Database, from: string): string[] =>
  database
    .prepare<[], { name: string }>(`select name from ${from} limit 200`)
    .all()
    .map(({ name }) => name)

/** As SQLite says it itself when it meets the damage. */
function refuseBroken(database: Database) {
  const found = database.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok') throw Object.assign(new Error(String(found)), { code: 'SQLITE_CORRUPT' })
}

function refuse(words: string): never {
  throw new ConfigError([`DATABASE_FILE: ${words}`])
}

function closeToOthers(file: string) {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found && found.mode & 0o077 && found.uid === process.getuid?.()) chmodSync(file, 0o600)
}
