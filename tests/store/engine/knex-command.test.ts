import { execFile } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { DatabaseConfig } from '../../../app/config/database.ts'
import { isMigrated, migrate } from '../../../app/store/migrate.ts'
import { doneMigrations } from '../../../app/store/undo.ts'
import { MIGRATION_NAMES } from '../../../db/migrations/index.ts'
import { ENGINES } from '../../support/databases.ts'
import { emptyDatabase, openHandle } from './empty-database.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')
const run = promisify(execFile)

describe.each(ENGINES)('The knex command on %s', (engine) => {
  test('migrates a bare checkout, and the start finds nothing left to do', async () => {
    const config = await emptyDatabase(engine)

    const { stdout } = await knex(config, 'migrate:latest')

    const db = openHandle(config)
    const before = await db<{ name: string }>('knex_migrations').orderBy('id')
    expect(stdout).toContain(`Batch 1 run: ${before.length} migrations`)
    expect(await isMigrated(db)).toBe(true)
    await migrate(db)
    const names = db<{ name: string }>('knex_migrations').orderBy('id').pluck('name')
    expect(await names).toEqual(before.map(({ name }) => name))
  })

  test('takes back what the start has made', async () => {
    const config = await emptyDatabase(engine)
    const db = openHandle(config)
    await migrate(db)

    await knex(config, 'migrate:rollback', '--all', '--yes')

    expect(await db.schema.hasTable('users')).toBe(false)
    expect(await isMigrated(db)).toBe(false)
    expect(copiesBeside(config)).toHaveLength(engine === 'sqlite' ? 1 : 0)
  })

  test('takes nothing back without a word from a person', async () => {
    const config = await emptyDatabase(engine)
    const db = openHandle(config)
    await migrate(db)

    const refused = knex(config, 'migrate:rollback')

    await expect(refused).rejects.toThrow(/Не подтверждено, ничего не изменено.*-- --yes/s)
    expect(await isMigrated(db)).toBe(true)
    expect(copiesBeside(config)).toEqual([])
  })

  test('npm run rollback takes back one step, says what it costs and leaves a copy', async () => {
    const config = await emptyDatabase(engine)
    const db = openHandle(config)
    await migrate(db)
    const [newest = ''] = await doneMigrations(db)

    await expect(npm(config, 'rollback')).rejects.toThrow(newest)
    expect(await isMigrated(db)).toBe(true)
    const { stdout } = await npm(config, 'rollback', '--yes')

    expect(stdout).toContain(`Отменено: ${newest}`)
    expect(await doneMigrations(db)).toEqual(MIGRATION_NAMES.slice(0, -1).toReversed())
    const copies = copiesBeside(config)
    expect(copies).toHaveLength(engine === 'sqlite' ? 1 : 0)
    for (const file of copies) {
      const copy = openHandle({ client: 'sqlite', file })
      expect((await doneMigrations(copy))[0]).toBe(newest)
    }
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

function copiesBeside(config: DatabaseConfig): string[] {
  if (config.client === 'postgres') return []
  const folder = path.dirname(config.file)
  return readdirSync(folder)
    .filter((name) => name.startsWith('before-undo-') && name.endsWith('.sqlite'))
    .map((name) => path.join(folder, name))
}

const knex = (config: DatabaseConfig, ...args: string[]) => npm(config, 'knex', ...args)

/** As an administrator types it; no secret is set. */
async function npm(config: DatabaseConfig, script: string, ...args: string[]) {
  const database =
    config.client === 'sqlite'
      ? { DATABASE_FILE: config.file, DATABASE_URL: '' }
      : { DATABASE_URL: config.url }
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...database }
  return await run('npm', ['run', '-s', script, '--', ...args], { cwd: ROOT, env })
}
