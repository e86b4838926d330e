import { createHash, randomBytes } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { createVault, type VaultKey } from '../../../app/crypto/vault.ts'
import { ConfigError } from '../../../app/errors.ts'
import { copySqlite } from '../../../app/store/backups.ts'
import { restoreSqlite } from '../../../app/store/restore-sqlite.ts'
import { openSqlite } from '../../../app/store/sqlite-driver.ts'
import { keepCanary } from '../../../app/store/vault-canary.ts'
import { tempFolder } from '../../support/process.ts'
import { openHandle } from './empty-database.ts'

const KEY = key('k1')
/** A code of the system or of a driver, and English sentences: nobody can act on them. */
const RAW = /\bE[A-Z]{4,}\b|SQLITE_|ERR_|[A-Za-z]+( [a-z]{2,}){3,}/

describe('A copy of SQLite is brought back', () => {
  test('in the place of another state, which is kept beside it', async () => {
    const { file, copy } = await scene()
    add(file, 'later@example.ru')

    const kept = await restoreSqlite(copy, file, createVault([KEY]))

    expect(people(file)).toEqual(['first@example.ru'])
    expect(path.basename(kept ?? '')).toMatch(/^before-restore-[\d-]{19}\.sqlite$/)
    expect(people(kept ?? '')).toEqual(['first@example.ru', 'later@example.ru'])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(left(file)).toEqual([path.basename(kept ?? ''), 'evosync.sqlite'])
  })

  test('where nothing was', async () => {
    const { copy } = await scene()
    const file = path.join(tempFolder(), 'db', 'evosync.sqlite')

    expect(await restoreSqlite(copy, file, createVault([KEY]))).toBeUndefined()

    expect(people(file)).toEqual(['first@example.ru'])
  })

  test('in the place of a file that is broken, which is kept with its side files', async () => {
    const { file, copy } = await scene()
    writeFileSync(file, 'Заметки\n'.repeat(1000))
    writeFileSync(`${file}-wal`, 'log')

    const kept = await restoreSqlite(copy, file, createVault([KEY]))

    expect(people(file)).toEqual(['first@example.ru'])
    expect(readFileSync(kept ?? '', 'utf8')).toContain('Заметки')
    expect(readFileSync(`${kept}-wal`, 'utf8')).toBe('log')
  })

  test('with what still stands in a write-ahead log beside a copy made by hand', async () => {
    const { file } = await scene()
    const open = openSqlite(file)
    open.pragma('journal_mode = wal')
    open.exec("update users set name = 'Из журнала'")
    const copy = path.join(tempFolder(), 'by-hand.sqlite')
    for (const side of ['', '-wal']) copyFileSync(file + side, copy + side)
    open.close()

    await restoreSqlite(copy, file, createVault([KEY]))

    const database = openSqlite(file, { readonly: true })
    expect(database.prepare('select name from users').get()).toEqual({ name: 'Из журнала' })
    database.close()
  })
})

/** What makes a copy unfit, and what is said of it. */
const UNFIT: Record<string, [(copy: string) => void, string]> = {
  'no database': [(copy) => writeFileSync(copy, 'Заметки\n'.repeat(400)), 'не база SQLite'],
  'an empty file': [(copy) => writeFileSync(copy, ''), 'нет таблиц EvoSync'],
  'cut short': [(copy) => writeFileSync(copy, readFileSync(copy).subarray(0, 4096 * 9)), 'повреж'],
  'garbage in its middle': [(copy) => damage(copy), 'поврежд'],
  'somebody else’s': [(copy) => foreign(copy), 'нет таблиц EvoSync'],
  newer: [
    (copy) => change(copy, "insert into knex_migrations (name, batch) values ('998-newer', 998)"),
    'новее этой версии EvoSync: в ней есть изменения 998-newer',
  ],
  'sealed with a key we lack': [
    (copy) => {
      change(copy, `update webhooks set sealed_secret = replace(sealed_secret, 'v1.k1.', 'v1.k0.')`)
    },
    'ключ k0 — значений 1 (webhooks: 1)',
  ],
}

