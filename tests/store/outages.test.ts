import { connect, type LookupFunction } from 'node:net'
import type { Database } from 'better-sqlite3'
import knex from 'knex'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../../app/store/sqlite-driver.ts'
import type { Context } from '../../app/context.ts'
import { ProviderError } from '../../app/errors.ts'
import { databaseOptions, type Db, openDb } from '../../app/store/db.ts'
import { isUnavailable } from '../../app/store/db-errors.ts'
import { freshDatabase } from '../support/databases.ts'
import { freePort } from '../support/postgres.ts'
import { addPerson, openBeside, openContext } from './context.ts'
import { openLine } from './engine/line.ts'

describe('An outage of SQLite is known as one', () => {
  test('the file is locked', async () => {
    const file = fileOf(await openContext('sqlite'))
    const [holder, writer] = [openFile(file), openFile(file)]
    holder.exec('begin exclusive')

    const failure = await failureOf(() => writer.exec("update users set name = ''"))

    expect(failure).toMatchObject({ code: 'SQLITE_BUSY' })
    expect(isUnavailable(failure)).toBe(true)
  })

  test('nobody writes between the reading and the writing of a transaction', async () => {
    const ctx = await openContext('sqlite')
    const other = openBeside(ctx)
    const marina = await addPerson(ctx)
    const addLetter = (db: Db) =>
      db.transaction(async (both) => {
        const { name } = await both('users').where({ id: marina.id }).first<{ name: string }>()
        await new Promise((wake) => setTimeout(wake, 20))
        await both('users').update({ name: `${name}!` })
      })

    await Promise.all([1, 2, 3].flatMap(() => [addLetter(ctx.db), addLetter(other.db)]))

    expect((await ctx.users.find(marina.id))?.name).toBe(`${marina.name}!!!!!!`)
  })

  test('the disk is full: reading goes on, and writing too once there is room', async () => {
    const ctx = await openContext('sqlite')
    const marina = await addPerson(ctx, 'marina')
    const full = await fillDisk(ctx)

    const failure = await failureOf(() => ctx.events.add(BIG_EVENT))
    const read = await ctx.users.find(marina.id)
    await full.makeRoom()
    await ctx.events.add(BIG_EVENT)

    expect(failure).toMatchObject({ code: 'SQLITE_FULL' })
    expect(isUnavailable(failure)).toBe(true)
    expect(read?.id).toBe(marina.id)
    expect(await ctx.db('events').select('id')).toHaveLength(1)
    expect(await ctx.db.raw('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })

  test('the file may only be read', async () => {
    const ctx = await openContext('sqlite')
    await ctx.db.raw('pragma query_only = on')

    const failure = await failureOf(() => addPerson(ctx))

    expect(failure).toMatchObject({ code: 'SQLITE_READONLY' })
    expect(isUnavailable(failure)).toBe(true)
  })
})

describe('An outage of PostgreSQL is known as one', () => {
  test('nobody listens', async () => {
    const db = openHere(openDb({ client: 'postgres', url: await deadUrl() }))

    const failure = await failureOf(() => db('users').first('id'))

    expect(failure).toMatchObject({ code: 'ECONNREFUSED' })
    expect(isUnavailable(failure)).toBe(true)
  })

  test('nobody listens at any of the addresses of a host', async () => {
    const failure = await refusedEverywhere(await freePort())

    expect(failure).toBeInstanceOf(AggregateError)
    expect(failure).toMatchObject({ code: 'ECONNREFUSED' })
    expect(isUnavailable(failure)).toBe(true)
  })

  // What getaddrinfo says while a database's container is being replaced.
  test.each(['ENOTFOUND', 'EAI_AGAIN'])('its name leads nowhere: %s', (code) => {
    const failure = Object.assign(new Error(`getaddrinfo ${code} db`), {
      code,
      syscall: 'getaddrinfo',
      hostname: 'db',
    })

    expect(isUnavailable(failure)).toBe(true)
  })

  test('an administrator ends our connection in the middle of a question', async () => {
    const ctx = await openContext('postgres')
    const asking = failureOf(() => ctx.db.raw('select pg_sleep(10)'))
    await expect.poll(() => sessionsThat(ctx, 'pg_sleep')).toBe(1)

    await cutAll(ctx)

    const failure = await asking
    expect(failure).toMatchObject({ code: '57P01' })
    expect(isUnavailable(failure)).toBe(true)
  })

  test('the line breaks in the middle of a question', async () => {
    const line = await openLine(await freshDatabase('postgres'))
    const db = openHere(openDb(line.config))
    const asking = failureOf(() => db.raw('select pg_sleep(10)'))
    await expect.poll(() => line.asked('pg_sleep')).toBe(true)

    line.cut()

    const failure = await asking
    expect(String(failure)).toContain('Connection terminated')
    expect(isUnavailable(failure)).toBe(true)
    expect((await db.raw<{ rows: unknown[] }>('select 7 as seven')).rows).toEqual([{ seven: 7 }])
  })

  test('somebody takes our call and says nothing', async () => {
    const { config } = await openLine()
    const options = databaseOptions(config)
    const connection = { ...(options.connection as object), connectionTimeoutMillis: 50 }
    const db = openHere(knex({ ...options, connection }))

    const failure = await failureOf(() => db('users').first('id'))

    expect(isUnavailable(failure)).toBe(true)
  })

  test('our idle connections were cut: what fails is called an outage, and then all is well', async () => {
    const ctx = await openContext('postgres')
    const marina = await addPerson(ctx)
    await Promise.all(Array.from({ length: 5 }, () => ctx.db.raw('select pg_sleep(0.01)')))
    await cutAll(ctx)

    const first = await Promise.allSettled(
      Array.from({ length: 5 }, () => ctx.users.find(marina.id)),
    )

    const failures = first.flatMap((one) =>
      one.status === 'rejected' ? [one.reason as unknown] : [],
    )
    expect(failures.filter((failure) => !isUnavailable(failure))).toEqual([])
    await expect.poll(async () => (await ctx.users.find(marina.id))?.id).toBe(marina.id)
  })

  test('a transaction whose connection is cut fails as an outage, and nothing of it stays', async () => {
    const ctx = await openContext('postgres')
    const marina = await addPerson(ctx)

    const failure = await failureOf(() =>
      ctx.db.transaction(async (both) => {
        await both('users').update({ name: 'half' })
        await cutAll(ctx)
        await both('events').insert({ at: new Date(), event: 'half' })
      }),
    )

    expect(isUnavailable(failure)).toBe(true)
    expect((await ctx.users.find(marina.id))?.name).toBe('marina')
  })

  test('the server has become one that may only be read', async () => {
    const ctx = await openContext('postgres')

    const failure = await failureOf(() =>
      ctx.db.transaction(async (both) => {
        await both.raw('set transaction read only')
        await both('events').insert({ at: new Date(), event: 'written' })
      }),
    )

    expect(failure).toMatchObject({ code: '25006' })
    expect(isUnavailable(failure)).toBe(true)
  })

  test('all connections are taken for too long', async () => {
    const config = await freshDatabase('postgres')
    const options = { ...databaseOptions(config), acquireConnectionTimeout: 500 }
    const db = openHere(knex({ ...options, pool: { min: 0, max: 1 } }))
    const busy = await db.transaction()

    const failure = await failureOf(() => db('users').first('id'))
    await busy.rollback()

    expect(isUnavailable(failure)).toBe(true)
  })
})

describe('What is no outage is not called one', () => {
  test.each<[string, unknown]>([
    ['a bug', new TypeError('undefined is not a function')],
    ['a statement that is wrong', Object.assign(new Error('syntax'), { code: '42601' })],
    ['a value that is taken', Object.assign(new Error('taken'), { code: '23505' })],
    ['a broken constraint', Object.assign(new Error('x'), { code: 'SQLITE_CONSTRAINT_NOTNULL' })],
    ['a platform that is down', new ProviderError('x', { code: 'network', kind: 'temporary' })],
    ['something that is no error', 'SQLITE_BUSY'],
    ['nothing', undefined],
  ])('%s', (_what, error) => {
    expect(isUnavailable(error)).toBe(false)
  })
})

/** More than a page. */
const BIG_EVENT = { event: 'big', details: { text: 'x'.repeat(20_000) } }

function fileOf({ config: { database } }: Context): string {
  if (database.client !== 'sqlite') throw new Error('SQLite only')
  return database.file
}

function openFile(file: string): Database {
  const handle = openSqlite(file, { timeout: 0 })
  onTestFinished(() => void handle.close())
  return handle
}

function openHere(db: Db): Db {
  onTestFinished(() => db.destroy())
  return db
}

/** The file may not grow by a single page, as on a full disk. */
async function fillDisk({ db }: Context) {
  const [now] = await db.raw<{ page_count: number }[]>('pragma page_count')
  await db.raw(`pragma max_page_count = ${now?.page_count ?? 0}`)
  return { makeRoom: () => db.raw('pragma max_page_count = 1073741823') }
}

async function deadUrl(): Promise<string> {
  return `postgres://postgres@127.0.0.1:${await freePort()}/nothing`
}

/** What Node says of a host with several addresses when all of them refuse. */
function refusedEverywhere(port: number): Promise<unknown> {
  const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }))
  const lookup: LookupFunction = (_host, _options, found) => {
    found(null, addresses)
  }
  return new Promise((resolve) => {
    connect({ host: 'localhost', port, lookup, autoSelectFamily: true }).on('error', resolve)
  })
}

async function cutAll(ctx: Context) {
  const outside = openHere(openDb(ctx.config.database))
  await outside.raw(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()`,
  )
}

async function sessionsThat(ctx: Context, question: string): Promise<number> {
  const { rows } = await ctx.db.raw<{ rows: unknown[] }>(
    `select 1 from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and query like ?`,
    [`%${question}%`],
  )
  return rows.length
}

async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}
