import { openSync, readSync, closeSync, statSync } from 'node:fs'
import knex from 'knex'
import type { Vault } from '../crypto/vault.ts'
import { ConfigError } from '../errors.ts'
import { inWords } from './await-database.ts'
import { stampOf } from './backup-names.ts'
import { refuseCopy, tellRunning } from './copy-words.ts'
import { refuseOthers } from './in-use.ts'
import { databaseOptions, type Db } from './db.ts'
import { type PostgresConfig, runTool, withDatabase } from './postgres-tools.ts'
import { proveCopy } from './prove-copy.ts'

/**
 * Brings a dump back into a new database beside the one that is there, proves it, and changes their names: what was
 * there is kept under another one.
 * @returns the name of the database that was there
 * @throws ConfigError in words, with nothing touched
 */
export async function restorePostgres(
  copy: string,
  config: PostgresConfig,
  vault: Vault,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  if (!statSync(copy, { throwIfNoEntry: false })?.isFile())
    refuseCopy(copy, 'такого файла нет. Копии лежат в папке backups')
  const stamp = stampOf(new Date()).replaceAll('-', '')
  return await inWords(config, () =>
    within(config, async (there) => {
      const name = await nameOf(there)
      await refuseOthers(there)
      const draft = `${name.slice(0, 30)}_restoring_${stamp}`
      await create(there, draft)
      try {
        await fill(copy, withDatabase(config, draft), environment)
        await within(withDatabase(config, draft), (db) => proveCopy(db, copy, vault))
      } catch (error) {
        await there.raw('drop database ?? with (force)', [draft])
        throw error
      }
      return { name, draft }
    }),
  ).then(({ name, draft }) => inWords(config, () => swap(config, name, draft, stamp)))
}

async function within<T>(config: PostgresConfig, work: (db: Db) => Promise<T>): Promise<T> {
  const db = knex({ ...databaseOptions(config), pool: { min: 0, max: 1 } })
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}

async function nameOf(db: Db): Promise<string> {
  const { rows } = await db.raw<{ rows: [{ name: string }] }>('select current_database() as name')
  return rows[0].name
}

async function create(db: Db, draft: string) {
  try {
    await db.raw('create database ?? template template0', [draft])
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== DENIED) throw cause
    throw new ConfigError(
      [
        'DATABASE_URL: копия возвращается в новую базу рядом с прежней, а у роли нет права их создавать. Дайте его на время: psql -c "alter role имя createdb", после: nocreatedb. Ничего не изменено.',
      ],
      { cause },
    )
  }
}

const DENIED = '42501'
/** The first bytes of pg_dump's custom format. */
const CUSTOM = 'PGDMP'

/** A dump as SQL text is psql's business. */
async function fill(
  copy: string,
  draft: PostgresConfig,
  environment: Readonly<Record<string, string>>,
) {
  const isCustom = beginning(copy) === CUSTOM
  const [tool, args] = isCustom
    ? (['pg_restore', ['--exit-on-error', '--no-owner', '--no-privileges', copy]] as const)
    : ([
        'psql',
        [
          '--no-psqlrc',
          '--quiet',
          '--set=ON_ERROR_STOP=1',
          '--single-transaction',
          `--file=${copy}`,
        ],
      ] as const)
  try {
    await runTool(tool, draft, args, environment)
  } catch (error) {
    if (!(error instanceof ConfigError) || error.cause) throw error
    refuseCopy(copy, `она не читается целиком (${error.message}). Возьмите другую копию`)
  }
}

function beginning(file: string): string {
  const handle = openSync(file, 'r')
  try {
    const start = Buffer.alloc(CUSTOM.length)
    readSync(handle, start)
    return start.toString('latin1')
  } finally {
    closeSync(handle)
  }
}

/** Nobody can be in a database that changes its name: each is renamed from within the other. */
async function swap(
  config: PostgresConfig,
  name: string,
  draft: string,
  stamp: string,
): Promise<string> {
  const kept = `${name.slice(0, 30)}_before_${stamp}`
  const rename = (at: string, from: string, to: string) =>
    within(withDatabase(config, at), (db) => db.raw('alter database ?? rename to ??', [from, to]))
  try {
    await rename(draft, name, kept)
  } catch (error) {
    await within(config, (db) => db.raw('drop database ?? with (force)', [draft]))
    if (error instanceof Error && 'code' in error && error.code === IN_USE) tellRunning(name)
    throw error
  }
  await rename(kept, draft, name)
  return kept
}

const IN_USE = '55006'
