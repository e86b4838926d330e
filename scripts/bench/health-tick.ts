import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../app/config/index.ts'
import { type Context, createContext } from '../../app/context.ts'
import { checkDue } from '../../app/flows/connections/check-due.ts'
import { CONCURRENCY } from '../../app/flows/connections/drain-due.ts'
import { platforms } from '../../app/providers/index.ts'
import { freshSecrets } from '../../app/config/secrets.ts'
import { serve } from '../../app/serve.ts'
import { finish, startChild } from './children.ts'

/**
 * One health tick over many connections whose platform takes its time, while somebody asks /healthz all along.
 * `npm run bench:health -- 1000 100` (connections, milliseconds an answer takes). Promise: a tick within 5 s, p99 under 100 ms.
 */
const CONNECTIONS = Number(process.argv[2] ?? 1000)
const ANSWER_MS = Number(process.argv[3] ?? 100)
const ROUNDS = 3
const LONGEST_TICK_S = 5
const SLOWEST_P99_MS = 100

const folder = mkdtempSync(path.join(tmpdir(), 'evosync-bench-'))
const platform = await startChild('slow-platform', [String(ANSWER_MS)])
const ctx = createContext(
  loadConfig(
    {
      ...freshSecrets(),
      PORT: '0',
      DATABASE_FILE: path.join(folder, 'bench.sqlite'),
      HEALTH_CHECK_CRON: '0 0 1 1 *',
      SYNC_CRON: '0 0 1 1 *',
      LOG_LEVEL: 'warn',
      VK_CLIENT_ID: '1',
      VK_CLIENT_SECRET: '2',
      VK_API_URL: `http://127.0.0.1:${String(platform.said)}/method`,
    },
    platforms,
  ),
)
const running = await serve(ctx)
await connectMany(ctx)

console.log(
  `${CONNECTIONS} connections, answers after ${ANSWER_MS} ms, ${CONCURRENCY} checks at once, SQLite`,
)
const kept = []
for (let round = 1; round <= ROUNDS; round += 1) kept.push(await measure(round))

await running.stop()
platform.child.kill()
rmSync(folder, { recursive: true, force: true })
process.exit(kept.every(Boolean) ? 0 : 1)

async function measure(round: number): Promise<boolean> {
  const ping = await startChild('ping', [`http://127.0.0.1:${running.port}/healthz`])
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await checkDue(ctx, new Date(), new AbortController().signal)
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const health = (await finish(ping.child)) as {
    count: number
    p50: number
    p99: number
    max: number
  }

  const online = await ctx
    .db('connections')
    .where({ is_online: true })
    .count<{ n: number }[]>({ n: '*' })
  const good =
    seconds <= LONGEST_TICK_S && health.p99 < SLOWEST_P99_MS && Number(online[0]?.n) === CONNECTIONS
  console.log(
    `round ${round}: tick ${seconds.toFixed(2)} s, CPU ${((user + system) / 1e6).toFixed(2)} s, ` +
      `/healthz p50 ${health.p50.toFixed(1)} ms, p99 ${health.p99.toFixed(1)} ms, max ${health.max.toFixed(1)} ms ` +
      `over ${health.count}: ${good ? 'kept' : 'BROKEN'}`,
  )
  return good
}

async function connectMany({ users, connections }: Context) {
  for (let index = 0; index < CONNECTIONS; index += 1) {
    const user = await users.add({
      email: `owner${index}@example.ru`,
      name: 'Владелец',
      passwordHash: null,
    })
    const account = { id: '1', profile: {} }
    const tokens = { accessToken: `token-${index}`, carried: {} }
    await connections.save({ userId: user?.id ?? 0, provider: 'vk', account, tokens })
  }
}
