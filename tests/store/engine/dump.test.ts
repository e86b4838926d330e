import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createVault } from '../../../app/crypto/vault.ts'
import { ConfigError } from '../../../app/errors.ts'
import { makeBackup } from '../../../app/store/backups.ts'
import { migrate } from '../../../app/store/migrate.ts'
import {
  type PostgresConfig,
  splitAddress,
  withDatabase,
} from '../../../app/store/postgres-tools.ts'
import { restorePostgres } from '../../../app/store/restore-postgres.ts'
import { keepCanary } from '../../../app/store/vault-canary.ts'
import { type Postgres, startDumpable } from '../../support/postgres.ts'
import { tempFolder } from '../../support/process.ts'
import { openHandle } from './empty-database.ts'

const KEY = { id: 'k1', bytes: randomBytes(32) }
const vault = createVault([KEY])
const OURS = { PATH: process.env.PATH ?? '' }
const NOWHERE = { PATH: '/nowhere' }

let server: Postgres | undefined
beforeAll(async () => {
  server = await startDumpable()
})
afterAll(() => server?.stop())

describe('A dump of PostgreSQL', () => {
  test('is brought back under the same name, and what was there is kept', async () => {
    if (!server) {
      await expectWords()
      return
    }
    const config = await scene(server)
    const copy = await makeBackup(config, OURS, path.join(tempFolder(), 'copy.dump'))
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    await addPerson(config, 'later@example.ru')

    const kept = await restorePostgres(copy, config, vault, OURS)

    expect(await people(config)).toEqual(['first@example.ru'])
    expect(await people(withDatabase(config, kept))).toEqual([
      'first@example.ru',
      'later@example.ru',
    ])
    await addPerson(config, 'second@example.ru') // its sequence goes on
    expect(await people(config)).toEqual(['first@example.ru', 'second@example.ru'])
  })

  test.each([
    ['cut short', (copy: string) => readFileSync(copy).subarray(0, 3_000), 'не читается целиком'],
    ['no dump', () => Buffer.from('Заметки\n'), 'не читается целиком'],
    ['a dump of nothing', () => Buffer.from('select 1;\n'), 'нет таблиц EvoSync'],
  ])('%s is refused, and nothing is left of the attempt', async (_what, spoil, words) => {
    if (!server) {
      await expectWords()
      return
    }
    const config = await scene(server)
    const copy = await makeBackup(config, OURS, path.join(tempFolder(), 'copy.dump'))
    writeFileSync(copy, spoil(copy))
    const before = await databases(config)

    const said = await refusal(restorePostgres(copy, config, vault, OURS))

    expect(said).toContain(words)
    expect(said).toContain('Ничего не изменено')
    expect(await databases(config)).toEqual(before)
  })

  test('sealed with a key we lack is refused before anything is touched', async () => {
    if (!server) {
      await expectWords()
      return
    }
    const config = await scene(server)
    const copy = await makeBackup(config, OURS, path.join(tempFolder(), 'copy.dump'))
    const other = createVault([{ id: 'k2', bytes: randomBytes(32) }])

    expect(await refusal(restorePostgres(copy, config, other, OURS))).toContain('TOKEN_KEYS')
    expect(await people(config)).toEqual(['first@example.ru'])
  })

  test('waits for nobody who works with the database: it is refused', async () => {
    if (!server) {
      await expectWords()
      return
    }
    const config = await scene(server)
    const copy = await makeBackup(config, OURS, path.join(tempFolder(), 'copy.dump'))
    const busy = openHandle(config)
    await busy.raw('select 1')

    expect(await refusal(restorePostgres(copy, config, vault, OURS))).toContain('сейчас работает')
  })
})

describe('pg_dump', () => {
  test('that is not there is said in words, and leaves nothing behind', expectWords)

  test('of another version than the server is said in words', async () => {
    const folder = tempFolder()
    const tools = fake(folder, 'pg_dump', [
      'echo "pg_dump: error: aborting because of server version mismatch" >&2',
      'echo "pg_dump: detail: server version: 18.4; pg_dump version: 15.18" >&2; exit 1',
    ])
    const config = { client: 'postgres', url: inject('postgresUrl') } as const

    const said = await refusal(makeBackup(config, tools, path.join(folder, 'copy.dump')))

    expect(said).toContain('pg_dump версии 15 не работает с сервером версии 18')
    expect(existsSync(path.join(folder, 'copy.dump.part'))).toBe(false)
  })

  test('gets the password by its environment, and nobody reads it from a command line', async () => {
    const folder = tempFolder()
    const seen = path.join(folder, 'seen')
    const tools = fake(folder, 'pg_dump', [`echo "$@" "[$PGPASSWORD]" > ${seen}`])
    const url = 'postgres://evosync:s%3Acret@db:5433/evosync?sslmode=no-verify&ssl=1'

    await makeBackup({ client: 'postgres', url }, tools, path.join(folder, 'copy.dump'))

    const [command = '', given] = readFileSync(seen, 'utf8').trim().split(' [')
    expect(given).toBe('s:cret]')
    expect(command).toContain('--dbname=postgres://evosync@db:5433/evosync?sslmode=require')
    expect(command).not.toMatch(/cret/)
  })

  test('a password among the settings of an address is one too', () => {
    expect(splitAddress('postgres://db/evosync?user=evo&password=hidden')).toEqual({
      address: 'postgres://evo@db/evosync',
      password: 'hidden',
    })
  })
})

async function expectWords() {
  const folder = tempFolder()
  const config = { client: 'postgres', url: inject('postgresUrl') } as const

  const said = await refusal(makeBackup(config, NOWHERE, path.join(folder, 'copy.dump')))

  expect(said).toContain('apt install postgresql-client')
  expect(existsSync(path.join(folder, 'copy.dump.part'))).toBe(false)
}

/** A command of the system's that does what it is told. */
function fake(folder: string, name: string, lines: readonly string[]) {
  const bin = path.join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(path.join(bin, name), ['#!/bin/sh', ...lines, ''].join('\n'))
  chmodSync(path.join(bin, name), 0o755)
  return { PATH: `${bin}:${process.env.PATH}` }
}

/** A migrated database with a person and a key in it. */
async function scene(at: Postgres): Promise<PostgresConfig> {
  const name = `evosync_${randomBytes(4).toString('hex')}`
  const root = { client: 'postgres', url: at.url } as const
  const server = openHandle(root)
  await server.raw('create database ??', [name])
  await server.destroy()
  const config = withDatabase(root, name)
  const db = openHandle(config)
  await migrate(db)
  await keepCanary(db, vault)
  await db.destroy()
  await addPerson(config, 'first@example.ru')
  return config
}

async function addPerson(config: PostgresConfig, email: string) {
  const db = openHandle(config)
  const now = new Date()
  await db('users').insert({
    email,
    name: 'Марина',
    role: 'owner',
    created_at: now,
    updated_at: now,
  })
  await db.destroy()
}

async function people(config: PostgresConfig): Promise<string[]> {
  const db = openHandle(config)
  const emails = await db('users').orderBy('id').pluck('email')
  await db.destroy()
  return emails
}

async function databases(config: PostgresConfig): Promise<unknown> {
  const db = openHandle(withDatabase(config, 'postgres'))
  const { rows } = await db.raw<{ rows: unknown }>('select datname from pg_database order by 1')
  await db.destroy()
  return rows
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('it was not refused')
}
