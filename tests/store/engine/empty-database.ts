import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { DatabaseConfig } from '../../../app/config/database.ts'
import { type Db, openDb } from '../../../app/store/db.ts'
import { type Engine, newPostgres } from '../../support/databases.ts'

/** Where a bare checkout begins: no table in it, on SQLite not even a file or its folder. */
export async function emptyDatabase(engine: Engine): Promise<DatabaseConfig> {
  if (engine === 'sqlite') {
    const folder = mkdtempSync(path.join(tmpdir(), 'evosync-empty-'))
    onTestFinished(() => {
      rmSync(folder, { recursive: true, force: true })
    })
    return { client: 'sqlite', file: path.join(folder, 'db', 'evosync.sqlite') }
  }
  return await newPostgres()
}

/** A handle of its own, as another process has it. */
export function openHandle(config: DatabaseConfig): Db {
  const db = openDb(config)
  onTestFinished(() => db.destroy())
  return db
}
