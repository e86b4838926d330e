import { createRequire } from 'node:module'
import type Sqlite from 'better-sqlite3'
import { ConfigError } from '../errors.ts'

const require = createRequire(import.meta.url)
const FIRST_WITH_BINARIES = 22

/**
 * Which of the two packages serves this Node: better-sqlite3 13 brings its binaries along and ends Node 20 with a crash
 * as soon as it is loaded; there 12 is compiled by `npm ci`.
 */
export const driverPackage = (node: string): string =>
  Number.parseInt(node, 10) >= FIRST_WITH_BINARIES ? 'better-sqlite3-prebuilt' : 'better-sqlite3'

/** @throws ConfigError when the packages were not installed for this Node */
export function sqliteDriver(): typeof Sqlite {
  try {
    const driver: unknown =
      driverPackage(process.versions.node) === 'better-sqlite3'
        ? require('better-sqlite3')
        : require('better-sqlite3-prebuilt')
    return driver as typeof Sqlite
  } catch (cause) {
    throw notInstalled(cause)
  }
}

/**
 * Opens a SQLite file.
 * @throws ConfigError when the driver is not there, SqliteError when the file does not open
 */
export function openSqlite(file: string, options?: Sqlite.Options): Sqlite.Database {
  const Driver = sqliteDriver()
  try {
    return new Driver(file, options)
  } catch (error) {
    if (error instanceof Driver.SqliteError || error instanceof TypeError) throw error
    throw notInstalled(error) // 12 looks for its binary only now
  }
}

function notInstalled(cause: unknown): ConfigError {
  const words =
    `SQLite не загружается: пакеты поставлены для другой версии Node (эта — ${process.versions.node}) или не собрались. ` +
    'Выполните npm ci этой же версией Node; на Node 20 для сборки нужны gcc, make и python3, на 22 и 24 ничего'
  return new ConfigError([words], { cause })
}
