import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { loadConfig } from '../../app/config/index.ts'
import { type Context, createContext } from '../../app/context.ts'
import { checkDue } from '../../app/flows/connections/check-due.ts'
import { platforms } from '../../app/providers/index.ts'
import { freshSecrets } from '../../app/config/secrets.ts'
import { migrate } from '../../app/store/migrate.ts'
import { startUnreliable } from '../../tests/simulators/unreliable.ts'

/**
 * Many checks on a line that spoils a part of the requests: 429, 5xx, silence, HTML, broken connections. Real ticks, a
 * real database, real sockets; only waits are short. `npm run bench:alarms -- 100000 0.05 1` (checks, share, seed).
 * Promise: no good connection is called revoked, and the one that is revoked is.
 */
const CHECKS = Number(process.argv[2] ?? 100_000)
const SHARE = Number(process.argv[3] ?? 0.05)
const SEED = Number(process.argv[4] ?? 1)
const CONNECTIONS = 2_000
const REALLY_REVOKED = 8

const folder = mkdtempSync(path.join(tmpdir(), 'evosync-bench-'))
const platform = await startUnreliable({ share: SHARE, seed: SEED })
const config = loadConfig(
  {
    ...freshSecrets(),
    DATABASE_FILE: path.join(folder, 'bench.sqlite'),
    LOG_LEVEL: 'error',
    VK_CLIENT_ID: '1',
    VK_CLIENT_SECRET: '2',
    VK_API_URL: `${platform.url}/method`,
  },
  platforms,
)
const ctx = createContext(config, {
  http: {
    timeoutMs: 1_200,
    sleep: (ms) => pause(ms / 100),
    breaker: { failures: 5, cooldownMs: 50, successes: 3 },
  },
})
await migrate(ctx.db)
await connectMany(ctx)
platform.revoked.add(`token-${REALLY_REVOKED - 1}`)

const cpu = process.cpuUsage()
const begun = performance.now()
for (let done = 0; done < CHECKS; done += CONNECTIONS) {
  await ctx.db('connections').update({ next_check_at: null }) // a pause asked for is over
  await checkDue(ctx, new Date(), new AbortController().signal)
}
const good = await report()

await ctx.close()
await platform.stop()
rmSync(folder, { recursive: true, force: true })
process.exit(good ? 0 : 1)

async function report(): Promise<boolean> {
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const found = await ctx
    .db('health_changes')
    .groupBy('health')
    .select<{ health: string; n: number }[]>('health', ctx.db.raw('count(*) as n'))
  const accused = await ctx
    .db('health_changes')
    .whereNotIn('health', ['online', 'unreachable'])
    .distinct<{ connection_id: number }[]>('connection_id')
  const wrong = accused.filter(({ connection_id: id }) => id !== REALLY_REVOKED)
  const kept = wrong.length === 0 && accused.length === 1
  console.log(`${CHECKS} checks, ${SHARE * 100} % spoilt, seed ${SEED}`)
  console.log(`requests: ${JSON.stringify(platform.served)}`)
  console.log(`turned: ${found.map(({ health, n }) => `${health} ${n}`).join(', ')}`)
  console.log(`${seconds.toFixed(0)} s, CPU ${((user + system) / 1e6).toFixed(0)} s`)
  console.log(`false alarms: ${wrong.length}: ${kept ? 'kept' : 'BROKEN'}`)
  return kept
}

async function connectMany({ users, connections }: Context) {
  for (let index = 0; index < CONNECTIONS; index += 1) {
    const user = await users.add({
      email: `owner${index}@example.ru`,
      name: 'Владелец',
      passwordHash: null,
    })
    await connections.save({
      userId: user?.id ?? 0,
      provider: 'vk',
      account: { id: '1', profile: {} },
      tokens: { accessToken: `token-${index}`, carried: {} },
    })
  }
}
