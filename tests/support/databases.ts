import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import knex from 'knex'
import { inject, onTestFinished } from 'vitest'
import type { DatabaseConfig } from '../../app/config/database.ts'
import { databaseOptions, type Db } from '../../app/store/db.ts'
import { empty, lookAt, type Template } from './emptied.ts'
import { keepConnectionsTo, keptFor, letGoOf } from './kept-connections.ts'
import { quickFolder } from './quick-folder.ts'

export type Engine = 'sqlite' | 'postgres'

/** Store and HTTP tests run on both. */
export const ENGINES: readonly Engine[] = ['sqlite', 'postgres']

/** A migrated, empty database of this test's own, gone when the test is over. */
export async function freshDatabase(engine: Engine): Promise<DatabaseConfig> {
  return engine === 'sqlite' ? freshSqlite() : await freshPostgres()
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
  const made = await create(template)
  onTestFinished(() => drop(made))
  return { client: 'postgres', url: urlOf(made) }
}

/** A copy of the migrated template, and a connection that is kept to it. */
interface Copy {
  name: string
  db: Db
  template: Template
}

/** Copies no test has at the moment: making one costs more than most tests do, emptying one next to nothing. */
const idle: Copy[] = []

async function freshPostgres(): Promise<DatabaseConfig> {
  const copy = idle.pop() ?? (await newCopy())
  const url = urlOf(copy.name)
  onTestFinished(async () => {
    if (await empty(copy.db, copy.template, keptFor(url)).catch(() => false)) {
      idle.push(copy)
      return
    }
    await letGoOf(url)
    await copy.db.destroy()
    await drop(copy.name)
  })
  return { client: 'postgres', url }
}

async function newCopy(): Promise<Copy> {
  const name = await create('evosync_template')
  const db = connect(urlOf(name))
  const template = await lookAt(db)
  keepConnectionsTo(urlOf(name))
  return { name, db, template }
}

/** Copying files is quicker than logging each page of them. */
async function create(template: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await server().raw(`create database ${name} template ${template} strategy file_copy`)
  return name
}

async function drop(name: string): Promise<void> {
  await server().raw(`drop database ${name} with (force)`)
}

let kept: Db | undefined
/** One connection a worker: PostgreSQL begins a process for each. */
const server = (): Db => (kept ??= connect(inject('postgresUrl')))

const HOUR_MS = 3600_000

function connect(url: string): Db {
  const options = databaseOptions({ client: 'postgres', url })
  return knex({ ...options, pool: { min: 0, max: 1, idleTimeoutMillis: HOUR_MS } })
}

function urlOf(name: string): string {
  const url = new URL(inject('postgresUrl'))
  url.pathname = name
  return url.href
}
