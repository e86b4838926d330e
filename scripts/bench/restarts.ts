import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freshSecrets } from '../../app/config/secrets.ts'
import { commandOf } from '../../tests/support/built.ts'
import { Browser } from '../../tests/support/browser.ts'
import { startPostgres } from '../../tests/support/postgres.ts'
import { restartUnderLoad } from '../../tests/support/restarts.ts'
import { freePort } from './children.ts'

/**
 * Restarts PostgreSQL again and again while signed-in people read and write: `npm run bench:restarts -- 20`.
 * Promises: nobody is signed out, no acknowledged write is lost, who cannot be served is told so with a 503.
 */
const RESTARTS = Number(process.argv[2] ?? 20)

const folder = mkdtempSync(path.join(tmpdir(), 'evosync-restarts-'))
const postgres = await startPostgres()
const url = `http://localhost:${await freePort()}`
const args = commandOf('app/server.ts')
const settings = { PORT: new URL(url).port, DATABASE_URL: postgres.url, REGISTRATION: 'open' }
const env = { PATH: process.env.PATH, ...freshSecrets(), ...settings }
const server = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore' })
while ((await ready())?.status !== 200) await new Promise((wake) => setTimeout(wake, 50))

const { answered, refused, strange, signedOut, lost } = await restartUnderLoad(
  url,
  postgres,
  RESTARTS,
)

const ended = once(server, 'close')
server.kill()
await ended
postgres.stop()
rmSync(folder, { recursive: true, force: true })
for (const one of new Set(strange)) console.log(one)
const kept = signedOut === 0 && lost === 0 && strange.length === 0
console.log(
  `${RESTARTS} restarts, ${answered} answers, ${refused} refusals with 503, ${strange.length} others, ${signedOut} signed out, ${lost} writes lost: ${kept ? 'kept' : 'BROKEN'}`,
)
process.exit(kept ? 0 : 1)

async function ready() {
  return await new Browser(url).get('/readyz').catch(() => undefined)
}
