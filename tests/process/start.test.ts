import { spawn } from 'node:child_process'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openSqlite } from '../../app/store/sqlite-driver.ts'
import { freshSecrets } from '../../app/config/secrets.ts'
import { Browser, PERSON } from '../support/browser.ts'
import { freePort } from '../support/postgres.ts'
import { ROOT, startServer, tempFolder, watch } from '../support/process.ts'
import { startVk } from '../support/simulators.ts'

const KEPT = 'public, max-age=31536000, immutable'

describe('npm start', () => {
  test('serves, and ends with SIGTERM', async () => {
    const port = await freePort()
    const { PATH, HOME } = process.env
    const settings = { PORT: String(port), DATABASE_FILE: path.join(tempFolder(), 'db.sqlite') }
    const env = { PATH, HOME, ...freshSecrets(), ...settings }
    const server = watch(spawn('npm', ['start'], { cwd: ROOT, env }))
    await server.logged('listening')

    const browser = new Browser(`http://localhost:${port}`)
    const page = await browser.get('/login')

    expect(page.text).toContain('Вход')
    const files = page.html.match(/\/assets\/[\w./-]+/g) ?? []
    const sent = await Promise.all(files.map((file) => browser.get(file)))
    expect(files).toContainEqual(expect.stringMatching(/^\/assets\/app\.[0-9a-f]{10}\.css$/))
    for (const { status, headers } of sent) {
      expect([status, headers['cache-control']]).toEqual([200, KEPT])
    }
    expect(await server.stop()).toBe(0)
    expect(server.output()).toContain('"event":"stopped"')
  })

  test('on an empty folder makes its secrets and its database, for its owner only, and keeps them', async () => {
    const folder = tempFolder()
    const port = String(await freePort())
    const first = startServer(folder, { PORT: port })
    await first.logged('listening')
    const browser = new Browser(`http://localhost:${port}`)
    await browser.register()
    expect(await first.stop()).toBe(0)

    const secrets = readFileSync(path.join(folder, '.env'), 'utf8')
    const second = startServer(folder, { PORT: port })
    await second.logged('listening')

    expect((await browser.get('/connections')).status).toBe(200)
    expect(readFileSync(path.join(folder, '.env'), 'utf8')).toBe(secrets)
    for (const file of ['.env', 'db/evosync.sqlite']) {
      expect(statSync(path.join(folder, file)).mode & 0o777, file).toBe(0o600)
    }
    expect(statSync(path.join(folder, 'db')).mode & 0o777).toBe(0o700)
    expect(first.output()).toContain('Новые секреты записаны в .env')
    expect(second.output()).not.toContain('Новые секреты')
  })

  test('a database and an .env that others can read are closed, or warned about', async () => {
    const folder = tempFolder()
    const port = String(await freePort())
    const first = startServer(folder, { PORT: port })
    await first.logged('listening')
    await first.stop()
    const [file, env] = ['db/evosync.sqlite', '.env'].map((name) => path.join(folder, name))
    for (const copied of [file, env]) chmodSync(copied ?? '', 0o644)

    const second = startServer(folder, { PORT: port })
    await second.logged('listening')

    expect(statSync(file ?? '').mode & 0o777).toBe(0o600)
    expect(second.output()).toContain('chmod 600 .env')
  })

  test('a taken port is said in words', async () => {
    const folder = tempFolder()
    const port = String(await freePort())
    const first = startServer(folder, { PORT: port })
    await first.logged('listening')

    const second = startServer(folder, { PORT: port })

    expect(await second.ended).toBe(1)
    expect(second.output()).toContain('порт занят другой программой')
  })
})

describe('In production', () => {
  const production = { NODE_ENV: 'production', BASE_URL: 'http://localhost:3000' }

  test.each([
    ['unset', {}],
    ['empty, as in .env.example', { DEPLOY_ENV: '', SESSION_SECRET: '', TOKEN_KEYS: '' }],
  ])('missing secrets refuse the start with the command that makes them: %s', async (_, empty) => {
    const folder = tempFolder()

    const server = startServer(folder, { ...production, ...empty })

    expect(await server.ended).toBe(1)
    expect(server.output()).toContain('SESSION_SECRET: не задан')
    expect(server.output()).toContain('TOKEN_KEYS: не заданы')
    expect(server.output()).toContain('npm run --silent secrets >> .env')
    expect(() => statSync(path.join(folder, '.env'))).toThrow()
    expect(() => statSync(path.join(folder, 'db'))).toThrow()
  })

  test('weak secrets, plain http and a wrong platform setting are named all at once', async () => {
    const server = startServer(tempFolder(), {
      ...production,
      BASE_URL: 'http://evosync.example.ru',
      SESSION_SECRET: 'short',
      TOKEN_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
      VK_AUTH: 'magic',
      TIME_ZONE: 'Mars/Olympus',
    })

    expect(await server.ended).toBe(1)
    for (const name of ['SESSION_SECRET', 'TOKEN_KEYS', 'BASE_URL', 'VK_AUTH', 'TIME_ZONE']) {
      expect(server.output()).toContain(`- ${name}:`)
    }
  })

  test('good secrets start; http on the same machine is only warned about', async () => {
    const port = String(await freePort())
    const server = startServer(tempFolder(), { ...production, ...freshSecrets(), PORT: port })

    await server.logged('listening')

    expect(server.output()).toContain('Внимание: BASE_URL без https')
  })
})

