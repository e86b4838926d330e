import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { freshSecrets } from '../../app/config/secrets.ts'
import { freePort } from '../support/postgres.ts'
import { run, startServer, tempFolder } from '../support/process.ts'

/** A code of the system, of a driver or of Node, and English sentences: nobody can act on them. */
const RAW = /\bE[A-Z]{4,}\b|SQLITE_|ERR_|\bat .+:\d+:\d+|[A-Za-z]+( [a-z]{2,}){3,}/
const ROOT_ONLY = process.getuid?.() === 0

describe('A place that cannot hold the database', () => {
  test('a file that is no database: the newest copy of one is named', async () => {
    const folder = tempFolder()
    mkdirSync(path.join(folder, 'backups'))
    writeFileSync(path.join(folder, 'backups/evosync-2026-11-27.sqlite'), '')

    const said = await refusal(folder, { DATABASE_FILE: notes(folder) })

    expect(said).toContain('npm run restore -- backups/evosync-2026-11-27.sqlite')
    expect(said).not.toMatch(RAW)
  })

  test.runIf(ROOT_ONLY).each([
    ['a folder of another', (at: string) => chmodSync(path.dirname(at), 0o755)],
    ['a file of another', () => undefined],
    ['side files of another', (at: string) => writeFileSync(`${at}-wal`, '', { mode: 0o600 })],
  ])('%s: whose rights are missing is said', async (what, deny) => {
    const folder = tempFolder()
    chmodSync(folder, 0o777)
    const file = path.join(folder, 'db', 'evosync.sqlite')
    mkdirSync(path.dirname(file), { mode: 0o777 })
    chmodSync(path.dirname(file), 0o777)
    if (what !== 'a folder of another') {
      copyFileSync(inject('sqliteTemplate'), file)
      chmodSync(file, what === 'a file of another' ? 0o644 : 0o666)
    }
    deny(file)

    const said = await refusal(folder, { DATABASE_FILE: file }, NOBODY)

    expect(said).toContain('DATABASE_FILE: нет прав')
    expect(said).toContain('nobody')
    expect(said).not.toMatch(RAW)
  })
})

describe('An address that cannot be listened on', () => {
  test.each([['a host that is not ours', { HOST: '203.0.113.7' }, 'HOST']])(
    '%s is said in words',
    async (_what, settings, name) => {
      const said = await refusal(tempFolder(), { PORT: String(await freePort()), ...settings })

      expect(said).toContain(`- ${name}: `)
      expect(said).not.toMatch(RAW)
    },
  )
})

describe('An .env that cannot be read', () => {
  test('such as a folder is not passed over', async () => {
    const folder = tempFolder()
    mkdirSync(path.join(folder, '.env'))

    const said = await refusal(folder, {})

    expect(said).toContain('.env: это папка')
    expect(said).not.toMatch(RAW)
  })
})

describe('Commands explain themselves as the start does', () => {
  const commands = [
    ['scripts/backup.ts'],
    ['scripts/migrate.ts'],
    ['scripts/rollback.ts', '--yes'],
    ['scripts/knex.ts', 'migrate:status'],
    ['scripts/create-admin.ts', 'marina@example.ru'],
  ]
  test.each(commands)('%s', async (script, ...args) => {
    const folder = tempFolder()
    const file = notes(folder)

    const command = run(script, folder, { ...freshSecrets(), DATABASE_FILE: file }, args)

    expect(await command.ended).toBe(1)
    expect(command.output()).toContain(`DATABASE_FILE: файл ${file}`)
    expect(command.output()).not.toMatch(RAW)
  })
})

/** nobody. */
const NOBODY = 65_534

/** What the start says before it ends with 1. */
async function refusal(folder: string, env: Record<string, string>, uid?: number): Promise<string> {
  const server = startServer(folder, { ...freshSecrets(), ...env }, uid)
  expect(await server.ended, server.output()).toBe(1)
  return server.output()
}

function notes(folder: string): string {
  const file = path.join(folder, 'notes.txt')
  writeFileSync(file, 'Заметки\n'.repeat(400))
  return file
}
