import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { inject, onTestFinished } from 'vitest'
import type { DatabaseConfig } from '../../app/config.ts'
import { openDb } from '../../app/store/db.ts'
import { quickFolder } from './quick-folder.ts'

export type Engine = 'sqlite' | 'postgres'

/** Store and HTTP tests run on both. */
export const ENGINES: readonly Engine[] = ['sqlite', 'postgres']

/** A migrated, empty database of this test's own, gone when the test is over. */
export async function freshDatabase(engine: Engine): Promise<DatabaseConfig> {
  return engine === 'sqlite' ? freshSqlite() : await newPostgres('evosync_template')
}

function freshSqlite(): DatabaseConfig {
  const folder = mkdtempSync(path.join(quickFolder(), 'evosync-'))
  const file = path.join(folder, 'test.sqlite')
  copyFileSync(inject('sqliteTemplate'), file)
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return { client: 'sqlite', file }
}

/** A PostgreSQL database of this test's own, made from a template; `template1` is an empty one. */
export async function newPostgres(template = 'template1'): Promise<DatabaseConfig> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const server = openDb({ client: 'postgres', url: inject('postgresUrl') })
  await server.raw(`create database ${name} template ${template}`)
  onTestFinished(async () => {
    await server.raw(`drop database ${name} with (force)`)
    await server.destroy()
  })
  const url = new URL(inject('postgresUrl'))
  url.pathname = name
  return { client: 'postgres', url: url.href }
}