describe('Keys that are not the ones of the database', () => {
  test('refuse the start and touch nothing', async () => {
    const folder = tempFolder()
    const port = String(await freePort())
    const { SESSION_SECRET, TOKEN_KEYS } = freshSecrets()
    const right = startServer(folder, { PORT: port, SESSION_SECRET, TOKEN_KEYS })
    await right.logged('listening')
    await new Browser(`http://localhost:${port}`).register()
    await right.stop()
    undoMigration(folder)
    const before = dump(folder)

    const wrong = startServer(folder, {
      PORT: port,
      SESSION_SECRET,
      TOKEN_KEYS: freshSecrets().TOKEN_KEYS,
    })

    expect(await wrong.ended).toBe(1)
    expect(wrong.output()).toContain('TOKEN_KEYS: это не те ключи')
    expect(dump(folder)).toEqual(before)
    const again = startServer(folder, { PORT: port, SESSION_SECRET, TOKEN_KEYS })
    await again.logged('listening')
    expect((await new Browser(`http://localhost:${port}`).signIn(PERSON)).location).toBe(
      '/connections',
    )
  })
})

describe('SIGTERM', () => {
  test('lets a request that is under way finish, takes no new ones, and exits 0', async () => {
    const vk = await startVk()
    const folder = tempFolder()
    const port = String(await freePort())
    vk.redirectUris.push(`http://localhost:${port}/vk/callback`)
    const server = startServer(folder, { PORT: port, ...vk.variables() })
    await server.logged('listening')
    const browser = new Browser(`http://localhost:${port}`)
    await browser.register()
    const callback = await browser.consent('/vk/connect')
    vk.fault('/access_token', { until: server.logged('stopping') })

    const slow = browser.get(callback)
    await expect.poll(() => vk.count('/access_token')).toBe(1)
    const ended = server.stop()

    expect((await slow).location).toBe('/connections')
    expect((await slow).headers.connection).toBe('close')
    expect(await ended).toBe(0)
    const database = openSqlite(path.join(folder, 'db/evosync.sqlite'), { readonly: true })
    expect(database.prepare('select is_online from connections').all()).toEqual([{ is_online: 1 }])
    database.close()
  })

  test('a second signal ends it at once', async () => {
    const vk = await startVk()
    const port = String(await freePort())
    vk.redirectUris.push(`http://localhost:${port}/vk/callback`)
    const server = startServer(tempFolder(), { PORT: port, ...vk.variables() })
    await server.logged('listening')
    const browser = new Browser(`http://localhost:${port}`)
    await browser.register()
    const callback = await browser.consent('/vk/connect')
    vk.fault('/access_token', { way: 'hang' })
    const hanging = browser.get(callback).catch(() => 'cut')
    await expect.poll(() => vk.count('/access_token')).toBe(1)

    server.process.kill('SIGTERM')
    await server.logged('stopping')
    server.process.kill('SIGTERM') // the same signal, passed on by npm: no hurry
    await new Promise((wake) => setTimeout(wake, 700))
    const drainsOn = server.process.exitCode === null
    server.process.kill('SIGTERM')

    expect(await server.ended).toBe(1)
    expect(drainsOn).toBe(true)
    expect(await hanging).toBe('cut')
  })
})

/** As before an upgrade: the last table is not there yet. */
function undoMigration(folder: string) {
  const database = openSqlite(path.join(folder, 'db/evosync.sqlite'))
  database.exec(
    "drop table rate_limits; delete from knex_migrations where name = '009-rate-limits'",
  )
  database.close()
}

function dump(folder: string) {
  const database = openSqlite(path.join(folder, 'db/evosync.sqlite'), { readonly: true })
  const tables = ['sqlite_master', 'users', 'connections', 'vault_canaries', 'sessions']
  const rows = tables.map((table) => database.prepare(`select * from ${table}`).all())
  database.close()
  return rows
}
