import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openSqlite } from '../../app/store/sqlite-driver.ts'
import { Browser } from '../support/browser.ts'
import { freePort } from '../support/postgres.ts'
import { startServer, tempFolder } from '../support/process.ts'
import { startVk } from '../support/simulators.ts'

const KILLS = 5
const WRITERS = 4

describe('kill -9', () => {
  test('under load loses no write that was acknowledged, and leaves the file sound', async () => {
    const folder = tempFolder()
    const port = String(await freePort())
    const base = `http://localhost:${port}`
    const people = Array.from({ length: WRITERS }, () => new Browser(base))
    const acknowledged = Array<number>(WRITERS).fill(0)

    for (let kill = 0; kill < KILLS; kill += 1) {
      const server = startServer(folder, { PORT: port, REGISTRATION: 'open' })
      await server.logged('listening')
      if (kill === 0)
        await Promise.all(
          people.map((person, n) => person.register({ email: `person${n}@example.ru` })),
        )
      const before = [...acknowledged]
      const writing = people.map((person, n) => write(person, acknowledged, n))
      const written = () => Math.min(...acknowledged.map((count, n) => count - (before[n] ?? 0)))
      await expect.poll(written).toBeGreaterThan(1)
      await new Promise((wake) => setTimeout(wake, Math.random() * 150))
      await server.stop('SIGKILL')
      await Promise.all(writing)

      const database = openSqlite(path.join(folder, 'db/evosync.sqlite'), { readonly: true })
      expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }])
      const names = database.prepare('select email, name from users order by email').all() as {
        name: string
      }[]
      database.close()
      names.forEach(({ name }, n) => {
        if (/^\d+$/.test(name)) expect(Number(name)).toBeGreaterThanOrEqual(acknowledged[n] ?? 0)
      })
    }

    expect(Math.min(...acknowledged)).toBeGreaterThan(KILLS)
  })

  test('between token and commit leaves no half row; the state does not work twice, a new try does', async () => {
    const vk = await startVk()
    const folder = tempFolder()
    const port = String(await freePort())
    vk.redirectUris.push(`http://localhost:${port}/vk/callback`)
    const env = { PORT: port, ...vk.variables() }
    const server = startServer(folder, env)
    await server.logged('listening')
    const browser = new Browser(`http://localhost:${port}`)
    await browser.register()
    const callback = await browser.consent('/vk/connect')
    vk.fault('/method/users.get', { way: 'hang' })
    const cut = browser.get(callback).catch(() => undefined)
    await expect.poll(() => vk.count('/method/users.get')).toBe(1)
    await server.stop('SIGKILL')
    await cut
    vk.mend()

    const again = startServer(folder, env)
    await again.logged('listening')
    passTime(folder, 60_000)

    expect((await browser.get('/vk')).text).toContain('Не подключено')
    expect((await browser.get(callback)).location).toBe('/vk?error=invalid_state')
    expect((await browser.connect('vk')).location).toBe('/connections')
    expect(vk.count('/access_token')).toBe(2)
  })
})

/** Makes the attempt that was cut look older: nobody is at work on it any more. */
function passTime(folder: string, ms: number) {
  const database = openSqlite(path.join(folder, 'db/evosync.sqlite'))
  database.prepare('update connection_attempts set taken_at = taken_at - ?').run(ms)
  database.close()
}

/** Counts upwards in the own name until the server is gone; what was answered counts as acknowledged. */
async function write(person: Browser, acknowledged: number[], n: number) {
  try {
    const page = await person.get('/account')
    for (;;) {
      const next = (acknowledged[n] ?? 0) + 1
      const answer = await person.submit(page, '/account', { name: String(next) })
      if (answer.status === 303) acknowledged[n] = next
    }
  } catch {
    // the server is gone
  }
}
