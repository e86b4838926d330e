import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inject, onTestFinished } from 'vitest'
import type { DatabaseConfig } from '../../app/config.ts'
import { type Db, openDb } from '../../app/store/db.ts'
import type { Engine } from '../support/databases.ts'

/** Where a bare checkout begins: no table in it, on SQLite not even a file or its folder. */
export async function emptyDatabase(engine: Engine): Promise<DatabaseConfig> {
  if (engine === 'sqlite') {
    const folder = mkdtempSync(path.join(tmpdir(), 'evosync-empty-'))
    onTestFinished(() => {
      rmSync(folder, { recursive: true, force: true })
    })
    return { client: 'sqlite', file: path.join(folder, 'db', 'evosync.sqlite') }
  }
  const name = `empty_${randomBytes(6).toString('hex')}`
  const server = openDb({ client: 'postgres', url: inject('postgresUrl') })
  await server.raw(`create database ${name}`)
  onTestFinished(async () => {
    await server.raw(`drop database ${name} with (force)`)
    await server.destroy()
  })
  const url = new URL(inject('postgresUrl'))
  url.pathname = name
  return { client: 'postgres', url: url.href }
}

/** A handle of its own, as another process has it. */
export function openHandle(config: DatabaseConfig): Db {
  const db = openDb(config)
  onTestFinished(() => db.destroy())
  return db
}
