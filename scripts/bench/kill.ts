import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openSqlite } from '../../app/store/sqlite-driver.ts'
import { commandOf } from '../../tests/support/built.ts'
import { Browser } from '../../tests/support/browser.ts'
import { freePort } from './children.ts'

/**
 * Kills EvoSync (-9) again and again while people write, and looks at what is left: `npm run bench:kill -- 20`.
 * Promises: the file is sound, no acknowledged write is lost, the next start takes under three seconds.
 */
const KILLS = Number(process.argv[2] ?? 20)
const WRITERS = 4
const LONGEST_START_MS = 3_000

const folder = mkdtempSync(path.join(tmpdir(), 'evosync-kill-'))
const port = await freePort()
const people = Array.from({ length: WRITERS }, () => new Browser(`http://localhost:${port}`))
const acknowledged = Array<number>(WRITERS).fill(0)
const starts: number[] = []
let lost = 0
let unsound = 0

for (let kill = 0; kill < KILLS; kill += 1) {
  const { child, ms } = await start()
  starts.push(ms)
  if (kill === 0) {
    await Promise.all(
      people.map((person, n) => person.register({ email: `person${n}@example.ru` })),
    )
  }
  const writing = people.map((person, n) => write(person, n))
  await new Promise((wake) => setTimeout(wake, 200 + Math.random() * 400))
  child.kill('SIGKILL')
  await Promise.all([once(child, 'close'), ...writing])
  look()
}
rmSync(folder, { recursive: true, force: true })

const written = acknowledged.reduce((sum, one) => sum + one, 0)
const slowest = Math.max(...starts)
const kept = lost === 0 && unsound === 0 && slowest < LONGEST_START_MS
console.log(
  `${KILLS} kills, ${written} writes acknowledged, ${lost} lost, ${unsound} unsound files, slowest start ${slowest} ms: ${kept ? 'kept' : 'BROKEN'}`,
)
process.exit(kept ? 0 : 1)

async function start() {
  const args = commandOf('app/server.ts')
  const env = { PATH: process.env.PATH, PORT: String(port), REGISTRATION: 'open' }
  const begun = performance.now()
  const child = spawn(process.execPath, args, { cwd: folder, env })
  for (;;) {
    const ready = await new Browser(`http://localhost:${port}`)
      .get('/readyz')
      .catch(() => undefined)
    if (ready?.status === 200) return { child, ms: Math.round(performance.now() - begun) }
    await new Promise((wake) => setTimeout(wake, 10))
  }
}

/** Counts upwards in the own name until the server is gone. */
async function write(person: Browser, n: number) {
  try {
    const page = await person.get('/account')
    for (;;) {
      const next = (acknowledged[n] ?? 0) + 1
      const { status } = await person.submit(page, '/account', { name: String(next) })
      if (status === 303) acknowledged[n] = next
    }
  } catch {
    // the server is gone
  }
}

function look() {
  const database = openSqlite(path.join(folder, 'db/evosync.sqlite'), { readonly: true })
  const [verdict] = database.pragma('integrity_check') as { integrity_check: string }[]
  if (verdict?.integrity_check !== 'ok') unsound += 1
  const rows = database.prepare('select name from users order by email').all() as { name: string }[]
  rows.forEach(({ name }, n) => {
    if ((Number(name) || 0) < (acknowledged[n] ?? 0)) lost += 1
  })
  database.close()
}
