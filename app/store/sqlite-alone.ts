import { openSqlite } from './sqlite-driver.ts'

/**
 * Does something to a SQLite file while nobody else has it open, and keeps others out meanwhile. In WAL mode every
 * connection holds a shared lock for as long as it is open, so that one which idles is noticed too. The file has no
 * side files while `work` runs.
 * @throws SqliteError, `SQLITE_BUSY` while somebody has it open
 */
export function aloneWith<T>(file: string, work: () => T): T {
  const database = openSqlite(file, { timeout: 100 })
  try {
    database.pragma('locking_mode = exclusive')
    database.pragma('journal_mode = delete') // takes in what the write-ahead log holds
    database.exec('begin exclusive')
    return work()
  } finally {
    database.close()
  }
}
