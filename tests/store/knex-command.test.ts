import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { DatabaseConfig } from '../../app/config.ts'
import { isMigrated, migrate } from '../../app/store/migrate.ts'
import { ENGINES } from '../support/databases.ts'
import { emptyDatabase, openHandle } from './empty-database.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

describe.each(ENGINES)('The knex command on %s', (engine) => {
  test('migrates a bare checkout, and the start finds nothing left to do', async () => {
    const config = await emptyDatabase(engine)

    const { stdout } = await knex(config, 'migrate:latest')

    const db = openHandle(config)
    const before = await db<object>('knex_migrations')
    expect(stdout).toContain(`Batch 1 run: ${before.length} migrations`)
    expect(await isMigrated(db)).toBe(true)
    await migrate(db)
    expect(await db<object>('knex_migrations')).toEqual(before)
  })

  test('takes back what the start has made', async () => {
    const config = await emptyDatabase(engine)
    const db = openHandle(config)
    await migrate(db)

    await knex(config, 'migrate:rollback', '--all')

    expect(await db.schema.hasTable('users')).toBe(false)
    expect(await isMigrated(db)).toBe(false)
  })
})

test('the command makes folder and file for their owner only', async () => {
  const config = await emptyDatabase('sqlite')
  if (config.client !== 'sqlite') throw new Error('SQLite only')
  const folder = path.dirname(config.file)
  const before = existsSync(folder)

  await knex(config, 'migrate:latest')

  expect(before).toBe(false)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(config.file).mode & 0o777).toBe(0o600)
})

/** As an administrator types it; no secret is set. */
async function knex(config: DatabaseConfig, ...args: string[]) {
  const database =
    config.client === 'sqlite'
      ? { DATABASE_FILE: config.file, DATABASE_URL: '' }
      : { DATABASE_URL: config.url }
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...database }
  return await run('npm', ['run', '-s', 'knex', '--', ...args], { cwd: ROOT, env })
}