describe('A copy that is unfit is refused before anything is touched', () => {
  test.each(Object.entries(UNFIT))('%s', async (_what, [spoil, words]) => {
    const { file, copy } = await scene()
    spoil(copy)
    const before = [digest(file), left(file)]

    const said = await refusal(copy, file, [KEY])

    expect(said).toContain(`Копия ${copy} не подходит`)
    expect(said).toContain(words)
    expect(said).not.toMatch(RAW)
    expect([digest(file), left(file)]).toEqual(before)
  })

  test('one that is not there', async () => {
    const { file } = await scene()

    expect(await refusal(`${file}.none`, file, [KEY])).toContain('такого файла нет')
  })

  test('the database itself', async () => {
    const { file } = await scene()

    expect(await refusal(file, file, [KEY])).toContain('это сама база')
  })

  test('a key of the same name and other bytes', async () => {
    const { file, copy } = await scene()

    expect(await refusal(copy, file, [key('k1')])).toContain('это не те ключи')
  })

  test('while somebody has the database open, be it that they only wait', async () => {
    const { file, copy } = await scene()
    const open = openSqlite(file)
    open.pragma('journal_mode = wal')
    open.prepare('select 1 from users').get()

    const said = await refusal(copy, file, [KEY])

    expect(said).toContain(`С базой ${file} сейчас работает EvoSync`)
    open.close()
    await restoreSqlite(copy, file, createVault([KEY]))
  })
})

test('a copy is whole though others write all the while, and is not there before it is', async () => {
  const { file } = await scene()
  const writer = openSqlite(file)
  writer.pragma('journal_mode = wal')
  writer.exec('create table filler (text text)')
  const fill = writer.prepare('insert into filler values (?)')
  for (let row = 0; row < 3_000; row += 1) fill.run('x'.repeat(4_000))
  const copy = path.join(tempFolder(), 'copy.sqlite')

  let [writes, early] = [0, 0]
  const writing = setInterval(() => {
    fill.run('later')
    writes += 1
    if (existsSync(copy)) early += 1
  }, 0)
  await copySqlite(file, copy)
  clearInterval(writing)
  writer.close()

  expect([writes > 5, early]).toEqual([true, 0])
  const made = openSqlite(copy, { readonly: true })
  expect(made.prepare('select count(*) as rows from filler').get()).toEqual({ rows: 3_000 })
  expect(made.pragma('integrity_check', { simple: true })).toBe('ok')
  made.close()
})

function key(id: string): VaultKey {
  return { id, bytes: randomBytes(32) }
}

/** A database with a person and something sealed, and a copy of it. */
async function scene() {
  const folder = tempFolder()
  const file = path.join(folder, 'evosync.sqlite')
  copyFileSync(inject('sqliteTemplate'), file)
  add(file, 'first@example.ru')
  const db = openHandle({ client: 'sqlite', file })
  const vault = createVault([KEY])
  await keepCanary(db, vault)
  const sealed_secret = vault.seal('secret', 'webhooks:1:secret')
  const created_at = new Date()
  await db('webhooks').insert({
    user_id: 1,
    url: 'https://e.ru',
    sealed_secret,
    enabled: true,
    created_at,
  })
  await db.raw('pragma journal_mode = delete')
  await db.destroy()
  return { file, copy: await copySqlite(file, path.join(tempFolder(), 'copy.sqlite')) }
}

function add(file: string, email: string) {
  change(
    file,
    `insert into users (email, name, role, created_at, updated_at) values ('${email}', 'Марина', 'owner', 1, 1)`,
  )
}

function change(file: string, sql: string) {
  const database = openSqlite(file)
  database.exec(sql)
  database.close()
}

function foreign(file: string) {
  writeFileSync(file, '')
  change(file, 'create table moz_places (id integer primary key)')
}

function damage(file: string) {
  const bytes = readFileSync(file)
  randomBytes(4096 * 4).copy(bytes, 4096 * 3)
  writeFileSync(file, bytes)
}

function people(file: string): unknown[] {
  const database = openSqlite(file, { readonly: true })
  const emails = database.prepare('select email from users order by id').pluck().all()
  database.close()
  return emails
}

const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** What lies beside it, itself included. */
const left = (file: string) => readdirSync(path.dirname(file)).sort()

async function refusal(copy: string, file: string, keys: [VaultKey]): Promise<string> {
  try {
    await restoreSqlite(copy, file, createVault(keys))
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('it was not refused')
}
