import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import type { DatabaseConfig } from '../../../app/config/database.ts'
import { ConfigError } from '../../../app/errors.ts'
import { openDb } from '../../../app/store/db.ts'
import { postgresTrouble } from '../../../app/store/postgres-trouble.ts'
import { openDatabase } from '../../../app/store/prepare.ts'
import { openSqlite } from '../../../app/store/sqlite-driver.ts'
import { newPostgres } from '../../support/databases.ts'
import { freePort } from '../../support/postgres.ts'
import { tempFolder } from '../../support/process.ts'
import { openHandle } from './empty-database.ts'

/** A code of the system, of a driver or of Node, and English sentences: nobody can act on them. */
const RAW = /\bE[A-Z]{4,}\b|SQLITE_|ERR_|\bat .+:\d+:\d+|[A-Za-z]+( [a-z]{2,}){3,}/
/** What an administrator may have put at `DATABASE_FILE`; returns the path. */
const FILES: Record<string, (folder: string) => string> = {
  'a folder': (folder) => made(folder, 'data', (at) => mkdirSync(at)),
  'a file that is no database': (folder) =>
    made(folder, 'notes.txt', (at) => writeFileSync(at, 'Заметки\n'.repeat(400))),
  'an empty line': (folder) => made(folder, 'empty', (at) => writeFileSync(at, '\n')),
  'a file for a folder': (folder) =>
    path.join(
      made(folder, 'file', (at) => writeFileSync(at, 'x')),
      'evosync.sqlite',
    ),
  'a path through a file further up': (folder) =>
    path.join(
      made(folder, 'file', (at) => writeFileSync(at, 'x')),
      'a/b/evosync.sqlite',
    ),
  'a device': () => '/dev/null',
  'a link to itself': (folder) => made(folder, 'loop', (at) => symlinkSync(at, at)),
  'a name too long for any disk': (folder) => path.join(folder, 'x'.repeat(300)),
  'a database of another program': (folder) =>
    made(folder, 'places.sqlite', (at) => {
      const other = openSqlite(at)
      other.exec('create table moz_places (id integer primary key); pragma journal_mode = wal')
      other.close()
    }),
  'a database of another program with migrations by Knex': (folder) =>
    made(folder, 'other.sqlite', (at) => {
      const other = openSqlite(at)
      other.exec(
        `create table knex_migrations (id integer primary key, name text, batch integer);
         insert into knex_migrations (name, batch) values ('20200101_init.js', 1)`,
      )
      other.close()
    }),
  'a database with garbage in it': (folder) => ours(folder, (at) => damage(at, 4096 * 3)),
  'a database cut short': (folder) => ours(folder, (at) => truncateSync(at, 4096 * 5 + 100)),
  'a database whose first page is gone': (folder) => ours(folder, (at) => damage(at, 20)),
  'a database of a newer version': (folder) =>
    ours(folder, (at) => {
      const newer = openSqlite(at)
      newer.exec(
        "pragma journal_mode = wal; insert into knex_migrations (name, batch) values ('998-newer', 998)",
      )
      newer.close()
    }),
}

describe('A place that cannot hold the database', () => {
  test.each(Object.keys(FILES))('%s is refused in words, and left as it is', async (what) => {
    const file = FILES[what]?.(tempFolder()) ?? ''
    const before = contentOf(file)

    const said = await refusal({ client: 'sqlite', file })

    expect(said).toMatch(/^DATABASE_FILE: [^\n]*$/)
    expect(said).toContain(file)
    expect(said).not.toMatch(RAW)
    expect(contentOf(file)).toEqual(before)
  })
})

describe('A PostgreSQL that does not let us in', () => {
  const somebody = 'somebody'
  test.each<[string, (url: URL) => void, string]>([
    ['no such role', (url) => (url.username = somebody), somebody],
    ['no such database', (url) => (url.pathname = 'nothing'), 'createdb'],
    ['no TLS there', (url) => (url.search = 'sslmode=require'), 'TLS'],
    [
      'a certificate that is not there',
      (url) => (url.search = 'sslrootcert=/no/ca.pem'),
      'sslrootcert',
    ],
    [
      'a socket that is not there',
      (url) => (url.href = 'postgres://postgres@%2Fno%2Fsuch/db'),
      '/no/such',
    ],
  ])('%s is said in words, without the password', async (_what, spoil, remedy) => {
    const { url } = inPostgres(await newPostgres())
    const spoilt = new URL(url)
    spoilt.password = 'hidden-canary'
    spoil(spoilt)

    const said = await refusal({ client: 'postgres', url: spoilt.href })

    expect(said).toMatch(/^DATABASE_URL: /)
    expect(said).toContain(remedy)
    expect(said).not.toMatch(RAW)
    expect(said).not.toContain('hidden-canary')
  })

  test.each(['ENOTFOUND', 'EAI_AGAIN'])('a host without a name (%s) is named', (code) => {
    const failure = Object.assign(new Error(`getaddrinfo ${code} db`), { code })

    const said = postgresTrouble(failure, 'postgres://a:b@db:5433/c')

    expect(said).toMatch(/^DATABASE_URL: имя сервера из db:5433 не находится/)
  })

  test('nobody listens there', async () => {
    const said = await refusal({
      client: 'postgres',
      url: `postgres://a@127.0.0.1:${await freePort()}/b`,
    })

    expect(said).toMatch(/^DATABASE_URL: PostgreSQL на 127\.0\.0\.1:\d+ не отвечает/)
  })

  test('a database of another program is left alone', async () => {
    const config = await newPostgres()
    const db = openHandle(config)
    await db.schema.createTable('orders', (table) => table.increments())

    const said = await refusal(config)

    expect(said).toContain('база другой программы (в ней orders)')
    expect(await db.schema.hasTable('knex_migrations')).toBe(false)
  })

  test('a database of a newer version is not run by an older one', async () => {
    const config = await newPostgres('evosync_template')
    await openHandle(config)('knex_migrations').insert({ name: '998-newer', batch: 998 })

    const said = await refusal(config)

    expect(said).toContain('база новее этой версии EvoSync')
    expect(said).toContain('998-newer')
    expect(said).toContain('npm run rollback')
  })
})

async function refusal(config: DatabaseConfig): Promise<string> {
  try {
    const db = openDb(config)
    try {
      await openDatabase(db, config, { waitMs: 0 })
    } finally {
      await db.destroy()
    }
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('it was not refused')
}

function inPostgres(config: DatabaseConfig) {
  if (config.client !== 'postgres') throw new Error('PostgreSQL only')
  return config
}

function made(folder: string, name: string, make: (at: string) => unknown): string {
  const at = path.join(folder, name)
  make(at)
  return at
}

/** A database of ours with something done to it. */
function ours(folder: string, change: (at: string) => void): string {
  return made(folder, 'evosync.sqlite', (at) => {
    copyFileSync(inject('sqliteTemplate'), at)
    change(at)
  })
}

function damage(file: string, from: number) {
  const bytes = readFileSync(file)
  randomBytes(4096 * 4).copy(bytes, from)
  writeFileSync(file, bytes)
}

function contentOf(file: string) {
  try {
    return { mode: statSync(file).mode, bytes: readFileSync(file) }
  } catch {
    return undefined // a folder, or nothing
  }
}
