import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { DatabaseConfig } from '../../app/config/database.ts'
import { loadConfig } from '../../app/config/index.ts'
import { freshSecrets } from '../../app/config/secrets.ts'
import { type Context, createContext } from '../../app/context.ts'
import { createLog } from '../../app/observe/log.ts'
import { platforms } from '../../app/providers/index.ts'
import { keyUse } from '../../app/store/key-use.ts'
import { prepareDatabase } from '../../app/store/prepare.ts'
import { labels } from '../../app/store/sealed-columns.ts'
import { commandOf } from '../../tests/support/built.ts'
import { startPostgres } from '../../tests/support/postgres.ts'
import { writeSection } from './report.ts'

/**
 * Times `npm run rotate-keys` over sealed tokens of connections: `npm run bench:rotate-keys -- 100000`, on both engines,
 * from the start of the command to its end. Promise: 100,000 values in 60 s.
 */
const VALUES = Number(process.argv[2] ?? 100_000)
const PROMISE_S = 60 * (VALUES / 100_000)
const PLATFORMS = ['vk', 'ok', 'evotor', 'google']
const AT_ONCE = 1_000

const folder = mkdtempSync(path.join(tmpdir(), 'evosync-rotation-'))
const postgres = await startPostgres()
const keys = [freshSecrets().TOKEN_KEYS, freshSecrets().TOKEN_KEYS.replace('k1:', 'k2:')]
const took = [
  ['SQLite', await measure({ client: 'sqlite', file: path.join(folder, 'evosync.sqlite') })],
  ['PostgreSQL', await measure({ client: 'postgres', url: postgres.url })],
] as const
postgres.stop()
rmSync(folder, { recursive: true, force: true })
const kept = took.every(([, seconds]) => seconds <= PROMISE_S)
const lines = took.map(
  ([engine, seconds]) =>
    `| ${engine} | ${seconds.toFixed(1)} s | ${Math.round(VALUES / seconds)} values a second |`,
)
console.log(`${lines.join('\n')}\n${kept ? 'kept' : 'BROKEN'}`)
writeSection(
  'rotation',
  [
    `\`npm run rotate-keys\` over ${VALUES.toLocaleString('en')} sealed values, the start of the command with them:\n`,
    `| engine | time | pace |\n| --- | --- | --- |`,
    lines.join('\n'),
  ].join('\n'),
)
process.exit(kept ? 0 : 1)

async function measure(database: DatabaseConfig): Promise<number> {
  const [old = '', fresh = ''] = keys
  const own = { ...freshSecrets(), TOKEN_KEYS: old }
  const config = { ...loadConfig(own, platforms), database }
  const ctx = createContext(config, { log: createLog('error') })
  await prepareDatabase(ctx.db, database, ctx.vault, { waitMs: 10_000 })
  await fill(ctx)
  const place =
    database.client === 'sqlite' ? { DATABASE_FILE: database.file } : { DATABASE_URL: database.url }
  const seconds = await rotate({ ...own, ...place, TOKEN_KEYS: `${fresh},${old}` })
  const left = (await keyUse(ctx.db)).filter(({ keyId }) => keyId !== 'k2')
  await ctx.close()
  if (left.length > 0) throw new Error(`left behind: ${JSON.stringify(left)}`)
  return seconds
}

/** Tokens as platforms give them: some 300 signs sealed. */
async function fill({ db, vault }: Context): Promise<void> {
  const [now, token] = [new Date(), 'vk1.a.'.padEnd(198, 'x')]
  for (let first = 1; first <= VALUES / PLATFORMS.length; first += AT_ONCE) {
    const ids = Array.from({ length: AT_ONCE }, (_, nth) => first + nth)
    const people = ids.map((id) => ({
      ...{ id, email: `${id}@example.ru`, name: 'Марина', role: 'owner' as const },
      ...{ created_at: now, updated_at: now },
    }))
    const held = ids.flatMap((user_id) =>
      PLATFORMS.map((provider) => ({
        ...{
          user_id,
          provider,
          profile: '{}',
          health: 'online' as const,
          is_online: true,
          renewable: true,
        },
        ...{ connected_at: now, updated_at: now, revision: 1, failed_checks: 0, refusals: 0 },
        sealed_tokens: vault.seal(token, labels.tokens(user_id, provider)),
      })),
    )
    await db.batchInsert('users', people, 100)
    await db.batchInsert('connections', held, 100)
  }
}

async function rotate(settings: Record<string, string>): Promise<number> {
  const begun = performance.now()
  const args = commandOf('scripts/rotate-keys.ts')
  const env = { PATH: process.env.PATH, ...settings }
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'inherit' })
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`rotate-keys ended with ${code}`)
  return (performance.now() - begun) / 1000
}
