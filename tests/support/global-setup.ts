import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDb } from '../../app/store/db.ts'
import { migrate } from '../../app/store/migrate.ts'
import { buildProduct, buildWorkers } from './built.ts'
import { findChromium } from './chromium.ts'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server; tests make databases of their own from the template `evosync`. */
    postgresUrl: string
    /** A migrated SQLite file to copy. */
    sqliteTemplate: string
    chromium: string
  }
}

const TEMPLATE = 'evosync_template'

/** Once a run: what processes are started from, a real PostgreSQL, a real browser, and both databases migrated for copying. Missing ones fail the run. */
export default async function setup(project: TestProject) {
  buildProduct()
  await buildWorkers()
  const postgres = await startPostgres()
  const chromium = await findChromium()
  const folder = mkdtempSync(path.join(tmpdir(), 'evosync-test-'))
  const sqliteTemplate = path.join(folder, 'template.sqlite')

  await makeTemplates(postgres.url, sqliteTemplate)
  project.provide('postgresUrl', postgres.url)
  project.provide('sqliteTemplate', sqliteTemplate)
  project.provide('chromium', chromium)
  say(`PostgreSQL: ${postgres.version}`)
  say(
    `Chromium: ${execFileSync(chromium, ['--version', '--no-sandbox'], { encoding: 'utf8' }).trim()}`,
  )

  return () => {
    postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function makeTemplates(postgresUrl: string, sqliteTemplate: string) {
  const server = openDb({ client: 'postgres', url: postgresUrl })
  await server.raw(`drop database if exists ${TEMPLATE}`)
  await server.raw(`create database ${TEMPLATE}`)
  await server.destroy()
  const url = new URL(postgresUrl)
  url.pathname = TEMPLATE
  for (const config of [
    { client: 'postgres', url: url.href },
    { client: 'sqlite', file: sqliteTemplate },
  ] as const) {
    const db = openDb(config)
    await migrate(db)
    if (config.client === 'sqlite') await db.raw('pragma journal_mode = delete') // one file, fit to be copied
    await db.destroy()
  }
}

const say = (line: string) => process.stdout.write(`  ${line}\n`)
