import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { loadConfig } from '../../app/config/index.ts'
import { freshSecrets } from '../../app/config/secrets.ts'
import { createContext, type Context } from '../../app/context.ts'
import { platforms } from '../../app/providers/index.ts'
import { openDb } from '../../app/store/db.ts'
import { keyUse } from '../../app/store/key-use.ts'
import { createLog } from '../../app/observe/log.ts'
import { parse } from 'dotenv'
import { ACCESS, addConnected } from '../store/context.ts'
import { startMailbox } from '../support/mailbox.ts'
import { freePort, type Postgres, startDumpable } from '../support/postgres.ts'
import { blocksOf, inShell, installed } from './operations-page.ts'

let server: Postgres | undefined
beforeAll(async () => {
  server = await startDumpable()
})
afterAll(() => server?.stop())

describe.each(['sqlite', 'postgres'])(
  'An administrator’s days by docs/operations.md, on %s',
  (engine) => {
    test('copies, brings back, changes keys, upgrades and rolls back, and nothing is lost', async () => {
      const folder = installed(await settingsOf(engine))
      await inShell(folder, 'systemctl start evosync')
      const userId = await within(folder, async (ctx) => (await addConnected(ctx)).userId)

      if (engine === 'sqlite' || server) {
        const said = await chapter(folder, 'Копия')
        expect(said).toContain('Копия базы: ')
        expect(copies(folder)).toHaveLength(1)
        await within(folder, (ctx) => ctx.db('users').update({ name: 'Не та' }))

        expect(await chapter(folder, 'Восстановление')).toContain('Прежняя база отложена: ')
        await within(folder, async ({ users }) => {
          expect((await users.find(userId))?.name).toBe('marina')
        })
      }

      expect(await chapter(folder, 'Смена ключей')).toContain(
        'Больше не нужны, можно убрать из TOKEN_KEYS: k1',
      )
      await within(folder, async ({ connections, db, vault }) => {
        expect(vault.keyIds).toEqual(['k2'])
        expect((await keyUse(db)).map(({ keyId }) => keyId)).toEqual(['k2'])
        expect((await connections.tokensOf(userId, 'vk'))?.accessToken).toBe(ACCESS)
      })

      const undone = await chapter(folder, 'Откат')
      expect(undone).toMatch(/Отменено: \d{3}-/)
      if (engine === 'sqlite' || server) {
        await chapter(folder, 'Обновление')
        const before = readdirSync(path.join(folder, 'backups')).filter((name) =>
          name.startsWith('before-'),
        )
        expect(before).toHaveLength(engine === 'sqlite' ? 1 : 0)
        for (const name of before)
          expect(readFileSync(path.join(folder, 'server.log'), 'utf8')).toContain(name)
      } else await inShell(folder, 'systemctl start evosync')
      await within(folder, async ({ connections }) => {
        expect((await connections.tokensOf(userId, 'vk'))?.accessToken).toBe(ACCESS)
      })
    }, 300_000)
  },
)

test('An administrator moves to PostgreSQL by docs/operations.md, and what is sealed opens there', async () => {
  const folder = installed(await settingsOf('sqlite'))
  await inShell(folder, 'systemctl start evosync')
  const userId = await within(folder, async (ctx) => (await addConnected(ctx)).userId)
  const { DATABASE_URL = '' } = await settingsOf('postgres')

  const [block = ''] = blocksOf('Переезд в PostgreSQL')
  const said = await inShell(folder, block, { NEW_DATABASE: DATABASE_URL })

  expect(said).toContain('connections: строк 1, сошлось')
  await within(folder, async ({ config, connections }) => {
    expect(config.database.client).toBe('postgres')
    expect((await connections.tokensOf(userId, 'vk'))?.accessToken).toBe(ACCESS)
  })
}, 300_000)

test('An administrator installs, carries settings, and sets up letters and alerts by docs/operations.md', async () => {
  const mailbox = await startMailbox()
  const given = {
    ...{ PORT: String(await freePort()), DOMAIN: 'evosync.example.ru', ADMIN: 'marina@example.ru' },
    ...{
      SMTP: mailbox.url,
      SENDER: 'evosync@example.ru',
      SETTINGS_PASSPHRASE: 'розы на лесной 17',
    },
  }
  const folder = installed({})
  rmSync(path.join(folder, '.env'))

  expect(await chapter(folder, 'Установка', given)).toContain(
    'https://evosync.example.ru/reset?token=',
  )
  const unit = readFileSync(path.join(folder, 'etc/systemd/system/evosync.service'), 'utf8')
  expect(unit).toContain('\nWorkingDirectory=/opt/evosync\n')
  expect(unit).not.toMatch(/\/var\/lib|StateDirectory|DATABASE_FILE/)
  expect(statSync(path.join(folder, '.env')).mode & 0o777).toBe(0o600)

  await within(folder, (ctx) => ctx.platformSettings.change('vk', { CLIENT_SECRET: 'entered' }))
  const [away = '', back = ''] = blocksOf('Настройки в файле')
  await inShell(folder, away, given)
  await within(folder, (ctx) => ctx.platformSettings.removeAll('vk'))
  expect(await inShell(folder, back, given)).toContain('ВКонтакте: CLIENT_SECRET')
  await within(folder, async ({ platformSettings }) => {
    expect((await platformSettings.of('vk'))[0]?.value).toBe('entered')
  })

  await chapter(folder, 'Письма', given)
  expect((await mailbox.letter()).to).toBe(given.ADMIN)
  expect(await chapter(folder, 'Тревоги', given)).toContain('evosync_database_up 1')
  expect(readdirSync(path.join(folder, 'etc/prometheus'))).toEqual(['evosync.yml'])
  expect(await chapter(folder, 'Что не так', given)).toContain('Фоновая работа идёт')
}, 300_000)

async function chapter(
  folder: string,
  name: string,
  given: Readonly<Record<string, string>> = {},
): Promise<string> {
  return await inShell(folder, blocksOf(name).join(''), given)
}

function copies(folder: string): string[] {
  const at = path.join(folder, 'backups')
  for (const name of readdirSync(at)) expect(statSync(path.join(at, name)).mode & 0o777).toBe(0o600)
  return readdirSync(at)
}

async function settingsOf(engine: string): Promise<Record<string, string>> {
  const shared = { ...freshSecrets(), PORT: String(await freePort()) }
  if (engine === 'sqlite') return { ...shared, DATABASE_FILE: 'db/evosync.sqlite' }
  const url = new URL(server?.url ?? inject('postgresUrl'))
  const root = openDb({ client: 'postgres', url: url.href })
  const name = `operated_${shared.PORT}`
  await root.raw('create database ??', [name])
  await root.destroy()
  url.pathname = name
  return { ...shared, DATABASE_URL: url.href }
}

/** Looks into what a folder's settings name, as another process of it would. */
async function within<T>(folder: string, work: (ctx: Context) => Promise<T>): Promise<T> {
  const env = parse(readFileSync(path.join(folder, '.env')))
  const config = loadConfig(
    { ...env, ...(env.DATABASE_FILE && { DATABASE_FILE: path.join(folder, env.DATABASE_FILE) }) },
    platforms,
  )
  const ctx = createContext(config, { log: createLog('silent') })
  try {
    return await work(ctx)
  } finally {
    await ctx.close()
  }
}
